import type { Reason } from '../kernel/decision.ts';
import type { LineQuantity } from '../kernel/quantity.ts';
import type { AuthorizedLine } from './credit.ts';
import type { FraudJudgement } from './fraud/judge.ts';
import type { DecidedLine, Verdict } from './policy.ts';
import type { MappedReason } from './reasons.ts';
import type { CreditLine, Disposition, InspectedLine, ReceivedLine, ReturnId } from './return.ts';
import { statusOf } from './status.ts';

/**
 * A return is kept as facts, each recorded as it comes, and its status is read off them. So the reports of a returns
 * platform, which come late, twice and out of order, lead to the same return whatever their order.
 */
export type ReturnFacts = {
  readonly authorization: Authorization;
  /** Units that may come back; none until the return is approved. */
  readonly authorized: readonly AuthorizedLine[];
  readonly review?: { readonly decision: Exclude<Verdict, 'review'>; readonly by: string; readonly at: string };
  /** What a later map made of the reasons, in the order of the lines; the decision itself stays as it was made. */
  readonly reasons?: { readonly mappingVersion: string; readonly at: string; readonly lines: readonly MappedReason[] };
  readonly transit?: Transit;
  /** The earliest carrier scan that is known; `transit` is the latest. */
  readonly firstScanAt?: string;
  /** By receipt id, in its order. */
  readonly receipts: readonly Receipt[];
  readonly inspections: readonly Inspection[];
  readonly cancelledAt?: string;
  /** The platform's cancellation that came when credit was under way; it changes nothing. */
  readonly cancelledLateAt?: string;
  readonly expiredAt?: string;
  readonly finance?: Finance;
  readonly steps: Readonly<Partial<Record<StepKind, Step>>>;
  readonly refund?: RefundStanding;
  /** Where the workflow got stuck last, and since when nothing has moved on; gone when anything does. */
  readonly stalled?: { readonly step: string; readonly error: string; readonly since: string };
  readonly closedAt?: string;
};

export type OpenReturn = ReturnFacts & { readonly status: Exclude<ReturnStatus, 'none'> };
export type ReturnState = { readonly status: 'none' } | OpenReturn;

/** What was asked and what was answered; never changes. The buyer's own words are not in it. */
export type Authorization = {
  readonly id: ReturnId;
  readonly orderKey: string;
  readonly orderNumber: string;
  readonly currency: string;
  /** Given unless the return was rejected. */
  readonly rma?: string;
  readonly requestedAt: string;
  readonly decidedAt: string;
  /** Of what was asked: a repeat gets the same answer, the same id with other content is refused. */
  readonly contentFingerprint: string;
  readonly decision: Verdict;
  readonly reasons: readonly Reason[];
  readonly lines: readonly DecidedLine[];
  readonly policyVersion: string;
  readonly mappingVersion: string;
  readonly orderStatus: OrderStatusUsed;
  /** Days in which goods must arrive and be inspected, by the policy of the day. */
  readonly receiptDays: number;
  readonly inspectionDays: number;
  /** What the fraud rules said, live and shadow; missing where there are none or they could not be asked. */
  readonly fraud?: FraudJudgement;
};

/** Whose word on the order a decision was made on. */
export type OrderStatusUsed = { readonly source: 'erp' | 'last-known'; readonly asOf: string };

export type Transit = { readonly occurredAt: string; readonly carrier?: string; readonly trackingNumber?: string };

export type Receipt = {
  readonly receiptId: string;
  readonly occurredAt: string;
  readonly lines: readonly ReceivedLine[];
};

export type Inspection = {
  readonly inspectionId: string;
  readonly occurredAt: string;
  readonly lines: readonly InspectedLine[];
};

/** What is paid and credited, fixed when the refund was validated: goods that come later are a person's matter. */
export type Finance = {
  readonly outcome: 'approved' | 'needs-approval' | 'nothing-to-refund' | 'refused';
  readonly lines: readonly CreditLine[];
  readonly moves: readonly StockMove[];
  /** Minor units of the order's currency: what the buyer gets, and what the ERP credits. */
  readonly refund: number;
  readonly credit: number;
  /** Operator who approved or refused; nobody when the policy did. */
  readonly by?: string;
  readonly at: string;
  /** Why the policy alone does not approve. */
  readonly doubts?: readonly Reason[];
  /** What the fraud rules said with the goods in the house. */
  readonly fraud?: FraudJudgement;
};

export type StockMove = { readonly sku: string; readonly quantity: number; readonly disposition: Disposition };

/** The steps that the ERP carries out. */
export const STEP_KINDS = ['item-receipt', 'credit-memo', 'stock-move'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export type Step =
  | { readonly status: 'planned' }
  | { readonly status: 'applied'; readonly ref: string; readonly number: string }
  | { readonly status: 'refused'; readonly reason: Reason };

export type RefundStanding = {
  readonly refundId: string;
  readonly amount: number;
  readonly status: 'planned' | 'paid' | 'refused' | 'blocked';
  readonly reason?: Reason;
  /** Operator who found that the buyer has the money already. */
  readonly by?: string;
};

export type ReturnStatus =
  | 'none'
  | 'authorized'
  | 'rejected'
  | 'review'
  | 'in-transit'
  | 'received'
  | 'inspected'
  | 'awaiting-approval'
  | 'approved'
  | 'receipted'
  | 'credited'
  | 'stocked'
  | 'refunded'
  | 'closed'
  | 'refused'
  | 'cancelled'
  | 'expired';

/** Every move a return may make; a test proves that each status can be reached and that the decider makes no other move. */
export const RETURN_TRANSITIONS: Readonly<Record<ReturnStatus, readonly ReturnStatus[]>> = {
  none: ['authorized', 'rejected', 'review'],
  rejected: [],
  // Goods may arrive while a person still thinks about the return; an approval then finds them.
  review: ['authorized', 'rejected', 'in-transit', 'received', 'inspected', 'cancelled'],
  // An inspection can be reported before its receipt: the receipt then completes both.
  authorized: ['in-transit', 'received', 'inspected', 'cancelled', 'expired'],
  'in-transit': ['received', 'inspected', 'cancelled', 'expired'],
  received: ['inspected', 'awaiting-approval', 'approved', 'closed', 'cancelled'],
  // Another parcel arrives: its goods are not inspected yet.
  inspected: ['received', 'awaiting-approval', 'approved', 'closed', 'cancelled'],
  'awaiting-approval': ['approved', 'refused', 'cancelled'],
  approved: ['receipted'],
  receipted: ['credited'],
  credited: ['stocked'],
  stocked: ['refunded'],
  refunded: ['closed'],
  closed: [],
  refused: [],
  cancelled: [],
  expired: [],
};

/** Facts with the status that follows from them. */
export const withStatus = ({ status: _old, ...facts }: ReturnFacts & { status?: unknown }): OpenReturn => ({
  ...facts,
  status: statusOf(facts),
});

/** Units of the order that this return keeps from other returns. */
export function heldUnits(state: ReturnState): LineQuantity[] {
  switch (state.status) {
    case 'none':
    case 'rejected':
    case 'review':
    case 'cancelled':
    case 'expired':
      return [];
    case 'closed':
      return (state.finance?.lines ?? []).map(({ lineId, quantity }) => ({ lineId, quantity }));
    default:
      return state.authorized.map(({ lineId, quantity }) => ({ lineId, quantity }));
  }
}
