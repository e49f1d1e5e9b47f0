import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { CursorStore } from '#application/ports/store.ts';
import { documentClient } from './document-client.ts';
import { aws } from './failures.ts';
import { tableNames } from './state-store.ts';

const CURSOR_ROW = 'CURSOR';

export class DynamoCursors implements CursorStore {
  readonly #client: DynamoDBDocumentClient;

  constructor(client: DynamoDBDocumentClient = documentClient()) {
    this.#client = client;
  }

  async get(name: string): Promise<string | undefined> {
    const Key = { pk: `CURSOR#${name}`, sk: CURSOR_ROW };
    const read = new GetCommand({ TableName: tableNames.state(), Key, ConsistentRead: true });
    return (await aws('read a cursor', this.#client.send(read))).Item?.cursor;
  }

  async set(name: string, cursor: string): Promise<void> {
    const Item = { pk: `CURSOR#${name}`, sk: CURSOR_ROW, cursor };
    await aws('write a cursor', this.#client.send(new PutCommand({ TableName: tableNames.state(), Item })));
  }
}
