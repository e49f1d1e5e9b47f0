import { describe, expect, it } from 'vitest';
import { ageBucket } from '#core/settlements/difference.ts';
import type { Amounts } from '#core/settlements/line.ts';
import { type MatchTerms, matchOrder, notSettled, type OrderToMatch } from '#core/settlements/match.ts';
import type { SettledOrder } from '#core/settlements/settled-order.ts';

const TERMS: MatchTerms = { told: 'by-part', asOf: '2026-11-20T00:00:00Z' };

/** A mug of 100.00 with 10.00 off, delivery 5.00, 7.00 own tax and 3.00 that the marketplace remits: 105.00 in all. */
const ORDER: OrderToMatch = {
  placedAt: '2026-10-29T08:00:00Z',
  currency: 'USD',
  lines: [
    {
      lineId: 'L1',
      sku: 'MUG',
      quantity: 2,
      net: 9_000,
      discount: 1_000,
      shipped: 2,
      fulfilledInChannel: 2,
      returning: 0,
      refunded: 0,
      taxes: [
        { amount: 700, collectedBy: 'seller' },
        { amount: 300, collectedBy: 'marketplace' },
      ],
    },
  ],
  shipping: { net: 500, taxes: [] },
  fees: [],
  total: 10_500,
  refunds: [],
};

const SETTLED: Amounts = {
  sale: 10_000,
  discount: -1_000,
  shipping: 500,
  'tax/seller': 1_000,
  'tax/marketplace': -300,
  'fee/commission': -1_350,
};

const settled = (amounts: Amounts, more: Partial<SettledOrder> = {}): SettledOrder => ({
  orderId: '5001',
  currency: 'USD',
  amounts,
  lines: 6,
  from: '2026-11-01T00:00:00Z',
  until: '2026-11-02T00:00:00Z',
  ...more,
});

const causes = (of: SettledOrder, order: OrderToMatch | undefined = ORDER, terms: MatchTerms = TERMS) =>
  matchOrder(of, order, terms).differences.map(({ cause, about, amount, waitsFor }) =>
    [cause, about, amount, waitsFor].filter((one) => one !== undefined),
  );

describe('matching an order', () => {
  it('agrees when every part does, and says what the order brings', () => {
    expect(matchOrder(settled(SETTLED), ORDER, TERMS)).toEqual({
      orderId: '5001',
      currency: 'USD',
      payout: 8_850,
      differences: [],
    });
  });

  it('takes a promotion on the delivery, or a price with tax in it, for what they are', () => {
    expect(causes(settled({ ...SETTLED, sale: 9_500, discount: -500 }))).toEqual([]);
    expect(causes(settled({ sale: 9_700, shipping: 500 }))).toEqual([]);
  });

  it('names an order that is not known, with its age and its owner', () => {
    expect(matchOrder(settled(SETTLED), undefined, TERMS).differences).toEqual([
      {
        cause: 'missing-order',
        orderId: '5001',
        about: 'order',
        channel: 8_850,
        ledger: 0,
        amount: 8_850,
        currency: 'USD',
        waitsFor: 'order',
        since: '2026-11-01T00:00:00Z',
        ageDays: 19,
        owner: 'integration',
      },
    ]);
  });

  it.each<[string, Amounts, unknown[]]>([
    ['goods', { ...SETTLED, sale: 9_000 }, [['amount-differs', 'goods', -1_000]]],
    ['delivery', { ...SETTLED, shipping: 700 }, [['amount-differs', 'shipping', 200]]],
    ['a cent', { ...SETTLED, sale: 10_001 }, [['rounding', 'goods', 1]]],
    ['own tax', { ...SETTLED, 'tax/seller': 1_100 }, [['tax-difference', 'own-tax', 100]]],
    [
      'tax that lies with the goods',
      { ...SETTLED, sale: 10_100, 'tax/seller': 900 },
      [['tax-difference', 'own-tax', -100]],
    ],
    [
      'tax withheld that is the seller’s',
      { ...SETTLED, 'tax/marketplace': -500 },
      [['tax-difference', 'own-tax', -200]],
    ],
    [
      'tax of the marketplace',
      { ...SETTLED, 'tax/seller': 1_200, 'tax/marketplace': -500 },
      [['tax-difference', 'marketplace-tax', 200]],
    ],
    ['nothing that was sold', { 'fee/commission': -100 }, [['not-settled', 'paid', -10_500, 'settlement']]],
    ['a chargeback', { ...SETTLED, chargeback: -10_500 }, [['chargeback', 'chargeback', -10_500]]],
    ['a refund that is not known', { ...SETTLED, 'refund/sale': -500 }, [['late-refund', 'refund', -500, 'order']]],
  ])('names what differs: %s', (_name, amounts, expected) => {
    expect(causes(settled(amounts))).toEqual(expected);
  });

  const refunded = (status: 'settled' | 'pending'): OrderToMatch => ({
    ...ORDER,
    refunds: [
      {
        refundId: 'R1',
        amount: 4_700,
        parts: { 'line/L1/net': 4_500, 'line/L1/marketplace-tax': 200 },
        lines: [],
        status,
        origin: 'crossdock',
      },
    ],
  });
  const given = { ...SETTLED, 'refund/sale': -4_500, 'refund/own-tax': -200, 'refund/marketplace-tax': 200 } as Amounts;

  it('holds refunds against refunds, without the marketplace’s tax', () => {
    expect(causes(settled(given), refunded('settled'))).toEqual([]);
    expect(causes(settled(SETTLED), refunded('settled'))).toEqual([['late-refund', 'refund', 4_500, 'settlement']]);
    expect(causes(settled(given), refunded('pending'))).toEqual([]);
    expect(causes(settled(SETTLED), refunded('pending'))).toEqual([]);
  });

  it('an order of which a part is not shipped waits for the rest', () => {
    const [line] = ORDER.lines;
    const order = { ...ORDER, lines: line ? [{ ...line, shipped: 1 }] : [] };
    expect(causes(settled({ ...SETTLED, sale: 5_000 }), order)).toEqual([
      ['not-settled', 'goods', -5_000, 'settlement'],
    ]);
    expect(causes(settled({ ...SETTLED, sale: 12_000 }), order)).toEqual([['amount-differs', 'goods', 2_000]]);
  });

  it('one amount for all is held against what the buyer paid, or against what the seller is owed', () => {
    expect(causes(settled({ sale: 10_500 }), ORDER, { ...TERMS, told: 'as-charged' })).toEqual([]);
    expect(causes(settled({ sale: 10_200 }), ORDER, { ...TERMS, told: 'as-owed' })).toEqual([]);
    expect(causes(settled({ sale: 10_500 }), ORDER, { ...TERMS, told: 'as-owed' })).toEqual([
      ['amount-differs', 'paid', 300],
    ]);
  });

  it('another currency is matched in the order’s own, or named as FX where nobody says it', () => {
    const euro = { currency: 'EUR', amounts: { sale: 9_660 } };
    expect(causes(settled(euro.amounts, euro), ORDER, { ...TERMS, told: 'as-charged' })).toEqual([
      ['fx', 'paid', 9_660],
    ]);
    const origin = { currency: 'USD', amounts: { sale: 10_500 }, partly: [] };
    expect(causes(settled(euro.amounts, { ...euro, origin }), ORDER, { ...TERMS, told: 'as-charged' })).toEqual([]);
    const half = { ...origin, partly: ['sale' as const] };
    expect(causes(settled(euro.amounts, { ...euro, origin: half }), ORDER, { ...TERMS, told: 'as-charged' })).toEqual([
      ['fx', 'paid', 9_660],
    ]);
  });

  it('fees are held against what was agreed', () => {
    const agreed = (basisPoints: number, minimum?: number): MatchTerms => ({
      ...TERMS,
      agreements: [{ fee: 'commission', basisPoints, of: 'goods', ...(minimum !== undefined && { minimum }) }],
    });
    expect(causes(settled(SETTLED), ORDER, agreed(1_500))).toEqual([]);
    expect(causes(settled(SETTLED), ORDER, agreed(1_200))).toEqual([['fee-change', 'fee/commission', -270]]);
    expect(causes(settled(SETTLED), ORDER, agreed(100, 1_350))).toEqual([]);
  });

  it('an order that no settlement speaks of is open since it was placed', () => {
    expect(notSettled('5001', ORDER, TERMS.asOf)).toMatchObject({
      cause: 'not-settled',
      amount: -10_500,
      ageDays: 21,
      owner: 'finance',
    });
  });

  it('ages lie in buckets without gaps', () => {
    expect([0, 7, 8, 14, 15, 30, 31, 60, 61].map(ageBucket)).toEqual([
      '0-7',
      '0-7',
      '8-14',
      '8-14',
      '15-30',
      '15-30',
      '31-60',
      '31-60',
      '61+',
    ]);
  });
});
