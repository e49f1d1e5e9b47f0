import { afterEach, describe, expect, it } from 'vitest';
import { Faults } from '../../bin/local/partners/faults.ts';
import { buildShopifyOrder } from '../../bin/local/partners/shopify/builder.ts';
import { adminApi } from '../../bin/local/partners/shopify/graphql.ts';
import type { ShopifyServer } from '../../bin/local/partners/shopify/server.ts';
import { Shop } from '../../bin/local/partners/shopify/shop.ts';
import { AT, anOrder, closeAll, LINE, shop } from './support/partners.ts';

afterEach(closeAll);

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

describe('the Admin API of the Shopify shop', () => {
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
    const clocked = new Shop({ now: () => now });
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
      buildShopifyOrder({ id: '5001', name: '#1', at: AT, lines: ['A', 'B', 'C'].map((sku) => ({ ...LINE, sku })) }),
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
});
