import { daysBetween } from '../kernel/calendar.ts';
import type { OrderWithMoney } from '../ledger/of-order.ts';
import { computedTotal } from '../orders/order.ts';
import type { OpenOrder } from '../orders/state.ts';
import { type Compared, charged, comparedCharges, comparedRefunds, isCharge, isRefund } from './comparison.ts';
import { type DifferenceCause, OWNER_OF_CAUSE, type SettlementDifference } from './difference.ts';
import { comparedFees, type FeeAgreement } from './fees.ts';
import type { Amounts, ClassKey, SettlementHeader, Telling } from './line.ts';
import { amountOf, type SettledOrder } from './settled-order.ts';
import { residual, type SettlementTotals } from './totals.ts';

/** What matching reads of an order: its money as the ledger has it, and since when. */
export type OrderToMatch = OrderWithMoney & Pick<OpenOrder, 'placedAt'>;

export type MatchTerms = {
  readonly told: Telling;
  readonly agreements?: readonly FeeAgreement[];
  /** The instant that ages are reckoned to. */
  readonly asOf: string;
};

export type OrderMatch = {
  readonly orderId: string;
  readonly currency: string;
  /** Minor units that the settlements so far bring for it: sale less refunds less fees. */
  readonly payout: number;
  readonly differences: readonly SettlementDifference[];
};

/**
 * Holds all that settlements have said of an order so far against the order's ledger. Whatever way the lines of an order
 * are spread over settlements, the sum of them is what is matched.
 */
export function matchOrder(settled: SettledOrder, order: OrderToMatch | undefined, terms: MatchTerms): OrderMatch {
  const say = differenceOf(settled.orderId, settled.currency, settled.from, terms.asOf);
  return {
    orderId: settled.orderId,
    currency: settled.currency,
    payout: amountOf(settled.amounts, () => true),
    differences: order === undefined ? [missing(settled, say)] : [...differences(settled, order, terms, say)],
  };
}

type Say = (
  cause: DifferenceCause,
  compared: Compared,
  more?: Partial<Pick<SettlementDifference, 'waitsFor' | 'currency'>>,
) => SettlementDifference;

const differenceOf =
  (orderId: string | undefined, currency: string, since: string, asOf: string): Say =>
  (cause, { about, channel, ledger }, more = {}) => ({
    cause,
    ...(orderId !== undefined && { orderId }),
    about,
    channel,
    ledger,
    amount: channel - ledger,
    currency,
    since,
    ageDays: daysBetween(since, asOf),
    owner: OWNER_OF_CAUSE[cause],
    ...more,
  });

function missing({ amounts }: SettledOrder, say: Say): SettlementDifference {
  const channel = amountOf(amounts, () => true);
  return say('missing-order', { about: 'order', channel, ledger: 0 }, { waitsFor: 'order' });
}

function* differences(
  settled: SettledOrder,
  order: OrderToMatch,
  terms: MatchTerms,
  say: Say,
): Generator<SettlementDifference> {
  const amounts = inOrdersCurrency(settled, order.currency);
  const { currency } = order;
  if (amounts === undefined) {
    const paid = amountOf(settled.amounts, (key) => isCharge(key) || isRefund(key));
    yield say('fx', { about: 'paid', channel: paid, ledger: 0 });
  } else {
    yield* ofCharges(amounts, order, terms, say).map((one) => ({ ...one, currency }));
    yield* ofRefunds(amounts, order, terms, say).map((one) => ({ ...one, currency }));
  }
  yield* ofFees(settled.amounts, order, terms, say);
  const { chargeback = 0 } = settled.amounts;
  if (chargeback !== 0) yield say('chargeback', { about: 'chargeback', channel: chargeback, ledger: 0 });
}

/** Sums by class in the currency that the buyer paid in; undefined where the channel does not say them. */
function inOrdersCurrency({ currency, amounts, origin }: SettledOrder, orders: string): Amounts | undefined {
  if (currency === orders) return amounts;
  const compared = (key: ClassKey): boolean => isCharge(key) || isRefund(key);
  if (!(Object.keys(amounts) as ClassKey[]).some(compared)) return {};
  return origin?.currency === orders && !origin.partly.some(compared) ? origin.amounts : undefined;
}

function ofCharges(amounts: Amounts, order: OrderToMatch, { told }: MatchTerms, say: Say): SettlementDifference[] {
  if (!(Object.keys(amounts) as ClassKey[]).some(isCharge)) {
    const ledger = computedTotal(order);
    return ledger === 0 ? [] : [say('not-settled', { about: 'paid', channel: 0, ledger }, { waitsFor: 'settlement' })];
  }
  return comparedCharges(told, amounts, order)
    .filter(({ channel, ledger }) => channel !== ledger)
    .map((compared) => {
      const cause = causeOf(compared, order);
      return say(cause, compared, cause === 'not-settled' ? { waitsFor: 'settlement' } : {});
    });
}

function causeOf({ about, channel, ledger }: Compared, order: OrderToMatch): DifferenceCause {
  if (Math.abs(channel - ledger) <= tolerance(order)) return 'rounding';
  // Channels settle what was shipped: the rest of the order comes in a later settlement.
  if (channel < ledger && order.lines.some(({ shipped, quantity }) => shipped < quantity)) return 'not-settled';
  return about.endsWith('-tax') ? 'tax-difference' : 'amount-differs';
}

/** Each line of an order may be rounded once on each side. */
const tolerance = ({ lines }: OrderToMatch): number => Math.max(1, lines.length);

function ofRefunds(
  amounts: Amounts,
  order: OrderToMatch,
  { told, asOf }: MatchTerms,
  say: Say,
): SettlementDifference[] {
  const { due, pending, ...compared } = comparedRefunds(told, amounts, order, asOf);
  const { channel, ledger } = compared;
  // No difference: a refund that the channel has not had time to settle, or has settled while its answer is still open here.
  if (channel === ledger || (channel <= due && channel >= pending)) return [];
  if (channel !== 0 && Math.abs(channel - ledger) <= tolerance(order)) return [say('rounding', compared)];
  return [say('late-refund', compared, { waitsFor: channel > ledger ? 'settlement' : 'order' })];
}

function ofFees(amounts: Amounts, order: OrderToMatch, terms: MatchTerms, say: Say): SettlementDifference[] {
  if (charged(amounts) === 0) return [];
  return comparedFees(amounts, terms.agreements ?? [])
    .filter(({ channel, ledger }) => Math.abs(channel - ledger) > tolerance(order))
    .map((compared) => say('fee-change', compared));
}

/** An order that was paid for, of which no settlement speaks. */
export function notSettled(orderId: string, order: OrderToMatch, asOf: string): SettlementDifference {
  const compared = { about: 'paid', channel: 0, ledger: computedTotal(order) };
  return differenceOf(
    orderId,
    order.currency,
    order.placedAt,
    asOf,
  )('not-settled', compared, { waitsFor: 'settlement' });
}

/** The third side: lines beside the deposit that was announced, and that beside what the bank got, where it is known. */
export function depositDifferences(
  header: SettlementHeader,
  totals: SettlementTotals,
  { asOf, banked }: { readonly asOf: string; readonly banked?: number },
): SettlementDifference[] {
  const since = header.depositDate === undefined ? (header.periodEnd ?? asOf) : `${header.depositDate}T00:00:00Z`;
  const say = differenceOf(undefined, header.currency, since, asOf);
  const cause = 'unannounced-deposit-difference';
  return [
    ...(residual(totals, header) === 0
      ? []
      : [say(cause, { about: 'lines', channel: totals.sum, ledger: header.announced })]),
    ...(banked === undefined || banked === header.announced
      ? []
      : [say(cause, { about: 'deposit', channel: header.announced, ledger: banked })]),
  ];
}
