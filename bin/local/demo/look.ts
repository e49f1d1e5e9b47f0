import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Operation } from '#core/operations/operation.ts';
import { journalRowOf } from '#platform/aws/journal-rows.ts';
import type { Row } from '#platform/aws/rows.ts';
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
    async rows(key: string): Promise<Row[]> {
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
    /** Types of what has happened to an aggregate, in its order, as the journal has them: `return.received.v1`. */
    async happened(key: string): Promise<string[]> {
      const journal = (await this.rows(key)).filter(({ events }) => Array.isArray(events)).map(journalRowOf);
      return journal
        .flatMap(({ events }) => events)
        .sort((a, b) => a.envelope.metadata.sequence - b.envelope.metadata.sequence)
        .map(({ type }) => type);
    },
    async openCases(key: string): Promise<{ code: string; message: string }[]> {
      const rows = await this.rows(key);
      return rows.filter(({ sk, status }) => String(sk).startsWith('CASE#') && status === 'open') as never;
    },
    close: () => tables.destroy(),
  };
}

export type Look = ReturnType<typeof lookInto>;
