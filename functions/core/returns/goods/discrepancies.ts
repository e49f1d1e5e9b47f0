import type { CaseToOpen } from '../../cases/case.ts';
import { fingerprint } from '../../kernel/fingerprint.ts';
import type { LineQuantity } from '../../kernel/quantity.ts';
import { creditFor, refundTotal } from '../credit.ts';
import { isClaimDue } from '../money/claims.ts';
import { dueGoods, resolutionOf } from '../money/due.ts';
import type { Condition, InspectedLine } from '../return.ts';
import type { OpenReturn } from '../state.ts';
import { isReceived, unitsInspected, unitsReceived } from '../status.ts';
import { destinationOf } from './goods.ts';

/** Cases that follow from what was received and inspected; each closes when the facts no longer bear it out. */
export const DISCREPANCY_CODES = [
  'GOODS_WITHOUT_RETURN',
  'GOODS_CHANGED_LATE',
  'RECEIVED_TOO_MANY',
  'RECEIVED_UNKNOWN_LINE',
  'INSPECTION_DISAGREES',
  'WRONG_ITEM_RETURNED',
  'EMPTY_RETURN',
  'DAMAGED_NOT_RESTOCKED',
  'REJECTED_AT_INSPECTION',
  'GOODS_OF_KEPT_RETURN',
  'RESOLUTION_CHANGED_LATE',
  'PARCEL_LOST',
  'CREDIT_ISSUED_BESIDE',
] as const;

type Code = (typeof DISCREPANCY_CODES)[number];
type Finding = CaseToOpen & { readonly code: Code };

/** Where what came back is not what was authorized, or not what was said before. Read off the facts, in no order. */
export function discrepanciesOf(state: OpenReturn): Finding[] {
  const found = [
    goodsWithoutReturn(state),
    goodsChangedLate(state),
    receivedTooMany(state),
    receivedUnknownLine(state),
    inspectionDisagrees(state),
    inspectedAs(state, 'wrong-item'),
    inspectedAs(state, 'empty'),
    damagedForRestock(state),
    rejectedAtInspection(state),
    goodsOfKeptReturn(state),
    resolutionChangedLate(state),
    parcelLost(state),
    creditIssuedBeside(state),
  ];
  return found.filter((one) => one !== undefined);
}

const ENDED_WITHOUT_CREDIT: readonly OpenReturn['status'][] = [
  ...(['rejected', 'cancelled', 'expired', 'refused', 'reversed'] as const),
];

/** A return whose goods never came has no credit either once the claim for them is settled. */
const endedWithoutCredit = ({ status, finance, kept, claim }: OpenReturn): boolean =>
  ENDED_WITHOUT_CREDIT.includes(status) ||
  (claim?.why === 'never-arrived' && claim.status !== 'due' && !finance && kept === undefined);

function goodsWithoutReturn(state: OpenReturn): Finding | undefined {
  if (!endedWithoutCredit(state) || !isReceived(state)) return undefined;
  return {
    code: 'GOODS_WITHOUT_RETURN',
    owner: 'customer-service',
    message: `goods of return ${idOf(state)} are in the house, and it is ${state.status}: nothing is credited for them`,
    suggestedFix: isClaimDue(state)
      ? 'the buyer was refunded: keep them until the claim is settled, then send them back'
      : 'send them back to the buyer, or have the platform ask for a new return of these units',
    ...atRisk(state, receivedOf(state)),
  };
}

function goodsChangedLate(state: OpenReturn): Finding | undefined {
  if (!state.finance || ['refused', 'cancelled', 'reversed'].includes(state.status)) return undefined;
  const { lines, moves } = dueGoods(state);
  const { finance } = state;
  if (fingerprint({ lines, moves }) === fingerprint({ lines: finance.lines, moves: finance.moves })) return undefined;
  return {
    code: 'GOODS_CHANGED_LATE',
    owner: 'finance',
    message: `reports on return ${idOf(state)} came after its refund was fixed: ${refundTotal(lines)} would be due now, ${finance.refund} was fixed (minor units)`,
    suggestedFix: 'settle the difference by hand; units that came late can be the subject of a new return',
    moneyAtRisk: amountOf(state, Math.abs(refundTotal(lines) - finance.refund)),
  };
}

function receivedTooMany(state: OpenReturn): Finding | undefined {
  const over = state.authorized
    .map(({ lineId, quantity }) => ({ lineId, quantity: unitsReceived(state, lineId) - quantity }))
    .filter(({ quantity }) => quantity > 0);
  if (over.length === 0) return undefined;
  return {
    code: 'RECEIVED_TOO_MANY',
    owner: 'retail-operations',
    message: `return ${idOf(state)} brought more than was authorized: ${listed(over)} too many`,
    suggestedFix: 'keep the surplus in quarantine, it is not credited; send it back or have a return authorized for it',
  };
}

function receivedUnknownLine(state: OpenReturn): Finding | undefined {
  if (state.authorized.length === 0) return undefined;
  const known = new Set(state.authorized.map(({ lineId }) => lineId));
  const reported = [...state.receipts, ...state.inspections].flatMap(({ lines }) => lines as readonly LineQuantity[]);
  const unknown = [...new Set(reported.map(({ lineId }) => lineId))].filter((lineId) => !known.has(lineId)).sort();
  if (unknown.length === 0) return undefined;
  return {
    code: 'RECEIVED_UNKNOWN_LINE',
    owner: 'retail-operations',
    message: `return ${idOf(state)} brought goods of lines that it does not hold: ${unknown.join(', ')}`,
    suggestedFix: 'nothing is credited for them; find out where they belong',
  };
}

function inspectionDisagrees(state: OpenReturn): Finding | undefined {
  if (!isReceived(state)) return undefined;
  const more = state.authorized
    .map(({ lineId }) => ({ lineId, quantity: unitsInspected(state, lineId) - unitsReceived(state, lineId) }))
    .filter(({ quantity }) => quantity > 0);
  if (more.length === 0) return undefined;
  return {
    code: 'INSPECTION_DISAGREES',
    owner: 'retail-operations',
    message: `more of return ${idOf(state)} was inspected than received: ${listed(more)} too many`,
    suggestedFix: 'credit is for the smaller number; count again and send a corrected receipt or inspection',
  };
}

const FOREIGN = {
  'wrong-item': { code: 'WRONG_ITEM_RETURNED', owner: 'customer-service', what: 'something else than what was sold' },
  empty: { code: 'EMPTY_RETURN', owner: 'finance', what: 'nothing' },
} as const;

function inspectedAs(state: OpenReturn, condition: keyof typeof FOREIGN): Finding | undefined {
  const units = unitsFoundAs(state, condition);
  if (units.length === 0) return undefined;
  const { code, owner, what } = FOREIGN[condition];
  return {
    code,
    owner,
    message: `return ${idOf(state)} holds ${what} for ${listed(units)}`,
    suggestedFix: 'these units get no credit and no refund; settle it with the buyer, then close this case',
    ...atRisk(state, units),
  };
}

function damagedForRestock(state: OpenReturn): Finding | undefined {
  const units = inspectedOf(state).filter((line) => destinationOf(line) !== line.disposition);
  if (units.length === 0) return undefined;
  return {
    code: 'DAMAGED_NOT_RESTOCKED',
    owner: 'retail-operations',
    message: `the inspection of return ${idOf(state)} wants damaged units restocked (${listed(units)}): they go to quarantine`,
    suggestedFix: 'look at them in quarantine; move them to stock in the ERP if they can be sold',
  };
}

/** The platform learns it from `return.inspected.v1`, which names the rejected units. */
function rejectedAtInspection(state: OpenReturn): Finding | undefined {
  const units = inspectedOf(state).filter(({ rejected }) => rejected);
  if (units.length === 0) return undefined;
  return {
    code: 'REJECTED_AT_INSPECTION',
    owner: 'customer-service',
    message: `the inspection of return ${idOf(state)} does not take back ${listed(units)}: no credit, no refund`,
    suggestedFix:
      'flag it at the platform, send the units back to the buyer or keep them in quarantine, then close this case',
    ...atRisk(state, units),
  };
}

/** Credited without goods: what comes all the same must not raise stock, nor be credited again. */
function goodsOfKeptReturn(state: OpenReturn): Finding | undefined {
  const keeps = state.finance ? state.finance.withoutGoods === true : state.kept !== undefined;
  if (!keeps || !isReceived(state)) return undefined;
  return {
    code: 'GOODS_OF_KEPT_RETURN',
    owner: 'retail-operations',
    message: `goods of return ${idOf(state)} came, which the buyer was to keep: they are credited without a receipt`,
    suggestedFix: 'keep them in quarantine; send them back, or book them into stock by hand',
  };
}

const wish = { refund: 'a refund', exchange: 'an exchange', 'store-credit': 'store credit' } as const;

function resolutionChangedLate(state: OpenReturn): Finding | undefined {
  if (!state.finance && !state.advance) return undefined;
  const fixed = state.finance?.resolution ?? 'refund';
  const { resolution } = resolutionOf(state);
  if (fixed === resolution || ['refused', 'cancelled', 'reversed'].includes(state.status)) return undefined;
  return {
    code: 'RESOLUTION_CHANGED_LATE',
    owner: 'customer-service',
    message: `the buyer of return ${idOf(state)} wants ${wish[resolution]}, and ${wish[fixed]} was decided`,
    suggestedFix: 'settle it with the buyer, then close this case',
  };
}

function parcelLost(state: OpenReturn): Finding | undefined {
  const waits = state.status === 'authorized' || state.status === 'in-transit' || state.status === 'overdue';
  if (!state.lost || !waits) return undefined;
  return {
    code: 'PARCEL_LOST',
    owner: 'customer-service',
    message: `the carrier has lost the parcel of return ${idOf(state)}: it will not be received`,
    suggestedFix: `claim it from the carrier; to pay the buyer without the goods: crossdock returns keep-item ${idOf(state)} --apply`,
    ...atRisk(state, state.authorized),
  };
}

/** Store credit that a return is settled by counts against its order; what nobody owes counts nowhere else. */
function creditIssuedBeside(state: OpenReturn): Finding | undefined {
  const { finance, issued = [], compensation } = state;
  const over = endedWithoutCredit(state) || (compensation !== undefined && compensation.status !== 'registered');
  if (issued.length === 0 || (!finance && !over)) return undefined;
  if (finance?.resolution === 'store-credit' && !over) return undefined;
  const amount = issued.reduce((sum, one) => sum + one.amount, 0);
  const what = over ? 'nothing is owed for it' : `${wish[finance?.resolution ?? 'refund']} was decided`;
  return {
    code: 'CREDIT_ISSUED_BESIDE',
    owner: 'finance',
    message: `the platform issued credit of ${amount} (minor units) for return ${idOf(state)} (${issued.map(({ creditId }) => creditId).join(', ')}), and ${what}`,
    suggestedFix: 'have the platform take the credit back, or settle it with the buyer, then close this case',
    moneyAtRisk: amountOf(state, amount),
  };
}

const inspectedOf = ({ inspections }: OpenReturn): InspectedLine[] => inspections.flatMap(({ lines }) => lines);
const receivedOf = ({ receipts }: OpenReturn): LineQuantity[] => receipts.flatMap(({ lines }) => lines);
const unitsFoundAs = (state: OpenReturn, condition: Condition): InspectedLine[] =>
  inspectedOf(state).filter((line) => line.condition === condition);

const idOf = ({ authorization }: OpenReturn): string => authorization.id.returnId;

const listed = (lines: readonly LineQuantity[]): string =>
  lines.map(({ lineId, quantity }) => `${quantity} of line ${lineId}`).join(', ');

const amountOf = ({ authorization }: OpenReturn, minor: number) => ({ minor, currency: authorization.currency });

/** What the buyer would have got for these units, as far as they were authorized. */
function atRisk(state: OpenReturn, units: readonly LineQuantity[]): Pick<CaseToOpen, 'moneyAtRisk'> {
  const worth = state.authorized.map((line) => {
    const count = units.reduce((sum, unit) => (unit.lineId === line.lineId ? sum + unit.quantity : sum), 0);
    return creditFor(line, Math.min(count, line.quantity));
  });
  return worth.length === 0 ? {} : { moneyAtRisk: amountOf(state, refundTotal(worth)) };
}
