import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { IdSource, Log, Metrics } from '#application/ports/runtime.ts';
import { type CrossdockError, PoisonError, type TransientError } from '#core/kernel/errors.ts';
import { type Correlation, correlationOf } from './correlation.ts';
import { describe, kindOf } from './failure.ts';
import { childLog, type Invocation, lambdaHandler } from './invocation.ts';
import type { QueueControl } from './queue-control.ts';

/** A message as its queue's reader understands it. */
export type Read<M> = {
  readonly message: M;
  /** Business identity, as far as the message has one: for logs and for the case when it is parked. */
  readonly id: string;
  /** Of the contract that it follows, for whoever finds it parked. */
  readonly contract: string;
  readonly correlationId?: string | undefined;
  readonly traceparent?: string | undefined;
};

export type QueueContext = Correlation & {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly signal: AbortSignal;
  /** What brought the message: SQS's id of it. */
  readonly messageId: string;
};

export type QueueOptions<M> = {
  /** Throws PoisonError for what it can't understand. */
  readonly read: (body: string) => Read<M>;
  readonly run: (message: M, context: QueueContext) => Promise<void>;
  readonly control: () => QueueControl;
  readonly ids: IdSource;
};

/**
 * The messages of a queue, each on its own: one that fails holds up none of the others. What an error means:
 *
 *  - business: the answer is final, the message is done with;
 *  - poison: parked in front of a person, with its reason, and done with;
 *  - transient: put off, ever longer, without being counted out; a case tells of it when it lasts;
 *  - anything else is a bug: the message stays until the redrive policy moves it to the DLQ.
 *
 * What a function dies of can not be caught, and a death is counted against the whole batch. So messages that came before,
 * any of which may be its cause, are taken after the others and one by one, and what is done with leaves the queue at once:
 * a further death counts against the one in hand and those behind it, and who was behind is ahead the next time.
 */
export function queueHandler<M>(options: QueueOptions<M>) {
  return lambdaHandler<SQSEvent, SQSBatchResponse>(async ({ Records }, invocation) => {
    const take = (record: SQSRecord) => takeRecord(options, record, invocation);
    const suspects = Records.filter(cameBefore);
    if (Records.length === 1 || suspects.length === 0) return together(Records, take);

    const takeAndLetGo = async (record: SQSRecord): Promise<void> => {
      await take(record);
      await letGo(options.control(), record, invocation.log);
    };
    const groups = [Records.filter((record) => !cameBefore(record)), ...inTurns(suspects).map((record) => [record])];
    const batchItemFailures = [];
    for (const group of groups) batchItemFailures.push(...(await together(group, takeAndLetGo)).batchItemFailures);
    return { batchItemFailures };
  });
}

const receivesOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount) || 1;
const cameBefore = (record: SQSRecord): boolean => receivesOf(record) > 1;

/** The least received first; of those that met the same deaths, once in one order and the next time in the other. */
function inTurns(records: readonly SQSRecord[]): SQSRecord[] {
  const order = (a: SQSRecord, b: SQSRecord): number => (a.messageId < b.messageId ? -1 : 1);
  return records.toSorted(
    (a, b) => receivesOf(a) - receivesOf(b) || (receivesOf(a) % 2 === 0 ? order(a, b) : order(b, a)),
  );
}

async function together(
  records: readonly SQSRecord[],
  take: (record: SQSRecord) => Promise<void>,
): Promise<SQSBatchResponse> {
  if (records.length === 0) return { batchItemFailures: [] };
  // A batch of which all failed is reported message by message too: an error would hide which ones were put off.
  const options = { throwOnFullBatchFailure: false };
  return processPartialResponse({ Records: [...records] }, take, new BatchProcessor(EventType.SQS), options);
}

/** Lambda does the same when the batch ends: that it could not be done now is no failure of the message. */
async function letGo(control: QueueControl, record: SQSRecord, log: Log): Promise<void> {
  try {
    await control.letGo(record);
  } catch (error) {
    log.warn('message not let go early', { ...describe(error), messageId: record.messageId });
  }
}

/** Returns when the record is done with, throws when it must come again. */
async function takeRecord<M>(options: QueueOptions<M>, record: SQSRecord, invocation: Invocation): Promise<void> {
  const { logger, metrics, signal } = invocation;
  const { messageId } = record;
  let seen = { correlation: correlationIn(record, options.ids), id: messageId, contract: 'none' };
  let log = childLog(logger, { ...seen.correlation, messageId });
  try {
    const read = options.read(record.body);
    const correlation = correlationIn(record, options.ids, read);
    seen = { correlation, id: read.id, contract: read.contract };
    log = childLog(logger, { ...correlation, messageId });
    await options.run(read.message, { ...correlation, log, metrics, signal, messageId });
    await options.control().done(record);
  } catch (error) {
    await settle(options.control(), record, error, { ...seen, log, metrics });
  }
}

type Seen = {
  readonly correlation: Correlation;
  readonly id: string;
  readonly contract: string;
  readonly log: Log;
  readonly metrics: Metrics;
};

async function settle(control: QueueControl, record: SQSRecord, error: unknown, seen: Seen): Promise<void> {
  const { log, metrics, correlation } = seen;
  const kind = kindOf(error);
  metrics.count('MessageFailed', 1, { kind });
  switch (kind) {
    case 'business':
      await control.done(record);
      log.info('message refused by a rule', describe(error));
      return;
    case 'poison':
      await control.park(record, error as CrossdockError, { ...seen, correlationId: correlation.correlationId });
      log.error('message parked', describe(error));
      return;
    case 'transient':
      log.warn('message put off', { ...describe(error), received: Number(record.attributes.ApproximateReceiveCount) });
      return control.putOff(record, error as TransientError, { ...seen, correlationId: correlation.correlationId });
    case 'bug':
      log.error('message failed', describe(error));
      throw error;
  }
}

/** The message's own word comes before the attribute that travels with it. */
function correlationIn(record: SQSRecord, ids: IdSource, read?: Read<unknown>): Correlation {
  const attribute = (name: string): string | undefined => record.messageAttributes?.[name]?.stringValue;
  return correlationOf(
    {
      correlationId: read?.correlationId ?? attribute('correlationId'),
      traceparent: read?.traceparent ?? attribute('traceparent'),
    },
    () => ids.next(),
  );
}

/** Reads a JSON object off a queue. Throws PoisonError when it is none. */
export function jsonObject(body: string): Record<string, unknown> {
  try {
    const given: unknown = JSON.parse(body);
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Record<string, unknown>;
  } catch {
    // Not quoted: the body may hold anything.
  }
  throw new PoisonError('MESSAGE_MALFORMED', 'the message is no JSON object');
}

/** A field that must be a text with something in it. */
export function textField(given: Readonly<Record<string, unknown>>, field: string): string {
  const value = given[field];
  if (typeof value === 'string' && value !== '') return value;
  throw new PoisonError('MESSAGE_MALFORMED', `"${field}" must be a text`, { context: { field } });
}

/** A field that must be a whole number of seconds, one or more. */
export function secondsField(given: Readonly<Record<string, unknown>>, field: string): number {
  const value = given[field];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new PoisonError('MESSAGE_MALFORMED', `"${field}" must be a whole number of seconds`, { context: { field } });
}
