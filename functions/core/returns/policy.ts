import type { Reason } from '../kernel/decision.ts';
import type { LineQuantity } from '../kernel/quantity.ts';
import { findLine, type OpenOrder } from '../orders/state.ts';
import { authorizeUnits, creditFor, refundedByChannel, refundTotal } from './credit.ts';
import { isSellerFault, type MappedReason, mapReason, type ReasonMap } from './reasons.ts';

/** The merchant's rules for returns; a decision names the version that it was made by. */
export type ReturnPolicy = {
  readonly version: string;
  /** Days after shipment (or the order, where no shipment is known) in which a return may be asked for. */
  readonly windowDays: number;
  /** Days after authorization in which goods must arrive; the return expires then. */
  readonly receiptDays: number;
  /** Days after receipt in which goods must be inspected; a person is told then. */
  readonly inspectionDays: number;
  /** Highest refund without a person's approval, by currency in minor units. A currency that is missing always needs one. */
  readonly autoApproveUpTo: Readonly<Record<string, number>>;
  readonly finalSaleSkus: readonly string[];
};

export type Verdict = 'approved' | 'rejected' | 'review';

export type RequestedLine = LineQuantity & { readonly reasonCode: string };

/** One requested line with what the policy says of it. */
export type DecidedLine = LineQuantity & {
  readonly decision: Verdict;
  readonly reasons: readonly Reason[];
  readonly reason: MappedReason;
  /** What the buyer would get for these units: minor units of the order's currency; 0 when rejected. */
  readonly refundEstimate: number;
};

export type Evaluation = {
  readonly decision: Verdict;
  readonly reasons: readonly Reason[];
  readonly lines: readonly DecidedLine[];
};

/** What the ERP said about the order; left out when it was not asked or did not answer in time. */
export type ErpWord =
  | {
      readonly known: true;
      readonly cancelled: boolean;
      readonly shippedBySku: Readonly<Record<string, number>>;
    }
  | { readonly known: false };

export type ToEvaluate = {
  readonly order: OpenOrder;
  readonly lines: readonly RequestedLine[];
  readonly requestedAt: string;
  readonly erp?: ErpWord;
  /** Why a person must look at the return, whatever the policy says. */
  readonly doubts?: readonly Reason[];
};

const DAY = 24 * 60 * 60 * 1000;

/**
 * Judges a request: each line by itself, and the return by its lines. One line for a person makes the return one for a
 * person; lines that are refused do not hold up the others.
 */
export function evaluate(
  { order, lines, requestedAt, erp, doubts: others = [] }: ToEvaluate,
  policy: ReturnPolicy,
  map: ReasonMap,
): Evaluation {
  const doubts = [...doubtsAbout(order, erp), ...others];
  const left = new Map(order.lines.map((line) => [line.lineId, returnableUnits(order, line.lineId, erp)]));
  const seen = new Map<string, number>();
  const decided = lines.map((asked): DecidedLine => {
    const reason = mapReason(map, asked.reasonCode);
    const units = left.get(asked.lineId) ?? 0;
    const refusals = refusalsOf(asked, order, units, requestedAt, policy, reason);
    if (refusals.length > 0) return decidedLine(asked, reason, 'rejected', refusals, 0);
    left.set(asked.lineId, units - asked.quantity);
    const before = seen.get(asked.lineId) ?? 0;
    seen.set(asked.lineId, before + asked.quantity);
    const open = [...doubts, ...doubtsAboutLine(asked, order, policy, reason)];
    const estimate = worthAfter(order, asked, before);
    return decidedLine(asked, reason, open.length > 0 ? 'review' : 'approved', open, estimate);
  });
  return { decision: overall(decided), reasons: distinct(decided.flatMap((line) => line.reasons)), lines: decided };
}

const decidedLine = (
  { lineId, quantity }: RequestedLine,
  reason: MappedReason,
  decision: Verdict,
  reasons: readonly Reason[],
  refundEstimate: number,
): DecidedLine => ({ lineId, quantity, decision, reasons, reason, refundEstimate });

function overall(lines: readonly DecidedLine[]): Verdict {
  if (lines.some(({ decision }) => decision === 'review')) return 'review';
  return lines.some(({ decision }) => decision === 'approved') ? 'approved' : 'rejected';
}

const distinct = (reasons: readonly Reason[]): Reason[] => [
  ...new Map(reasons.map((reason) => [reason.code, reason])).values(),
];

/** Units of a line that left the house, are in no return and were not paid back by the channel itself. */
export function returnableUnits(order: OpenOrder, lineId: string, erp?: ErpWord): number {
  const line = findLine(order, lineId);
  if (!line) return 0;
  const kept = order.lines.filter(({ sku }) => sku === line.sku).reduce((units, { shipped }) => units + shipped, 0);
  // The ERP counts by SKU: what it has shipped less than we know of is missing from each line of that SKU.
  const missing = erp?.known ? Math.max(0, kept - (erp.shippedBySku[line.sku] ?? 0)) : 0;
  return Math.max(0, line.shipped - missing - line.returning - refundedByChannel(order, lineId));
}

function refusalsOf(
  { lineId, quantity }: RequestedLine,
  order: OpenOrder,
  left: number,
  requestedAt: string,
  policy: ReturnPolicy,
  reason: MappedReason,
): Reason[] {
  const line = findLine(order, lineId);
  if (!line) return [{ code: 'LINE_UNKNOWN', message: `order ${order.number} has no line ${lineId}` }];
  if (line.shipped === 0) return [{ code: 'NOT_SHIPPED', message: `line ${lineId} has not left the house` }];
  const refusals: Reason[] = [];
  if (quantity > left) {
    const message = `${quantity} of line ${lineId} asked for, ${left} can come back`;
    refusals.push({ code: 'NOTHING_LEFT_TO_RETURN', message });
  }
  const until = windowEnd(order, lineId, policy);
  if (Date.parse(requestedAt) > Date.parse(until)) {
    refusals.push({ code: 'WINDOW_PASSED', message: `line ${lineId} could be returned until ${until.slice(0, 10)}` });
  }
  const sellersFault = reason.canonical !== undefined && isSellerFault(reason.canonical);
  if (policy.finalSaleSkus.includes(line.sku) && reason.canonical !== undefined && !sellersFault) {
    refusals.push({ code: 'FINAL_SALE', message: `${line.sku} was sold without a right of return` });
  }
  return refusals;
}

function doubtsAboutLine(
  { lineId }: RequestedLine,
  order: OpenOrder,
  policy: ReturnPolicy,
  reason: MappedReason,
): Reason[] {
  const doubts: Reason[] = [];
  if (reason.canonical === undefined) {
    const message = `reason "${reason.given}" is not in map ${reason.mappingVersion}: add it, or decide by hand`;
    doubts.push({ code: 'REASON_UNMAPPED', message });
  }
  const sku = findLine(order, lineId)?.sku ?? '';
  if (policy.finalSaleSkus.includes(sku)) {
    doubts.push({ code: 'FINAL_SALE_AT_FAULT', message: `${sku} was a final sale, and the reason may lie with us` });
  }
  return doubts;
}

function doubtsAbout(order: OpenOrder, erp: ErpWord | undefined): Reason[] {
  if (erp?.known && erp.cancelled) {
    return [{ code: 'CANCELLED_IN_ERP', message: `the ERP holds order ${order.number} for cancelled` }];
  }
  if (erp && !erp.known && order.erp) {
    const message = `the ERP does not find sales order ${order.erp.number}, under which it booked order ${order.number}`;
    return [{ code: 'NOT_IN_ERP', message }];
  }
  return [];
}

/** Counted from the last shipment that holds the line, to the buyer's favour. */
function windowEnd(order: OpenOrder, lineId: string, { windowDays }: ReturnPolicy): string {
  const shipped = order.shipments
    .filter(({ lines }) => lines.some((line) => line.lineId === lineId))
    .map(({ shippedAt }) => shippedAt)
    .sort();
  return new Date(Date.parse(shipped.at(-1) ?? order.placedAt) + windowDays * DAY).toISOString();
}

function worthAfter(order: OpenOrder, { lineId, quantity }: RequestedLine, before: number): number {
  const line = findLine(order, lineId);
  if (!line) return 0;
  const asked = authorizeUnits(order, line, before + quantity);
  return refundTotal([creditFor(asked)]) - refundTotal([creditFor(asked, before)]);
}
