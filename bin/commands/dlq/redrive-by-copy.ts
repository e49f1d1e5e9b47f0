import { createHash } from 'node:crypto';
import { DeleteMessageCommand, type Message, SendMessageCommand } from '@aws-sdk/client-sqs';
import { sqsClient } from '#platform/aws/clients.ts';
import { describe } from './describe.ts';
import { putBack, takeInHand } from './peek.ts';
import type { Choice, Moved, Redrive, Way } from './redrive.ts';

const AT_ONCE = 10;

/**
 * Receives, sends, deletes: each message by itself, so that a large one never makes a batch too large, and sent before it is
 * deleted, for twice is harmless and never is not. Takes only what is wanted, and nothing twice: a message that is refused
 * again meanwhile stays in the DLQ.
 */
export class CopyRedrive implements Redrive {
  async move({ dlqUrl, sourceUrl }: Way, { wanted, limit = Infinity }: Choice, tell: (moved: number) => void) {
    const kept = new Map<string, Message>();
    const seen = new Set<string>();
    let moved = 0;
    while (moved < limit) {
      const batch = await takeInHand(dlqUrl, Math.min(AT_ONCE, limit - moved));
      const fresh = batch.filter(({ MessageId = '' }) => !kept.has(MessageId));
      if (fresh.length === 0) break;
      const chosen = fresh.filter((message) => !seen.has(digest(message)) && (wanted?.(describe(message)) ?? true));
      for (const message of chosen) seen.add(digest(message));
      for (const message of batch) if (!chosen.includes(message)) kept.set(message.MessageId ?? '', message);
      await Promise.all(chosen.map((message) => moveOne(message, dlqUrl, sourceUrl)));
      moved += chosen.length;
      tell(moved);
    }
    await putBack(dlqUrl, [...kept.values()]);
    return { moved } satisfies Moved;
  }
}

const digest = ({ Body = '' }: Message): string => createHash('sha256').update(Body).digest('base64');

async function moveOne(message: Message, dlqUrl: string, sourceUrl: string): Promise<void> {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(
    ([name, { DataType, StringValue, BinaryValue }]) =>
      [
        name,
        { DataType, ...(StringValue !== undefined && { StringValue }), ...(BinaryValue && { BinaryValue }) },
      ] as const,
  );
  await sqsClient().send(
    new SendMessageCommand({
      QueueUrl: sourceUrl,
      MessageBody: message.Body,
      MessageAttributes: Object.fromEntries(attributes),
    }),
  );
  await sqsClient().send(new DeleteMessageCommand({ QueueUrl: dlqUrl, ReceiptHandle: message.ReceiptHandle }));
}
