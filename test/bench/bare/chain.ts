import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';

/**
 * The hops from a queue to the ERP with nothing in them: a row for every message, a message for every row, a call for every
 * message of that. What even the least careful integration on these services has to wait for.
 */

/** Writes one line at each run: the engine waits 50 ms for the log of a function that writes none. */
export const logged =
  <E, R>(run: (event: E) => Promise<R>) =>
  async (event: E): Promise<R> => {
    const answer = await run(event);
    console.log('done');
    return answer;
  };

const tables = DynamoDBDocumentClient.from(new DynamoDBClient());
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
const { TABLE_NAME, CALL_QUEUE_URL, ERP_URL = '' } = process.env;

export async function store({ Records }: SQSEvent): Promise<void> {
  for (const { body } of Records) {
    const order = Buffer.from(body, 'base64').toString('utf8');
    const pk = `ORDER#${JSON.parse(order).id}`;
    await tables.send(new PutCommand({ TableName: TABLE_NAME, Item: { pk, sk: 'EVENT#1', order } }));
  }
}

export async function relay({ Records }: DynamoDBStreamEvent): Promise<void> {
  for (const { dynamodb } of Records) {
    const MessageBody = dynamodb?.Keys?.pk?.S;
    await sqs.send(new SendMessageCommand({ QueueUrl: CALL_QUEUE_URL, MessageBody }));
  }
}

export async function call({ Records }: SQSEvent): Promise<void> {
  for (const { body } of Records) {
    const answer = await fetch(ERP_URL, { method: 'POST', body });
    await answer.arrayBuffer();
  }
}
