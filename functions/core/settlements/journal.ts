import type { Reason } from '../kernel/decision.ts';
import type { Amounts, SettlementHeader } from './line.ts';
import type { JournalContent } from './posting.ts';
import type { SettlementTotals } from './totals.ts';

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
  Record<string, readonly { readonly orderId: string; readonly amount: number }[]>
>;

/** The moves of a settlement, or why none may be made. */
export type Journal =
  | { readonly kind: 'ready'; readonly parts: readonly JournalContent[] }
  | { readonly kind: 'blocked'; readonly reasons: readonly Reason[] };

/** What posts a settlement for the first time; `journalKey(header.id, part.part)` is each part's operation key. */
export type JournalOf = (
  header: SettlementHeader,
  totals: SettlementTotals,
  terms: PostingTerms,
  receivables?: ReceivablesByOrder,
) => Journal;

/** A settlement as it was posted, and the operation key of its first part: what an adjustment refers to. */
export type Posted = {
  readonly announced: number;
  readonly months: Readonly<Record<string, Amounts>>;
  readonly key: string;
};

/**
 * What a settlement that was collected again adds to its posting: moves over the difference alone, none when there is
 * none. `sequence` counts the adjustments of a settlement from 1; `date` is the day on which it was collected.
 */
export type AdjustmentOf = (
  posted: Posted,
  header: SettlementHeader,
  totals: SettlementTotals,
  terms: PostingTerms & { readonly sequence: number; readonly date: string },
) => Journal;
