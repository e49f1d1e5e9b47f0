import { GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { SimDynamo, type SimDynamoOptions } from '../../simulation/services/dynamodb/sim-dynamo.ts';

export type Row = Record<string, unknown>;

/** One table with indexes and a stream, and commands to it in short. */
export function givenTable(options: SimDynamoOptions = {}) {
  const indexes = [
    { name: 'due', pk: 'dueShard', sk: 'dueAt', projection: 'keys-only' as const },
    { name: 'whole', pk: 'dueShard', sk: 'dueAt', projection: 'all' as const },
  ];
  const sim = new SimDynamo([{ name: 'rows', pk: 'pk', sk: 'sk', indexes, stream: true }], options);
  const send = (command: Parameters<SimDynamo['apply']>[0]) => sim.apply(command) as Row;
  const put = (Item: Row) => send(new PutCommand({ TableName: 'rows', Item }));
  const get = (pk: string) => send(new GetCommand({ TableName: 'rows', Key: { pk, sk: '1' } })).Item as Row | undefined;
  const update = (pk: string, UpdateExpression: string, ExpressionAttributeValues?: Row) =>
    send(new UpdateCommand({ TableName: 'rows', Key: { pk, sk: '1' }, UpdateExpression, ExpressionAttributeValues }));
  const transact = (items: object[], ClientRequestToken?: string) =>
    send(new TransactWriteCommand({ TransactItems: items, ClientRequestToken }));
  const inIndex = (IndexName: string, shard = '0') =>
    send(
      new QueryCommand({
        TableName: 'rows',
        IndexName,
        KeyConditionExpression: 'dueShard = :s',
        ExpressionAttributeValues: { ':s': shard },
      }),
    ).Items as Row[];
  const putItem = (Item: Row) => ({ Put: { TableName: 'rows', Item } });
  return { sim, send, put, get, update, transact, inIndex, putItem };
}

export const aRow = (pk: string, more: Row = {}): Row => ({ pk, sk: '1', ...more });
