import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conservation } from '#core/ledger/conservation.ts';
import { balances, trialBalance } from '#core/ledger/ledger.ts';
import { ledgerOf } from '#core/ledger/of-order.ts';
import { settlementBalance, settlementFacts } from '#core/ledger/settled.ts';
import { orderDecider } from '#core/orders/decider.ts';
import { MOST_CLASSES, MOST_SETTLEMENTS, type OpenOrder, type SettlementShare } from '#core/orders/state.ts';
import type { Amounts } from '#core/settlements/line.ts';
import { specify } from '../../support/given.ts';
import { aFullOrder, anOrder } from '../../support/orders.ts';

const { after: stateAfter, given } = specify(orderDecider);
const at = '2026-11-23T08:15:00Z';

const share = (
  settlementId: string,
  amounts: Amounts | undefined,
  more: Partial<SettlementShare> = {},
): SettlementShare => ({
  settlementId,
  revision: 1,
  ...(amounts && { currency: 'USD', amounts, lines: 3, from: at, until: at }),
  ...more,
});

const orderWith = (order: ReturnType<typeof anOrder>, ...shares: SettlementShare[]): OpenOrder =>
  stateAfter(
    { type: 'take-channel-order', order },
    ...shares.map((one) => ({ type: 'record-settlement', share: one }) as const),
  ) as OpenOrder;

/** All of a full order as a marketplace pays it: goods, delivery, the tip, own tax, less 10 % commission; its own tax comes and goes. */
const ALL: Amounts = {
  sale: 1_000 + 850 + 100,
  shipping: 500,
  'tax/seller': 61 + 51 + 30,
  'tax/marketplace': 0,
  'fee/commission': -245,
};

describe('what settlements add to the ledger of an order', () => {
  it('clears it: sale − fees = payout, and the marketplace keeps its tax', () => {
    const order = orderWith(aFullOrder(), share('S1', ALL));
    expect(settlementBalance(order)).toEqual({
      ...{ currency: 'USD', captured: 2_617, refunded: 0, kept: 245, withheld: 25, paidOut: 2_347, open: 0 },
      ...{ standing: 'settled', since: at },
    });
    const ledger = ledgerOf(order);
    expect(balances(ledger).get('receivable')).toBeUndefined();
    expect(balances(ledger).get('channel-fee/commission')).toBe(245);
    expect(balances(ledger).get('marketplace-tax/line/L1')).toBeUndefined();
    expect(trialBalance(ledger).debit).toBe(trialBalance(ledger).credit);
    expect(conservation(order).conserved).toBe(true);
  });

  it('leaves open what no line pays', () => {
    expect(settlementBalance(orderWith(aFullOrder())).standing).toBe('unsettled');
    const { sale: _sale, ...rest } = ALL;
    expect(settlementBalance(orderWith(aFullOrder(), share('S1', rest)))).toMatchObject({
      open: 1_950,
      standing: 'open',
    });
  });

  it('takes off the receivable what a chargeback takes back, and keeps open what is held in reserve', () => {
    const order = orderWith(aFullOrder(), share('S1', { ...ALL, chargeback: -2_347, 'reserve/held': -100 }));
    expect(settlementBalance(order)).toMatchObject({ kept: 245 + 2_347, paidOut: -100, open: 100 });
  });

  it('is the same where a channel tells all tax as the seller’s and takes its own off again', () => {
    const all = { ...ALL, 'tax/seller': 142 + 25, 'tax/marketplace': -25 };
    expect(settlementBalance(orderWith(aFullOrder(), share('S1', all)))).toMatchObject({ withheld: 25, open: 0 });
  });

  it('takes off only what of the marketplace’s tax does not reach the seller', () => {
    const order = orderWith(aFullOrder(), share('S1', { ...ALL, 'tax/marketplace': 25 }));
    expect(settlementBalance(order)).toMatchObject({ withheld: 0, paidOut: 2_372, open: 0 });
  });

  it('takes the order’s own currency where the channel converts, and nothing where it does not say so', () => {
    const foreign = { currency: 'EUR', amounts: { sale: 1_800 }, lines: 1, from: at, until: at };
    const told = { ...foreign, origin: { currency: 'USD', amounts: ALL, partly: [] } };
    const base = { settlementId: 'S1', revision: 1 };
    expect(settlementBalance(orderWith(aFullOrder(), { ...base, ...told })).open).toBe(0);
    expect(settlementFacts(orderWith(aFullOrder(), { ...base, ...foreign }))).toEqual([]);
    const partly = { ...told, origin: { ...told.origin, partly: ['sale' as const] } };
    expect(settlementBalance(orderWith(aFullOrder(), { ...base, ...partly }))).toMatchObject({
      open: 2_617,
      standing: 'open',
    });
  });
});

describe('a settlement of an order', () => {
  const record = (one: SettlementShare) => ({ type: 'record-settlement', share: one }) as const;
  const captured = { type: 'order.captured', order: anOrder(), bookingFingerprint: 'x' } as const;
  const settled = (one: SettlementShare) => ({ type: 'order.settled', share: one }) as const;
  const first = share('S1', { sale: 100 });

  it('is recorded once a collection, and never for an order that is not there', () => {
    given().when(record(first)).thenRejected('ORDER_UNKNOWN');
    given(captured).when(record(first)).thenEvents(settled(first));
    given(captured, settled(first)).when(record(first)).thenIgnored();
    const second = share('S1', { sale: 90 }, { revision: 2 });
    given(captured, settled(first)).when(record(second)).thenEvents(settled(second));
    given(captured, settled(second)).when(record(first)).thenIgnored();
    const gone = share('S1', undefined, { revision: 3 });
    given(captured, settled(gone)).when(record(second)).thenIgnored();
  });

  it('is kept within what a row holds', () => {
    const many = Array.from({ length: MOST_SETTLEMENTS }, (_, at) => settled(share(`S${at}`, { sale: 1 })));
    given(captured, ...many)
      .when(record(share('another', { sale: 1 })))
      .thenRejected('SETTLEMENTS_TOO_MANY');
    given(captured, ...many)
      .when(record(share('S1', { sale: 2 }, { revision: 2 })))
      .thenEvents({ type: 'order.settled' });
    const classes = Object.fromEntries(Array.from({ length: MOST_CLASSES + 1 }, (_, at) => [`fee/f${at}`, 1]));
    given(captured)
      .when(record(share('S1', classes)))
      .thenRejected('SETTLEMENTS_TOO_MANY');
    given(captured)
      .when(record(share('S1', { sale: 0.5 })))
      .thenRejected('AMOUNT_MALFORMED');
    const widest = Object.fromEntries(
      Array.from({ length: MOST_CLASSES }, (_, at) => [`fee/a-long-name-of-a-fee-${at}`, -123_456_789]),
    );
    const full = Array.from({ length: MOST_SETTLEMENTS }, (_, at) =>
      share(`settlement-${at}`, widest, { origin: { currency: 'EUR', amounts: widest, partly: [] } }),
    );
    expect(JSON.stringify(orderWith(anOrder(), ...full)).length).toBeLessThan(350_000);
  });

  it('ends in the same books in whatever order collections of several settlements come', () => {
    const amounts = fc.dictionary(
      fc.constantFrom(
        'sale',
        'shipping',
        'tax/seller',
        'tax/marketplace',
        'fee/commission',
        'refund/sale',
        'chargeback',
      ),
      fc.integer({ min: -10_000, max: 10_000 }),
    ) as fc.Arbitrary<Amounts>;
    const collections = fc.uniqueArray(
      fc.record({ settlementId: fc.constantFrom('S1', 'S2', 'S3'), revision: fc.integer({ min: 1, max: 4 }), amounts }),
      { selector: ({ settlementId, revision }) => `${settlementId}/${revision}`, minLength: 1, maxLength: 10 },
    );
    const shuffled = collections.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([inOrder, anyOrder]) => {
        const end = (all: typeof inOrder) =>
          all.reduce((state, one) => {
            const decided = orderDecider.decide(
              record(share(one.settlementId, one.amounts, { revision: one.revision })),
              state,
            );
            return decided.kind === 'accepted' ? decided.events.reduce(orderDecider.evolve, state) : state;
          }, given(captured).state) as OpenOrder;
        const [a, b] = [end(inOrder.toSorted((x, y) => x.revision - y.revision)), end(anyOrder)];
        expect(b).toEqual(a);
        const { captured: paid, refunded, kept, withheld, paidOut, open } = settlementBalance(b);
        expect(paid - refunded - kept - withheld - paidOut).toBe(open);
        expect(balances(ledgerOf(b)).get('receivable') ?? 0).toBe(open);
        expect(conservation(b).conserved).toBe(true);
      }),
    );
  });
});
