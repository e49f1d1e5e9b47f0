import { DeleteMessageCommand, type Message } from '@aws-sdk/client-sqs';
import { ScanCommand, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { sqsClient } from '#platform/aws/clients.ts';
import { documentClient } from '#platform/aws/document-client.ts';
import { sendMessages } from '#platform/aws/queues.ts';
import { tableNames } from '#platform/aws/state-store.ts';
import type { JournalRowName } from '#platform/handlers/stream.ts';
import { JOURNAL_PREFIX } from '#platform/journal.ts';

/**
 * What the stream relay gave up names a place in a stream that forgets within a day; the journal itself has every row for
 * ever. So its rows of that time are relayed again by name: events have ids and operations leases, twice is harmless.
 */

/** From when until when the records of a failed batch came, as AWS tells the on-failure queue. */
export type Span = { readonly from: string; readonly to: string };

/** A commit is stamped at its beginning and reaches the stream at its end: longer than any function runs. */
const SLACK_MS = 5 * 60_000;

/** The time that a message of the on-failure queue speaks of; undefined when it is none. */
export function spanOf({ Body = '' }: Message): Span | undefined {
  let first = Number.NaN;
  let last = Number.NaN;
  try {
    const { DDBStreamBatchInfo: info } = JSON.parse(Body);
    first = Date.parse(info.approximateArrivalOfFirstRecord);
    last = Date.parse(info.approximateArrivalOfLastRecord);
  } catch {
    // Not quoted; the times stay unknown.
  }
  if (Number.isNaN(first) || Number.isNaN(last)) return undefined;
  return { from: new Date(first - SLACK_MS).toISOString(), to: new Date(last + SLACK_MS).toISOString() };
}

/** Names of the journal rows that were written in any of the spans. Reads the whole table. */
export async function rowsIn(spans: readonly Span[], tell: (rows: number) => void): Promise<JournalRowName[]> {
  const found = new Map<string, JournalRowName>();
  for (const { from, to } of spans) {
    let ExclusiveStartKey: ScanCommandInput['ExclusiveStartKey'];
    do {
      const { Items = [], LastEvaluatedKey } = await documentClient().send(
        new ScanCommand({
          TableName: tableNames.state(),
          FilterExpression: 'begins_with(#sk, :prefix) AND occurredAt BETWEEN :from AND :to',
          ProjectionExpression: '#pk, #sk',
          ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
          ExpressionAttributeValues: { ':prefix': JOURNAL_PREFIX, ':from': from, ':to': to },
          ExclusiveStartKey,
        }),
      );
      for (const { pk, sk } of Items) found.set(`${pk} ${sk}`, { key: pk, row: sk });
      tell(found.size);
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }
  return [...found.values()];
}

/** Hands the rows to the relay's own queue, then lets the messages go. Answers how many rows were taken. */
export async function relayAgain(
  rows: readonly JournalRowName[],
  retryUrl: string,
  dlqUrl: string,
  messages: readonly Message[],
): Promise<{ readonly relayed: number; readonly trouble?: string }> {
  const bodies = rows.map((row) => JSON.stringify(row));
  const refused = await sendMessages(retryUrl, bodies);
  const relayed = rows.length - refused.length;
  if (refused.length > 0) return { relayed, trouble: `${refused.length} rows were not taken: run it again` };
  for (const { ReceiptHandle } of messages) {
    await sqsClient().send(new DeleteMessageCommand({ QueueUrl: dlqUrl, ReceiptHandle }));
  }
  return { relayed };
}
