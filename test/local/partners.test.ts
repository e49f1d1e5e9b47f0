import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { parseMoney } from '#core/kernel/money.ts';
import { openReturnsPlatform } from '../../bin/local/partners/returns-platform.ts';
import { buildShopifyOrder } from '../../bin/local/partners/shopify/builder.ts';
import { openShopify, type ShopifyServer } from '../../bin/local/partners/shopify/server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function shop(): Promise<ShopifyServer> {
  const server = await openShopify({
    accessToken: 'shpat_test',
    webhookSecret: 'test_secret_key',
    sender: { retryDelaysMs: [10, 10, 10] },
  });
  open.push(server);
  return server;
}

/** A receiver of webhooks that answers with the given statuses, then 200. */
async function receiver(...statuses: number[]) {
  const got: { headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const anOrder = () =>
  buildShopifyOrder({
    id: '5001',
    name: '#1001',
    lines: [{ sku: 'TSHIRT-M', title: 'T-shirt', quantity: 2, price: '12.34', taxRate: '0.10' }],
  });

async function gql(server: ShopifyServer, query: string, variables: object = {}, token = 'shpat_test') {
  const response = await fetch(`${server.url}/admin/api/2026-07/graphql.json`, {
    method: 'POST',
    headers: { 'x-shopify-access-token': token, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return {
    status: response.status,
    body: (await response.json()) as {
      data?: Record<string, never>;
      errors?: { message: string; extensions?: { code: string } }[];
    },
  };
}

const REFUND = (directive = '@idempotent(key: "k-1")') =>
  `mutation ($input: RefundInput!) { refundCreate(input: $input) ${directive} { refund { id note totalRefundedSet { shopMoney { amount } } } userErrors { field message } } }`;
const refundInput = (server: ShopifyServer, amount: string, quantity = 1) => ({
  orderId: 'gid://shopify/Order/5001',
  note: 'ours',
  refundLineItems: [{ lineItemId: 'gid://shopify/LineItem/50011', quantity, restockType: 'NO_RESTOCK' }],
  transactions: [
    {
      orderId: 'gid://shopify/Order/5001',
      parentId: `gid://shopify/OrderTransaction/${server.shop.orders.get('5001')?.transactions[0]?.id}`,
      gateway: 'bogus',
      kind: 'REFUND',
      amount,
    },
  ],
});

describe('the Shopify shop', () => {
  it('refuses a wrong access token', async () => {
    expect((await gql(await shop(), '{ order(id: "x") { id } }', {}, 'wrong')).status).toBe(401);
  });

  it('refunds once per idempotency key, and refuses to do so without one or with other parameters', async () => {
    const server = await shop();
    const order = server.placeOrder(anOrder());
    expect(
      (await gql(server, REFUND(''), { input: refundInput(server, '13.57') })).body.errors?.[0]?.message,
    ).toContain('@idempotent directive is required');
    const first = await gql(server, REFUND(), { input: refundInput(server, '13.57') });
    const again = await gql(server, REFUND(), { input: refundInput(server, '13.57') });
    expect(first.body.data).toMatchObject({
      refundCreate: { refund: { note: 'ours', totalRefundedSet: { shopMoney: { amount: '13.57' } } }, userErrors: [] },
    });
    expect(again.body.data).toEqual(first.body.data);
    expect(
      (await gql(server, REFUND(), { input: refundInput(server, '1.00') })).body.errors?.[0]?.extensions?.code,
    ).toBe('IDEMPOTENCY_KEY_PARAMETER_MISMATCH');
    expect(order.refunds).toHaveLength(1);
  });

  it('answers refusals as userErrors with HTTP 200', async () => {
    const server = await shop();
    server.placeOrder(anOrder());
    const tooMuch = await gql(server, REFUND(), { input: refundInput(server, '999.00') });
    expect(tooMuch).toMatchObject({
      status: 200,
      body: {
        data: { refundCreate: { refund: null, userErrors: [{ message: expect.stringContaining('greater than') }] } },
      },
    });
    const tooMany = await gql(server, REFUND('@idempotent(key: "k-2")'), { input: refundInput(server, '1.00', 3) });
    expect(tooMany.body.data).toMatchObject({
      refundCreate: { userErrors: [{ message: expect.stringContaining('more items') }] },
    });
  });

  it('keeps what it did when its answer is lost', async () => {
    const server = await shop();
    const order = server.placeOrder(anOrder());
    server.fault({ operation: 'refundCreate', kind: 'lose-answer', times: 1 });
    await expect(gql(server, REFUND(), { input: refundInput(server, '13.57') })).rejects.toThrow();
    expect(order.refunds).toHaveLength(1);
    expect((await gql(server, REFUND(), { input: refundInput(server, '13.57') })).status).toBe(200);
    expect(order.refunds).toHaveLength(1);
  });

  it('throttles and fails on demand, before any effect', async () => {
    const server = await shop();
    const order = server.placeOrder(anOrder());
    server.fault({ operation: '*', kind: 'throttle', times: 1 });
    server.fault({ operation: '*', kind: 'throttle', times: 1, status: 429, retryAfterSeconds: 2 });
    server.fault({ operation: '*', kind: 'unavailable', times: 1 });
    const input = refundInput(server, '13.57');
    expect((await gql(server, REFUND(), { input })).body.errors?.[0]?.extensions?.code).toBe('THROTTLED');
    expect((await gql(server, REFUND(), { input })).status).toBe(429);
    expect((await gql(server, REFUND(), { input })).status).toBe(503);
    expect(order.refunds).toHaveLength(0);
  });

  it('fulfils what is open and no more', async () => {
    const server = await shop();
    const order = server.placeOrder(anOrder());
    const mutation = `mutation ($f: FulfillmentInput!) { fulfillmentCreate(fulfillment: $f) { fulfillment { id status } userErrors { message } } }`;
    const f = {
      lineItemsByFulfillmentOrder: [
        {
          fulfillmentOrderId: 'gid://shopify/FulfillmentOrder/5001',
          fulfillmentOrderLineItems: [{ id: 'gid://shopify/FulfillmentOrderLineItem/50011', quantity: 2 }],
        },
      ],
      trackingInfo: { number: '1Z' },
    };
    expect((await gql(server, mutation, { f })).body.data).toMatchObject({
      fulfillmentCreate: { fulfillment: { status: 'SUCCESS' }, userErrors: [] },
    });
    expect((await gql(server, mutation, { f })).body.data).toMatchObject({
      fulfillmentCreate: { fulfillment: null, userErrors: [{ message: expect.stringContaining('Invalid') }] },
    });
    expect(order.fulfillments).toHaveLength(1);
  });

  it('signs its webhooks over the body it sends, and sends again until it hears a 2xx', async () => {
    const server = await shop();
    const { got, url } = await receiver(503, 500);
    server.subscribe(url);
    server.emit('orders/create', '{"foo": "bar"}');
    await server.settled();
    // The positive vector of Shopify's own SDK tests.
    expect(got.map(({ headers }) => headers['x-shopify-hmac-sha256'])).toEqual(
      Array(3).fill('B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g='),
    );
    expect(new Set(got.map(({ headers }) => headers['x-shopify-webhook-id'])).size).toBe(1);
    expect(server.deliveries.map(({ status }) => status)).toEqual([503, 500, 200]);
  });

  it('tells of refunds by its own staff in the documented shape', async () => {
    const server = await shop();
    const order = server.placeOrder(anOrder());
    const { got, url } = await receiver();
    server.subscribe(url);
    server.refundInAdmin(order, [{ lineId: '50011', quantity: 1 }], 1357);
    await server.settled();
    const refund = got.find(({ headers }) => headers['x-shopify-topic'] === 'refunds/create');
    expect(JSON.parse(refund?.body ?? '{}')).toMatchObject({
      order_id: 5001,
      note: 'refunded by staff',
      transactions: [{ kind: 'refund', status: 'success', amount: '13.57', currency: 'USD' }],
      refund_line_items: [{ line_item_id: 50011, quantity: 1, subtotal: 12.34 }],
    });
  });
});

describe('the order builder', () => {
  it('makes orders that add up in every currency', () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 9 }),
      units: fc.integer({ min: 1, max: 99_999 }),
      rate: fc.constantFrom(undefined, '0.06', '0.10', '0.0725', '0.19'),
    });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('USD', 'JPY', 'KWD'),
        fc.boolean(),
        fc.integer({ min: 0, max: 1 }),
        (lines, currency, taxesIncluded, off) => {
          const order = buildShopifyOrder({
            id: '7',
            name: '#7',
            currency,
            taxesIncluded,
            discount: String(off),
            lines: lines.map(({ quantity, units, rate }) => ({
              sku: 'X',
              title: 'X',
              quantity,
              price: String(units),
              ...(rate && { taxRate: rate }),
            })),
            shipping: { price: '5' },
          });
          const minor = (text: unknown) => parseMoney(String(text), currency).minor;
          const items = minor(order.total_line_items_price);
          const tax = taxesIncluded ? 0 : minor(order.total_tax);
          expect(items - minor(order.total_discounts) + tax + minor('5')).toBe(minor(order.total_price));
        },
      ),
    );
  });
});

describe('the returns platform', () => {
  it('signs by Standard Webhooks and keeps the id over attempts', async () => {
    const platform = openReturnsPlatform({
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      sender: { retryDelaysMs: [10] },
    });
    open.push(platform);
    const { got, url } = await receiver(500);
    platform.connect({ webhooks: url, authorizations: url });
    platform.received('R1', [{ lineId: 'L1', quantity: 1 }]);
    await platform.settled();
    expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(got).toHaveLength(2);
    expect(got[0]?.headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
    expect(JSON.parse(got[0]?.body ?? '')).toMatchObject({ type: 'return.received', data: { returnId: 'R1' } });
  });
});
