import type { Reason } from '../kernel/decision.ts';
import type { AuthorizedLine } from './credit.ts';
import type { DutyStage } from './duties/deadlines.ts';
import type { ReasonChange } from './reasons/history.ts';
import type { MappedReason } from './reasons.ts';
import type { IssuedCredit } from './return.ts';
import type {
  Advance,
  Authorization,
  Choice,
  Claim,
  Compensation,
  Finance,
  Inspection,
  Receipt,
  RefundStanding,
  StepKind,
  Transit,
} from './state.ts';

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
  | ({ readonly type: 'return.carrier-reported'; readonly word: 'delivered' | 'lost' } & Transit)
  | { readonly type: 'return.kept'; readonly at: string; readonly by?: string }
  | { readonly type: 'return.resolution-chosen'; readonly choice: Choice }
  | { readonly type: 'return.credit-issued'; readonly credit: IssuedCredit }
  /** Some goods came, and the rest is no longer waited for. */
  | { readonly type: 'return.receipt-closed'; readonly at: string }
  | { readonly type: 'return.cancelled'; readonly at: string }
  /** The platform cancelled what the house has begun to credit: it goes on, and a person is told. */
  | { readonly type: 'return.cancelled-late'; readonly at: string }
  | { readonly type: 'return.expired'; readonly at: string }
  /** Inspected, or delivered by the carrier, and no receipt ever came. */
  | { readonly type: 'return.receipt-missed'; readonly at: string }
  | { readonly type: 'return.inspection-missed'; readonly at: string }
  | { readonly type: 'return.assessed'; readonly finance: Finance }
  /** One of two persons has approved. */
  | { readonly type: 'return.approval-given'; readonly by: string; readonly at: string }
  | { readonly type: 'return.approval-lapsed'; readonly at: string }
  | { readonly type: 'return.approval-asked'; readonly by: string; readonly at: string }
  | { readonly type: 'return.approved'; readonly by: string; readonly at: string }
  | { readonly type: 'return.refused'; readonly by: string; readonly at: string }
  | {
      readonly type: 'return.step-planned';
      readonly step: StepKind;
      /** The ERP's sales order, for the item receipt. */
      readonly salesOrder?: SalesOrderRef;
      /** Day of the credit memo in the books, `YYYY-MM-DD`. */
      readonly creditDate?: string;
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
  /** The buyer is paid for goods that can't go out in exchange. */
  | { readonly type: 'return.exchange-dropped'; readonly by: string; readonly at: string }
  | { readonly type: 'return.refund-advanced'; readonly advance: Advance }
  | { readonly type: 'return.refund-moved'; readonly refund: RefundStanding }
  | { readonly type: 'return.clawback-due'; readonly claim: Claim }
  /** The goods came after all, or the channel did not pay what the buyer was to owe. */
  | { readonly type: 'return.clawback-ended'; readonly why?: 'not-paid'; readonly at?: string }
  | {
      readonly type: 'return.clawback-settled';
      readonly how: 'collected' | 'waived';
      readonly by: string;
      readonly at: string;
    }
  | { readonly type: 'return.compensation-moved'; readonly compensation: Compensation }
  | { readonly type: 'return.duty-noted'; readonly duty: string; readonly stage: DutyStage; readonly at: string }
  /** The workflow gave a step up, or goes on waiting beyond its time. */
  | { readonly type: 'return.stalled'; readonly at: string; readonly step: string; readonly error: string }
  | { readonly type: 'return.closed'; readonly at: string };

export type SalesOrderRef = { readonly ref: string; readonly number: string };
