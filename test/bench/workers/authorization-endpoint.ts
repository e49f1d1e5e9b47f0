import { marshall } from '@aws-sdk/util-dynamodb';
import { orderDecider } from '#core/orders/decider.ts';
import { orderKey } from '#core/orders/order.ts';
import type { OrderState } from '#core/orders/state.ts';
import { stateRow } from '#platform/aws/rows.ts';
import { listen, reply } from '../../../bin/local/partners/http-server.ts';
import { anOrder } from '../../support/orders.ts';

/**
 * AWS and ERP of the authorization bench: one shipped order that is read again and again, writes that are taken and kept
 * nowhere, an ERP that answers at once and knows nothing of the order. A process of its own, so that its CPU is not that of
 * what is measured. Started by `fork` with the secret's text; tells its URL and ends with who has started it.
 */
process.on('disconnect', () => process.exit());
const [SecretString = ''] = process.argv.slice(2);

const order = anOrder();
const lines = order.lines.map(({ lineId, quantity }) => ({ lineId, quantity }));
const shipment = { shipmentId: 'OUT1', shippedAt: new Date().toISOString(), lines };
const commands = [{ type: 'take-channel-order', order } as const, { type: 'record-shipment', ...shipment } as const];
const state = commands.reduce<OrderState>((now, command) => {
  const decision = orderDecider.decide(command, now);
  if (decision.kind !== 'accepted') throw new Error(`${command.type} was ${decision.kind}`);
  return decision.events.reduce(orderDecider.evolve, now);
}, orderDecider.initial);
const key = orderKey(order.id);
const nothing = { events: [], operations: [], casesToOpen: [], casesToClose: [], timersToSet: [], timersToClear: [] };
const row = stateRow({ key, expectedVersion: 2, state, sequence: 2, openCases: [], ...nothing });
const Item = marshall(row, { removeUndefinedValues: true });

const { url } = await listen(async (request, body, response) => {
  const target = request.headers['x-amz-target'];
  if (target === undefined) return reply(response, 200, answerOfErp(body));
  if (String(target).endsWith('.GetSecretValue')) return reply(response, 200, { SecretString });
  const { Key } = JSON.parse(body) as { Key?: { pk?: { S: string } } };
  reply(response, 200, String(target).endsWith('.GetItem') && Key?.pk?.S === key ? { Item } : {});
});

/** Of a login, which comes once; whatever is looked for is not there. */
const LOGIN: Readonly<Record<string, unknown>> = {
  'common.server.version': '7.0',
  'common.db.login': [1, 'session'],
  'model.res.user.get_preferences': { company: 1 },
};

function answerOfErp(body: string): object {
  const { id, method } = JSON.parse(body) as { id: number; method: string };
  return { id, result: LOGIN[method] ?? [] };
}

process.send?.(url);
