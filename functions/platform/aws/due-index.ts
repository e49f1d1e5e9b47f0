import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { aws } from './failures.ts';
import { DUE_SHARDS, type Row } from './rows.ts';

/**
 * Keys of rows that are due at `now`, oldest first, out of all parts of a table's index `due`. The index follows its table
 * by a moment, so a row may show up that has just been moved on: whoever acts on one says what he saw.
 */
export async function dueRows<T extends { readonly dueAt: string }>(
  client: DynamoDBDocumentClient,
  TableName: string,
  now: string,
  limit: number,
): Promise<T[]> {
  const parts = await Promise.all(DUE_SHARDS.map((shard) => partDue(client, TableName, shard, now, limit)));
  return (parts.flat() as unknown as T[])
    .sort((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : 0))
    .slice(0, limit);
}

async function partDue(
  client: DynamoDBDocumentClient,
  TableName: string,
  shard: string,
  now: string,
  limit: number,
): Promise<Row[]> {
  const query = new QueryCommand({
    TableName,
    IndexName: 'due',
    KeyConditionExpression: 'dueShard = :shard AND dueAt <= :now',
    ExpressionAttributeValues: { ':shard': shard, ':now': now },
    Limit: limit,
  });
  const { Items = [] } = await aws('read what is due', client.send(query));
  return Items;
}
