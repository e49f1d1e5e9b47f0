import { describe, expect, it } from 'vitest';
import { rules as amazonRules } from '#connectors/settlements/amazon-v2/rules.ts';
import { dateIn, lastDayOf, monthIn } from '#core/kernel/calendar.ts';
import { ExactSum } from '#core/settlements/exact-sum.ts';
import { marginOf, sumMargins } from '#core/settlements/margin.ts';
import { classifier, withOwnRules } from '#core/settlements/rules.ts';

describe('rules', () => {
  it('take the one with the most words written out, and have no default', () => {
    const classify = classifier({
      name: 'x',
      version: '2026-11-01',
      rules: [
        { words: '*/Fee/*', class: { kind: 'fee', fee: 'any' } },
        { words: 'Order/Fee/*', class: { kind: 'fee', fee: 'order' } },
        { words: 'Order/Fee/Late', class: { kind: 'fee', fee: 'late' } },
      ],
    });
    expect(['Order/Fee/Late', 'Order/Fee/X', 'Refund/Fee/X'].map(classify)).toEqual(
      ['late', 'order', 'any'].map((fee) => ({ kind: 'fee', fee })),
    );
    expect(classify('Order/Fee')).toBeUndefined();
    expect(classify('Order/Price/Late')).toBeUndefined();
  });

  it('an account’s own come first', () => {
    const own = withOwnRules(
      [{ words: 'Order/ItemFees/NewFee', class: { kind: 'fee', fee: 'new' } }],
      amazonRules,
      '2026-12-01',
    );
    expect(classifier(own)('Order/ItemFees/NewFee')).toEqual({ kind: 'fee', fee: 'new' });
    expect(classifier(amazonRules)('Order/ItemFees/NewFee')).toBeUndefined();
  });
});

describe('months', () => {
  it('end where the books’ zone says', () => {
    const berlin = monthIn('Europe/Berlin');
    expect(['2026-10-31T22:59:59Z', '2026-10-31T23:00:00Z', '2026-10-31T22:44:00Z'].map(berlin)).toEqual([
      '2026-10',
      '2026-11',
      '2026-10',
    ]);
    const katmandu = monthIn('Asia/Kathmandu');
    expect(['2026-10-31T18:14:59Z', '2026-10-31T18:15:00Z'].map(katmandu)).toEqual(['2026-10', '2026-11']);
    expect(dateIn('Pacific/Auckland', '2026-10-31T12:00:00Z')).toBe('2026-11-01');
    expect(['2026-02', '2028-02', '2026-12'].map(lastDayOf)).toEqual(['2026-02-28', '2028-02-29', '2026-12-31']);
  });
});

describe('sums', () => {
  it('are exact beyond what a number holds', () => {
    const sum = new ExactSum();
    for (let times = 0; times < 5; times++) sum.add(Number.MAX_SAFE_INTEGER);
    sum.add(1);
    expect(sum.total).toBe(5n * BigInt(Number.MAX_SAFE_INTEGER) + 1n);
  });
});

describe('margin', () => {
  it('is sale less cost, fees, refunds and shipping; what is the order’s lies on its articles to the cent', () => {
    const rows = marginOf(
      'A',
      'USD',
      [
        { sku: 'MUG', units: 2, amounts: { sale: 2_000, 'tax/seller': 140, 'fee/commission': -300 } },
        { sku: 'CUP', units: 1, amounts: { sale: 1_000, 'refund/sale': -1_000 } },
        { sku: '', units: 0, amounts: { 'fee/shipping-label': -500, shipping: 100 } },
      ],
      new Map([['MUG', { minor: 400, currency: 'USD' }]]),
    );
    expect(rows).toEqual([
      {
        orderId: 'A',
        sku: 'MUG',
        currency: 'USD',
        units: 2,
        sale: 2_067,
        cost: 800,
        fees: 300,
        refunds: 0,
        shipping: 333,
        other: 0,
        margin: 634,
      },
      {
        orderId: 'A',
        sku: 'CUP',
        currency: 'USD',
        units: 1,
        sale: 1_033,
        fees: 0,
        refunds: 1_000,
        shipping: 167,
        other: 0,
        margin: -134,
      },
    ]);
    expect(sumMargins(rows, 'channel')).toEqual([
      {
        orderId: '',
        sku: '',
        currency: 'USD',
        units: 3,
        sale: 3_100,
        fees: 300,
        refunds: 1_000,
        shipping: 500,
        other: 0,
        margin: 1_300,
      },
    ]);
  });
});
