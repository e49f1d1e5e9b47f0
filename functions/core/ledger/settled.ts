import { type OpenOrder, type SettlementOfOrder, settledIn } from '../orders/state.ts';
import type { Amounts, ClassKey } from '../settlements/line.ts';
import { amountOf } from '../settlements/settled-order.ts';
import { addParts, capturedParts, type Parts, totalOf } from './buckets.ts';
import type { SettlementFact } from './entries.ts';

type Settled = Pick<OpenOrder, 'currency' | 'total' | 'lines' | 'shipping' | 'fees' | 'refunds' | 'settlements'>;

/** One settlement's amounts in the order's currency. */
type InOrderCurrency = { readonly settlementId: string; readonly amounts: Amounts };

/**
 * What settlements add to an order's ledger. Fees, chargebacks, adjustments and advertising are what the channel keeps; all
 * lines of a settlement together are what it pays out for the order. Tax that the marketplace remits is never paid out,
 * whether a settlement shows it coming and going or not at all: with the first one that speaks of the order it is off the
 * receivable. What was paid in another currency, without a word on the order's, adds nothing: it stays open.
 */
export function settlementFacts(order: Settled): SettlementFact[] {
  const told = settledIn(order).flatMap((share) => inOrderCurrency(share, order.currency));
  const [first] = told;
  if (!first) return [];
  // Below zero where a channel tells the buyer's whole tax as the seller's, and takes its own off again.
  const shown = told.reduce((sum, { amounts }) => sum + amountOf(amounts, isMarketplaceTax), 0);
  const withheld = withheldParts(order, Math.max(0, shown));
  return [
    ...told.flatMap(factsOf),
    ...(Object.keys(withheld).length === 0
      ? []
      : [{ type: 'tax-withheld', ref: first.settlementId, parts: withheld } as const]),
  ];
}

function inOrderCurrency(
  { settlementId, currency, amounts, origin }: SettlementOfOrder,
  wanted: string,
): InOrderCurrency[] {
  if (currency === wanted) return [{ settlementId, amounts }];
  return origin?.currency === wanted && origin.partly.length === 0 ? [{ settlementId, amounts: origin.amounts }] : [];
}

function factsOf({ settlementId: ref, amounts }: InOrderCurrency): SettlementFact[] {
  const kept = (Object.entries(amounts) as [ClassKey, number][]).flatMap(([key, amount]): SettlementFact[] => {
    const name = keptAs(key);
    return name === undefined || amount === 0 ? [] : [{ type: 'fee-charged', ref, name, amount: -amount }];
  });
  return [...kept, { type: 'paid-out', ref, amount: amountOf(amounts, () => true) }];
}

/** The name under which the channel keeps it; undefined for what is the buyer's money, and for what it pays later. */
function keptAs(key: ClassKey): string | undefined {
  if (key.startsWith('fee/')) return key.slice('fee/'.length);
  return key === 'chargeback' || key === 'adjustment' || key === 'advertising' ? key : undefined;
}

const isMarketplaceTax = (key: ClassKey): boolean => key === 'tax/marketplace' || key === 'refund/marketplace-tax';

/** The marketplace's tax of an order, less what was paid back of it and less `paidOut`, should any reach the seller. */
function withheldParts(order: Settled, paidOut: number): Parts {
  const ofMarketplace = (parts: Parts): Parts =>
    Object.fromEntries(Object.entries(parts).filter(([bucket]) => bucket.endsWith('/marketplace-tax')));
  const refunded = order.refunds.flatMap(({ status, parts }) =>
    status === 'settled' ? [negated(ofMarketplace(parts))] : [],
  );
  const left = addParts(ofMarketplace(capturedParts(order)), ...refunded);
  const [largest] = Object.entries(left).sort(([, a], [, b]) => b - a);
  return largest && paidOut !== 0 ? addParts(left, { [largest[0]]: -paidOut }) : left;
}

const negated = (parts: Parts): Parts =>
  Object.fromEntries(Object.entries(parts).map(([bucket, amount]) => [bucket, -amount]));

/** An order's money with its channel, in minor units: `captured − refunded − kept − withheld − paidOut = open`. */
export type SettlementBalance = {
  readonly currency: string;
  readonly captured: number;
  /** Settled refunds only: what is pending may still be refused. */
  readonly refunded: number;
  /** Fees and whatever else the channel keeps. */
  readonly kept: number;
  readonly withheld: number;
  readonly paidOut: number;
  /** What the channel still owes; below zero when it paid too much, or took back what we do not know of. */
  readonly open: number;
  /** `unsettled` while no settlement speaks of the order. */
  readonly standing: 'unsettled' | 'open' | 'settled';
  /** When the first line was posted: the age of what is open. */
  readonly since?: string;
};

export function settlementBalance(order: Settled): SettlementBalance {
  const facts = settlementFacts(order);
  const refunded = order.refunds.reduce((all, { status, amount }) => (status === 'settled' ? all + amount : all), 0);
  const [kept, withheld, paidOut] = [
    total(facts, 'fee-charged'),
    total(facts, 'tax-withheld'),
    total(facts, 'paid-out'),
  ];
  const open = order.total - refunded - kept - withheld - paidOut;
  const told = settledIn(order);
  const [since] = told.map(({ from }) => from).sort();
  return {
    ...{ currency: order.currency, captured: order.total, refunded, kept, withheld, paidOut, open },
    standing: told.length === 0 ? 'unsettled' : open === 0 ? 'settled' : 'open',
    ...(since !== undefined && { since }),
  };
}

const total = (facts: readonly SettlementFact[], type: SettlementFact['type']): number =>
  facts.reduce((sum, fact) => {
    if (fact.type !== type) return sum;
    return sum + (fact.type === 'tax-withheld' ? totalOf(fact.parts) : fact.amount);
  }, 0);
