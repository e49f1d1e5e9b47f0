import { afterEach, describe, expect, it } from 'vitest';
import { type Listening, listen, reply } from '../../../bin/local/partners/http-server.ts';
import { type Meter, openMeter } from '../../bench/meter.ts';

type Asked = { readonly target: string | undefined; readonly body: string };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A meter before an engine that gives one answer to everything and remembers what it was asked. */
async function metered(answer: object): Promise<{ meter: Meter; url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const engine: Listening = await listen(async (request, body, response) => {
    asked.push({ target: request.headers['x-amz-target']?.toString(), body });
    reply(response, 200, answer);
  });
  const meter = openMeter(engine.url);
  open.push(engine, meter);
  return { meter, url: await meter.urlFor('shopify/intake'), asked };
}

async function post(url: string, target: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-amz-target': target },
    body: JSON.stringify(body),
  });
  return response.json();
}

const row = (bytes: number) => ({ pk: { S: 'x'.repeat(bytes - 2) } });

describe('the meter', () => {
  it('asks a write for its capacity and reckons its rows besides', async () => {
    const answer = { ConsumedCapacity: [{ CapacityUnits: 7 }, { CapacityUnits: 2 }] };
    const { meter, url, asked } = await metered(answer);
    const TransactItems = [{ Put: { Item: row(1025) } }, { Put: { Item: row(100) } }];
    expect(await post(url, 'DynamoDB_20120810.TransactWriteItems', { TransactItems })).toEqual(answer);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ TransactItems, ReturnConsumedCapacity: 'INDEXES' });
    expect(meter.calls).toEqual([
      {
        functionId: 'shopify/intake',
        operation: 'DynamoDB.TransactWriteItems',
        writeUnits: 9,
        rowUnits: 6,
        readUnits: 0,
        chunks: 0,
      },
    ]);
  });

  it('reckons a read by what came back', async () => {
    const { meter, url } = await metered({ Item: row(4097), ConsumedCapacity: { CapacityUnits: 1 } });
    await post(url, 'DynamoDB_20120810.GetItem', { ConsistentRead: true });
    expect(meter.calls).toMatchObject([{ operation: 'DynamoDB.GetItem', readUnits: 2, writeUnits: 0 }]);
  });

  it('counts a batch of messages as one request, and each event of a call', async () => {
    const { meter, url, asked } = await metered({});
    await post(url, 'AmazonSQS.SendMessageBatch', { Entries: [{ MessageBody: 'a' }, { MessageBody: 'b' }] });
    await post(url, 'AWSEvents.PutEvents', { Entries: [{ Detail: '{}' }, { Detail: 'x'.repeat(65_537) }] });
    expect(meter.calls.map(({ chunks }) => chunks)).toEqual([1, 3]);
    expect(asked.map(({ body }) => body)).not.toContain('ReturnConsumedCapacity');
  });

  it('passes on what is no JSON, and knows it for S3', async () => {
    const { meter, url } = await metered({});
    await fetch(`${url}/archive/raw/x`, { method: 'PUT', body: '<not json' });
    expect(meter.calls.map(({ operation }) => operation)).toEqual(['S3.PUT']);
  });
});
