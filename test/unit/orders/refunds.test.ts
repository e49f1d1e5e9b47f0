import { describe, expect, it } from 'vitest';
import { type Parts, totalOf } from '#core/ledger/buckets.ts';
import { bookingFingerprint, type OrderCommand, orderDecider } from '#core/orders/decider.ts';
import type { OrderEvent } from '#core/orders/events.ts';
import { orderReactions } from '#core/orders/reactions.ts';
import type { NewShare, OpenOrder } from '#core/orders/state.ts';
import { specify } from '../../support/given.ts';
import { aFullOrder, anOrder } from '../../support/orders.ts';
import { refundOf, unassigned } from '../../support/refunds.ts';

const { given } = specify(orderDecider);
const order = anOrder();
const capturing = (taken = order): Extract<OrderEvent, { type: 'order.captured' }> => ({
  type: 'order.captured',
  order: taken,
  bookingFingerprint: bookingFingerprint(taken),
});
const captured = capturing();
const state = given(captured).state as OpenOrder;

const reserve = (share: NewShare): OrderCommand => ({ type: 'reserve-refund', share });
const record = (share: NewShare): OrderCommand => ({ type: 'record-refund', origin: 'channel', share });
const reserved = (share: NewShare): OrderEvent => ({
  type: 'order.refund-reserved',
  share: { ...share, status: 'pending', origin: 'crossdock' },
});
const byChannel = (share: NewShare): OrderEvent => ({
  type: 'order.refund-reserved',
  share: { ...share, status: 'settled', origin: 'channel' },
});

/** 12.34 net and 1.23 tax of 24.68 and 2.47. */
const one = refundOf(state, 'R1', [{ lineId: 'L1', quantity: 1 }]);
const both = refundOf(state, 'R2', [{ lineId: 'L1', quantity: 2 }]);

describe('a refund’s money', () => {
  it('is held once per refund', () => {
    given(captured).when(reserve(one)).thenEvents(reserved(one));
    given(captured, reserved(one)).when(reserve(one)).thenIgnored();
  });

  it('is freed when refused, settled when paid, each once', () => {
    const free: OrderCommand = { type: 'free-refund', refundId: 'R1' };
    const settle: OrderCommand = { type: 'settle-refund', refundId: 'R1' };
    const settled: OrderEvent = { type: 'order.refund-settled', refundId: 'R1' };
    given(captured, reserved(one)).when(free).thenEvents({ type: 'order.refund-freed', refundId: 'R1' });
    given(captured, reserved(one)).when(settle).thenEvents(settled);
    given(captured, reserved(one), settled).when(free).thenIgnored();
    given(captured, reserved(one), settled).when(settle).thenIgnored();
    given(captured).when(settle).thenIgnored();
    given(captured).when(free).thenIgnored();
  });

  it('leaves nothing behind when it is freed', () => {
    expect(given(captured, reserved(one), { type: 'order.refund-freed', refundId: 'R1' }).state).toEqual(state);
  });

  it('is what the channel says it paid, also when it says so later', () => {
    const paid = { amount: 1_000, parts: { 'line/L1/net': 1_000 } };
    const settle: OrderCommand = { type: 'settle-refund', refundId: 'R1', paid };
    const settled: OrderEvent = { type: 'order.refund-settled', refundId: 'R1', paid };
    given(captured, reserved(one)).when(settle).thenEvents(settled);
    given(captured, reserved(one), { type: 'order.refund-settled', refundId: 'R1' }).when(settle).thenEvents(settled);
    given(captured, reserved(one), settled).when(settle).thenIgnored();
    const after = given(captured, reserved(one), settled).state as OpenOrder;
    expect(after.refunds).toMatchObject([{ ...paid, status: 'settled', lines: one.lines }]);
  });

  it.each<[string, Partial<NewShare>]>([
    ['add up to less', { parts: { 'line/L1/net': 1_233, 'line/L1/own-tax': 123 } }],
    ['add up to more', { parts: { ...one.parts, unassigned: 1 } }],
    ['are below zero', { parts: { ...one.parts, 'line/L2/net': -1, unassigned: 1 } }],
    ['are broken', { amount: 1.5, parts: { 'line/L1/net': 1.5 } }],
  ])('is refused when its parts %s', (_what, changes) => {
    const share = { ...one, ...changes };
    given(captured).when(reserve(share)).thenRejected('REFUND_PARTS_DISAGREE');
    given(captured).when(record(share)).thenRejected('REFUND_PARTS_DISAGREE');
    given(captured, reserved(one))
      .when({ type: 'settle-refund', refundId: 'R1', paid: share })
      .thenRejected('REFUND_PARTS_DISAGREE');
  });
});

describe('refund ceilings', () => {
  const rest = state.total - one.amount;

  it('hold for the order, with what is pending', () => {
    given(captured, reserved(one))
      .when(reserve(unassigned('R9', rest + 1)))
      .thenRejected('REFUND_ABOVE_PAID');
    given(captured, reserved(one))
      .when(reserve(unassigned('R9', rest)))
      .thenEvents({ type: 'order.refund-reserved' });
  });

  it('hold for the units of a line', () => {
    given(captured, reserved(one)).when(reserve(both)).thenRejected('REFUND_ABOVE_LINE');
    given(captured)
      .when(reserve(unassigned('R9', 1, [{ lineId: 'L9', quantity: 1 }])))
      .thenRejected('LINE_UNKNOWN');
  });

  it('hold for the money of a line, and for each bucket of it', () => {
    const asking = (parts: Parts) => reserve({ refundId: 'R9', amount: totalOf(parts), parts, lines: [] });
    const left = { 'line/L1/net': 1_234, 'line/L1/own-tax': 124 };
    given(captured, reserved(one)).when(asking(left)).thenEvents({ type: 'order.refund-reserved' });
    given(captured, reserved(one))
      .when(asking({ ...left, 'line/L1/own-tax': 125 }))
      .thenRejected('REFUND_ABOVE_LINE');
    given(captured, reserved(one))
      .when(asking({ 'line/L1/net': 1_235 }))
      .thenRejected('REFUND_ABOVE_BUCKET');
  });

  it.each([
    ['line/L1/own-tax', 61],
    ['line/L1/marketplace-tax', 11],
    ['line/L2/own-tax', 51],
    ['shipping/net', 500],
    ['shipping/own-tax', 30],
    ['shipping/marketplace-tax', 5],
    ['fee/tip', 100],
    ['fee/duties', 0],
  ])('hold for %s', (bucket, paid) => {
    const full = capturing(aFullOrder());
    const of = (amount: number): NewShare => ({ refundId: 'R9', amount, parts: { [bucket]: amount }, lines: [] });
    const { decision, thenRejected } = given(full).when(reserve(of(paid + 1)));
    thenRejected('REFUND_ABOVE_BUCKET');
    expect(decision).toMatchObject({ reason: { message: expect.stringContaining(`${paid} of ${paid} are left`) } });
    if (paid > 0)
      given(full)
        .when(reserve(of(paid)))
        .thenEvents({ type: 'order.refund-reserved' });
  });

  it('leave room to what is unassigned as long as the order has it', () => {
    const goodwill = byChannel(unassigned('shopify-1', 100));
    given(captured, goodwill).when(reserve(both)).thenEvents({ type: 'order.refund-reserved' });
    const mug = refundOf(state, 'R3', [{ lineId: 'L2', quantity: 1 }]);
    given(captured, goodwill, reserved(both)).when(reserve(mug)).thenRejected('REFUND_ABOVE_PAID');
  });
});

describe('a refund of the channel’s own', () => {
  it('is taken in once, within what was paid', () => {
    given(captured).when(record(one)).thenEvents(byChannel(one));
    given(captured, byChannel(one)).when(record(one)).thenIgnored();
  });

  it('is taken in beyond what was paid, with what is too much', () => {
    const share = unassigned('shopify-9', 3_000);
    given(captured, reserved(one))
      .when(record(share))
      .thenEvents(byChannel(share), {
        type: 'order.over-refunded',
        excess: { order: 1_357 + 3_000 - 3_650, buckets: {} },
      });
  });

  it('of units that ours is for as well is too much at once, though the order has room', () => {
    const share = { ...both, refundId: 'shopify-9', lines: [] };
    given(captured, reserved(one))
      .when(record(share))
      .thenEvents(byChannel(share), {
        type: 'order.over-refunded',
        excess: { order: 422, buckets: { 'line/L1/net': 1_234, 'line/L1/own-tax': 123 } },
      });
  });

  it('answers for its own excess and not for what was too much before', () => {
    const first = { ...both, refundId: 'shopify-8', lines: [] };
    const second = unassigned('shopify-9', 50);
    given(captured, reserved(one), byChannel(first))
      .when(record(second))
      .thenEvents(byChannel(second), { type: 'order.over-refunded', excess: { order: 50, buckets: {} } });
  });

  it('can also be ours, paid with more than was held', () => {
    const paid = { amount: 2_716, parts: { 'line/L1/net': 2_469, 'line/L1/own-tax': 247 } };
    given(captured, reserved(both))
      .when({ type: 'settle-refund', refundId: 'R2', paid })
      .thenEvents(
        { type: 'order.refund-settled', refundId: 'R2', paid },
        { type: 'order.over-refunded', refundId: 'R2', excess: { order: 0, buckets: { 'line/L1/net': 1 } } },
      );
  });
});

describe('the case of an excess', () => {
  const effectsOf = (...events: readonly OrderEvent[]) => {
    const routing = { erp: { connector: 'tryton', account: 'main' }, channelTakesFulfillments: true };
    return orderReactions(events.slice(-1), given(...events).state as OpenOrder, routing);
  };
  const twice = [captured, reserved(one), byChannel({ ...both, refundId: 'shopify-9', lines: [] })];
  const over: OrderEvent = {
    type: 'order.over-refunded',
    refundId: 'shopify-9',
    excess: { order: 422, buckets: { 'line/L1/net': 1_234, 'line/L1/own-tax': 123 } },
  };

  it('names it to the cent, and what is at risk', () => {
    expect(effectsOf(...twice, over).openCases).toMatchObject([
      {
        code: 'OVER_REFUNDED#shopify-9',
        owner: 'finance',
        message: expect.stringContaining(
          '422 too much in all, 1234 too much of line/L1/net, 123 too much of line/L1/own-tax',
        ),
        moneyAtRisk: { minor: 1_357, currency: 'USD' },
      },
    ]);
  });

  it('closes when ours is refused after all, and not before', () => {
    expect(effectsOf(...twice, over, { type: 'order.refund-settled', refundId: 'R1' }).closeCases).toEqual([]);
    expect(effectsOf(...twice, over, { type: 'order.refund-freed', refundId: 'R1' }).closeCases).toEqual([
      'OVER_REFUNDED#shopify-9',
    ]);
  });

  it('closes when a newer order covers it', () => {
    const more = anOrder({ fees: [{ kind: 'tip', net: 1_000 }], total: 4_650 });
    const goodwill = byChannel(unassigned('shopify-9', 4_000));
    const amended: OrderEvent = { ...capturing(more), type: 'order.amended', changes: [] };
    expect(effectsOf(captured, goodwill, amended).closeCases).toEqual(['OVER_REFUNDED#shopify-9']);
  });
});
