import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Log } from '#application/ports/runtime.ts';
import { type JournalRow, type RelayPorts, relayJournal } from '#application/relay/relay-journal.ts';
import { type AttributeValue, rowOfImage } from '../aws/attribute-values.ts';
import { journalRowOf } from '../aws/journal-rows.ts';
import { describe } from './failure.ts';
import { lambdaHandler } from './invocation.ts';

/** Names a journal row: what goes on the relay's own queue for another try. */
export type JournalRowName = { readonly key: string; readonly row: string };

export type StreamPorts = {
  readonly relay: RelayPorts;
  /** Keeps rows for another try; answers those that it could not keep. */
  readonly retryLater: (rows: readonly JournalRowName[]) => Promise<JournalRowName[]>;
};

/** Pauses between tries within one invocation. */
const PAUSES_MS = [200, 1_000];

/**
 * Relays the journal rows of a batch. A row that can't be relayed is tried twice more, then its name goes on the relay's own
 * queue: so that neither poison nor a throttled bus holds up its shard, and no row is reported as failed. Only when that queue
 * takes nothing either does the batch fail as a whole and come again, for then nothing else keeps it.
 */
export function journalStreamHandler(ports: () => StreamPorts, pausesMs: readonly number[] = PAUSES_MS) {
  return lambdaHandler<DynamoDBStreamEvent, DynamoDBBatchResponse>(async ({ Records }, { log, metrics }) => {
    const { relay, retryLater } = ports();
    const read = Records.map((record) => readRow(record, log)).filter((one) => one !== undefined);
    const readable = read.flatMap(({ row }) => (row ? [row] : []));
    const left = await relayPatiently(relay, readable, pausesMs, log);
    const unreadable = read.flatMap(({ row, name }) => (row ? [] : [name]));
    const later = [...unreadable, ...left.map(({ key, row }) => ({ key, row }))];
    if (later.length > 0) {
      log.warn('rows left for another try', { rows: later.length });
      metrics.count('RowsRelayedLater', later.length);
      const lost = await retryLater(later);
      if (lost.length > 0) throw new Error(`${lost.length} journal rows could neither be relayed nor kept for later`);
    }
    metrics.count('RowsRelayed', Records.length - later.length);
    return { batchItemFailures: [] };
  });
}

async function relayPatiently(
  ports: RelayPorts,
  rows: readonly JournalRow[],
  pausesMs: readonly number[],
  log: Log,
): Promise<readonly JournalRow[]> {
  let left = await relayed(ports, rows, log);
  for (const pause of pausesMs) {
    if (left.length === 0) break;
    await sleep(pause);
    left = await relayed(ports, left, log);
  }
  return left;
}

/** Relays rows; an error that no port answered for leaves all of them. */
async function relayed(ports: RelayPorts, rows: readonly JournalRow[], log: Log): Promise<readonly JournalRow[]> {
  if (rows.length === 0) return [];
  try {
    return await relayJournal(ports, rows);
  } catch (error) {
    log.error('relay failed', describe(error));
    return rows;
  }
}

/** A row that can't be read goes on by its name: the retry queue ends in a DLQ, in front of a person. */
function readRow({ dynamodb }: DynamoDBRecord, log: Log): { name: JournalRowName; row?: JournalRow } | undefined {
  const name = { key: dynamodb?.Keys?.pk?.S ?? '', row: dynamodb?.Keys?.sk?.S ?? '' };
  if (!dynamodb?.NewImage) return undefined;
  try {
    return { name, row: journalRowOf(rowOfImage(dynamodb.NewImage as Record<string, AttributeValue>)) };
  } catch (error) {
    log.error('journal row can not be read', { subject: name.key, row: name.row, ...describe(error) });
    return { name };
  }
}
