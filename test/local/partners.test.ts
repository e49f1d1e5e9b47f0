import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseMoney } from '#core/kernel/money.ts';
import { Faults } from '../../bin/local/partners/faults.ts';
import { openReturnsPlatform } from '../../bin/local/partners/returns-platform.ts';
import { buildShopifyOrder } from '../../bin/local/partners/shopify/builder.ts';
import { adminApi } from '../../bin/local/partners/shopify/graphql.ts';
import { orderPayload, refundPayload } from '../../bin/local/partners/shopify/payloads.ts';
import { openShopify, type ShopifyServer } from '../../bin/local/partners/shopify/server.ts';
import { Shop } from '../../bin/local/partners/shopify/shop.ts';
import { shopifyHmacVectors, shopifyOrders } from '../support/samples.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function shop(webhookSecret = 'test_secret_key'): Promise<ShopifyServer> {
  const server = await openShopify({
    accessToken: 'shpat_test',
    webhookSecret,
    sender: { retryDelaysMs: [10, 10, 10] },
  });
  open.push(server);
  return server;
}

/** A receiver of webhooks that answers with the given statuses, then 200. */
async function receiver(...statuses: (number | (() => number))[]) {
  const got: { headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      const status = statuses.shift() ?? 200;
      response.writeHead(typeof status === 'function' ? status() : status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const LINE = { sku: 'TSHIRT-M', title: 'T-shirt', quantity: 2, price: '12.34', taxRate: '0.10' };
const anOrder = () => buildShopifyOrder({ id: '5001', name: '#1001', lines: [LINE] });

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
const refundInput = (server: Pick<ShopifyServer, 'shop'>, amount: string, quantity = 1) => ({
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

const FULFIL =
  'mutation ($f: FulfillmentInput!) { fulfillmentCreate(fulfillment: $f) { fulfillment { status } userErrors { message } } }';
const OPEN_UNITS = `{ order(id: "gid://shopify/Order/5001") { fulfillmentOrders(first: 5) {
  nodes { id status lineItems(first: 5) { nodes { id remainingQuantity } } }
} } }`;
type OpenUnits = {
  order: { fulfillmentOrders: { nodes: { id: string; lineItems: { nodes: { id: string }[] } }[] } };
};

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
    expect((await gql(server, REFUND(), { input: refundInput(server, '1.00') })).body.data).toMatchObject({
      refundCreate: {
        refund: null,
        userErrors: [{ message: expect.stringContaining('idempotency key cannot be used with different') }],
      },
    });
    expect(order.refunds).toHaveLength(1);
  });

  it('forgets an idempotency key after a day', async () => {
    let now = new Date('2026-11-20T10:00:00Z');
    const clocked = new Shop(() => now);
    const order = clocked.place(anOrder());
    const api = adminApi(clocked, new Faults(), () => {});
    const input = refundInput({ shop: clocked }, '5.00');
    const again = () => api.execute(REFUND(), { input });
    await again();
    now = new Date('2026-11-21T09:59:59Z');
    await again();
    expect(order.refunds).toHaveLength(1);
    now = new Date('2026-11-21T10:00:00Z');
    await again();
    expect(order.refunds).toHaveLength(2);
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

  it('is not talked into more by saying the same line or payment twice', async () => {
    const server = await shop();
    const order = server.placeOrder(anOrder());
    const once = refundInput(server, '13.58');
    const twoPayments = { ...once, transactions: [...once.transactions, ...once.transactions] };
    expect((await gql(server, REFUND(), { input: twoPayments })).body.data).toMatchObject({
      refundCreate: { refund: null, userErrors: [{ message: expect.stringContaining('(13.57)') }] },
    });
    const whole = refundInput(server, '1.00', 2);
    const twoLines = { ...whole, refundLineItems: [...whole.refundLineItems, ...whole.refundLineItems] };
    expect((await gql(server, REFUND('@idempotent(key: "k-2")'), { input: twoLines })).body.data).toMatchObject({
      refundCreate: { refund: null, userErrors: [{ message: expect.stringContaining('more items') }] },
    });
    expect(order.refunds).toEqual([]);
  });

  it.each([
    ['a sale', { kind: 'SALE' }, {}, 'kind must be refund'],
    ['another order’s payment', { orderId: 'gid://shopify/Order/5002' }, {}, 'another order'],
    ['an unknown payment', { parentId: 'gid://shopify/OrderTransaction/1' }, {}, 'Parent transaction'],
    ['no money', { amount: '0.00' }, {}, 'Amount is invalid'],
    ['parts of a cent', { amount: '1.005' }, {}, 'Amount is invalid'],
    ['another currency', {}, { currency: 'EUR' }, 'presentment currency'],
  ])('refuses to refund %s', async (_what, transaction, input, message) => {
    const server = await shop();
    const order = server.placeOrder(anOrder());
    const asked = refundInput(server, '1.00');
    const changed = { ...asked, ...input, transactions: [{ ...asked.transactions[0], ...transaction }] };
    expect((await gql(server, REFUND(), { input: changed })).body.data).toMatchObject({
      refundCreate: { refund: null, userErrors: [{ message: expect.stringContaining(message) }] },
    });
    expect(order.refunds).toEqual([]);
  });

  it('gives no connection to who does not say how much, and never more than asked for', async () => {
    const server = await shop();
    server.placeOrder(
      buildShopifyOrder({ id: '5001', name: '#1', lines: ['A', 'B', 'C'].map((sku) => ({ ...LINE, sku })) }),
    );
    const ask = (page: string) =>
      gql(server, `{ order(id: "gid://shopify/Order/5001") { lineItems${page} { nodes { sku } } } }`);
    expect((await ask('')).body.errors?.[0]?.message).toBe('you must provide one of first or last');
    expect((await ask('(first: 2)')).body.data).toEqual({
      order: { lineItems: { nodes: [{ sku: 'A' }, { sku: 'B' }] } },
    });
  });

  it('calls a body that is no query a bad request', async () => {
    const server = await shop();
    for (const body of ['{"query":', '[]', 'null', '{}']) {
      const response = await fetch(`${server.url}/admin/api/2026-07/graphql.json`, {
        method: 'POST',
        headers: { 'x-shopify-access-token': 'shpat_test' },
        body,
      });
      expect(response.status).toBe(400);
    }
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
    const found = await gql(server, OPEN_UNITS);
    const [open] = (found.body.data as unknown as OpenUnits).order.fulfillmentOrders.nodes;
    expect(open).toMatchObject({ status: 'OPEN', lineItems: { nodes: [{ remainingQuantity: 2 }] } });
    const fulfil = async (quantity: number, item = open?.lineItems.nodes[0]?.id) => {
      const f = {
        lineItemsByFulfillmentOrder: [
          { fulfillmentOrderId: open?.id, fulfillmentOrderLineItems: [{ id: item, quantity }] },
        ],
        trackingInfo: { number: '1Z' },
      };
      const { body } = await gql(server, FULFIL, { f });
      return (body.data as unknown as { fulfillmentCreate: object }).fulfillmentCreate;
    };
    const refused = (message: string) => ({
      fulfillment: null,
      userErrors: [{ message: expect.stringContaining(message) }],
    });
    expect(await fulfil(3)).toMatchObject(refused('Invalid fulfillment order line item quantity'));
    // A line's own id is not that of its place in the fulfilment order.
    expect(await fulfil(1, 'gid://shopify/FulfillmentOrderLineItem/50011')).toMatchObject(refused('does not exist'));
    expect(await fulfil(2)).toMatchObject({ fulfillment: { status: 'SUCCESS' }, userErrors: [] });
    expect(await fulfil(1)).toMatchObject(refused('has an unfulfillable status= closed.'));
    expect(order.fulfillments).toHaveLength(1);
  });

  it('fulfils nothing of a cancelled order', async () => {
    const server = await shop();
    const order = server.placeOrder(anOrder());
    server.cancelOrder(order);
    expect(() => server.fulfillInAdmin(order, [{ lineId: '50011', quantity: 1 }])).toThrow('status= cancelled.');
  });

  it('signs its webhooks over the body it sends, as Shopify’s own vectors say', async () => {
    for (const { name, secret, rawBody, header } of shopifyHmacVectors().filter(({ valid }) => valid)) {
      const server = await shop(secret);
      const { got, url } = await receiver();
      server.subscribe(url);
      server.emit('orders/create', rawBody);
      await server.settled();
      expect(got[0]?.headers['x-shopify-hmac-sha256'], name).toBe(header);
      expect(got[0]?.body, name).toBe(rawBody);
    }
  });

  it('sends a webhook again, the same, until it hears a 2xx', async () => {
    const server = await shop();
    const { got, url } = await receiver(503, 302);
    server.subscribe(url);
    server.emit('orders/create', '{}');
    await server.settled();
    expect(new Set(got.map(({ headers }) => headers['x-shopify-webhook-id'])).size).toBe(1);
    expect(server.deliveries.map(({ status }) => status)).toEqual([503, 302, 200]);
  });

  it('sends copies, and messages that others overtake', async () => {
    const server = await shop();
    const { got, url } = await receiver();
    server.subscribe(url);
    server.emit('orders/create', '{}', { afterMs: 100 });
    server.emit('orders/updated', '{}', { times: 2 });
    await server.settled();
    expect(got.map(({ headers }) => headers['x-shopify-topic'])).toEqual([
      'orders/updated',
      'orders/updated',
      'orders/create',
    ]);
    expect(new Set(got.map(({ headers }) => headers['x-shopify-webhook-id'])).size).toBe(2);
  });

  it('tells of refunds by its own staff in the documented shape, and of the order as it then stands', async () => {
    const server = await shop();
    const order = server.placeOrder(anOrder());
    const { got, url } = await receiver();
    server.subscribe(url);
    server.refundInAdmin(order, [{ lineId: '50011', quantity: 1 }], 1357);
    await server.settled();
    const bodyOf = (topic: string) =>
      JSON.parse(got.find(({ headers }) => headers['x-shopify-topic'] === topic)?.body ?? '{}');
    expect(bodyOf('refunds/create')).toMatchObject({
      order_id: 5001,
      note: 'refunded by staff',
      transactions: [{ kind: 'refund', status: 'success', amount: '13.57', currency: 'USD' }],
      // 24.68 and 2.47 of tax over two units: half a cent goes up.
      refund_line_items: [{ line_item_id: 50011, quantity: 1, subtotal: 12.34, total_tax: 1.24 }],
    });
    expect(bodyOf('orders/updated')).toMatchObject({
      total_price: '27.15',
      current_total_price: '13.57',
      financial_status: 'partially_refunded',
      fulfillment_status: null,
      line_items: [{ quantity: 2, current_quantity: 1, fulfillable_quantity: 2 }],
    });
    expect(new Set(got.map(({ headers }) => headers['x-shopify-event-id'])).size).toBe(1);
    expect(new Set(got.map(({ headers }) => headers['x-shopify-webhook-id'])).size).toBe(2);
  });

  it('takes every order of Shopify’s samples and tells of it as it was placed', () => {
    for (const { name, raw } of shopifyOrders()) {
      const sample = JSON.parse(raw);
      const told = JSON.parse(orderPayload(new Shop().place(sample)));
      expect(told, name).toMatchObject({ total_price: sample.total_price, current_total_price: sample.total_price });
      expect(told.line_items, name).toHaveLength(sample.line_items.length);
    }
  });

  it('parts the worth of a line over its refunds to the last unit of the currency', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 99_999 }),
        fc.constantFrom('USD', 'JPY', 'KWD'),
        fc.boolean(),
        (parts, units, currency, taxesIncluded) => {
          const quantity = parts.reduce((sum, part) => sum + part, 0);
          const line = { ...LINE, quantity, price: String(units), taxRate: '0.0725' };
          const spec = { id: '7', name: '#7', currency, taxesIncluded, discount: '1', lines: [line] };
          const one = new Shop();
          const order = one.place(buildShopifyOrder(spec));
          const minor = (value: unknown) => parseMoney(String(value), currency).minor;
          let worth = 0;
          let tax = 0;
          for (const part of parts) {
            const lines = [{ lineId: '71', quantity: part, restockType: 'NO_RESTOCK' }];
            const made = one.refund(order, { note: null, lines, payments: [] });
            if (!('id' in made)) throw new Error(made.map(({ message }) => message).join());
            const [refunded] = JSON.parse(refundPayload(order, made)).refund_line_items;
            worth += minor(refunded.subtotal_set.shop_money.amount);
            tax += minor(refunded.total_tax_set.shop_money.amount);
            expect(minor(refunded.subtotal)).toBe(minor(refunded.subtotal_set.shop_money.amount));
          }
          expect(worth).toBe(minor(order.payload.subtotal_price));
          expect(tax).toBe(minor(order.payload.total_tax));
          expect(minor(JSON.parse(orderPayload(order)).current_total_price)).toBe(0);
        },
      ),
    );
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
  afterEach(() => {
    vi.useRealTimers();
  });

  it('signs by Standard Webhooks: the id of the event over all attempts, the time of each', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const platform = openReturnsPlatform({ secret, sender: { retryDelaysMs: [10] } });
    open.push(platform);
    const begin = 1_790_000_000;
    vi.useFakeTimers({ toFake: ['Date'], now: begin * 1000 });
    const { got, url } = await receiver(() => {
      vi.setSystemTime((begin + 400) * 1000);
      return 500;
    });
    platform.connect({ webhooks: url, authorizations: url });
    platform.received('R1', [{ lineId: 'L1', quantity: 1 }]);
    await platform.settled();
    expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(got.map(({ headers }) => headers['webhook-timestamp'])).toEqual([String(begin), String(begin + 400)]);
    // A receiver refuses what was signed more than five minutes ago.
    const [, last] = got;
    const event = new Webhook(secret).verify(last?.body ?? '', last?.headers as Record<string, string>);
    expect(event).toMatchObject({ type: 'return.received', data: { returnId: 'R1' } });
  });

  it('asks for an authorization and hands on the answer with its status', async () => {
    const platform = openReturnsPlatform({ secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' });
    open.push(platform);
    const request = { returnId: 'R1', channel: 'shopify', account: 'main', orderId: '1', requestedAt: '', lines: [] };
    await expect(platform.authorize(request)).rejects.toThrow('connect the returns platform');
    const asked: string[] = [];
    const server = createServer((incoming, response) => {
      asked.push(String(incoming.headers['webhook-signature']));
      incoming.resume().on('end', () => response.writeHead(422).end('{"code":"RETURN_CONFLICT"}'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    platform.connect({ webhooks: url, authorizations: url });
    expect(await platform.authorize(request)).toEqual({ status: 422, body: { code: 'RETURN_CONFLICT' } });
    expect(asked[0]).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
  });
});
