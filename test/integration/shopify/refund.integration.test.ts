import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refunded } from '../../../bin/local/partners/shopify/order.ts';
import { connectTo, type OpenShop, openShop, operationOf } from './support.ts';

describe('a refund at a Shopify shop', () => {
  let shop: OpenShop;
  beforeEach(async () => {
    shop = await openShop();
  });
  afterEach(() => shop.close());

  const refund = (amount: number, quantity = 1, refundId = 'generic.main.R-1') =>
    operationOf('channel/refund', refundId, {
      refundId,
      currency: 'USD',
      amount,
      lines: [{ lineId: shop.lineIds[0] ?? '', quantity }],
    });

  it('is paid once, with our key in its note and nothing restocked', async () => {
    const operation = refund(2200);
    shop.run.plan(operation);
    expect(await shop.run.execute(operation)).toEqual({ status: 'applied' });
    expect(shop.order.refunds).toMatchObject([
      {
        note: `Crossdock ${operation.key}`,
        lines: [{ lineId: shop.lineIds[0], quantity: 1, restockType: 'NO_RESTOCK' }],
      },
    ]);
    expect(refunded(shop.order)).toBe(2200);
    expect(shop.run.row(operation)).toMatchObject({ ref: shop.order.refunds[0]?.id, facts: { amount: 2200 } });
  });

  it('is paid once when its answer is lost: the shop is asked before anything is said again', async () => {
    const operation = refund(2200);
    shop.run.plan(operation);
    shop.server.fault({ operation: 'refundCreate', kind: 'lose-answer', times: 1 });
    expect(await shop.run.execute(operation)).toMatchObject({ status: 'unknown' });
    expect(await shop.later(operation)).toEqual({ status: 'applied' });
    expect(refunded(shop.order)).toBe(2200);
    expect(shop.writes('refundCreate')).toBe(1);
  });

  it('is tried again when the shop refused service before it acted', async () => {
    const operation = refund(2200);
    shop.run.plan(operation);
    shop.server.fault({ operation: 'refundCreate', kind: 'unavailable', times: 1 });
    expect(await shop.run.execute(operation)).toMatchObject({ status: 'unknown' });
    expect(await shop.later(operation)).toEqual({ status: 'applied' });
    expect(refunded(shop.order)).toBe(2200);
    expect(shop.writes('refundCreate')).toBe(2);
  });

  it('is paid once however often it is carried out', async () => {
    const operation = refund(2200);
    const context = { signal: AbortSignal.timeout(10_000), now: shop.clock.now(), personal: async () => undefined };
    const first = await shop.executor.execute(operation, context);
    expect(await shop.executor.execute(operation, context)).toEqual(first);
    expect(await connectTo(shop.server).execute(operation, context)).toEqual(first);
    expect(refunded(shop.order)).toBe(2200);
  });

  it('is paid once even where the shop’s read does not show it yet: the idempotency key is the same', async () => {
    const operation = refund(2200);
    const context = { signal: AbortSignal.timeout(10_000), now: shop.clock.now(), personal: async () => undefined };
    const first = await shop.executor.execute(operation, context);
    // A replica that lags behind the write.
    const [made] = shop.order.refunds.splice(0);
    const transactions = shop.order.transactions.splice(1);
    expect(await shop.executor.execute(operation, context)).toEqual(first);
    expect(shop.writes('refundCreate')).toBe(2);
    expect(shop.order.refunds).toEqual([]);
    expect(made?.transactions).toEqual(transactions);
  });

  it('is rejected in the shop’s words when its rules say no', async () => {
    const operation = refund(2200, 4);
    shop.run.plan(operation);
    expect(await shop.run.execute(operation)).toEqual({ status: 'rejected', why: 'REFUND_REFUSED_BY_SHOPIFY' });
    expect(shop.run.row(operation)?.reason?.message).toContain('Quantity cannot refund more items than were purchased');
    expect(refunded(shop.order)).toBe(0);
  });

  it('is rejected before it is asked for when the payments do not hold it', async () => {
    const operation = refund(8251);
    shop.run.plan(operation);
    expect(await shop.run.execute(operation)).toEqual({ status: 'rejected', why: 'REFUND_ABOVE_PAYMENTS' });
    expect(shop.writes('refundCreate')).toBe(0);
  });

  it('stands beside a refund that the shop made itself, and takes what is left', async () => {
    shop.server.refundInAdmin(shop.order, [{ lineId: shop.lineIds[1] ?? '', quantity: 1 }], 1650);
    const operation = refund(6600, 3);
    shop.run.plan(operation);
    expect(await shop.run.execute(operation)).toEqual({ status: 'applied' });
    expect(refunded(shop.order)).toBe(8250);
  });

  it.each([
    ['HTTP 200 and the time in its body', { status: 200 as const }, 2],
    ['HTTP 429 and Retry-After', { status: 429 as const, retryAfterSeconds: 17 }, 17],
  ])('waits as long as it is told with %s', async (_what, fault, seconds) => {
    const operation = refund(2200);
    shop.run.plan(operation);
    shop.server.fault({ operation: '*', kind: 'throttle', times: 1, ...fault });
    const before = Date.parse(shop.clock.now());
    expect(await shop.run.execute(operation)).toEqual({ status: 'deferred', why: 'THROTTLED' });
    expect(Date.parse(shop.run.row(operation)?.notBefore ?? '') - before).toBe(seconds * 1000);
    expect(await shop.later(operation, seconds)).toEqual({ status: 'applied' });
  });

  it('fails loudly when the token is not the shop’s', async () => {
    const context = { signal: AbortSignal.timeout(10_000), now: shop.clock.now(), personal: async () => undefined };
    await expect(connectTo(shop.server, 'shpat_other').execute(refund(2200), context)).rejects.toThrow(/access token/);
  });
});
