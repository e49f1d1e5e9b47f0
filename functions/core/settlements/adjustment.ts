import type { Month } from '../kernel/calendar.ts';
import { faults, type Journal, movesOf, type PostingTerms } from './journal.ts';
import type { Amounts, ClassKey, SettlementHeader } from './line.ts';
import type { SettlementTotals } from './totals.ts';

/** A settlement as its postings have it so far: what an adjustment is reckoned from and refers to. */
export type Posted = {
  /** Minor units of the deposit that was posted. */
  readonly announced: number;
  readonly currency: string;
  readonly months: Readonly<Record<Month, Amounts>>;
  /** Operation key of the first posting. */
  readonly key: string;
};

/**
 * What a settlement that was collected again adds to its postings: moves over the difference alone, none when there is
 * none. It is never posted a second time. `sequence` counts the adjustments of a settlement from 1; `date` is the day
 * (YYYY-MM-DD) on which it was collected, when a deposit that has changed is dated.
 */
export function adjustmentOf(
  posted: Posted,
  header: SettlementHeader,
  totals: SettlementTotals,
  terms: PostingTerms & { readonly sequence: number; readonly date: string },
): Journal {
  const reasons = faults(header, totals);
  if (posted.currency !== header.currency) {
    const message = `it was posted in ${posted.currency} and is now in ${header.currency}: a person must look at it`;
    reasons.push({ code: 'SETTLEMENT_CURRENCY_CHANGED', message });
  }
  if (reasons.length > 0) return { kind: 'blocked', reasons };
  const months = differenceByMonth(posted.months, totals.months);
  const deposit = header.announced - posted.announced;
  return movesOf(header, { months, deposit, on: terms.date }, terms, {
    receivables: undefined,
    name: (month) => `adjustment/${terms.sequence}/${month}`,
    description: `adjustment ${terms.sequence} of settlement ${header.id.settlementId} of ${header.id.channel}/${header.id.account}`,
    adjusts: posted.key,
  });
}

type Months = Readonly<Record<Month, Amounts>>;

/** What a class has gained since, by month; what stands as it was is left out. */
export function differenceByMonth(before: Months, after: Months): Record<Month, Amounts> {
  const months = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = months.map((month) => [month, difference(before[month] ?? {}, after[month] ?? {})] as const);
  return Object.fromEntries(changed.filter(([, amounts]) => Object.keys(amounts).length > 0));
}

function difference(before: Amounts, after: Amounts): Amounts {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort() as ClassKey[];
  const gained = keys.map((key) => [key, (after[key] ?? 0) - (before[key] ?? 0)] as const);
  return Object.fromEntries(gained.filter(([, amount]) => amount !== 0));
}
