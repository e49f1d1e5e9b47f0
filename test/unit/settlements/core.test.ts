import { describe, expect, it } from 'vitest';
import { rules as amazonRules } from '#connectors/settlements/amazon-v2/rules.ts';
import { dateIn, lastDayOf, monthIn } from '#core/kernel/calendar.ts';
import { adjustmentOf } from '#core/settlements/adjustment.ts';
import { ageBucket } from '#core/settlements/difference.ts';
import { ExactSum } from '#core/settlements/exact-sum.ts';
import { journalOf, MOST_JOURNAL_LINES, type PostingTerms } from '#core/settlements/journal.ts';
import type { Amounts, SettlementHeader } from '#core/settlements/line.ts';
import { marginOf, sumMargins } from '#core/settlements/margin.ts';
import {
  depositDifferences,
  type MatchTerms,
  matchOrder,
  notSettled,
  type OrderToMatch,
} from '#core/settlements/match.ts';
import { classifier, withOwnRules } from '#core/settlements/rules.ts';
import type { SettledOrder } from '#core/settlements/settled-order.ts';
import type { SettlementTotals } from '#core/settlements/totals.ts';

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

const HEADER: SettlementHeader = {
  id: { channel: 'amazon', account: 'main', settlementId: 'S1' },
  format: 'amazon-v2',
  currency: 'USD',
  depositDate: '2026-11-04',
  announced: 9_000,
  told: 'by-part',
};
const totals = (months: SettlementTotals['months'], more: Partial<SettlementTotals> = {}): SettlementTotals => ({
  lines: 3,
  sum: Object.values(months)
    .flatMap((amounts) => Object.values(amounts))
    .reduce((sum: number, one) => sum + (one ?? 0), 0),
  months,
  unclassified: [],
  ...more,
});
const BOOKS: PostingTerms = { timeZone: 'UTC', detail: 'summary' };
const MONTHS = {
  '2026-10': { sale: 10_000, 'fee/commission': -1_500 },
  '2026-11': { sale: 600, 'reserve/held': -100 },
} as const;

describe('the journal', () => {
  it('has a move for each month, and the deposit’s month takes over what the others hold', () => {
    expect(journalOf(HEADER, totals(MONTHS), BOOKS)).toEqual({
      kind: 'ready',
      parts: [
        {
          settlement: HEADER.id,
          part: '2026-10',
          date: '2026-10-31',
          currency: 'USD',
          description: 'settlement S1 of amazon/main, 2026-10',
          lines: [
            { account: 'receivable', label: 'sale', amount: -10_000 },
            { account: 'fee/commission', label: 'fee: commission', amount: 1_500 },
            { account: 'in-transit', label: 'paid out in 2026-11', amount: 8_500 },
          ],
        },
        {
          settlement: HEADER.id,
          part: '2026-11',
          date: '2026-11-04',
          currency: 'USD',
          description: 'settlement S1 of amazon/main, 2026-11',
          lines: [
            { account: 'receivable', label: 'sale', amount: -600 },
            { account: 'reserve', label: 'reserve held', amount: 100 },
            { account: 'deposit', label: 'deposit', amount: 9_000 },
            { account: 'in-transit', label: 'of other months', amount: -8_500 },
          ],
        },
      ],
    });
  });

  it('dates what belongs to a closed month on the first open day, and says so', () => {
    const journal = journalOf(HEADER, totals(MONTHS), { ...BOOKS, closedThrough: '2026-10-31' });
    expect(
      journal.kind === 'ready' && journal.parts.map(({ part, date, description }) => [part, date, description]),
    ).toEqual([
      ['2026-10', '2026-11-01', 'settlement S1 of amazon/main, 2026-10 (of 2026-10-31; closed through 2026-10-31)'],
      ['2026-11', '2026-11-04', 'settlement S1 of amazon/main, 2026-11'],
    ]);
  });

  it('posts nothing while a cent is unexplained or a word unknown', () => {
    expect(journalOf({ ...HEADER, announced: 9_001 }, totals(MONTHS), BOOKS)).toMatchObject({
      kind: 'blocked',
      reasons: [{ code: 'SETTLEMENT_RESIDUAL' }],
    });
    const unknown = totals(MONTHS, { unclassified: [{ source: 'Order/X/Y', lines: 1, amount: 0, at: 7 }] });
    expect(journalOf(HEADER, unknown, BOOKS)).toEqual({
      kind: 'blocked',
      reasons: [
        {
          code: 'SETTLEMENT_UNCLASSIFIED',
          message: '1 lines have words that no rule knows ("Order/X/Y" at line 7): add a rule for them',
        },
      ],
    });
  });

  it('keeps the marketplace’s tax out of the receivable: collected and withheld meet', () => {
    const months = { '2026-11': { sale: 9_000, 'tax/seller': 1_000, 'tax/marketplace': -1_000 } } as const;
    const journal = journalOf(HEADER, totals(months), BOOKS);
    const lines = journal.kind === 'ready' ? (journal.parts[0]?.lines ?? []) : [];
    const on = (account: string) =>
      lines.filter((line) => line.account === account).reduce((sum, { amount }) => sum + amount, 0);
    expect([on('receivable'), on('marketplace-tax'), on('deposit')]).toEqual([-9_000, 0, 9_000]);
    expect(lines.filter(({ account }) => account === 'marketplace-tax')).toHaveLength(2);
  });

  it('clears the receivable order by order, when the orders come to it', () => {
    const per = { ...BOOKS, detail: 'per-order' as const };
    const months = { '2026-11': { sale: 10_000, 'fee/commission': -1_000 } } as const;
    const orders = {
      '2026-11': [
        { orderId: 'A', amount: 6_000 },
        { orderId: 'B', amount: 4_000 },
      ],
    };
    const journal = journalOf(HEADER, totals(months), per, orders);
    expect(journal.kind === 'ready' && journal.parts[0]?.lines.map(({ label, amount }) => [label, amount])).toEqual([
      ['order A', -6_000],
      ['order B', -4_000],
      ['fee: commission', 1_000],
      ['deposit', 9_000],
    ]);
    expect(journalOf(HEADER, totals(months), per, { '2026-11': [{ orderId: 'A', amount: 6_000 }] })).toMatchObject({
      kind: 'blocked',
      reasons: [{ code: 'SETTLEMENT_RECEIVABLES_DISAGREE' }],
    });
    const many = Array.from({ length: MOST_JOURNAL_LINES + 1 }, (_, index) => ({ orderId: String(index), amount: 1 }));
    expect(journalOf(HEADER, totals(months), per, { '2026-11': many })).toMatchObject({
      reasons: [{ code: 'SETTLEMENT_JOURNAL_TOO_LONG' }],
    });
  });

  it('names a deposit that is not what was announced', () => {
    const asOf = '2026-11-10T00:00:00Z';
    expect(depositDifferences(HEADER, totals(MONTHS), { asOf, banked: 9_000 })).toEqual([]);
    expect(depositDifferences(HEADER, totals(MONTHS), { asOf, banked: 8_990 })).toMatchObject([
      { cause: 'unannounced-deposit-difference', about: 'deposit', amount: 10, ageDays: 6, owner: 'finance' },
    ]);
  });
});

describe('a settlement that is collected again', () => {
  const posted = { announced: 9_000, currency: 'USD', months: MONTHS, key: 'erp/journal/amazon/main/S1/2026-10' };
  const again = { ...BOOKS, sequence: 1, date: '2026-11-18' };

  it('adds nothing when nothing has changed', () => {
    expect(adjustmentOf(posted, HEADER, totals(MONTHS), again)).toEqual({ kind: 'ready', parts: [] });
  });

  it('adds the difference alone, and refers to the first posting', () => {
    const months = { ...MONTHS, '2026-10': { sale: 10_000, 'fee/commission': -1_600 } } as const;
    const journal = adjustmentOf(posted, { ...HEADER, announced: 8_900 }, totals(months), again);
    expect(
      journal.kind === 'ready' &&
        journal.parts.map(({ part, adjusts, date, lines }) => ({ part, adjusts, date, lines })),
    ).toEqual([
      {
        part: 'adjustment/1/2026-10',
        adjusts: posted.key,
        date: '2026-10-31',
        lines: [
          { account: 'fee/commission', label: 'fee: commission', amount: 100 },
          { account: 'in-transit', label: 'paid out in 2026-11', amount: -100 },
        ],
      },
      {
        part: 'adjustment/1/2026-11',
        adjusts: posted.key,
        date: '2026-11-18',
        lines: [
          { account: 'deposit', label: 'deposit', amount: -100 },
          { account: 'in-transit', label: 'of other months', amount: 100 },
        ],
      },
    ]);
  });

  it('is blocked by a residual as a first posting is', () => {
    expect(adjustmentOf(posted, { ...HEADER, announced: 8_900 }, totals(MONTHS), again)).toMatchObject({
      kind: 'blocked',
    });
    expect(adjustmentOf({ ...posted, currency: 'EUR' }, HEADER, totals(MONTHS), again)).toMatchObject({
      reasons: [{ code: 'SETTLEMENT_CURRENCY_CHANGED' }],
    });
  });
});

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
