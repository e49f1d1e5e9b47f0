import { addDays, dateIn, lastDayOf, type Month } from '../kernel/calendar.ts';
import { counted } from '../kernel/counted.ts';
import type { Reason } from '../kernel/decision.ts';
import { asMinor, ExactSum } from './exact-sum.ts';
import type { Amounts, SettlementHeader } from './line.ts';
import type { JournalContent, JournalLine } from './posting.ts';
import { postingsOf, receivableOf } from './roles.ts';
import { residual, type SettlementTotals } from './totals.ts';

/** How a retailer's books take a settlement. */
export type PostingTerms = {
  /** Zone in which the books' months end (`Europe/Berlin`). Totals must have been tallied in the same. */
  readonly timeZone: string;
  /** Last day (YYYY-MM-DD) of the periods that are closed: nothing is dated on it or before. */
  readonly closedThrough?: string;
  /** `per-order`: the receivable is cleared on a line an order. */
  readonly detail: 'summary' | 'per-order';
};

/** What the orders of a settlement clear, for `per-order`: by month, minor units of each order's receivable. */
export type ReceivablesByOrder = Readonly<
  Record<Month, readonly { readonly orderId: string; readonly amount: number }[]>
>;

/**
 * Orders that a posting lists one by one, over all its months: with its other lines each move stays within its limit, and the
 * commit that plans all of them within that of a transaction.
 */
export const MOST_ORDERS_LISTED = 1_500;

/** The moves of a settlement, or why none may be made. */
export type Journal =
  | { readonly kind: 'ready'; readonly parts: readonly JournalContent[] }
  | { readonly kind: 'blocked'; readonly reasons: readonly Reason[] };

/** A move has a row of its own in an ERP and travels as one message: more lines than this are posted by summary. */
export const MOST_JOURNAL_LINES = 2_000;

/**
 * The moves that post a settlement: one for each month that its lines lie in. The month of the deposit takes over by
 * `in-transit` what the others hold. Whatever does not add up to the minor unit blocks all of them.
 */
export function journalOf(
  header: SettlementHeader,
  totals: SettlementTotals,
  terms: PostingTerms,
  receivables?: ReceivablesByOrder,
): Journal {
  const reasons = faults(header, totals);
  if (reasons.length > 0) return { kind: 'blocked', reasons };
  return movesOf(
    header,
    { months: totals.months, deposit: header.announced, on: depositDay(header, totals, terms) },
    terms,
    {
      receivables: terms.detail === 'per-order' ? (receivables ?? {}) : undefined,
      name: (month) => month,
      description: `settlement ${header.id.settlementId} of ${header.id.channel}/${header.id.account}`,
    },
  );
}

/** Why nothing may be posted: money that nobody explains, or lines that no rule knows. */
export function faults(header: SettlementHeader, totals: SettlementTotals): Reason[] {
  const off = residual(totals, header);
  const unknown = totals.unclassified;
  const lines = unknown.reduce((sum, one) => sum + one.lines, 0);
  return [
    ...(off === 0
      ? []
      : [
          blocked(
            'SETTLEMENT_RESIDUAL',
            `the lines come to ${totals.sum}, announced are ${header.announced}; unexplained: ${counted(off, 'minor unit')} of ${header.currency}`,
          ),
        ]),
    ...(lines === 0
      ? []
      : [
          blocked(
            'SETTLEMENT_UNCLASSIFIED',
            `${counted(lines, 'line has', 'lines have')} words that no rule knows (${named(unknown)}): add a rule for them`,
          ),
        ]),
  ];
}

const blocked = (code: string, message: string): Reason => ({ code, message });

const MOST_NAMED = 5;
const LONGEST_NAMED = 120;
const inBrief = (source: string): string =>
  source.length > LONGEST_NAMED ? `${source.slice(0, LONGEST_NAMED)}…` : source;

function named(unknown: SettlementTotals['unclassified']): string {
  const texts = unknown.slice(0, MOST_NAMED).map(({ source, at }) => `"${inBrief(source)}" at line ${at}`);
  return [...texts, ...(unknown.length > MOST_NAMED ? [`and ${unknown.length - MOST_NAMED} more`] : [])].join(', ');
}

/** What is posted: amounts by month, and what of a deposit on which day. */
export type ToPost = {
  readonly months: Readonly<Record<Month, Amounts>>;
  readonly deposit: number;
  readonly on: string;
};

type Naming = {
  readonly receivables: ReceivablesByOrder | undefined;
  readonly name: (month: Month) => string;
  readonly description: string;
  readonly adjusts?: string;
};

/** Balanced moves over what is to be posted, one a month, in the order of months. */
export function movesOf(
  header: SettlementHeader,
  { months, deposit, on }: ToPost,
  terms: PostingTerms,
  naming: Naming,
): Journal {
  const home = on.slice(0, 7);
  const sums = Object.entries(months).map(([month, amounts]) => ({ month, amounts, sum: sumOf(amounts) }));
  const away = new ExactSum();
  for (const { month, sum = 0 } of sums) if (month !== home) away.add(sum);
  const transit = asMinor(away.total);
  if (transit === undefined || sums.some(({ sum }) => sum === undefined)) {
    return stop('SETTLEMENT_AMOUNT_TOO_LARGE', 'a month comes to more than can be counted exactly');
  }
  const all = sums.some(({ month }) => month === home) ? sums : [...sums, { month: home, amounts: {}, sum: 0 }];
  const parts: JournalContent[] = [];
  for (const { month, amounts, sum = 0 } of all.sort((a, b) => (a.month < b.month ? -1 : 1))) {
    const orders = naming.receivables?.[month] ?? [];
    if (orders.length > MOST_JOURNAL_LINES) return tooLong(month, orders.length);
    const lines = naming.receivables === undefined ? postingsOf(amounts) : postingsByOrder(amounts, orders);
    if (lines === undefined)
      return stop('SETTLEMENT_RECEIVABLES_DISAGREE', `the orders of ${month} do not come to its receivable`);
    const closing: JournalLine[] =
      month === home
        ? [
            { account: 'deposit', amount: deposit, label: 'deposit' },
            { account: 'in-transit', amount: -transit, label: 'of other months' },
          ]
        : [{ account: 'in-transit', amount: sum, label: `paid out in ${home}` }];
    const balanced = [...lines, ...closing].filter(({ amount }) => amount !== 0);
    if (balanced.length > MOST_JOURNAL_LINES) return tooLong(month, balanced.length);
    if (balanced.length > 0) parts.push(part(header, month, dayIn(month, home, on), balanced, terms, naming));
  }
  return { kind: 'ready', parts };
}

const stop = (code: string, message: string): Journal => ({ kind: 'blocked', reasons: [blocked(code, message)] });

const tooLong = (month: Month, lines: number): Journal =>
  stop(
    'SETTLEMENT_JOURNAL_TOO_LONG',
    `${month} has ${lines} journal lines or more, ${MOST_JOURNAL_LINES} are allowed: post by summary`,
  );

function sumOf(amounts: Amounts): number | undefined {
  const sum = new ExactSum();
  for (const amount of Object.values(amounts)) sum.add(amount ?? 0);
  return asMinor(sum.total);
}

/** A month before the deposit's is posted on its last day, one after it on its first. */
const dayIn = (month: Month, home: Month, on: string): string =>
  month === home ? on : month < home ? lastDayOf(month) : `${month}-01`;

function part(
  { id, currency }: SettlementHeader,
  month: Month,
  day: string,
  lines: readonly JournalLine[],
  { closedThrough }: PostingTerms,
  { name, description, adjusts }: Naming,
): JournalContent {
  const closed = closedThrough !== undefined && day <= closedThrough;
  return {
    settlement: id,
    part: name(month),
    ...(adjusts !== undefined && { adjusts }),
    date: closed ? addDays(closedThrough, 1) : day,
    currency,
    description: closed
      ? `${description}, ${month} (of ${day}; closed through ${closedThrough})`
      : `${description}, ${month}`,
    lines,
  };
}

/** The receivable on a line an order; undefined when the orders do not come to it. */
function postingsByOrder(amounts: Amounts, orders: ReceivablesByOrder[Month]): JournalLine[] | undefined {
  const sum = new ExactSum();
  for (const { amount } of orders) sum.add(amount);
  if (sum.total !== BigInt(receivableOf(amounts))) return undefined;
  const others = postingsOf(amounts).filter(({ account }) => account !== 'receivable');
  return [
    ...orders.map(
      ({ orderId, amount }): JournalLine => ({ account: 'receivable', amount: -amount, label: `order ${orderId}` }),
    ),
    ...others,
  ];
}

/** The day of the deposit, or the best that the file says of it. */
function depositDay(header: SettlementHeader, { months }: SettlementTotals, { timeZone }: PostingTerms): string {
  if (header.depositDate !== undefined) return header.depositDate;
  if (header.periodEnd !== undefined) return dateIn(timeZone, header.periodEnd);
  const last = Object.keys(months).sort().at(-1);
  return last === undefined ? '1970-01-01' : lastDayOf(last);
}
