import { reasonsOf } from '../returns/reasons/history.ts';
import type { CanonicalReason } from '../returns/reasons.ts';
import { type InspectedLine, returnKey } from '../returns/return.ts';
import type { OpenReturn } from '../returns/state.ts';
import type { ClaimBasis, ClaimLine } from './claim.ts';

/** Faults that lie with whoever made the goods; what the carrier broke is not among them. */
const SUPPLIERS_FAULT: ReadonlySet<CanonicalReason> = new Set(['defective', 'quality', 'missing-parts', 'expired']);

/** A return that ended so took nothing back: nothing is claimed for it. */
const NOTHING_TAKEN: readonly OpenReturn['status'][] = ['rejected', 'review', 'cancelled', 'expired', 'refused'];

/**
 * What a return gives to claim, read off it as it stands: units that were received, inspected and are ours, no more than
 * were authorized. Without a cost, which is a matter of the SKU.
 */
export function claimLinesOf(state: OpenReturn): ClaimLine[] {
  if (NOTHING_TAKEN.includes(state.status) || state.receipts.length === 0) return [];
  const left = new Map(state.authorized.map(({ lineId, quantity }) => [lineId, quantity]));
  return state.inspections.flatMap(({ inspectionId, occurredAt, lines }) =>
    lines.flatMap((line, place): ClaimLine[] => {
      if (line.condition === 'wrong-item' || line.condition === 'empty' || line.rejected) return [];
      const quantity = Math.min(line.quantity, left.get(line.lineId) ?? 0);
      left.set(line.lineId, (left.get(line.lineId) ?? 0) - quantity);
      const basis = basisOf(line, reasonOf(state, line.lineId));
      if (quantity === 0 || basis === undefined) return [];
      return [lineOf(state, line, { quantity, basis, inspectionId, inspectedAt: occurredAt, place })];
    }),
  );
}

type Found = Pick<ClaimLine, 'quantity' | 'basis' | 'inspectionId' | 'inspectedAt'> & { readonly place: number };

function lineOf(state: OpenReturn, { lineId, condition, disposition }: InspectedLine, found: Found): ClaimLine {
  const { id, rma, orderNumber } = state.authorization;
  const { place, ...evidence } = found;
  const reason = reasonOf(state, lineId);
  return {
    key: `${returnKey(id)}/${evidence.inspectionId}/${lineId}/${place}`,
    returnKey: returnKey(id),
    ...(rma !== undefined && { rma }),
    ...{ orderNumber, lineId, sku: state.authorized.find((line) => line.lineId === lineId)?.sku ?? '' },
    ...{ condition, disposition, ...(reason && { reason }) },
    ...evidence,
  };
}

function basisOf(
  { condition, disposition }: InspectedLine,
  reason: CanonicalReason | undefined,
): ClaimBasis | undefined {
  if (disposition === 'return-to-vendor') return 'return-to-vendor';
  // A unit that is as new had no fault, whatever the buyer said.
  return reason !== undefined && SUPPLIERS_FAULT.has(reason) && condition !== 'new' ? 'defective' : undefined;
}

/** By the map of now: a code that was unknown when the return was asked for may have been read since. */
const reasonOf = (state: OpenReturn, lineId: string): CanonicalReason | undefined =>
  reasonsOf(state).find((line) => line.lineId === lineId && line.reason.canonical !== undefined)?.reason.canonical;
