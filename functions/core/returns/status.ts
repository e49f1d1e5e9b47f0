import { type LineQuantity, mergeLines, unitsOf } from '../kernel/quantity.ts';
import type { OpenReturn, ReturnFacts, StepKind } from './state.ts';

/** Reads a return's status off its facts. Endings come first, then the furthest that facts bear out. */
export function statusOf(facts: ReturnFacts): OpenReturn['status'] {
  if (facts.closedAt !== undefined) return 'closed';
  if (facts.compensation?.status === 'done') return 'reversed';
  if (facts.finance?.outcome === 'refused') return 'refused';
  if (facts.cancelledAt !== undefined) return 'cancelled';
  if (facts.expiredAt !== undefined) return 'expired';
  const decision = facts.review?.decision ?? facts.authorization.decision;
  if (decision !== 'approved') return decision;
  return paidStatus(facts) ?? goodsStatus(facts);
}

function paidStatus(facts: ReturnFacts): OpenReturn['status'] | undefined {
  const { finance, refund, steps } = facts;
  const applied = (kind: StepKind): boolean => steps[kind]?.status === 'applied';
  // A refund that was paid before the goods came is not the end of the return.
  if (refund?.status === 'paid' && isPutAway(facts)) return 'refunded';
  if (applied('stock-move')) return 'stocked';
  if (applied('credit-memo')) return 'credited';
  if (applied('item-receipt')) return 'receipted';
  if (finance?.outcome === 'approved') return 'approved';
  return finance?.outcome === 'needs-approval' ? 'awaiting-approval' : undefined;
}

/** Credited, and the goods, if any, are where they belong. */
export const isPutAway = ({ finance, steps }: Pick<ReturnFacts, 'finance' | 'steps'>): boolean =>
  steps[finance?.withoutGoods ? 'credit-memo' : 'stock-move']?.status === 'applied';

function goodsStatus(facts: ReturnFacts): OpenReturn['status'] {
  if (facts.kept !== undefined) return 'kept';
  if (facts.claim?.why === 'never-arrived') return 'overdue';
  if (isInspected(facts)) return 'inspected';
  if (isReceived(facts)) return 'received';
  return facts.transit === undefined ? 'authorized' : 'in-transit';
}

/** Goods of the return, or something sent in their place, are in the house. */
export const isReceived = ({ receipts }: Pick<ReturnFacts, 'receipts'>): boolean => receipts.length > 0;

type Receiving = Pick<ReturnFacts, 'receipts' | 'authorized' | 'authorization' | 'receiptClosedAt'>;

/**
 * Nothing more is waited for: all that was authorized came, the sender says that it was all, or its time is over. Terms
 * without a time for the rest settle what comes first.
 */
export function isComplete(facts: Receiving): boolean {
  if (!isReceived(facts)) return false;
  const { partialDays = 0 } = facts.authorization.terms ?? {};
  if (partialDays === 0 || facts.receiptClosedAt !== undefined) return true;
  if (facts.receipts.some(({ final }) => final)) return true;
  return facts.authorized.every(({ lineId, quantity }) => unitsReceived(facts, lineId) >= quantity);
}

/**
 * Everything of the return that was received has been looked at, and nothing more is waited for. An inspection alone is not
 * enough: reports come out of order, and the receipt says how much there is to look at.
 */
export const isInspected = (facts: ReturnFacts): boolean => isComplete(facts) && isLookedAt(facts);

/** Everything that has come up to now has been looked at. */
export function isLookedAt(facts: ReturnFacts): boolean {
  if (!isReceived(facts) || facts.inspections.length === 0) return false;
  return facts.authorized.every(({ lineId }) => unitsInspected(facts, lineId) >= unitsReceived(facts, lineId));
}

export const unitsReceived = ({ receipts }: Pick<ReturnFacts, 'receipts'>, lineId: string): number =>
  unitsOn(
    receipts.flatMap(({ lines }) => lines),
    lineId,
  );

export const unitsInspected = ({ inspections }: Pick<ReturnFacts, 'inspections'>, lineId: string): number =>
  unitsOn(
    inspections.flatMap(({ lines }) => lines),
    lineId,
  );

const unitsOn = (lines: readonly LineQuantity[], lineId: string): number =>
  unitsOf(mergeLines(lines).filter((line) => line.lineId === lineId));
