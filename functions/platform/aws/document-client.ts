import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { once } from '../env.ts';
import { PATIENCE } from './clients.ts';

// Apart from the other clients: its package can't be shaken, so a function that imports this file carries all of it.
export const documentClient = /* @__PURE__ */ once(() => documentsOver(new DynamoDBClient(PATIENCE)));

/** Members that are undefined are left out, as JSON does. */
export const documentsOver = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
