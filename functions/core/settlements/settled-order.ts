import { type Amounts, type ClassKey, classKey, type SettlementLine } from './line.ts';

/**
 * What settlements have said of one order, in the currency that they were paid in: sums by class. It is the same whichever
 * way an order's lines are spread over settlements, so that what several have said is the sum of what each has.
 */
export type SettledOrder = {
  readonly orderId: string;
  readonly currency: string;
  readonly amounts: Amounts;
  readonly lines: number;
  /** Instants of the earliest and the latest line. */
  readonly from: string;
  readonly until: string;
  /** The same in the currency that the buyer paid in, where the channel converted it and says from what. */
  readonly origin?: Origin;
};

type Origin = {
  readonly currency: string;
  readonly amounts: Amounts;
  /** Classes of which some lines came without a word on their origin: their sums here are not the whole. */
  readonly partly: readonly ClassKey[];
};

/** What the lines of one order say. The lines are of one settlement, or of several in one currency. */
export function settledOrder(
  orderId: string,
  currency: string,
  lines: readonly SettlementLine[],
): SettledOrder | undefined {
  const each = lines.map((line) => settledLine(orderId, currency, line));
  return each.length === 0 ? undefined : each.reduce(mergeSettled);
}

/** What one line says of its order. */
export function settledLine(orderId: string, currency: string, line: SettlementLine): SettledOrder {
  const key = classKey(line.class);
  return {
    orderId,
    currency,
    amounts: { [key]: line.amount },
    lines: 1,
    from: line.postedAt,
    until: line.postedAt,
    ...(line.converted && {
      origin: { currency: line.converted.currency, amounts: { [key]: line.converted.amount }, partly: [] },
    }),
  };
}

/** What both say together. Throws when they are of two orders or two currencies: that is a bug of the caller's. */
export function mergeSettled(a: SettledOrder, b: SettledOrder): SettledOrder {
  if (a.orderId !== b.orderId || a.currency !== b.currency) {
    throw new Error(`${a.orderId} in ${a.currency} and ${b.orderId} in ${b.currency} are not one order's`);
  }
  const origin = mergeOrigin(a, b);
  return {
    orderId: a.orderId,
    currency: a.currency,
    amounts: addAmounts(a.amounts, b.amounts),
    lines: a.lines + b.lines,
    from: earlier(a.from, b.from),
    until: later(a.until, b.until),
    ...(origin && { origin }),
  };
}

const earlier = (a: string, b: string): string => (b < a ? b : a);
const later = (a: string, b: string): string => (a < b ? b : a);

function mergeOrigin(a: SettledOrder, b: SettledOrder): Origin | undefined {
  const [one, other] = a.origin ? [a, b] : [b, a];
  if (!one.origin) return undefined;
  const { currency, amounts, partly } = one.origin;
  // A channel that converts an order from two currencies is told as one that says nothing of the second.
  const same = other.origin?.currency === currency ? other.origin : undefined;
  const silent = same ? same.partly : (Object.keys(other.amounts) as ClassKey[]);
  return {
    currency,
    amounts: same ? addAmounts(amounts, same.amounts) : amounts,
    partly: [...new Set([...partly, ...silent])].sort(),
  };
}

/** Sums by class; a class that comes to nothing stays, for it was spoken of. */
export function addAmounts(a: Amounts, b: Amounts): Amounts {
  const sums: Partial<Record<ClassKey, number>> = { ...a };
  for (const [key, amount] of Object.entries(b) as [ClassKey, number][]) sums[key] = (sums[key] ?? 0) + amount;
  return sums;
}

/** Sum of the classes that the test takes. */
export const amountOf = (amounts: Amounts, takes: (key: ClassKey) => boolean): number =>
  (Object.entries(amounts) as [ClassKey, number][]).reduce(
    (sum, [key, amount]) => (takes(key) ? sum + amount : sum),
    0,
  );
