import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { OperationStore } from '#application/ports/store.ts';
import type { Operation } from '#core/operations/operation.ts';
import { ifRevision } from './commit-items.ts';
import { documentClient } from './document-client.ts';
import { dueRows } from './due-index.ts';
import { aws } from './failures.ts';
import { operationOf, operationRow } from './rows.ts';
import { tableNames } from './state-store.ts';

export class DynamoOperations implements OperationStore {
  readonly #client: DynamoDBDocumentClient;

  constructor(client: DynamoDBDocumentClient = documentClient()) {
    this.#client = client;
  }

  async get(key: string): Promise<Operation | undefined> {
    const read = new GetCommand({ TableName: tableNames.operations(), Key: { key }, ConsistentRead: true });
    const { Item } = await aws('read an operation', this.#client.send(read));
    return Item && operationOf(Item);
  }

  async save(row: Operation, expectedRevision: number): Promise<boolean> {
    const put = new PutCommand({
      TableName: tableNames.operations(),
      Item: operationRow(row),
      ...ifRevision(expectedRevision),
    });
    return unlessChanged(aws('save an operation', this.#client.send(put)));
  }

  async due(now: string, limit: number): Promise<{ key: string; dueAt: string }[]> {
    const rows = await dueRows<{ key: string; dueAt: string }>(this.#client, tableNames.operations(), now, limit);
    return rows.map(({ key, dueAt }) => ({ key, dueAt }));
  }
}

/** Whether a conditional write went through. */
export async function unlessChanged(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
