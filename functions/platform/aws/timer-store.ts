import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { DueTimer, TimerStore, Wait, WaitStore } from '#application/ports/store.ts';
import { UNTOLD_PATIENCE_SECONDS } from '#application/workflow/next-look.ts';
import { documentClient } from './document-client.ts';
import { dueRows } from './due-index.ts';
import { aws } from './failures.ts';
import { unlessChanged } from './operation-store.ts';
import { dueShard, timerName, timerSortKey, waitSortKey } from './rows.ts';
import { tableNames } from './state-store.ts';

export class DynamoTimers implements TimerStore {
  readonly #client: DynamoDBDocumentClient;

  constructor(client: DynamoDBDocumentClient = documentClient()) {
    this.#client = client;
  }

  async due(now: string, limit: number): Promise<DueTimer[]> {
    type Keys = { pk: string; sk: string; dueAt: string };
    const rows = await dueRows<Keys>(this.#client, tableNames.state(), now, limit);
    return rows.map(({ pk, sk, dueAt }) => ({ subject: pk, name: timerName(sk), dueAt }));
  }

  async postpone(timer: DueTimer, until: string): Promise<boolean> {
    const update = new UpdateCommand({
      ...this.#ifStillDue(timer),
      UpdateExpression: 'SET dueAt = :until',
      ExpressionAttributeValues: { ':seen': timer.dueAt, ':until': until },
    });
    return unlessChanged(aws('postpone a timer', this.#client.send(update)));
  }

  async remove(timer: DueTimer): Promise<boolean> {
    const del = new DeleteCommand({
      ...this.#ifStillDue(timer),
      ExpressionAttributeValues: { ':seen': timer.dueAt },
    });
    return unlessChanged(aws('remove a timer', this.#client.send(del)));
  }

  #ifStillDue({ subject, name }: DueTimer) {
    return {
      TableName: tableNames.state(),
      Key: { pk: subject, sk: timerSortKey(name) },
      ConditionExpression: 'dueAt = :seen',
    };
  }
}

export class DynamoWaits implements WaitStore {
  readonly #client: DynamoDBDocumentClient;

  constructor(client: DynamoDBDocumentClient = documentClient()) {
    this.#client = client;
  }

  async put(subject: string, wait: Wait, checkAt: string): Promise<void> {
    const { step, ...kept } = wait;
    const Item = { pk: subject, sk: waitSortKey(step), ...kept, dueShard: dueShard(subject), dueAt: checkAt };
    await aws('keep a wait', this.#client.send(new PutCommand({ TableName: tableNames.state(), Item })));
  }

  async get(subject: string, step: string): Promise<Wait | undefined> {
    const read = new GetCommand({
      TableName: tableNames.state(),
      Key: { pk: subject, sk: waitSortKey(step) },
      ConsistentRead: true,
    });
    const { Item } = await aws('read a wait', this.#client.send(read));
    if (!Item) return undefined;
    const { token, since, patienceSeconds = UNTOLD_PATIENCE_SECONDS } = Item;
    return { step, token, since, patienceSeconds };
  }

  async remove(subject: string, { step, token }: Wait): Promise<void> {
    const del = new DeleteCommand({
      TableName: tableNames.state(),
      Key: { pk: subject, sk: waitSortKey(step) },
      ConditionExpression: '#token = :token',
      ExpressionAttributeNames: { '#token': 'token' },
      ExpressionAttributeValues: { ':token': token },
    });
    await unlessChanged(aws('remove a wait', this.#client.send(del)));
  }
}
