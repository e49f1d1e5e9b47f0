import { handOutBatches } from '#application/settlements/follow-up.ts';
import { recordBatch } from '#application/settlements/record-batch.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { journal } from '#platform/aws/stores.ts';
import { once } from '#platform/env.ts';
import { readEvent } from '#platform/handlers/event-message.ts';
import { clock, ids, queueControl } from '#platform/handlers/on-aws.ts';
import { jsonObject, queueHandler, type Read, textField } from '#platform/handlers/queue.ts';
import { orders } from '../wiring/aggregates.ts';
import { agreementsWith, settlementLines, settlementTerms, settlementWork } from '../wiring/settlement-files.ts';
import { settlementPorts } from '../wiring/settlements.ts';

/** A settlement whose batches are to be handed out, or one of its batches. */
type Work = { readonly settlement: string; readonly batch?: { readonly number: number; readonly revision: number } };

const ports = once(() => ({
  ...settlementPorts(),
  foreignIds: journal(),
  orders: orders(),
  lines: settlementLines(),
  terms: settlementTerms(),
  agreements: agreementsWith,
  work: settlementWork(),
}));

export const handler = queueHandler({
  ids,
  control: queueControl,
  read(body): Read<Work> {
    const given = jsonObject(body);
    return 'detail-type' in given ? readImported(body) : readBatch(given);
  },
  async run({ settlement, batch }, { log, correlationId, messageId }) {
    if (!batch) {
      const sent = await handOutBatches(ports(), settlement);
      log.info('batches handed out', { subject: settlement, batches: sent });
      return;
    }
    const { number, revision } = batch;
    const causationId = `${settlement}/${revision}/${number}`;
    const cause = { now: clock.now(), correlationId, causationId };
    const done = await recordBatch(ports(), { settlement, revision, batch: number }, cause);
    log.info(`batch ${done}`, { subject: settlement, revision, batch: number, messageId });
  },
});

function readImported(body: string): Read<Work> {
  const { message, ...read } = readEvent(body);
  return { ...read, message: { settlement: message.envelope.metadata.subject } };
}

function readBatch(given: Record<string, unknown>): Read<Work> {
  const settlement = textField(given, 'settlement');
  const [revision, number] = [wholeField(given, 'revision'), wholeField(given, 'batch')];
  const id = `${settlement}/${revision}/${number}`;
  return { message: { settlement, batch: { number, revision } }, id, contract: 'settlement-batch' };
}

function wholeField(given: Readonly<Record<string, unknown>>, field: string): number {
  const value = given[field];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new PoisonError('MESSAGE_MALFORMED', `"${field}" must be a whole number`, { context: { field } });
}
