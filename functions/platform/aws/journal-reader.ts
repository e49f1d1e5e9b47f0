import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { JournalRow } from '#application/relay/relay-journal.ts';
import { JOURNAL_PREFIX, type JournalReader } from '../journal.ts';
import { documentClient } from './document-client.ts';
import { aws } from './failures.ts';
import { journalRowOf } from './journal-rows.ts';
import type { Row } from './rows.ts';
import { tableNames } from './state-store.ts';

export class DynamoJournal implements JournalReader {
  readonly #client: DynamoDBDocumentClient;

  constructor(client: DynamoDBDocumentClient = documentClient()) {
    this.#client = client;
  }

  async row(key: string, row: string): Promise<JournalRow | undefined> {
    const Key = { pk: key, sk: row };
    const read = new GetCommand({ TableName: tableNames.state(), Key, ConsistentRead: true });
    const { Item } = await aws('read the journal', this.#client.send(read));
    return Item && journalRowOf(Item);
  }

  async history(key: string): Promise<JournalRow[]> {
    const rows: Row[] = [];
    let ExclusiveStartKey: Row | undefined;
    do {
      const query: QueryCommand = new QueryCommand({
        TableName: tableNames.state(),
        KeyConditionExpression: 'pk = :key AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':key': key, ':prefix': JOURNAL_PREFIX },
        ConsistentRead: true,
        ExclusiveStartKey,
      });
      const page = await aws('read the journal', this.#client.send(query));
      rows.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return rows.map(journalRowOf);
  }

  async subjectsOf(foreignId: string): Promise<string[]> {
    const query = new QueryCommand({
      TableName: tableNames.state(),
      IndexName: 'foreignId',
      KeyConditionExpression: 'foreignId = :id',
      ExpressionAttributeValues: { ':id': foreignId },
    });
    const { Items = [] } = await aws('look up a foreign id', this.#client.send(query));
    return [...new Set(Items.map(({ pk }) => pk as string))];
  }
}
