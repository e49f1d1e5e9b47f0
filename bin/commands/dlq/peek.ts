import { ChangeMessageVisibilityBatchCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { sqsClient } from '#platform/aws/clients.ts';

const BATCH = 10;
/** Long enough to read a thousand messages; should we be cut off, they are back by themselves after it. */
const HIDDEN_SECONDS = 60;
/** Asks all of SQS's servers, where a short look asks some and may find nothing. */
const LOOK_SECONDS = 1;

/** Takes up to `limit` messages in hand: nobody else sees them for a minute, or until they are put back. */
export async function takeInHand(QueueUrl: string, limit: number): Promise<Message[]> {
  const found = new Map<string, Message>();
  while (found.size < limit) {
    const { Messages = [] } = await sqsClient().send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Math.min(BATCH, limit - found.size),
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: LOOK_SECONDS,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
      }),
    );
    if (Messages.length === 0) break;
    for (const message of Messages) found.set(message.MessageId ?? '', message);
  }
  return [...found.values()];
}

/** Shows messages to everybody again. One that is not put back comes back by itself. */
export async function putBack(QueueUrl: string, messages: readonly Message[]): Promise<void> {
  for (let from = 0; from < messages.length; from += BATCH) {
    const Entries = messages.slice(from, from + BATCH).map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    await sqsClient().send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}

/** Looks at messages and leaves them where they are. */
export async function peek(url: string, limit: number): Promise<Message[]> {
  const messages = await takeInHand(url, limit);
  await putBack(url, messages);
  return messages;
}
