import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { TableSpec } from '../../simulation/services/dynamodb/table-spec.ts';

/** Makes tables on an engine as their specifications say. */
export async function createTables(client: DynamoDBClient, specs: readonly TableSpec[]): Promise<void> {
  for (const { name, indexes = [], ...key } of specs) {
    const names = new Set([key, ...indexes].flatMap(({ pk, sk }) => (sk === undefined ? [pk] : [pk, sk])));
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: schema(key),
        ...(indexes.length > 0 && {
          GlobalSecondaryIndexes: indexes.map((index) => ({
            IndexName: index.name,
            KeySchema: schema(index),
            Projection: { ProjectionType: index.projection === 'all' ? ('ALL' as const) : ('KEYS_ONLY' as const) },
          })),
        }),
      }),
    );
  }
}

const schema = ({ pk, sk }: Pick<TableSpec, 'pk' | 'sk'>) => [
  { AttributeName: pk, KeyType: 'HASH' as const },
  ...(sk === undefined ? [] : [{ AttributeName: sk, KeyType: 'RANGE' as const }]),
];
