import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Admission, Limiter } from '#application/ports/limiter.ts';
import { intervalMs, latestDue, type Rate, secondsUntilFree } from '#core/kernel/rate.ts';
import { documentClient } from './document-client.ts';
import { aws } from './failures.ts';
import { tableNames } from './state-store.ts';

/** The row is of no use once its bucket is full again; a day is long after that. */
const KEPT_SECONDS = 24 * 60 * 60;

const TRIES = 3;
const ADMITTED: Admission = { admitted: true };

/**
 * A client's bucket as one row of the inbox table. A bucket in use is moved on by one conditional write; one that has been
 * full since takes a second write, which begins it anew.
 */
export class DynamoLimiter implements Limiter {
  readonly #client: DynamoDBDocumentClient;

  constructor(client: DynamoDBDocumentClient = documentClient()) {
    this.#client = client;
  }

  async admit(client: string, rate: Rate, at: string): Promise<Admission> {
    const now = Date.parse(at);
    const ceiling = latestDue(rate, now);
    const interval = intervalMs(rate);
    let due = now;
    for (let attempt = 1; attempt <= TRIES && due <= ceiling; attempt++) {
      const inUse = { ':interval': interval, ':now': now, ':ceiling': ceiling };
      if (await this.#set(client, now, 'due + :interval', 'due > :now AND due <= :ceiling', inUse)) return ADMITTED;
      const full = { ':begun': now + interval, ':now': now };
      if (await this.#set(client, now, ':begun', 'attribute_not_exists(due) OR due <= :now', full)) return ADMITTED;
      // Spent, unless another request came in between the two.
      due = (await this.#due(client)) ?? now;
    }
    return { admitted: false, retryAfterSeconds: secondsUntilFree(rate, due, now) };
  }

  async #set(client: string, now: number, due: string, condition: string, values: object): Promise<boolean> {
    const update = new UpdateCommand({
      TableName: tableNames.inbox(),
      Key: keyOf(client),
      UpdateExpression: `SET due = ${due}, expiresAt = :expiresAt`,
      ConditionExpression: condition,
      ExpressionAttributeValues: { ...values, ':expiresAt': Math.floor(now / 1000) + KEPT_SECONDS },
    });
    try {
      await aws('count a request', this.#client.send(update));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async #due(client: string): Promise<number | undefined> {
    const read = new GetCommand({ TableName: tableNames.inbox(), Key: keyOf(client), ConsistentRead: true });
    const { Item } = await aws('read a limit', this.#client.send(read));
    return Item?.due as number | undefined;
  }
}

const keyOf = (client: string) => ({ mailbox: `LIMIT#${client}`, deliveryId: 'requests' });
