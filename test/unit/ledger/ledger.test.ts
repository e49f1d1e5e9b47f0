import { describe, expect, it } from 'vitest';
import { CHART } from '#core/ledger/accounts.ts';
import { addParts, capturedParts, fitParts, lineOfBucket, totalOf } from '#core/ledger/buckets.ts';
import { entryOf, type MoneyFact } from '#core/ledger/entries.ts';
import { balances, type Entry, type Ledger, openLedger, post, postAll, trialBalance } from '#core/ledger/ledger.ts';
import { ledgerOf } from '#core/ledger/of-order.ts';
import type { RefundShare } from '#core/orders/state.ts';
import { aFullOrder } from '../../support/orders.ts';
import { shippedOrder } from '../returns/samples.ts';

const order = aFullOrder();
const books = (...facts: readonly MoneyFact[]): Ledger =>
  postAll(
    openLedger('USD'),
    facts.map((fact) => entryOf(fact, 'USD')),
  );
const saldo = (...facts: readonly MoneyFact[]) => Object.fromEntries(balances(books(...facts)));

const captured: MoneyFact = { type: 'captured', order };
const share = { refundId: 'R1', amount: 353, parts: { 'line/L1/net': 333, 'line/L1/own-tax': 20 } };

const SOLD = {
  receivable: 2_617,
  'sale/L1': -1_200,
  'sale/L2': -850,
  'discount/L1': 200,
  shipping: -500,
  'fee/tip': -100,
  'own-tax/line/L1': -61,
  'own-tax/line/L2': -51,
  'own-tax/shipping': -30,
  'marketplace-tax/line/L1': -11,
  'marketplace-tax/line/L2': -9,
  'marketplace-tax/shipping': -5,
};

describe('the books of an order', () => {
  it('keep sale, discount, shipping, fees and each kind of tax apart', () => {
    expect(saldo(captured)).toEqual(SOLD);
  });

  it('hold money for a refund, then pay it or give it up', () => {
    const held = { 'refund-pending/line/L1/net': 333, 'refund-pending/line/L1/own-tax': 20, buyer: -353 };
    expect(saldo(captured, { type: 'refund-reserved', share })).toEqual({ ...SOLD, ...held });
    const paid = { receivable: 2_617 - 353, 'refund/line/L1/net': 333, 'refund/line/L1/own-tax': 20 };
    expect(saldo(captured, { type: 'refund-reserved', share }, { type: 'refund-settled', share })).toEqual({
      ...SOLD,
      ...paid,
    });
    expect(saldo(captured, { type: 'refund-reserved', share }, { type: 'refund-freed', share })).toEqual(SOLD);
    expect(saldo(captured, { type: 'channel-refund', share })).toEqual({ ...SOLD, ...paid });
  });

  it('follow an amendment', () => {
    const less = aFullOrder({ fees: [] });
    const { 'fee/tip': _tip, ...sold } = SOLD;
    expect(saldo(captured, { type: 'amended', from: order, to: less })).toEqual({ ...sold, receivable: 2_517 });
  });

  it('are closed by a settlement: fees, remitted tax and payout leave nothing owed', () => {
    const withheld = { 'line/L1/marketplace-tax': 11, 'line/L2/marketplace-tax': 9, 'shipping/marketplace-tax': 5 };
    const settled = saldo(
      captured,
      { type: 'channel-refund', share },
      { type: 'fee-charged', ref: 'S1', name: 'commission', amount: 300 },
      { type: 'tax-withheld', ref: 'S1', parts: withheld },
      { type: 'paid-out', ref: 'S1', amount: 2_617 - 353 - 300 - 25 },
    );
    expect(settled).toMatchObject({ 'channel-fee/commission': 300, payout: 1_939 });
    expect(Object.keys(settled)).not.toContain('receivable');
    expect(Object.keys(settled).filter((account) => account.startsWith('marketplace-tax'))).toEqual([]);
  });

  it('have an account in the chart for every posting', () => {
    const facts: MoneyFact[] = [captured, { type: 'refund-reserved', share }, { type: 'channel-refund', share }];
    for (const { account } of books(...facts).entries.flatMap(({ postings }) => postings)) {
      expect(Object.keys(CHART)).toContain(account.split('/')[0]);
    }
  });

  it('are read off the order’s state', () => {
    const pending: RefundShare = { ...share, lines: [], status: 'pending', origin: 'crossdock' };
    const settled: RefundShare = { ...pending, refundId: 'R2', status: 'settled' };
    const own: RefundShare = { ...settled, refundId: 'shopify-3', origin: 'channel' };
    const state = { ...shippedOrder(order), refunds: [pending, settled, own] };
    expect(ledgerOf(state)).toEqual(
      books(
        { type: 'captured', order: state },
        { type: 'refund-reserved', share: pending },
        { type: 'refund-reserved', share: settled },
        { type: 'refund-settled', share: settled },
        { type: 'channel-refund', share: own },
      ),
    );
  });
});

describe('an entry', () => {
  const entry = (postings: Entry['postings'], currency = 'USD'): Entry => ({
    kind: 'captured',
    ref: 'x',
    currency,
    postings,
  });

  it.each<[string, Entry]>([
    ['off balance by 1', entry([{ account: 'receivable', amount: 1 }])],
    ['in EUR, the ledger in USD', entry([], 'EUR')],
    [
      'whole minor units',
      entry([
        { account: 'receivable', amount: 0.5 },
        { account: 'sale/L1', amount: -0.5 },
      ]),
    ],
  ])('is refused when it is not sound: %s', (words, unfit) => {
    expect(() => post(openLedger('USD'), unfit)).toThrow(words);
  });

  it('of a refund is off balance when its parts are not its amount', () => {
    expect(() => books({ type: 'refund-reserved', share: { ...share, amount: 354 } })).toThrow('refund-reserved R1');
    expect(() => books({ type: 'channel-refund', share: { ...share, amount: 354 } })).toThrow('channel-refund R1');
  });
});

describe('a trial balance', () => {
  it('lists accounts as the chart does, and both sides are the same', () => {
    const { rows, debit, credit } = trialBalance(books(captured));
    expect(rows.map(({ account }) => account)).toEqual([
      'receivable',
      'sale/L1',
      'sale/L2',
      'discount/L1',
      'shipping',
      'fee/tip',
      'own-tax/line/L1',
      'own-tax/line/L2',
      'own-tax/shipping',
      'marketplace-tax/line/L1',
      'marketplace-tax/line/L2',
      'marketplace-tax/shipping',
    ]);
    expect([debit, credit]).toEqual([2_817, 2_817]);
  });
});

describe('buckets', () => {
  it('sum to what was paid', () => expect(totalOf(capturedParts(order))).toBe(order.total));

  it('of one name are one, and empty ones are none', () => {
    const fees = [
      { kind: 'tip', net: 2 },
      { kind: 'tip', net: 3 },
      { kind: 'duties', net: 0 },
    ];
    expect(capturedParts({ lines: [], shipping: { net: 0, taxes: [] }, fees })).toEqual({ 'fee/tip': 5 });
    expect(addParts({ a: 1 }, { a: -1, b: 2 })).toEqual({ b: 2 });
  });

  it('know their line, whatever its id', () => {
    expect(lineOfBucket('line/a/b/own-tax')).toBe('a/b');
    expect(lineOfBucket('shipping/net')).toBeUndefined();
    expect(lineOfBucket('fee/line/L1/net')).toBeUndefined();
  });

  it('fit another total: less by largest remainder, more unassigned', () => {
    expect(fitParts({ a: 10, b: 20, c: 5 }, 17)).toEqual({ a: 5, b: 10, c: 2 });
    expect(fitParts({ a: 10 }, 13)).toEqual({ a: 10, unassigned: 3 });
    expect(fitParts({ a: 10 }, 0)).toEqual({});
    expect(fitParts({}, 3)).toEqual({ unassigned: 3 });
    expect(fitParts({}, 0)).toEqual({});
  });
});
