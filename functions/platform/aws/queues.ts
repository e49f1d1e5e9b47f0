import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { OperationQueue } from '#application/ports/queues.ts';
import type { Target } from '#core/operations/operation.ts';
import { ConfigurationError, operationQueueUrls } from '../env.ts';
import type { MessageAttributes } from '../queue-policy.ts';
import { sqsClient } from './clients.ts';
import { complain } from './complain.ts';
import { aws } from './failures.ts';

/** SQS: messages of one batch call, and seconds that a message can be held back. */
const BATCH = 10;
const LONGEST_DELAY = 900;

/** A queue that one message at a time is put on. Throws TransientError when it can't be reached. */
export async function sendMessage(
  url: string,
  body: string,
  attributes: MessageAttributes = {},
  { delaySeconds = 0, client = sqsClient() }: { delaySeconds?: number; client?: SQSClient } = {},
): Promise<void> {
  const send = new SendMessageCommand({
    QueueUrl: url,
    MessageBody: body,
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    ),
    ...(delaySeconds > 0 && { DelaySeconds: Math.min(delaySeconds, LONGEST_DELAY) }),
  });
  await aws('send a message', client.send(send));
}

/**
 * Sends many messages, ten a call. Answers the bodies that the queue did not take, be it one entry or a whole call: SQS says
 * 200 to a batch of which entries failed.
 */
export async function sendMessages(
  url: string,
  bodies: readonly string[],
  { delaySeconds = 0, client = sqsClient() }: { delaySeconds?: number; client?: SQSClient } = {},
): Promise<string[]> {
  const refused: string[] = [];
  for (let from = 0; from < bodies.length; from += BATCH) {
    const batch = bodies.slice(from, from + BATCH);
    const send = new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: batch.map((MessageBody, index) => ({
        Id: String(index),
        MessageBody,
        ...(delaySeconds > 0 && { DelaySeconds: Math.min(delaySeconds, LONGEST_DELAY) }),
      })),
    });
    try {
      const { Failed = [] } = await aws('send messages', client.send(send));
      for (const { Code } of Failed) complain('a message of a batch', Object.assign(new Error(), { name: Code }));
      refused.push(...Failed.map(({ Id }) => batch[Number(Id)] ?? ''));
    } catch (error) {
      complain('a batch of messages', error);
      refused.push(...batch);
    }
  }
  return refused;
}

/** Each connector's own queue; a message is `{"key": "<operation key>"}`. */
export class SqsOperationQueue implements OperationQueue {
  readonly #client: SQSClient;

  constructor(client: SQSClient = sqsClient()) {
    this.#client = client;
  }

  async send({ connector }: Target, keys: readonly string[], delaySeconds = 0): Promise<string[]> {
    const url = operationQueueUrls()[connector];
    if (!url) throw new ConfigurationError(`OPERATION_QUEUE_URLS has no queue of ${connector}: add it in topology.ts`);
    const bodies = keys.map((key) => JSON.stringify({ key }));
    const refused = new Set(await sendMessages(url, bodies, { delaySeconds, client: this.#client }));
    return keys.filter((_key, index) => refused.has(bodies[index] ?? ''));
  }
}
