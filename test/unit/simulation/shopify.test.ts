import { describe, expect, it } from 'vitest';
import { REFUND_CREATE } from '#connectors/channels/shopify/refund-wire.ts';
import { refundIdInNote } from '#core/refunds/refund.ts';
import { AN_ORDER, command, fulfillmentOf, openShop, refundOf } from './support.ts';

const HOUR = 60 * 60 * 1000;

describe('the simulated shop, asked by the real connector', () => {
  it('refunds once, and tells of it', async () => {
    const { shop, world, webhooks, execute, topics } = openShop();
    const { id, lines } = shop.placeOrder(AN_ORDER, world.now);
    topics();
    const [shirt] = lines.map((line) => ({ lineId: line.id, quantity: 1 }));
    const operation = refundOf(id, 1357, 'RF1', 'USD', [shirt as object]);
    const outcome = await execute(operation);
    const [told] = webhooks;
    expect(outcome).toEqual({ kind: 'applied', ref: shop.refunds(id)[0]?.refundId, facts: { amount: 1357 } });
    expect(command(told)).toMatchObject({
      kind: 'channel-refund',
      orderId: { channel: 'shopify', account: 'main', orderId: id },
      refund: { amount: { minor: 1357, currency: 'USD' }, lines: [shirt], note: `Crossdock ${operation.key}` },
    });
    expect(refundIdInNote({ channel: 'shopify', account: 'main', orderId: id }, `Crossdock ${operation.key}`)).toBe(
      'RF1',
    );
    expect(topics()).toEqual(['refunds/create', 'orders/updated']);
    expect(await execute(operation)).toEqual(outcome);
    expect(shop.refunds(id)).toMatchObject([{ amount: 1357, currency: 'USD', note: `Crossdock ${operation.key}` }]);
    expect(shop.calls('refundCreate')).toBe(1);
  });

  it('lets a webhook out while it is still answering', () => {
    const order = { told: '' };
    const { shop, world, request } = openShop({
      emit: ({ headers }) => {
        order.told += `${headers['x-shopify-topic']}, `;
      },
    });
    const { id } = shop.placeOrder(AN_ORDER, world.now);
    order.told = '';
    const { status } = request(REFUND_CREATE.document, {
      key: 'k',
      input: { orderId: `gid://shopify/Order/${id}`, note: 'ours' },
    });
    order.told += `answered ${status}`;
    expect(order.told).toBe('refunds/create, orders/updated, answered 200');
  });

  it('fulfils what is open, once, and refuses more', async () => {
    const { shop, world, webhooks, execute, topics } = openShop();
    const { id, lines } = shop.placeOrder(AN_ORDER, world.now);
    topics();
    const all = lines.map(({ id: lineId, quantity }) => ({ lineId, quantity }));
    const outcome = await execute(fulfillmentOf(id, all));
    expect(outcome).toEqual({ kind: 'applied', ref: shop.fulfillments(id)[0]?.fulfillmentId });
    expect(await execute(fulfillmentOf(id, all))).toEqual(outcome);
    expect(command(webhooks[0])).toMatchObject({
      kind: 'channel-fulfillment',
      fulfillment: {
        channelFulfillmentId: shop.fulfillments(id)[0]?.fulfillmentId,
        lines: all,
        trackingNumber: '1ZCS1',
      },
    });
    expect(topics()).toEqual(['fulfillments/create', 'orders/updated']);
    const more = await execute(fulfillmentOf(id, all, 'CS2'));
    expect(more).toMatchObject({ kind: 'rejected', reason: { code: 'NOTHING_LEFT_TO_FULFILL' } });
    expect(shop.fulfillments()).toHaveLength(1);
  });

  it('spreads a refund over the payments of an order that was edited', async () => {
    const { shop, world, execute } = openShop();
    const { id } = shop.placeOrder({ lines: [{ sku: 'A', title: 'A', quantity: 1, price: '10.00' }] }, world.now);
    shop.amendOrder(id, { add: [{ sku: 'B', title: 'B', quantity: 1, price: '5.00' }] }, world.now);
    expect(await execute(refundOf(id, 1200))).toMatchObject({ kind: 'applied', facts: { amount: 1200 } });
    expect(shop.refunds(id)).toMatchObject([{ amount: 1200, payments: ['SUCCESS', 'SUCCESS'] }]);
    expect(await execute(refundOf(id, 301, 'RF2'))).toMatchObject({ reason: { code: 'REFUND_ABOVE_PAYMENTS' } });
  });
});

describe('bad days of the simulated shop', () => {
  it('does the work though a gateway answers 5xx: unknown, then found', async () => {
    const { shop, world, execute, probe } = openShop();
    const { id } = shop.placeOrder(AN_ORDER, world.now);
    shop.troubles.arm({ kind: 'fail-after', status: 502 }, { operation: 'refundCreate', times: 1 });
    expect(await execute(refundOf(id, 500))).toMatchObject({ kind: 'unknown' });
    expect(await probe(refundOf(id, 500))).toMatchObject({ kind: 'found', facts: { amount: 500 } });
  });

  it.each([true, false])('answers an error in HTTP 200 with the work done: %s', async (done) => {
    const { shop, world, execute, probe } = openShop();
    const { id } = shop.placeOrder(AN_ORDER, world.now);
    const error = { kind: 'error', code: 'INTERNAL_SERVER_ERROR', done } as const;
    shop.troubles.arm(error, { operation: 'refundCreate', times: 1 });
    expect(await execute(refundOf(id, 500))).toMatchObject({ kind: 'unknown' });
    expect(await probe(refundOf(id, 500))).toMatchObject({ kind: done ? 'found' : 'absent' });
  });

  it('does a mutation late: absent while its key is under way, made once in the end', async () => {
    const { shop, world, execute, probe, wait, topics } = openShop();
    const { id } = shop.placeOrder(AN_ORDER, world.now);
    topics();
    shop.troubles.arm({ kind: 'late', delayMs: 30_000 }, { operation: 'refundCreate', times: 1 });
    const operation = refundOf(id, 500);
    expect(await execute(operation)).toMatchObject({ kind: 'unknown' });
    wait(10_000);
    expect(await probe(operation)).toEqual({ kind: 'absent' });
    expect(await execute(operation)).toMatchObject({ kind: 'unknown', cause: expect.stringMatching(/in progress/) });
    expect(topics()).toEqual([]);
    expect(shop.nextDueAt).toBe(world.now + 20_000);
    wait(20_000);
    shop.advance(world.now);
    expect(topics()).toEqual(['refunds/create', 'orders/updated']);
    expect(await execute(operation)).toMatchObject({ kind: 'applied', facts: { amount: 500 } });
    expect(shop.refunds(id)).toMatchObject([{ amount: 500, createdAt: '2026-11-20T10:00:30Z' }]);
  });

  it('shows a write late when reads lag; the key still keeps a refund from being paid twice', async () => {
    const { shop, world, execute, probe, wait } = openShop();
    const { id, lines } = shop.placeOrder(AN_ORDER, world.now);
    wait(60_000);
    shop.readLagMs = 5000;
    const operation = refundOf(id, 500);
    const first = await execute(operation);
    expect(await probe(operation)).toEqual({ kind: 'absent' });
    expect(await execute(operation)).toEqual(first);
    expect(shop.calls('refundCreate')).toBe(2);
    expect(shop.refunds(id)).toHaveLength(1);
    const shipment = fulfillmentOf(id, [{ lineId: String(lines[0]?.id), quantity: 1 }]);
    await execute(shipment);
    expect(await probe(shipment)).toEqual({ kind: 'absent' });
    wait(5000);
    expect(await probe(operation)).toMatchObject({ kind: 'found' });
    expect(await probe(shipment)).toMatchObject({ kind: 'found' });
  });

  it('forgets a key after a day', async () => {
    const { shop, world, execute, wait } = openShop();
    const { id } = shop.placeOrder(AN_ORDER, world.now);
    shop.readLagMs = 48 * HOUR;
    await execute(refundOf(id, 500));
    wait(24 * HOUR - 1);
    await execute(refundOf(id, 500));
    expect(shop.refunds(id)).toHaveLength(1);
    wait(1);
    await execute(refundOf(id, 500));
    expect(shop.refunds(id)).toHaveLength(2);
  });

  it.each([
    [{ status: 429, retryAfterSeconds: 7 }, 7],
    [{ status: 200, retryAfterSeconds: 3 }, 3],
    // Without Retry-After the bucket tells: it is full, so the least wait.
    [{ status: 429 }, 1],
    [{ status: 200 }, 1],
  ] as const)('throttles as %j', async (how, retryAfterSeconds) => {
    const { shop, world, execute } = openShop();
    const { id } = shop.placeOrder(AN_ORDER, world.now);
    shop.troubles.arm({ kind: 'throttle', ...how }, { times: 1 });
    expect(await execute(refundOf(id, 500))).toEqual({ kind: 'throttled', retryAfterSeconds });
    expect(await execute(refundOf(id, 500))).toMatchObject({ kind: 'applied' });
  });

  it('throttles when the bucket is empty, and restores it with time', async () => {
    const { shop, world, execute, wait } = openShop({ limits: { maximumAvailable: 840, restoreRate: 10 } });
    const { id } = shop.placeOrder(AN_ORDER, world.now);
    const outcomes = [];
    for (const refundId of ['RF1', 'RF2', 'RF3']) outcomes.push(await execute(refundOf(id, 100, refundId)));
    const throttled = outcomes.find(({ kind }) => kind === 'throttled') as { retryAfterSeconds: number } | undefined;
    expect(outcomes[0]).toMatchObject({ kind: 'applied' });
    expect(throttled?.retryAfterSeconds).toBeGreaterThan(0);
    wait((throttled?.retryAfterSeconds ?? 0) * 1000);
    expect(await execute(refundOf(id, 100, 'RF3'))).toMatchObject({ kind: 'applied' });
  });

  it('strikes for a time', async () => {
    const { shop, world, execute, wait } = openShop();
    const { id } = shop.placeOrder(AN_ORDER, world.now);
    shop.troubles.arm({ kind: 'unavailable', status: 503 }, { from: world.now + 1000, until: world.now + 2000 });
    expect(await execute(refundOf(id, 100))).toMatchObject({ kind: 'applied' });
    wait(1000);
    expect(await execute(refundOf(id, 100, 'RF2'))).toMatchObject({ kind: 'unavailable' });
    wait(1000);
    expect(await execute(refundOf(id, 100, 'RF2'))).toMatchObject({ kind: 'applied' });
  });

  it('refuses by business rules in HTTP 200, an unknown order, and a token that is no more', async () => {
    const { shop, world, execute } = openShop();
    const { id, lines } = shop.placeOrder(AN_ORDER, world.now);
    shop.troubles.arm({ kind: 'refuse', message: 'Refunds are paused' }, { operation: 'refundCreate', times: 1 });
    expect(await execute(refundOf(id, 500))).toMatchObject({
      kind: 'rejected',
      reason: { code: 'REFUND_REFUSED_BY_SHOPIFY', message: expect.stringContaining('Refunds are paused') },
    });
    // Under its key Shopify repeats a refusal, too.
    expect(await execute(refundOf(id, 500))).toMatchObject({ kind: 'rejected' });
    expect(shop.refunds(id)).toEqual([]);
    expect(await execute(refundOf('1', 500))).toMatchObject({ reason: { code: 'ORDER_UNKNOWN' } });
    shop.cancelOrder(id, world.now, { refund: false });
    expect(await execute(fulfillmentOf(id, [{ lineId: String(lines[0]?.id), quantity: 1 }]))).toMatchObject({
      reason: { code: 'NOTHING_LEFT_TO_FULFILL' },
    });
    shop.rotateAccessToken('shpat_next');
    await expect(execute(refundOf(id, 500, 'RF2'))).rejects.toThrow('refuses the access token');
    world.token = 'shpat_next';
    expect(await execute(refundOf(id, 500, 'RF2'))).toMatchObject({ kind: 'applied' });
  });

  it('pays through a gateway that has not said yet, or declines', async () => {
    const { shop, world, webhooks, execute } = openShop();
    const { id } = shop.placeOrder(AN_ORDER, world.now);
    shop.troubles.arm({ kind: 'gateway', status: 'PENDING' }, { times: 1 });
    shop.troubles.arm({ kind: 'gateway', status: 'FAILURE' }, { times: 1 });
    expect(await execute(refundOf(id, 500))).toMatchObject({ kind: 'applied', facts: { amount: 500 } });
    expect(await execute(refundOf(id, 300, 'RF2'))).toMatchObject({ reason: { code: 'REFUND_FAILED_AT_GATEWAY' } });
    expect(shop.order(id)).toMatchObject({ refunded: 500 });
    expect(JSON.parse(webhooks.at(-2)?.body ?? '')).toMatchObject({ transactions: [{ status: 'failure' }] });
    const [pending] = shop.refunds(id);
    shop.settle(id, String(pending?.refundId), 'FAILURE', world.now);
    expect(shop.order(id)).toMatchObject({ refunded: 0 });
    expect(shop.refunds(id).map(({ amount }) => amount)).toEqual([0, 0]);
    // What failed took nothing of the payment.
    expect(shop.refundInShop(id, { amount: 3650 }, world.now)).toMatchObject({ note: 'refunded by staff' });
  });
});
