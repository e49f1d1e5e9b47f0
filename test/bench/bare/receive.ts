import { createHmac, timingSafeEqual } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

/** The least that a receiver can do: checks the signature, puts the body on a queue, answers. */

const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
const { WEBHOOK_SECRET = '', INTAKE_QUEUE_URL = '' } = process.env;

export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const given = Buffer.from(event.headers['x-shopify-hmac-sha256'] ?? '', 'base64');
  const right = createHmac('sha256', WEBHOOK_SECRET).update(body).digest();
  if (given.byteLength !== right.byteLength || !timingSafeEqual(given, right)) return { statusCode: 401, body: '' };
  await sqs.send(new SendMessageCommand({ QueueUrl: INTAKE_QUEUE_URL, MessageBody: body.toString('base64') }));
  return { statusCode: 200, body: '' };
}
