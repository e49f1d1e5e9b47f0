import { type LineQuantity, mergeLines, unitsOf } from '../kernel/quantity.ts';
import type { OpenReturn, ReturnFacts, StepKind } from './state.ts';

/** Reads a return's status off its facts. Endings come first, then the furthest that facts bear out. */
export function statusOf(facts: ReturnFacts): OpenReturn['status'] {
  if (facts.closedAt !== undefined) return 'closed';
  if (facts.finance?.outcome === 'refused') return 'refused';
  if (facts.cancelledAt !== undefined) return 'cancelled';
  if (facts.expiredAt !== undefined) return 'expired';
  const decision = facts.review?.decision ?? facts.authorization.decision;
  if (decision !== 'approved') return decision;
  return paidStatus(facts) ?? goodsStatus(facts);
}

function paidStatus({ finance, refund, steps }: ReturnFacts): OpenReturn['status'] | undefined {
  const applied = (kind: StepKind): boolean => steps[kind]?.status === 'applied';
  if (refund?.status === 'paid') return 'refunded';
  if (applied('stock-move')) return 'stocked';
  if (applied('credit-memo')) return 'credited';
  if (applied('item-receipt')) return 'receipted';
  if (finance?.outcome === 'approved') return 'approved';
  return finance?.outcome === 'needs-approval' ? 'awaiting-approval' : undefined;
}

function goodsStatus(facts: ReturnFacts): OpenReturn['status'] {
  if (isInspected(facts)) return 'inspected';
  if (isReceived(facts)) return 'received';
  return facts.transit === undefined ? 'authorized' : 'in-transit';
}

/** Goods of the return, or something sent in their place, are in the house. */
export const isReceived = ({ receipts }: Pick<ReturnFacts, 'receipts'>): boolean => receipts.length > 0;

/**
 * Everything of the return that was received has been looked at. An inspection alone is not enough: reports come out of
 * order, and the receipt says how much there is to look at.
 */
export function isInspected(facts: ReturnFacts): boolean {
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
