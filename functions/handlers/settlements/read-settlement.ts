import { viewSettlement } from '#application/settlements/settlement-view.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { settlementKey } from '#core/settlements/line.ts';
import { operationStore, stateStore } from '#platform/aws/stores.ts';
import { apiHandler } from '#platform/handlers/api.ts';
import { clock, ids } from '#platform/handlers/on-aws.ts';
import { Refusal } from '#platform/handlers/problem.ts';

const NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;
const MOST_ID = 200;

/** Amounts are minor units of the settlement's currency. AWS has checked who asks. */
export const handler = apiHandler({
  maxBodyBytes: 0,
  ids,
  async run({ path }) {
    const [channel, account] = [named(path, 'channel'), named(path, 'account')];
    const settlementId = idIn(path);
    const ports = { store: stateStore(), operations: operationStore() };
    const view = await viewSettlement(ports, settlementKey({ channel, account, settlementId }), clock.now());
    if (view) return { status: 200, body: view };
    throw new Refusal(404, 'SETTLEMENT_UNKNOWN', `${channel}/${account} has no settlement of this id`);
  },
});

function named(path: Readonly<Record<string, string>>, field: 'channel' | 'account'): string {
  const value = path[field] ?? '';
  if (NAME.test(value)) return value;
  const message = `${field}: lower case letters, digits and hyphens`;
  throw new PoisonError('REQUEST_MALFORMED', message, { context: { field } });
}

/** API Gateway passes a part of the path on as it was sent. */
function idIn(path: Readonly<Record<string, string>>): string {
  const field = 'settlement';
  try {
    const id = decodeURIComponent(path[field] ?? '');
    if (id !== '' && id.length <= MOST_ID) return id;
  } catch {
    // Not what a URL may hold.
  }
  throw new PoisonError('REQUEST_MALFORMED', `${field}: an id of 1 to ${MOST_ID} characters`, { context: { field } });
}
