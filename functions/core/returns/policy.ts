import type { Reason } from '../kernel/decision.ts';
import type { LineQuantity } from '../kernel/quantity.ts';
import { findLine, type OpenOrder } from '../orders/state.ts';
import { refundedByChannel } from '../orders/units.ts';
import type { Zones } from './calendar.ts';
import { authorizeUnits, creditFor, refundTotal } from './credit.ts';
import { attributesOf, type PolicyRule, rulesThatApply } from './policy-rules.ts';
import { type AuthorizationRules, PLAIN_WINDOW, type ReturnPolicy, rulesOn } from './policy-versions.ts';
import { isSellerFault, type MappedReason, mapReason, type ReasonMap } from './reasons.ts';
import type { CreditLine, Disposition } from './return.ts';
import { type ReturnWindow, windowOf } from './window.ts';

export type { ReturnPolicy } from './policy-versions.ts';

export type Verdict = 'approved' | 'rejected' | 'review';

export type RequestedLine = LineQuantity & { readonly reasonCode: string };

/** One requested line with what the policy says of it. */
export type DecidedLine = LineQuantity & {
  readonly decision: Verdict;
  readonly reasons: readonly Reason[];
  readonly reason: MappedReason;
  /** What the buyer would get for these units: minor units of the order's currency; 0 when rejected. */
  readonly refundEstimate: number;
  /** The same by net and tax, of a line that is not rejected. */
  readonly worth?: Pick<CreditLine, 'net' | 'taxes'>;
  /** Until when the line may be asked back; missing for a line that the order lacks or that never left the house. */
  readonly window?: ReturnWindow;
  /** Where the goods will likely go; the inspection decides. */
  readonly dispositionHint?: Disposition;
  /** The policy lets the buyer keep the goods. */
  readonly keepItem?: true;
  /** What the decision was made on: attributes of the item, and codes of the rules that applied. */
  readonly ruleInputs?: { readonly attributes: readonly string[]; readonly rules: readonly string[] };
};

export type Evaluation = {
  /** Of the rules that were in force on the day that the policy goes by. */
  readonly policyVersion: string;
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

/**
 * Judges a request: each line by itself, and the return by its lines. One line for a person makes the return one for a
 * person; lines that are refused do not hold up the others.
 */
export function evaluate(
  { order, lines, requestedAt, erp, doubts: others = [] }: ToEvaluate,
  policy: ReturnPolicy,
  map: ReasonMap,
  zones: Zones,
): Evaluation {
  const rules = rulesOn({ placedAt: order.placedAt, requestedAt }, policy, zones);
  const doubts = [...doubtsAbout(order, erp), ...others];
  const left = new Map(order.lines.map((line) => [line.lineId, returnableUnits(order, line.lineId, erp)]));
  const seen = new Map<string, number>();
  const decided = lines.map((asked): DecidedLine => {
    const before = seen.get(asked.lineId) ?? 0;
    const judged = judge(asked, { order, requestedAt, rules, zones, before, reason: mapReason(map, asked.reasonCode) });
    const units = left.get(asked.lineId) ?? 0;
    const refusals = refusalsOf(asked, order, units, requestedAt, rules, judged);
    if (refusals.length > 0) return decidedLine(asked, judged, 'rejected', refusals);
    left.set(asked.lineId, units - asked.quantity);
    seen.set(asked.lineId, before + asked.quantity);
    const open = [...doubts, ...doubtsAboutLine(asked, order, rules, judged)];
    return decidedLine(asked, judged, open.length > 0 ? 'review' : 'approved', open);
  });
  const reasons = distinct(decided.flatMap((line) => line.reasons));
  return { policyVersion: rules.version, decision: overall(decided), reasons, lines: decided };
}

/** What the policy knows of one asked line before it decides. */
type Judged = {
  readonly reason: MappedReason;
  readonly worth: CreditLine | undefined;
  readonly window: ReturnWindow | undefined;
  readonly attributes: readonly string[];
  readonly applying: readonly PolicyRule[];
};

type Given = {
  readonly order: OpenOrder;
  readonly requestedAt: string;
  readonly rules: AuthorizationRules;
  readonly zones: Zones;
  /** Units of the same line that stand earlier in the request. */
  readonly before: number;
  readonly reason: MappedReason;
};

function judge({ lineId, quantity }: RequestedLine, { order, rules, zones, before, reason }: Given): Judged {
  const line = findLine(order, lineId);
  if (!line) return { reason, worth: undefined, window: undefined, attributes: [], applying: [] };
  const units = Math.min(quantity, line.quantity - Math.min(before, line.quantity));
  const worth = worthAfter(order, line, before, units);
  const attributes = attributesOf(line.sku, rules.items ?? []);
  const subject = { order, line, attributes, reason: reason.canonical, value: refundTotal([worth]) };
  const applying = rulesThatApply(rules.rules ?? [], subject);
  const days = consequence(applying, 'window')?.days ?? rules.windowDays;
  const window = windowOf(order, lineId, days, rules.window ?? PLAIN_WINDOW, zones);
  return { reason, worth, window, attributes, applying };
}

type Kind = PolicyRule['effect']['kind'];

/** Of several rules with one kind of consequence the first counts. */
const consequence = <K extends Kind>(rules: readonly PolicyRule[], kind: K) =>
  rules
    .map(({ effect }) => effect)
    .find((effect): effect is Extract<PolicyRule['effect'], { kind: K }> => effect.kind === kind);

const reasonsOf = (rules: readonly PolicyRule[], kind: Kind): Reason[] =>
  rules.filter(({ effect }) => effect.kind === kind).map(({ code, message }) => ({ code, message }));

function decidedLine(
  { lineId, quantity }: RequestedLine,
  { reason, worth, window, attributes, applying }: Judged,
  decision: Verdict,
  reasons: readonly Reason[],
): DecidedLine {
  const ruleInputs = { attributes, rules: applying.map(({ code }) => code) };
  const told = { lineId, quantity, decision, reasons, reason, ...(window && { window }), ruleInputs };
  if (decision === 'rejected' || !worth) return { ...told, refundEstimate: 0 };
  return {
    ...told,
    refundEstimate: refundTotal([worth]),
    worth: { net: worth.net, taxes: worth.taxes },
    dispositionHint: consequence(applying, 'disposition')?.disposition ?? usualDisposition(reason),
    ...(consequence(applying, 'keep-item') && { keepItem: true as const }),
  };
}

/** Goods with a fault, and goods that nobody understands the reason of, are kept apart until somebody has looked at them. */
const usualDisposition = ({ canonical }: MappedReason): Disposition =>
  canonical === undefined || isSellerFault(canonical) ? 'quarantine' : 'restock';

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
  { finalSaleSkus }: AuthorizationRules,
  { reason, window, applying }: Judged,
): Reason[] {
  const line = findLine(order, lineId);
  if (!line) return [{ code: 'LINE_UNKNOWN', message: `order ${order.number} has no line ${lineId}` }];
  if (line.shipped === 0) return [{ code: 'NOT_SHIPPED', message: `line ${lineId} has not left the house` }];
  const refusals: Reason[] = [];
  if (quantity > left) {
    const message = `${quantity} of line ${lineId} asked for, ${left} can come back`;
    refusals.push({ code: 'NOTHING_LEFT_TO_RETURN', message });
  }
  if (window && Date.parse(requestedAt) >= Date.parse(window.endsAt)) {
    refusals.push({ code: 'WINDOW_PASSED', message: `line ${lineId} could be returned until ${window.until}` });
  }
  const sellersFault = reason.canonical !== undefined && isSellerFault(reason.canonical);
  if (finalSaleSkus.includes(line.sku) && reason.canonical !== undefined && !sellersFault) {
    refusals.push({ code: 'FINAL_SALE', message: `${line.sku} was sold without a right of return` });
  }
  return [...refusals, ...reasonsOf(applying, 'reject')];
}

function doubtsAboutLine(
  { lineId }: RequestedLine,
  order: OpenOrder,
  { finalSaleSkus }: AuthorizationRules,
  { reason, applying }: Judged,
): Reason[] {
  const doubts: Reason[] = [];
  if (reason.canonical === undefined) {
    const message = `reason "${reason.given}" is not in map ${reason.mappingVersion}: add it, or decide by hand`;
    doubts.push({ code: 'REASON_UNMAPPED', message });
  }
  const sku = findLine(order, lineId)?.sku ?? '';
  if (finalSaleSkus.includes(sku)) {
    doubts.push({ code: 'FINAL_SALE_AT_FAULT', message: `${sku} was a final sale, and the reason may lie with us` });
  }
  return [...doubts, ...reasonsOf(applying, 'review')];
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

/** What `units` units of a line are worth when `before` of it are taken already. */
function worthAfter(order: OpenOrder, line: OpenOrder['lines'][number], before: number, units: number): CreditLine {
  const asked = authorizeUnits(order, line, before + units);
  return creditFor({ ...asked, units: asked.units.slice(before) });
}
