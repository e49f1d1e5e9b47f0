import type { Reason } from '../kernel/decision.ts';
import type { Posted } from './adjustment.ts';
import type { JournalContent } from './posting.ts';
import type { Collection, DifferencesByCause } from './state.ts';
import type { Untold } from './untold.ts';

export type SettlementEvent =
  /** A file was read: the first of this settlement, or one with another content than before. */
  | {
      readonly type: 'settlement.imported';
      readonly collection: Collection;
      readonly revision: number;
      readonly at: string;
    }
  /** It was collected again and holds what it held. */
  | { readonly type: 'settlement.collected-unchanged'; readonly collectedAt: string }
  /** All orders of a batch have been told what the settlement says of them. */
  | { readonly type: 'settlement.batch-recorded'; readonly batch: number; readonly differences: DifferencesByCause }
  /** An order of a batch that was not here has come: the batch is to be told again. */
  | { readonly type: 'settlement.order-arrived'; readonly batch: number; readonly at: string }
  /** A batch is told again, from here on: orders that come later are for another telling. */
  | { readonly type: 'settlement.batch-begun'; readonly batch: number }
  /** Batches were handed out again, for nobody has told them. */
  | ({ readonly type: 'settlement.untold' } & Untold)
  /** All orders have been told. */
  | { readonly type: 'settlement.matched' }
  /** It may not be posted: lines that no rule knows, or money that nothing explains. */
  | { readonly type: 'settlement.blocked'; readonly reasons: readonly Reason[] }
  /** `posted` is what all parts of the settlement post together, these included. */
  | { readonly type: 'settlement.posting-planned'; readonly parts: readonly JournalContent[]; readonly posted: Posted }
  | { readonly type: 'settlement.part-posted'; readonly part: string; readonly ref: string; readonly number: string }
  | { readonly type: 'settlement.part-refused'; readonly part: string; readonly reason: Reason }
  /** Channels change settlements afterwards: it is time to collect this one again. */
  | { readonly type: 'settlement.collection-due'; readonly times: number; readonly at: string }
  /** It should have been collected again by itself by now: a person has to. */
  | { readonly type: 'settlement.collection-overdue' };
