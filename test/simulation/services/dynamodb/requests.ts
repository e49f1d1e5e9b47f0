import type {
  BatchGetCommandInput,
  DeleteCommandInput,
  GetCommandInput,
  PutCommandInput,
  QueryCommandInput,
  ScanCommandInput,
  TransactWriteCommandInput,
  UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { notSimulated } from './errors.ts';

/** Commands of the document client, by the names of their classes. */
export type Requests = {
  GetCommand: GetCommandInput;
  BatchGetCommand: BatchGetCommandInput;
  QueryCommand: QueryCommandInput;
  ScanCommand: ScanCommandInput;
  PutCommand: PutCommandInput;
  UpdateCommand: UpdateCommandInput;
  DeleteCommand: DeleteCommandInput;
  TransactWriteCommand: TransactWriteCommandInput;
};

export type CommandName = keyof Requests;

const READ = ['TableName', 'ConsistentRead', 'ProjectionExpression', 'ExpressionAttributeNames'];
const SEARCH = [...READ, 'IndexName', 'ExpressionAttributeValues', 'FilterExpression', 'Limit', 'ExclusiveStartKey'];
const CHECK = [
  'TableName',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValuesOnConditionCheckFailure',
];
const WRITE = [...CHECK, 'ReturnValues'];

const PARAMETERS = {
  GetCommand: new Set([...READ, 'Key']),
  BatchGetCommand: new Set(['RequestItems']),
  'BatchGetCommand.RequestItems': new Set([...READ.slice(1), 'Keys']),
  QueryCommand: new Set([...SEARCH, 'KeyConditionExpression', 'ScanIndexForward']),
  ScanCommand: new Set(SEARCH.filter((name) => name !== 'IndexName')),
  PutCommand: new Set([...WRITE, 'Item']),
  UpdateCommand: new Set([...WRITE, 'Key', 'UpdateExpression']),
  DeleteCommand: new Set([...WRITE, 'Key']),
  TransactWriteCommand: new Set(['TransactItems', 'ClientRequestToken']),
  'TransactWriteCommand.Put': new Set([...CHECK, 'Item']),
  'TransactWriteCommand.Update': new Set([...CHECK, 'Key', 'UpdateExpression']),
  'TransactWriteCommand.Delete': new Set([...CHECK, 'Key']),
  'TransactWriteCommand.ConditionCheck': new Set([...CHECK, 'Key']),
} as const;

export type Shape = keyof typeof PARAMETERS;

/** Refuses a request that asks for something that would be passed over here. */
export function known<R extends object>(shape: Shape, request: R): R {
  const parameters: ReadonlySet<string> = PARAMETERS[shape];
  for (const name in request) {
    if (request[name] !== undefined && !parameters.has(name)) throw notSimulated(`"${name}" of a ${shape}`);
  }
  return request;
}
