import type { Reason } from '../kernel/decision.ts';
import type { AuthorizedLine } from './credit.ts';
import type { ReasonChange } from './reasons/history.ts';
import type { MappedReason } from './reasons.ts';
import type { Authorization, Finance, Inspection, Receipt, RefundStanding, StepKind, Transit } from './state.ts';

export type ReturnEvent =
  /** A returns platform asked, and the policy answered. */
  | {
      readonly type: 'return.requested';
      readonly authorization: Authorization;
      readonly authorized: readonly AuthorizedLine[];
    }
  /** A person decided what the policy left open. */
  | {
      readonly type: 'return.reviewed';
      readonly decision: 'approved' | 'rejected';
      readonly by: string;
      readonly at: string;
      readonly authorized: readonly AuthorizedLine[];
    }
  /** A later map reads the reasons otherwise: all lines as they are read now, and those that changed. */
  | {
      readonly type: 'return.reason-renormalized';
      readonly mappingVersion: string;
      readonly at: string;
      readonly lines: readonly MappedReason[];
      readonly changes: readonly ReasonChange[];
    }
  | ({ readonly type: 'return.dispatched' } & Transit)
  | ({ readonly type: 'return.received' } & Receipt)
  | ({ readonly type: 'return.inspected' } & Inspection)
  | { readonly type: 'return.cancelled'; readonly at: string }
  /** The platform cancelled what the house has begun to credit: it goes on, and a person is told. */
  | { readonly type: 'return.cancelled-late'; readonly at: string }
  | { readonly type: 'return.expired'; readonly at: string }
  /** Inspected, and no receipt ever came. */
  | { readonly type: 'return.receipt-missed'; readonly at: string }
  | { readonly type: 'return.inspection-missed'; readonly at: string }
  | { readonly type: 'return.assessed'; readonly finance: Finance }
  | { readonly type: 'return.approved'; readonly by: string; readonly at: string }
  | { readonly type: 'return.refused'; readonly by: string; readonly at: string }
  | {
      readonly type: 'return.step-planned';
      readonly step: StepKind;
      /** The ERP's sales order, for the item receipt. */
      readonly salesOrder?: SalesOrderRef;
    }
  | {
      readonly type: 'return.step-applied';
      readonly step: StepKind;
      readonly ref: string;
      readonly number: string;
      /** What the partner made it come to, where it says so: minor units. */
      readonly total?: number;
    }
  | { readonly type: 'return.step-refused'; readonly step: StepKind; readonly reason: Reason }
  | { readonly type: 'return.refund-moved'; readonly refund: RefundStanding }
  /** The workflow gave a step up, or goes on waiting beyond its time. */
  | { readonly type: 'return.stalled'; readonly at: string; readonly step: string; readonly error: string }
  | { readonly type: 'return.closed'; readonly at: string };

export type SalesOrderRef = { readonly ref: string; readonly number: string };
