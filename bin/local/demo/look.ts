import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Operation } from '#core/operations/operation.ts';
import { clientsOf, output, type World } from '../world.ts';

/** Reads what Crossdock has stored, for the demo and the end-to-end tests; writes nothing. */
export function lookInto(world: Pick<World, 'engine' | 'outputs'>) {
  const tables = DynamoDBDocumentClient.from(new DynamoDBClient(clientsOf(world.engine)));
  const StateTable = output(world.outputs, 'StateTableName');
  return {
    async state<S>(key: string): Promise<S | undefined> {
      const { Item } = await tables.send(
        new GetCommand({ TableName: StateTable, Key: { pk: key, sk: 'STATE' }, ConsistentRead: true }),
      );
      return Item?.state as S | undefined;
    },
    async operation(key: string): Promise<Operation | undefined> {
      const TableName = output(world.outputs, 'OperationsTableName');
      const { Item } = await tables.send(new GetCommand({ TableName, Key: { key }, ConsistentRead: true }));
      return Item as Operation | undefined;
    },
    /** All rows of one aggregate: state, journal, cases, timers, waits. */
    async rows(key: string): Promise<Record<string, unknown>[]> {
      const { Items = [] } = await tables.send(
        new QueryCommand({
          TableName: StateTable,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': key },
          ConsistentRead: true,
        }),
      );
      return Items;
    },
    async openCases(key: string): Promise<{ code: string; message: string }[]> {
      const rows = await this.rows(key);
      return rows.filter(({ sk, status }) => String(sk).startsWith('CASE#') && status === 'open') as never;
    },
    close: () => tables.destroy(),
  };
}

export type Look = ReturnType<typeof lookInto>;
