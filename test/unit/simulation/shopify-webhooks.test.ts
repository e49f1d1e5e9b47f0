import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FULFILLMENT_CREATE, FULFILLMENT_ORDERS, FULFILLMENTS } from '#connectors/channels/shopify/fulfillment-wire.ts';
import { REFUND_CREATE, REFUNDS } from '#connectors/channels/shopify/refund-wire.ts';
import { TOPICS } from '#connectors/channels/shopify/translate.ts';
import { type ChannelOrder, computedTotal, sellerTotal } from '#core/orders/order.ts';
import { MAX_QUERY_COST, requestedCost } from '../../simulation/partners/shopify/cost.ts';
import { drawOrder } from '../../simulation/partners/shopify/draw-order.ts';
import type { SimWebhook } from '../../simulation/partners/webhook.ts';
import { AN_ORDER, BEGIN, command, openShop, read, SECRET, seeded } from './support.ts';

const CATALOGUE = ['MUG-BLUE', 'TSHIRT-M', 'LAMP', 'DESK', 'PEN'].map((sku, index) => ({
  sku,
  title: sku,
  price: [850, 1234, 3999, 15_001, 1][index] ?? 1,
}));

const topicOf = ({ headers }: SimWebhook) => headers['x-shopify-topic'];

function orderIn(webhook: SimWebhook | undefined): ChannelOrder {
  const found = command(webhook);
  if (found.kind !== 'order') throw new Error(`a ${found.kind} is no order`);
  return found.order;
}

const made = <T extends object>(what: T | readonly { message: string }[]): T => {
  if (Array.isArray(what)) throw new Error(what.map(({ message }) => message).join());
  return what as T;
};

/** A day of a shop: everything that buyers and staff do, in an order that the seed gives. */
function liveADay(seed: number, currency: string) {
  const { shop, webhooks } = openShop({ topics: TOPICS });
  const random = seeded(seed);
  let now = BEGIN;
  for (let step = 0; step < 40; step++) {
    now += Math.floor(random() * 60_000);
    const order = shop.orders()[Math.floor(random() * shop.orders().length)];
    const drawn = random();
    if (!order || drawn < 0.3) shop.placeOrder(drawOrder(random, { catalogue: CATALOGUE, currency }), now);
    else if (drawn < 0.35) shop.placeCancelled(drawOrder(random, { catalogue: CATALOGUE, currency }), now);
    else if (drawn < 0.45) shop.touchOrder(order.orderId, now);
    else if (drawn < 0.55) shop.cancelOrder(order.orderId, now, { refund: random() < 0.5 });
    else if (drawn < 0.65) {
      const add = [
        { sku: 'PEN', title: 'Pen', quantity: 2, price: currency === 'JPY' ? '3' : '0.37', taxRate: '0.19' },
      ];
      const remove = order.lines.slice(0, 1).map(({ id }) => ({ lineId: id, quantity: 1 }));
      shop.amendOrder(order.orderId, random() < 0.5 ? { add } : { add, remove }, now);
    } else if (drawn < 0.8) {
      const lines = order.lines.slice(0, 1).map(({ id }) => ({ lineId: id, quantity: 1 }));
      shop.refundInShop(order.orderId, random() < 0.5 ? { lines } : { amount: 1 + Math.floor(random() * 500) }, now);
    } else if (drawn < 0.9) {
      const some = order.lines.slice(0, 1).map(({ id }) => ({ lineId: id, quantity: 1 }));
      shop.fulfilInShop(order.orderId, now, random() < 0.5 ? some : undefined, { number: `T${step}` });
    } else {
      const [one] = shop.fulfillments(order.orderId);
      if (one) shop.updateFulfilment(order.orderId, one.fulfillmentId, { tracking: { number: `U${step}` } }, now);
    }
  }
  return { shop, webhooks };
}

describe('webhooks of the simulated shop', () => {
  it.each(['USD', 'JPY', 'KWD'])(
    'are verified and understood, and agree with the shop to the cent in %s',
    (currency) => {
      const seen = new Set<string | undefined>();
      for (let seed = 1; seed <= 8; seed++) {
        const { shop, webhooks } = liveADay(seed, currency);
        const last = new Map<string, ChannelOrder>();
        const paidBack = new Map<string, number>();
        for (const webhook of webhooks) {
          seen.add(topicOf(webhook));
          const translation = read(webhook);
          for (const one of translation.kind === 'commands' ? translation.commands : []) {
            if (one.kind === 'channel-refund') {
              const { orderId } = one.orderId;
              paidBack.set(orderId, (paidBack.get(orderId) ?? 0) + one.refund.amount.minor);
            }
            if (one.kind !== 'order') continue;
            const before = last.get(one.order.id.orderId);
            if (!before || one.order.version.updatedAt >= before.version.updatedAt) {
              last.set(one.order.id.orderId, one.order);
            }
            expect(computedTotal(one.order)).toBe(one.order.total);
          }
        }
        expect(shop.orders().length).toBeGreaterThan(3);
        for (const { orderId, total, marketplaceTax, refunded, currency: booked } of shop.orders()) {
          const told = last.get(orderId);
          expect(told).toMatchObject({ total, currency: booked });
          expect(told && sellerTotal(told)).toBe(total - marketplaceTax);
          expect(paidBack.get(orderId) ?? 0).toBe(refunded);
          expect(refunded).toBeLessThanOrEqual(total);
        }
      }
      expect([...seen].sort()).toEqual([...TOPICS].sort());
    },
  );

  it('are the same for the same seed, and others for another', () => {
    expect(liveADay(7, 'USD').webhooks).toEqual(liveADay(7, 'USD').webhooks);
    expect(liveADay(7, 'USD').webhooks).not.toEqual(liveADay(8, 'USD').webhooks);
  });

  it('bear ids of their own and the event of their change, and go to the account’s path', () => {
    const { shop, webhooks } = openShop({ account: 'outlet' });
    const { id } = shop.placeOrder(AN_ORDER, BEGIN);
    shop.refundInShop(id, { amount: 100 }, BEGIN);
    expect(
      webhooks.map(({ path, headers }) => [path, headers['x-shopify-webhook-id'], headers['x-shopify-event-id']]),
    ).toEqual([
      ['/webhooks/shopify/outlet', 'w-1', 'e-1'],
      ['/webhooks/shopify/outlet', 'w-2', 'e-2'],
      ['/webhooks/shopify/outlet', 'w-3', 'e-2'],
    ]);
    expect(webhooks.map((webhook) => shop.again(webhook))).toEqual(webhooks);
  });

  it('are sent for the topics that the app has subscribed to', () => {
    const { shop, topics } = openShop({ topics: ['orders/paid', 'refunds/create'] });
    const { id } = shop.placeOrder(AN_ORDER, BEGIN);
    shop.refundInShop(id, { amount: 100 }, BEGIN);
    shop.cancelOrder(id, BEGIN, { refund: false });
    expect(topics()).toEqual(['orders/paid', 'refunds/create']);
  });

  it('tell of a cancellation before they tell of the order', () => {
    const { shop, webhooks } = openShop();
    const { id } = shop.placeCancelled(AN_ORDER, BEGIN);
    const [cancelled, created] = webhooks.map(orderIn);
    expect(cancelled).toMatchObject({ id: { orderId: id }, cancelledAt: '2026-11-20T10:00:00.000Z' });
    expect(created).toMatchObject({ id: { orderId: id } });
    expect(created).not.toHaveProperty('cancelledAt');
    expect(created?.version.updatedAt).toBe(cancelled?.version.updatedAt);
  });

  it('tell a cancelled order’s money as a refund, and its units as not to be fulfilled', () => {
    const { shop, webhooks, topics } = openShop();
    const { id } = shop.placeOrder(AN_ORDER, BEGIN);
    topics();
    expect(shop.cancelOrder(id, BEGIN)).toBe(true);
    expect(command(webhooks[0])).toMatchObject({ refund: { amount: { minor: 3650, currency: 'USD' } } });
    expect(topics()).toEqual(['refunds/create', 'orders/updated', 'orders/cancelled', 'orders/updated']);
    expect(shop.order(id)).toMatchObject({ total: 3650, refunded: 3650, marketplaceTax: 85 });
    expect(shop.cancelOrder(id, BEGIN)).toMatchObject([{ message: expect.stringContaining('already') }]);
  });

  it('tell of an edit as the order with its new lines; units that go off it bring no money', () => {
    const { shop, webhooks, topics } = openShop({ topics: TOPICS });
    const { id, lines } = shop.placeOrder(AN_ORDER, BEGIN);
    topics();
    const remove = [{ lineId: String(lines[0]?.id), quantity: 1 }];
    shop.amendOrder(id, { add: [{ sku: 'PEN', title: 'Pen', quantity: 1, price: '1.00' }], remove }, BEGIN + 1000);
    const [removal, , edit, updated] = webhooks;
    expect(removal && read(removal)).toMatchObject({ kind: 'ignored', why: 'the refund moved no money' });
    expect(edit && read(edit)).toMatchObject({ kind: 'ignored' });
    expect(JSON.parse(edit?.body ?? '')).toMatchObject({
      order_edit: { line_items: { additions: [{ delta: 1 }], removals: [{ id: Number(lines[0]?.id), delta: 1 }] } },
    });
    expect(orderIn(updated)).toMatchObject({ total: 3750, lines: [{ quantity: 2 }, { quantity: 1 }, { sku: 'PEN' }] });
    expect(JSON.parse(updated?.body ?? '')).toMatchObject({
      current_total_price: '23.92',
      line_items: [{ current_quantity: 1, fulfillable_quantity: 1 }, {}, {}],
    });
    expect(made(shop.fulfilInShop(id, BEGIN + 2000)).lines.map(({ quantity }) => quantity)).toEqual([1, 1, 1]);
    // The new line was paid for by itself: staff give back through both payments.
    made(shop.refundInShop(id, { amount: 3700 }, BEGIN + 3000));
    expect(shop.refunds(id).map(({ amount, payments }) => [amount, payments.length])).toEqual([
      [0, 0],
      [3700, 2],
    ]);
  });

  it('tell of fulfilments outside the ERP, their new tracking number, and their end', () => {
    const { shop, webhooks, topics } = openShop();
    const { id, lines } = shop.placeOrder(AN_ORDER, BEGIN);
    topics();
    const units = [{ lineId: String(lines[0]?.id), quantity: 2 }];
    const fulfilment = made(shop.fulfilInShop(id, BEGIN, units, { number: 'OLD' }));
    shop.updateFulfilment(id, fulfilment.id, { tracking: { number: 'NEW' } }, BEGIN + 1000);
    expect(webhooks.filter((one) => topicOf(one)?.startsWith('fulfil')).map(command)).toMatchObject([
      { fulfillment: { trackingNumber: 'OLD', lines: units, updatedAt: '2026-11-20T10:00:00.000Z' } },
      { fulfillment: { trackingNumber: 'NEW', lines: units, updatedAt: '2026-11-20T10:00:01.000Z' } },
    ]);
    expect(shop.cancelOrder(id, BEGIN + 1000)).toMatchObject([{ message: 'Cannot cancel a fulfilled order' }]);
    topics();
    shop.updateFulfilment(id, fulfilment.id, { cancel: true }, BEGIN + 2000);
    expect(webhooks[0] && read(webhooks[0])).toMatchObject({ kind: 'ignored', why: 'the fulfilment is cancelled' });
    expect(made(shop.fulfilInShop(id, BEGIN + 3000, units)).lines).toEqual(units);
  });

  it('are signed with the old secret now and then for an hour after a rotation', () => {
    const { shop, webhooks } = openShop();
    const { id } = shop.placeOrder(AN_ORDER, BEGIN);
    webhooks.splice(0);
    shop.rotateWebhookSecret('next', BEGIN);
    const authentic = (secrets: readonly string[], now: number): boolean[] =>
      [now, now].map((at) => {
        shop.touchOrder(id, at);
        try {
          return read(webhooks.splice(0)[0] as SimWebhook, secrets).kind === 'commands';
        } catch {
          return false;
        }
      });
    expect(authentic(['next'], BEGIN).sort()).toEqual([false, true]);
    expect(authentic(['next', SECRET], BEGIN)).toEqual([true, true]);
    expect(authentic(['next'], BEGIN + 3_600_000)).toEqual([true, true]);
  });

  it('refuses refunds of more than is left, and of nothing', () => {
    const { shop, topics } = openShop();
    const { id, lines } = shop.placeOrder(AN_ORDER, BEGIN);
    topics();
    expect(shop.refundInShop(id, { amount: 3651 }, BEGIN)).toMatchObject([
      { message: expect.stringContaining('(36.50)') },
    ]);
    expect(shop.refundInShop(id, {}, BEGIN)).toMatchObject([{ message: expect.any(String) }]);
    expect(topics()).toEqual([]);
    const one = [{ lineId: String(lines[0]?.id), quantity: 1 }];
    made(shop.refundInShop(id, { lines: one }, BEGIN));
    made(shop.refundInShop(id, { lines: one }, BEGIN));
    // 24.68 and 2.47 of tax: the two halves make the whole.
    expect(shop.refunds(id).reduce((sum, { amount }) => sum + amount, 0)).toBe(2715);
  });

  it('goes with time, and never back', () => {
    const { shop } = openShop();
    shop.advance(BEGIN);
    expect(() => shop.advance(BEGIN - 1)).toThrow('time went back');
  });
});

describe('what the simulation relies on', () => {
  it('every document of the connector costs less than one query may', () => {
    const documents = [REFUNDS, REFUND_CREATE, FULFILLMENTS, FULFILLMENT_ORDERS, FULFILLMENT_CREATE];
    for (const { document } of documents) {
      expect(requestedCost(document)).toBeGreaterThan(0);
      expect(requestedCost(document)).toBeLessThanOrEqual(MAX_QUERY_COST);
    }
  });

  it('partners take time, chance and ids from outside', () => {
    const local = ['builder', 'order', 'shop', 'graphql', 'idempotency', 'payloads', 'views', 'webhook', 'admin-http'];
    const files = [
      ...globSync('test/simulation/partners/**/*.ts'),
      ...local.map((name) => `bin/local/partners/shopify/${name}.ts`),
      'bin/local/partners/return-messages.ts',
    ];
    const impure = /Date\.now\(|new Date\(\)|Math\.random\(|randomUUID|randomBytes|setTimeout\(|process\.env/;
    expect(files.length).toBeGreaterThan(local.length + 5);
    expect(files.filter((file) => impure.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});
