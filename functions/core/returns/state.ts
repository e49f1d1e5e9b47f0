import type { Reason } from '../kernel/decision.ts';
import { type LineQuantity, unitsOf } from '../kernel/quantity.ts';
import type { AuthorizedLine } from './credit.ts';
import type { FraudJudgement } from './fraud/judge.ts';
import type { DecidedLine, Verdict } from './policy.ts';
import type { MappedReason } from './reasons.ts';
import type {
  CreditLine,
  Disposition,
  InspectedLine,
  IssuedCredit,
  ReceivedLine,
  Replacement,
  Resolution,
  ReturnId,
} from './return.ts';
import { statusOf } from './status.ts';
import type { ReturnTerms } from './terms.ts';

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
  readonly delivered?: Transit;
  readonly lost?: Transit;
  /** The buyer keeps the goods; `by` when an operator let them. */
  readonly kept?: { readonly at: string; readonly by?: string };
  readonly choice?: Choice;
  /** By credit id, in its order. */
  readonly issued?: readonly IssuedCredit[];
  /** By receipt id, in its order. */
  readonly receipts: readonly Receipt[];
  readonly inspections: readonly Inspection[];
  /** No longer waited for: what has not come by then is not part of this return. */
  readonly receiptClosedAt?: string;
  readonly cancelledAt?: string;
  /** The platform's cancellation that came when credit was under way; it changes nothing. */
  readonly cancelledLateAt?: string;
  readonly expiredAt?: string;
  /** Paid before the goods came. */
  readonly advance?: Advance;
  readonly claim?: Claim;
  readonly finance?: Finance;
  readonly compensation?: Compensation;
  /** Duties that a person was told of, by id. */
  readonly duties?: Readonly<Record<string, 'warned' | 'breached'>>;
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
  /** The client that asked, and how it showed who it is; missing in requests of before this was kept. */
  readonly requestedBy?: RequestedBy;
  /** Days in which goods must arrive and be inspected, by the policy of the day. */
  readonly receiptDays: number;
  readonly inspectionDays: number;
  /** What the buyer asked for; a refund when nothing is said. */
  readonly resolution?: Resolution;
  /** What was to go out in an exchange, if that was known then. */
  readonly replacement?: Replacement;
  /** How the return is settled, by the rules of the day; none of it for a return from before there were any. */
  readonly terms?: ReturnTerms;
  /** What the fraud rules said, live and shadow; missing where there are none or they could not be asked. */
  readonly fraud?: FraudJudgement;
  /** Live fraud rules were in force and could not be asked: it is not paid before the goods come. */
  readonly unjudged?: true;
};

export type RequestedBy = { readonly client: string; readonly proof: 'signature' | 'token' | 'role' };

/** Whose word on the order a decision was made on. */
export type OrderStatusUsed = { readonly source: 'erp' | 'last-known'; readonly asOf: string };

export type Transit = { readonly occurredAt: string; readonly carrier?: string; readonly trackingNumber?: string };

export type Receipt = {
  readonly receiptId: string;
  readonly occurredAt: string;
  readonly lines: readonly ReceivedLine[];
  readonly final?: true;
};

/** What the buyer wants for the goods, as last reported. */
export type Choice = {
  readonly resolution: Resolution;
  readonly occurredAt: string;
  readonly replacement?: Replacement;
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
  readonly approval?: Approval;
  /** Credited without a receipt: the buyer keeps the goods. */
  readonly withoutGoods?: true;
  /** Left out for a plain refund. */
  readonly resolution?: Exclude<Resolution, 'refund'>;
  readonly replacement?: Replacement;
  /** An exchange that can't be had is paid in money, by this operator's word. */
  readonly paidInstead?: { readonly by: string; readonly at: string };
  /** Units that nobody authorized: put aside, neither credited nor sold. */
  readonly surplus?: readonly LineQuantity[];
};

/** Who must agree to a refund, and who has. A lapsed one counts for nothing until it is asked for again. */
export type Approval = {
  readonly needed: 1 | 2;
  readonly given: readonly { readonly by: string; readonly at: string }[];
  readonly lapsedAt?: string;
  /** Operator who asked again; may not approve. */
  readonly askedBy?: string;
};

/** A refund that was paid before the goods came: for all units that were authorized. */
export type Advance = {
  readonly when: 'authorized' | 'first-scan';
  readonly at: string;
  readonly lines: readonly CreditLine[];
  /** Minor units of the order's currency. */
  readonly refund: number;
};

/** Money that the buyer owes: paid before receipt, for goods that never came, were not what was paid for, or were refused. */
export type Claim = {
  readonly why: 'never-arrived' | 'goods-short' | 'refused';
  /** Minor units of the order's currency. */
  readonly amount: number;
  readonly since: string;
  readonly status: 'due' | 'collected' | 'waived';
  /** Operator who settled it. */
  readonly by?: string;
};

/**
 * What undoes the credit memo. It is registered in the commit that plans the memo, so that there is no moment at which the
 * memo may stand and nobody knows how to take it back.
 */
export type Compensation = {
  readonly undoes: 'credit-memo';
  readonly status: 'registered' | 'planned' | 'done' | 'failed';
  readonly ref?: string;
  readonly reason?: Reason;
  /** Operator who gave the refund up, or took the memo back by hand. */
  readonly by?: string;
};

export type StockMove = { readonly sku: string; readonly quantity: number; readonly disposition: Disposition };

/** The steps that the ERP carries out. */
export const STEP_KINDS = ['item-receipt', 'credit-memo', 'stock-move', 'exchange'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export type Step =
  | { readonly status: 'planned' }
  | { readonly status: 'applied'; readonly ref: string; readonly number: string }
  | { readonly status: 'refused'; readonly reason: Reason };

export type RefundStanding = {
  readonly refundId: string;
  readonly amount: number;
  /** `issued`: the channel has taken it and not confirmed it yet. */
  readonly status: 'planned' | 'issued' | 'paid' | 'refused' | 'blocked';
  /** Issued, and the channel does not show it when it is asked. */
  readonly unconfirmed?: true;
  /** Minor units that the channel says it paid, when that is not the amount. */
  readonly paid?: number;
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
  | 'kept'
  | 'overdue'
  | 'awaiting-approval'
  | 'approved'
  | 'receipted'
  | 'credited'
  | 'stocked'
  | 'refunded'
  | 'closed'
  | 'reversed'
  | 'refused'
  | 'cancelled'
  | 'expired';

/** Facts with the status that follows from them. */
export const withStatus = ({ status: _old, ...facts }: ReturnFacts & { status?: unknown }): OpenReturn => ({
  ...facts,
  status: statusOf(facts),
});

/** Units of the order that this return keeps from other returns, by their positions. */
export function heldUnits(state: ReturnState): HeldUnits[] {
  switch (state.status) {
    case 'none':
    case 'rejected':
    case 'review':
    case 'cancelled':
    case 'expired':
      return [];
    case 'reversed':
    case 'closed':
      return heldOf(state, (line) => credited(state, line));
    default:
      return heldOf(state, ({ quantity }) => quantity);
  }
}

export type HeldUnits = Pick<AuthorizedLine, 'lineId' | 'units'>;

/** The first units of a line are credited first. */
const heldOf = ({ authorized }: OpenReturn, count: (line: AuthorizedLine) => number): HeldUnits[] =>
  authorized
    .map((line) => ({ lineId: line.lineId, units: line.units.slice(0, count(line)) }))
    .filter(({ units }) => units.length > 0);

const credited = ({ finance }: OpenReturn, { lineId }: AuthorizedLine): number =>
  unitsOf((finance?.lines ?? []).filter((line) => line.lineId === lineId));
