import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { documentsOver } from '#platform/aws/document-client.ts';
import { SimDynamo } from '../../simulation/services/dynamodb/sim-dynamo.ts';
import type { TableSpec } from '../../simulation/services/dynamodb/table-spec.ts';
import { createTables } from './tables.ts';
import { can, clientOptions, endpoint } from './worlds.ts';

type Row = Record<string, unknown>;
type Extra = { readonly ExpressionAttributeValues?: Row; readonly [parameter: string]: unknown };
type Send = (command: GetCommand) => Promise<Row>;

/** Where DynamoDB's own behaviour is tried: simulated always, and on an engine where one answers. */
export const PLACES: readonly { readonly name: string; readonly open: () => Promise<Rows> }[] = [
  { name: 'simulated', open: async () => simulated() },
  ...(endpoint !== undefined && can('strictDynamoDb') ? [{ name: 'engine', open: onEngine }] : []),
];

const spec = (name: string): TableSpec => ({
  name,
  pk: 'pk',
  sk: 'sk',
  indexes: [
    { name: 'due', pk: 'dueShard', sk: 'dueAt', projection: 'keys-only' },
    { name: 'colours', pk: 'colour', sk: 'pk', projection: 'all' },
  ],
});

function simulated(): Rows {
  const sim = new SimDynamo([spec('rows')]);
  return new Rows('rows', async (command) => sim.apply(command) as Row);
}

async function onEngine(): Promise<Rows> {
  const client = new DynamoDBClient(clientOptions);
  const name = `rows-${Math.random().toString(36).slice(2, 10)}`;
  await createTables(client, [spec(name)]);
  const documents = documentsOver(client);
  return new Rows(name, (command) => documents.send(command));
}

/** One table, and commands to it in short. */
export class Rows {
  readonly name: string;
  readonly #send: Send;

  constructor(name: string, send: Send) {
    this.name = name;
    this.#send = send;
  }

  put(Item: Row, more: Extra = {}): Promise<Row> {
    return this.#run(new PutCommand({ TableName: this.name, Item, ...more }));
  }

  async putAll(items: readonly Row[]): Promise<void> {
    for (const item of items) await this.put(item);
  }

  async get(pk: string, sk: string, more: Extra = {}): Promise<Row | undefined> {
    const read = new GetCommand({ TableName: this.name, Key: { pk, sk }, ConsistentRead: true, ...more });
    return (await this.#run(read)).Item as Row | undefined;
  }

  update(pk: string, UpdateExpression: string, values?: Row, more: Extra = {}): Promise<Row> {
    const given = values && { ExpressionAttributeValues: values };
    return this.#run(
      new UpdateCommand({ TableName: this.name, Key: { pk, sk: '1' }, UpdateExpression, ...given, ...more }),
    );
  }

  delete(pk: string, more: Extra = {}): Promise<Row> {
    return this.#run(new DeleteCommand({ TableName: this.name, Key: { pk, sk: '1' }, ...more }));
  }

  query(KeyConditionExpression: string, values: Row, more: Partial<QueryCommandInput> = {}): Promise<Row> {
    const query = { KeyConditionExpression, ...more };
    const ExpressionAttributeValues = { ...values, ...more.ExpressionAttributeValues };
    return this.#run(new QueryCommand({ TableName: this.name, ...query, ExpressionAttributeValues }));
  }

  scan(more: Extra = {}): Promise<Row> {
    return this.#run(new ScanCommand({ TableName: this.name, ...more }));
  }

  batchGet(Keys: Row[]): Promise<Row> {
    return this.#run(new BatchGetCommand({ RequestItems: { [this.name]: { Keys, ConsistentRead: true } } }));
  }

  /** Items without the name of the table, which is always this one. */
  transact(items: readonly Record<string, object>[], token?: string): Promise<Row> {
    const TransactItems = items.map((item) =>
      Object.fromEntries(Object.entries(item).map(([kind, what]) => [kind, { TableName: this.name, ...what }])),
    ) as TransactWriteCommandInput['TransactItems'];
    return this.#run(new TransactWriteCommand({ TransactItems, ...(token && { ClientRequestToken: token }) }));
  }

  #run(command: object): Promise<Row> {
    return this.#send(command as GetCommand);
  }
}
