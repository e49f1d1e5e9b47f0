import { createHmac } from 'node:crypto';
import { handle } from '#application/aggregate.ts';
import { orderAggregate } from '#application/orders/order-aggregate.ts';
import { changeReturn } from '#application/returns/change-return.ts';
import { returnAggregate } from '#application/returns/return-aggregate.ts';
import type { OrderCommand } from '#core/orders/decider.ts';
import { authorizeLines } from '#core/returns/credit.ts';
import { returnKey } from '#core/returns/return.ts';
import type { MemoryStore } from '#platform/memory/store.ts';
import { anOrder } from '../../../support/orders.ts';
import { standardWebhooks } from '../../../support/samples.ts';
import { anAuthorization, ORDER_KEY, shippedOrder } from '../../../unit/returns/samples.ts';
import { ROUTING } from '../intake-house.ts';
import type { ConnectorUnderTest, Vector } from '../under-test.ts';
import { FEWEST, HISTORY, order, PERSONAL, VOCABULARY } from './generic-messages.ts';

const HEADER = 'webhook-signature';
const secretOf = (text: string): string => `whsec_${Buffer.from(text.padEnd(32, '.')).toString('base64')}`;

function digest(secret: string, id: string, at: number, body: Uint8Array): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest('base64');
}

function vectors(): Vector[] {
  const { official, multiSignature } = standardWebhooks();
  const { secret, id, timestamp, body, signature } = official;
  const vector = (name: string, valid: boolean, changes: Record<string, string>): Vector => ({
    name,
    valid,
    secret,
    at: timestamp,
    body: Buffer.from(body),
    headers: { 'webhook-id': id, 'webhook-timestamp': String(timestamp), [HEADER]: signature, ...changes },
  });
  return [
    vector('the official one', true, {}),
    vector('one good signature among several', true, { [HEADER]: multiSignature }),
    vector('a truncated signature', false, { [HEADER]: signature.slice(0, -6) }),
    vector('an empty signature', false, { [HEADER]: 'v1,' }),
    vector('of an unknown version only', false, { [HEADER]: signature.replace('v1,', 'v2,') }),
    vector('a time that is no whole number', false, { 'webhook-timestamp': `${timestamp}.5` }),
    vector('another id', false, { 'webhook-id': 'msg_other' }),
  ];
}

/** An order that has left the house, two lines of which are on their way back. */
async function prepare(store: MemoryStore, now: string): Promise<void> {
  const cause = { now, correlationId: 'kit', causationId: 'kit' };
  const ports = { store, orders: orderAggregate(ROUTING), returns: returnAggregate(ROUTING) };
  const placed = anOrder();
  const lines = placed.lines.map(({ lineId, quantity }) => ({ lineId, quantity }));
  const commands: OrderCommand[] = [
    { type: 'take-channel-order', order: placed },
    { type: 'record-booking', erpAccount: 'tryton/main', ref: '7', number: 'S0007' },
    { type: 'record-shipment', shipmentId: 'OUT1', shippedAt: now, lines },
  ];
  for (const command of commands) await handle(store, ports.orders, ORDER_KEY, command, cause);
  for (const [returnId, line] of [
    ['R-1', 0],
    ['R-2', 1],
  ] as const) {
    const id = { platform: 'generic', account: 'main', returnId };
    const asked = lines.slice(line, line + 1);
    const whole = anAuthorization();
    const authorization = { ...whole, id, lines: whole.lines.slice(line, line + 1) };
    const authorized = authorizeLines(shippedOrder(), asked);
    await changeReturn(ports, returnKey(id), () => ({ type: 'authorize', authorization, authorized }), cause);
  }
}

export const generic: ConnectorUnderTest = {
  webhook: {
    settings: {},
    secretPart: 'webhookSecrets',
    secrets: { current: secretOf('current'), previous: secretOf('previous'), stranger: secretOf('stranger') },
    keepHeaders: [],
    sign: (_sample, body, { secret, delivery, at }) => ({
      'webhook-id': delivery,
      'webhook-timestamp': String(at),
      [HEADER]: `v1,${digest(secret, delivery, at, body)}`,
    }),
    signature: {
      header: HEADER,
      read: (value) => value.slice('v1,'.length),
      write: (text) => `v1,${text}`,
      covers: ['webhook-id', 'webhook-timestamp'],
    },
    vectors: vectors(),
    prepare,
    history: HISTORY,
    fewest: FEWEST,
    vocabulary: VOCABULARY,
    personal: PERSONAL,
    order,
  },
};
