import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { totalOf } from '#core/ledger/buckets.ts';
import { excessOf } from '#core/ledger/ceilings.ts';
import { orderDecider } from '#core/orders/decider.ts';
import type { NewShare, OpenOrder } from '#core/orders/state.ts';
import { type ChannelSplit, splitChannelRefund } from '#core/refunds/split.ts';
import { aFullOrder } from '../../support/orders.ts';
import { shippedOrder } from '../returns/samples.ts';

/** L1: 3 units, 10.00 net, 0.61 and 0.11 tax; L2: one unit, 8.50, 0.51 and 0.09; shipping 5.00, 0.30 and 0.05; tip 1.00. */
const order = shippedOrder(aFullOrder());
const split = (refund: Partial<ChannelSplit>, of = order) =>
  splitChannelRefund(of, { amount: 0, lines: [], ...refund });
const one = [{ lineId: 'L1', quantity: 1 }];

describe('what a channel’s refund was for', () => {
  it('is the units it names, at what they were sold for', () => {
    const parts = { 'line/L1/net': 333, 'line/L1/own-tax': 20, 'line/L1/marketplace-tax': 3 };
    expect(split({ amount: 356, lines: one })).toEqual(parts);
  });

  it('is less of each when less was paid, by largest remainder', () => {
    const parts = { 'line/L1/net': 168, 'line/L1/own-tax': 10, 'line/L1/marketplace-tax': 2 };
    expect(split({ amount: 180, lines: one })).toEqual(parts);
  });

  it('is unassigned as far as more was paid', () => {
    expect(split({ amount: 400, lines: one })).toMatchObject({ 'line/L1/net': 333, unassigned: 44 });
    expect(split({ amount: 400, lines: [{ lineId: 'L9', quantity: 1 }] })).toEqual({ unassigned: 400 });
    expect(split({ amount: 100 })).toEqual({ unassigned: 100 });
  });

  it('is a whole line at most, however many units are named', () => {
    expect(split({ amount: 1_100, lines: [{ lineId: 'L1', quantity: 7 }] })).toEqual({
      'line/L1/net': 1_000,
      'line/L1/own-tax': 61,
      'line/L1/marketplace-tax': 11,
      unassigned: 28,
    });
  });

  it('is everything when all that is left goes back without a word', () => {
    const all = split({ amount: order.total });
    expect(all).toMatchObject({ 'line/L2/net': 850, 'shipping/net': 500, 'shipping/own-tax': 30, 'fee/tip': 100 });
    expect(totalOf(all)).toBe(order.total);
    expect(all).not.toHaveProperty('unassigned');
    expect(split({ amount: order.total - 1 })).toEqual({ unassigned: order.total - 1 });
  });
});

describe('what the channel states', () => {
  const stating = (subtotal: number, tax: number, amount = subtotal + tax) =>
    split({ amount, lines: one, stated: { lines: [{ lineId: 'L1', subtotal, tax }] } });

  it('counts where it is no matter of rounding, its tax as the line’s is', () => {
    expect(stating(200, 12)).toEqual({ 'line/L1/net': 200, 'line/L1/own-tax': 10, 'line/L1/marketplace-tax': 2 });
  });

  it('that differs by an odd cent leaves the cents where ours are', () => {
    expect(stating(334, 24)).toMatchObject({ 'line/L1/net': 333, 'line/L1/own-tax': 20, unassigned: 2 });
  });

  it('may have its tax inside', () => {
    expect(stating(356, 23, 356)).toEqual(split({ amount: 356, lines: one }));
    expect(stating(400, 40, 400)).toMatchObject({ 'line/L1/net': 360, 'line/L1/own-tax': 35 });
  });

  it('of tax that the order never had is unassigned', () => {
    const untaxed = shippedOrder(
      aFullOrder({
        lines: order.lines.map((line) => ({ ...line, taxes: [] })),
        shipping: { net: 0, taxes: [] },
        total: 1_950,
      }),
    );
    const stated = { lines: [{ lineId: 'L1', subtotal: 200, tax: 12 }] };
    expect(split({ amount: 212, lines: one, stated }, untaxed)).toEqual({ 'line/L1/net': 200, unassigned: 12 });
  });

  it.each([
    ['all of it, with tax on top', 535, { subtotal: 500, tax: 35 }, { net: 500, own: 30, remitted: 5 }],
    ['all of it, with tax inside', 535, { subtotal: 535, tax: 35 }, { net: 500, own: 30, remitted: 5 }],
    ['a part, whose tax nobody tells', 107, { subtotal: 107, tax: 0 }, { net: 100, own: 6, remitted: 1 }],
    ['more than it was', 600, { subtotal: 600, tax: 0 }, { net: 500, own: 30, remitted: 5 }],
  ])('of shipping is %s', (_what, amount, shipping, { net, own, remitted }) => {
    const parts = split({ amount, stated: { lines: [], shipping } });
    expect(parts).toMatchObject({
      'shipping/net': net,
      'shipping/own-tax': own,
      'shipping/marketplace-tax': remitted,
    });
    expect(totalOf(parts)).toBe(amount);
  });
});

describe('shipping beside goods', () => {
  const beside = (amount: number, shipping: { subtotal: number; tax: number }) =>
    split({ amount, lines: one, stated: { lines: [], shipping } });

  it.each([
    ['on top', 356 + 107, { subtotal: 100, tax: 7 }],
    ['inside', 356 + 107, { subtotal: 107, tax: 7 }],
  ])('has its tax %s, as the amount tells', (_where, amount, shipping) => {
    expect(beside(amount, shipping)).toMatchObject({ 'line/L1/net': 333, 'shipping/net': 100, 'shipping/own-tax': 6 });
  });

  it('shares in what was paid less', () => {
    expect(beside(228, { subtotal: 100, tax: 0 })).toMatchObject({ 'line/L1/net': 167, 'shipping/net': 46 });
  });
});

describe('any split', () => {
  const worth = fc.record({ subtotal: fc.nat(3_000), tax: fc.nat(300) });
  const refund: fc.Arbitrary<ChannelSplit> = fc
    .record({
      amount: fc.integer({ min: 1, max: 6_000 }),
      lines: fc.array(
        fc.record({ lineId: fc.constantFrom('L1', 'L2', 'L9'), quantity: fc.integer({ min: 1, max: 4 }) }),
        {
          maxLength: 3,
        },
      ),
      lineWorth: fc.option(worth),
      shipping: fc.option(worth),
    })
    .map(({ amount, lines, lineWorth, shipping }) => ({
      amount,
      lines,
      stated: {
        lines: lineWorth ? [{ lineId: 'L1', ...lineWorth }] : [],
        ...(shipping && { shipping }),
      },
    }));

  it('adds up to what was paid, in parts above zero, and is always taken in', () => {
    fc.assert(
      fc.property(fc.array(refund, { maxLength: 4 }), (refunds) => {
        let state = order;
        for (const [index, { amount, lines, stated }] of refunds.entries()) {
          const parts = splitChannelRefund(state, { amount, lines, ...(stated && { stated }) });
          expect(totalOf(parts)).toBe(amount);
          expect(Object.values(parts).every((part) => part > 0)).toBe(true);
          state = recorded(state, { refundId: `C${index}`, amount, parts, lines });
        }
      }),
    );
  });

  it('by units keeps to the buckets, whatever the order of the refunds', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4], { minLength: 4 }), (units) => {
        let state = order;
        for (const unit of units) {
          const lines = [{ lineId: unit < 4 ? 'L1' : 'L2', quantity: 1 }];
          const amount = unit < 4 ? 356 : 910;
          state = recorded(state, { refundId: `C${unit}`, amount, parts: split({ amount, lines }, state), lines });
        }
        expect(excessOf(state)).toEqual({ order: 0, buckets: {} });
      }),
    );
  });
});

function recorded(state: OpenOrder, share: NewShare): OpenOrder {
  const decision = orderDecider.decide({ type: 'record-refund', origin: 'channel', share }, state);
  if (decision.kind !== 'accepted') throw new Error(JSON.stringify(decision));
  return decision.events.reduce(orderDecider.evolve, state) as OpenOrder;
}
