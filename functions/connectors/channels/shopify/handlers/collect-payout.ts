import { collectSettlement, type SettlementToCollect } from '#application/settlements/collect-settlement.ts';
import { parseSettlementKey } from '#core/settlements/line.ts';
import { S3SettlementDrop } from '#platform/aws/settlement-files.ts';
import { findAccount, once } from '#platform/env.ts';
import { readEvent } from '#platform/handlers/event-message.ts';
import { ids, queueControl } from '#platform/handlers/on-aws.ts';
import { jsonObject, queueHandler, type Read, textField } from '#platform/handlers/queue.ts';
import { manifest } from '../manifest.ts';
import { collectedFrom, payoutsOf } from './payouts.ts';

const drop = once(() => new S3SettlementDrop());

export const handler = queueHandler({
  ids,
  control: queueControl,
  read(body): Read<SettlementToCollect> {
    const given = jsonObject(body);
    return 'detail-type' in given ? readDue(body) : readRequest(given);
  },
  async run(wanted, { log, signal }) {
    const target = { connector: manifest.id, account: wanted.account };
    const configured = wanted.channel === manifest.id ? findAccount(target.connector, target.account) : undefined;
    // Settlements of every channel come due; a person is asked for those that nobody fetches.
    if (!configured || collectedFrom(configured) === undefined) return;
    const key = await collectSettlement({ source: payoutsOf(target), drop: drop() }, wanted, signal);
    log.info('payout laid into the drop', { key });
  },
});

/** `settlement.collection-due.v1`, of any channel. */
function readDue(body: string): Read<SettlementToCollect> {
  const { message, ...read } = readEvent(body);
  return { ...read, message: parseSettlementKey(message.envelope.metadata.subject) };
}

function readRequest(given: Record<string, unknown>): Read<SettlementToCollect> {
  const [account, settlementId] = [textField(given, 'account'), textField(given, 'settlementId')];
  const id = `${account}/${settlementId}`;
  return { message: { channel: manifest.id, account, settlementId }, id, contract: 'settlement-request' };
}
