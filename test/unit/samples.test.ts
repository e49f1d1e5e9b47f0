import { createHmac } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elements, members } from '../support/raw-json.ts';
import {
  reasonCodes,
  shopifyFulfillmentOrders,
  shopifyFulfillments,
  shopifyHmacVectors,
  shopifyOrderPlaced,
  shopifyOrders,
  shopifyRefunds,
  shopifyTransactions,
  standardWebhooks,
  trytonExchanges,
} from '../support/samples.ts';

const VENDOR = path.join(import.meta.dirname, '../fixtures/vendor');

type Tax = { price: string };
type Order = {
  line_items: { price: string; quantity: number; current_quantity: number }[];
  tax_lines: Tax[];
  shipping_lines: { price: string }[];
  total_discounts: string;
  total_tax: string;
  total_price: string;
  refunds: unknown[];
  fulfillments: unknown[];
};

/** Cents of "12.34"; whole numbers, so that this oracle shares nothing with the code under test. */
const cents = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(2, '0'));
};
const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

describe('the vendors’ samples', () => {
  it('each name their source', () => {
    const listed = [...readFileSync(path.join(VENDOR, 'SOURCES.md'), 'utf8').matchAll(/^\| ([\w/.-]+\.json) \|/gm)];
    expect(listed.map(([, file]) => file).sort()).toEqual(globSync('**/*.json', { cwd: VENDOR }).sort());
  });

  it('are all found', () => {
    const counts = [shopifyOrders(), shopifyRefunds(), shopifyFulfillments(), shopifyFulfillmentOrders()];
    expect(counts.map(({ length }) => length)).toEqual([24, 3, 9, 9]);
    expect(shopifyTransactions()).toHaveLength(5);
    expect(trytonExchanges()).toHaveLength(54);
    expect(reasonCodes().shopify?.ReturnReason?.values).toContain('SIZE_TOO_SMALL');
  });

  it('keep their numbers as the vendor wrote them', () => {
    const [refund] = shopifyRefunds();
    const [line] = elements(members(refund?.raw ?? '{}').get('refund_line_items') ?? '[]');
    expect(members(line ?? '{}').get('subtotal')).toBe('195.66');
    const file = readFileSync(path.join(VENDOR, 'shopify/rest-2026-07/order.json'), 'utf8');
    for (const { raw } of shopifyOrders()) expect(file).toContain(raw);
  });

  it('hold orders that add up to the cent', () => {
    for (const { name, raw } of [...shopifyOrders(), shopifyOrderPlaced()]) {
      const order = JSON.parse(raw) as Order;
      const items = total(order.line_items.map(({ price, quantity }) => cents(price) * BigInt(quantity)));
      const shipping = total(order.shipping_lines.map(({ price }) => cents(price)));
      const paid = items - cents(order.total_discounts) + cents(order.total_tax) + shipping;
      expect(paid, name).toBe(cents(order.total_price));
    }
  });

  it('hold an order as it was placed: nothing shipped, nothing refunded, all else as in the vendor’s', () => {
    const placed = JSON.parse(shopifyOrderPlaced().raw) as Order;
    const later = JSON.parse(shopifyOrders()[0]?.raw ?? '{}') as Order;
    expect(placed).toMatchObject({ refunds: [], fulfillments: [], financial_status: 'paid', cancelled_at: null });
    expect(placed.line_items.every((line) => line.current_quantity === line.quantity)).toBe(true);
    const ordered = (order: Order) => ({
      ...Object.fromEntries(Object.entries(order).filter(([key]) => !key.startsWith('current_'))),
      ...{ refunds: [], fulfillments: [], financial_status: '' },
      line_items: order.line_items.map((line) => ({ ...line, current_quantity: 0, fulfillable_quantity: 0 })),
    });
    expect(ordered(placed)).toEqual(ordered(later));
  });

  it('hold signatures that can be computed again', () => {
    for (const { name, secret, rawBody, header, valid } of shopifyHmacVectors()) {
      const computed = createHmac('sha256', secret).update(rawBody, 'utf8').digest('base64');
      // Without a body there is nothing to accept, whatever its signature.
      expect(computed === header && rawBody !== '', name).toBe(valid);
    }
    const { secret, id, timestamp, body, signature } = standardWebhooks().official;
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    expect(`v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`).toBe(signature);
  });
});

describe('cutting JSON', () => {
  it('gives each part of any object or array as it is written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 1), (value, indent) => {
        const found = [...members(JSON.stringify(value, null, indent))];
        expect(Object.fromEntries(found.map(([key, raw]) => [key, JSON.parse(raw)]))).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1), (value, indent) => {
        const found = elements(JSON.stringify(value, null, indent)).map((raw) => JSON.parse(raw));
        expect(found).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('refuses what ends too early', () => {
    expect(() => members('{"a": {"b": 1}')).toThrow('ends in the middle');
    expect(() => elements('[1, [2')).toThrow('ends in the middle');
  });
});
