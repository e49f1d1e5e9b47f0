import {
  collectForPoll,
  collectSettlement,
  type SettlementToCollect,
} from '#application/settlements/collect-settlement.ts';
import { parseSettlementKey } from '#core/settlements/line.ts';
import { S3SettlementDrop } from '#platform/aws/settlement-files.ts';
import { caseStore } from '#platform/aws/stores.ts';
import { findAccount, once } from '#platform/env.ts';
import { readEvent } from '#platform/handlers/event-message.ts';
import { clock, ids, queueControl } from '#platform/handlers/on-aws.ts';
import { jsonObject, queueHandler, type Read, textField } from '#platform/handlers/queue.ts';
import { manifest } from '../manifest.ts';
import { collectedFrom, payoutsOf } from './payouts.ts';

const stores = once(() => ({ drop: new S3SettlementDrop(), cases: caseStore() }));

/** `polled`: the poll asks for it again as long as it is not imported. */
type Wanted = SettlementToCollect & { readonly polled: boolean };

export const handler = queueHandler({
  ids,
  control: queueControl,
  read(body): Read<Wanted> {
    const given = jsonObject(body);
    return 'detail-type' in given ? readDue(body) : readRequest(given);
  },
  async run(wanted, { log, signal }) {
    const target = { connector: manifest.id, account: wanted.account };
    const configured = wanted.channel === manifest.id ? findAccount(target.connector, target.account) : undefined;
    // Settlements of every channel come due; a person is asked for those that nobody fetches.
    if (!configured || collectedFrom(configured) === undefined) return;
    const ports = { ...stores(), source: payoutsOf(target) };
    if (!wanted.polled) {
      log.info('payout laid into the drop', { key: await collectSettlement(ports, wanted, signal) });
      return;
    }
    const collected = await collectForPoll(ports, wanted, clock.now(), signal);
    if ('key' in collected) log.info('payout laid into the drop', { key: collected.key });
    else log.warn('payout not collected', { settlementId: wanted.settlementId, code: collected.refused.code });
  },
});

/** `settlement.collection-due.v1`, of any channel. */
function readDue(body: string): Read<Wanted> {
  const { message, ...read } = readEvent(body);
  return { ...read, message: { ...parseSettlementKey(message.envelope.metadata.subject), polled: false } };
}

function readRequest(given: Record<string, unknown>): Read<Wanted> {
  const [account, settlementId] = [textField(given, 'account'), textField(given, 'settlementId')];
  const id = `${account}/${settlementId}`;
  return { message: { channel: manifest.id, account, settlementId, polled: true }, id, contract: 'settlement-request' };
}
