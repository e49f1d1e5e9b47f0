import { describe, expect, it } from 'vitest';
import { conservation, differenceText } from '#core/ledger/conservation.ts';
import type { OpenOrder, RefundShare } from '#core/orders/state.ts';
import { aFullOrder } from '../../support/orders.ts';
import { refundOf, unassigned } from '../../support/refunds.ts';
import { shippedOrder } from '../returns/samples.ts';

const order = shippedOrder(aFullOrder());
const share = (changes: Partial<RefundShare> = {}): RefundShare => ({
  ...refundOf(order, 'R1', [{ lineId: 'L1', quantity: 1 }]),
  status: 'pending',
  origin: 'crossdock',
  ...changes,
});
const of = (changes: Partial<OpenOrder>) => conservation({ ...order, ...changes });

describe('conservation of an order’s money', () => {
  it('is proved, with what is held and what is left', () => {
    const refunds = [share(), share({ refundId: 'R2', status: 'settled' })];
    expect(of({ refunds })).toEqual({
      conserved: true,
      currency: 'USD',
      captured: 2_617,
      refundedSettled: 356,
      refundedPending: 356,
      remaining: 2_617 - 712,
      differences: [],
    });
  });

  it('holds to the last cent, and for a rebate among the fees', () => {
    expect(of({ refunds: [{ ...share(), ...unassigned('R1', 2_617) }] })).toMatchObject({
      conserved: true,
      remaining: 0,
    });
    expect(of({ fees: [{ kind: 'rebate', net: -100 }], total: 2_417 }).conserved).toBe(true);
  });

  it('names an order whose parts are not what was paid', () => {
    expect(of({ total: 2_618 })).toMatchObject({
      conserved: false,
      differences: [{ kind: 'capture-disagrees', paid: 2_618, parts: 2_617 }],
    });
  });

  it('names a refund whose parts are not its amount', () => {
    expect(of({ refunds: [share({ amount: 357 })] }).differences).toMatchObject([
      { kind: 'refund-parts', refundId: 'R1', amount: 357, parts: 356 },
      { kind: 'entry-refused', message: expect.stringContaining('refund-reserved R1 is off balance by -1') },
    ]);
    const unsound = { 'line/L1/net': 400, 'line/L1/own-tax': -44 };
    expect(of({ refunds: [share({ parts: unsound })] }).differences).toMatchObject([{ kind: 'refund-parts' }]);
  });

  it('names what the channel refunded too much: of a bucket, and of the order', () => {
    const own = share({ ...unassigned('shopify-8', 2_000), status: 'settled', origin: 'channel' });
    const parts = { 'line/L1/net': 900 };
    const line = share({ refundId: 'shopify-9', amount: 900, parts, status: 'settled', origin: 'channel' });
    const { conserved, remaining, differences } = of({ refunds: [share(), own, line] });
    expect([conserved, remaining]).toEqual([false, -639]);
    expect(differences).toMatchObject([
      { kind: 'over-refunded', ceiling: { scope: 'order', left: -639 }, refundIds: ['R1', 'shopify-8', 'shopify-9'] },
      {
        kind: 'over-refunded',
        ceiling: { name: 'line/L1/net', captured: 1_000, settled: 900, pending: 333, left: -233 },
        refundIds: ['R1', 'shopify-9'],
      },
    ]);
  });

  it('says each in words', () => {
    const own = share({ ...unassigned('shopify-8', 2_618), status: 'settled', origin: 'channel' });
    const told = (changes: Partial<OpenOrder>) =>
      of(changes).differences.map((one) => differenceText(one, (minor) => `${minor}c`));
    expect(told({ total: 2_618 })).toEqual(["the channel says that 2618c was paid, the order's parts come to 2617c"]);
    expect(told({ refunds: [share({ amount: 357 })] })[0]).toBe('refund R1 is over 357c, its parts come to 356c');
    expect(told({ refunds: [own] })).toEqual([
      '1c too much on the order: 2617c paid, 2618c refunded, 0c pending (shopify-8)',
    ]);
    expect(told({ refunds: [share({ amount: 357 })] })[1]).toContain('off balance');
  });
});
