import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitRefund } from '#connectors/channels/shopify/refund-parts.ts';
import type { RefundsOfOrder, WireTransaction } from '#connectors/channels/shopify/refund-wire.ts';

const transaction = (id: string, amount: string, changes: Partial<WireTransaction> = {}): WireTransaction => ({
  id,
  kind: 'SALE',
  status: 'SUCCESS',
  gateway: `gateway-${id}`,
  amountSet: { shopMoney: { amount, currencyCode: 'USD' }, presentmentMoney: { currencyCode: 'USD' } },
  parentTransaction: null,
  ...changes,
});

const refunded = (parent: string | null, amount: string, status = 'SUCCESS'): WireTransaction =>
  transaction(`r-${parent}-${amount}-${status}`, amount, {
    kind: 'REFUND',
    status,
    parentTransaction: parent === null ? null : { id: parent },
  });

const order = (...transactions: WireTransaction[]): RefundsOfOrder => ({
  currencyCode: 'USD',
  refunds: [],
  transactions,
});

const parts = (given: RefundsOfOrder, amount: number): [string, number][] | string => {
  const split = splitRefund(given, 'USD', amount);
  return split.kind === 'parts' ? split.parts.map((part) => [part.parentId, part.amount]) : split.reason.code;
};

describe('splitting a refund over the payments of an order', () => {
  it('takes one payment where it holds all', () => {
    expect(splitRefund(order(transaction('a', '50.00')), 'USD', 2000)).toEqual({
      kind: 'parts',
      parts: [{ parentId: 'a', gateway: 'gateway-a', amount: 2000 }],
    });
  });

  it('goes on to the next one where it does not', () => {
    expect(parts(order(transaction('a', '10.00'), transaction('b', '40.00')), 3000)).toEqual([
      ['a', 1000],
      ['b', 2000],
    ]);
  });

  it('counts what was refunded of each, also what is on its way, and nothing that failed', () => {
    const paid = [transaction('a', '10.00'), transaction('b', '40.00')];
    const before = [
      refunded('a', '4.00'),
      refunded('a', '3.00', 'PENDING'),
      refunded('b', '40.00', 'FAILURE'),
      refunded('b', '1.00', 'ERROR'),
    ];
    expect(parts(order(...paid, ...before), 4300)).toEqual([
      ['a', 300],
      ['b', 4000],
    ]);
    expect(parts(order(...paid, ...before), 4301)).toBe('REFUND_ABOVE_PAYMENTS');
  });

  it('takes refunds that name no payment off the first ones', () => {
    const paid = [transaction('a', '10.00'), transaction('b', '40.00')];
    expect(parts(order(...paid, refunded(null, '15.00'), refunded('gone', '1.00')), 3400)).toEqual([['b', 3400]]);
    expect(parts(order(...paid, refunded(null, '15.00'), refunded('gone', '1.00')), 3401)).toBe(
      'REFUND_ABOVE_PAYMENTS',
    );
  });

  it('takes captures and sales that went through, and nothing else', () => {
    const authorization = transaction('auth', '99.00', { kind: 'AUTHORIZATION' });
    const pending = transaction('late', '99.00', { status: 'PENDING' });
    const nameless = transaction('none', '99.00', { gateway: null });
    const capture = transaction('c', '20.00', { kind: 'CAPTURE', parentTransaction: { id: 'auth' } });
    expect(parts(order(authorization, pending, nameless, capture), 2000)).toEqual([['c', 2000]]);
    expect(parts(order(authorization, pending, nameless, capture), 2001)).toBe('REFUND_ABOVE_PAYMENTS');
  });

  it('refuses what a person must do by hand', () => {
    const paid = transaction('a', '50.00');
    expect(parts({ ...order(paid), currencyCode: 'CAD' }, 100)).toBe('CURRENCY_MISMATCH');
    const euros = { ...paid, amountSet: { ...paid.amountSet, presentmentMoney: { currencyCode: 'EUR' } } };
    expect(parts(order(euros), 100)).toBe('PAID_IN_OTHER_CURRENCY');
    expect(parts(order(...Array.from({ length: 40 }, (_, at) => transaction(`t${at}`, '1.00'))), 100)).toBe(
      'ORDER_TOO_LONG',
    );
    expect(parts(order(...Array.from({ length: 11 }, (_, at) => transaction(`t${at}`, '1.00'))), 1100)).toBe(
      'ORDER_TOO_LONG',
    );
    const refund = { id: 'r', note: null, transactions: { nodes: [] } };
    expect(parts({ ...order(paid), refunds: Array.from({ length: 20 }, () => refund) }, 100)).toBe('ORDER_TOO_LONG');
  });

  it('always comes to the amount, and to no more than is left of a payment', () => {
    const cents = fc.integer({ min: 0, max: 5000 });
    const payments = fc.array(fc.tuple(cents, cents), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(payments, fc.integer({ min: 1, max: 20_000 }), (given, amount) => {
        const text = (minor: number) => (minor / 100).toFixed(2);
        const transactions = given.flatMap(([paid, back], at) => [
          transaction(`p${at}`, text(paid)),
          refunded(`p${at}`, text(Math.min(paid, back))),
        ]);
        const free = given.map(([paid, back]) => paid - Math.min(paid, back));
        const split = splitRefund(order(...transactions), 'USD', amount);
        if (split.kind === 'refused') {
          expect(amount).toBeGreaterThan(free.reduce((sum, one) => sum + one, 0));
          return;
        }
        expect(split.parts.reduce((sum, part) => sum + part.amount, 0)).toBe(amount);
        for (const part of split.parts) {
          expect(part.amount).toBeGreaterThan(0);
          expect(part.amount).toBeLessThanOrEqual(free[Number(part.parentId.slice(1))] ?? 0);
        }
      }),
    );
  });
});
