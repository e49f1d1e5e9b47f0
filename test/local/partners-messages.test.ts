import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseMoney } from '#core/kernel/money.ts';
import { openReturnsPlatform } from '../../bin/local/partners/returns-platform.ts';
import { buildShopifyOrder } from '../../bin/local/partners/shopify/builder.ts';
import { orderPayload, refundPayload } from '../../bin/local/partners/shopify/payloads.ts';
import { Shop } from '../../bin/local/partners/shopify/shop.ts';
import { shopifyHmacVectors, shopifyOrders } from '../support/samples.ts';
import { AT, anOrder, closeAll, closeLater, LINE, receiver, shop } from './support/partners.ts';

afterEach(closeAll);

const now = () => new Date(AT);

describe('webhooks of the Shopify shop', () => {
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
      const told = JSON.parse(orderPayload(new Shop({ now }).place(sample)));
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
          const spec = { id: '7', name: '#7', at: AT, currency, taxesIncluded, discount: '1', lines: [line] };
          const one = new Shop({ now });
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

type Built = {
  total_price: string;
  total_discounts: string;
  shipping_lines: { price: string; tax_lines: { price: string }[] }[];
  line_items: {
    price: string;
    quantity: number;
    tax_lines: { price: string }[];
    discount_allocations: { amount: string }[];
  }[];
};

describe('the order builder', () => {
  it('makes orders that add up line by line in every currency', () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 9 }),
      price: fc.integer({ min: 1, max: 99_999 }).map(String),
      taxRate: fc.constantFrom('0', '0.06', '0.10', '0.0725', '0.19'),
    });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('USD', 'JPY', 'KWD'),
        fc.boolean(),
        fc.integer({ min: 0, max: 500 }),
        (lines, currency, taxesIncluded, off) => {
          const gross = lines.reduce((sum, { price, quantity }) => sum + Number(price) * quantity, 0);
          const order = buildShopifyOrder({
            id: '7',
            name: '#7',
            at: AT,
            currency,
            taxesIncluded,
            discount: String(Math.min(off, gross)),
            lines: lines.map((one) => ({ sku: 'X', title: 'X', ...one })),
            shipping: { price: '5', taxRate: '0.19' },
          }) as unknown as Built;
          const minor = (text: string) => parseMoney(text, currency).minor;
          const total = (texts: readonly string[]) => texts.reduce((sum, text) => sum + minor(text), 0);
          const items = order.line_items.reduce((sum, { price, quantity }) => sum + minor(price) * quantity, 0);
          const charges = [...order.line_items, ...order.shipping_lines];
          const taxes = total(charges.flatMap(({ tax_lines }) => tax_lines.map(({ price }) => price)));
          const discounts = total(
            order.line_items.flatMap(({ discount_allocations: parts }) => parts.map(({ amount }) => amount)),
          );
          const shipping = total(order.shipping_lines.map(({ price }) => price));
          expect(discounts).toBe(minor(order.total_discounts));
          expect(items - discounts + (taxesIncluded ? 0 : taxes) + shipping).toBe(minor(order.total_price));
        },
      ),
    );
  });

  it('taxes what is left after the discount, half up, and only once where the price holds the tax', () => {
    const built = (taxesIncluded: boolean) =>
      buildShopifyOrder({
        id: '7',
        name: '#7',
        at: AT,
        taxesIncluded,
        discount: '10.00',
        lines: [{ ...LINE, quantity: 1, price: '110.05', taxRate: '0.10' }],
      });
    expect(built(false)).toMatchObject({ total_tax: '10.01', total_price: '110.06' });
    expect(built(true)).toMatchObject({ total_tax: '9.10', total_price: '100.05' });
  });

  it('refuses a discount above the order', () => {
    const spec = { id: '7', name: '#7', at: AT, discount: '24.69', lines: [LINE] };
    expect(() => buildShopifyOrder(spec)).toThrow('discount 24.69 is above the items, 24.68');
  });
});

describe('the returns platform', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('signs by Standard Webhooks: the id of the event over all attempts, the time of each', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const platform = openReturnsPlatform({ secret, sender: { retryDelaysMs: [10] } });
    closeLater(platform);
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
    closeLater(platform);
    const request = { returnId: 'R1', channel: 'shopify', account: 'main', orderId: '1', requestedAt: '', lines: [] };
    await expect(platform.authorize(request)).rejects.toThrow('connect the returns platform');
    const asked: string[] = [];
    const server = createServer((incoming, response) => {
      asked.push(String(incoming.headers['webhook-signature']));
      incoming.resume().on('end', () => response.writeHead(422).end('{"code":"RETURN_CONFLICT"}'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closeLater({ close: () => new Promise((resolve) => server.close(resolve)) });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    platform.connect({ webhooks: url, authorizations: url });
    expect(await platform.authorize(request)).toEqual({ status: 422, body: { code: 'RETURN_CONFLICT' } });
    expect(asked[0]).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
  });
});
