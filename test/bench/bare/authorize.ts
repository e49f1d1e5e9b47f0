import { createHmac, timingSafeEqual } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

/**
 * The least that an authorization can do: checks the signature, reads the order, asks the ERP, compares quantities, stores
 * what it decided, answers. It promises one unit to as many returns as ask for it at once.
 */

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const { WEBHOOK_SECRET = '', STATE_TABLE_NAME = '', BARE_ERP_URL = '' } = process.env;

type Asked = { returnId: string; channel: string; account: string; orderId: string; lines: Line[] };
type Line = { lineId: string; quantity: number };
type Ordered = { lineId: string; shipped: number; net: number; quantity: number };

export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature = '' } = event.headers;
  const right = createHmac('sha256', Buffer.from(WEBHOOK_SECRET.slice(6), 'base64'))
    .update(`${id}.${at}.`)
    .update(body)
    .digest();
  const given = Buffer.from(signature.slice(3), 'base64');
  if (given.byteLength !== right.byteLength || !timingSafeEqual(given, right)) return { statusCode: 401, body: '' };
  const asked = JSON.parse(body.toString()) as Asked;
  const pk = `ORDER#${asked.channel}#${asked.account}#${asked.orderId}`;
  const read = new GetCommand({ TableName: STATE_TABLE_NAME, Key: { pk, sk: 'STATE' }, ConsistentRead: true });
  const [{ Item }] = await Promise.all([documents.send(read), askErp(pk)]);
  const ordered: readonly Ordered[] = Item?.state.lines ?? [];
  const lines = asked.lines.map(({ lineId, quantity }) => {
    const line = ordered.find((one) => one.lineId === lineId);
    const approved = line !== undefined && quantity <= line.shipped;
    return { lineId, quantity, approved, refund: approved ? Math.floor((line.net * quantity) / line.quantity) : 0 };
  });
  const state = { returnId: asked.returnId, orderId: asked.orderId, lines };
  const pkOfReturn = `RETURN#generic#main#${asked.returnId}`;
  await documents.send(new PutCommand({ TableName: STATE_TABLE_NAME, Item: { pk: pkOfReturn, sk: 'STATE', state } }));
  return { statusCode: 200, body: JSON.stringify(state) };
}

async function askErp(key: string): Promise<unknown> {
  const body = JSON.stringify({ id: 1, method: 'model.sale.sale.search_read', params: [key] });
  const answer = await fetch(BARE_ERP_URL, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  return answer.json();
}
