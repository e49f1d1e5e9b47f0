import { type ClaimId, type ClaimState, claimKey, claimNumber } from '#core/claims/claim.ts';
import { formatMoney } from '#core/kernel/money.ts';
import type { Target } from '#core/operations/operation.ts';
import { type Cause, handle, stage } from '../aggregate.ts';
import { claimAggregate } from './aggregates.ts';
import type { ClaimPorts } from './collect-lines.ts';

export type CloseClaimPorts = Pick<ClaimPorts, 'store' | 'monthOf'> & {
  /** Who books claims on a supplier; undefined where they stay with the house. */
  readonly erpOf: (supplier: string) => Target | undefined;
};

export type Closed = { readonly done: boolean; readonly possible: boolean; readonly message: string };

/**
 * Closes a claim: it is numbered and frozen, event claim.closed tells of it, and its documents are planned where an ERP books
 * claims on the supplier. Without `apply` only says what it would do.
 */
export async function closeClaim(
  { store, monthOf, erpOf }: CloseClaimPorts,
  id: ClaimId,
  { by, apply }: { readonly by: string; readonly apply: boolean },
  cause: Cause,
): Promise<Closed> {
  const key = claimKey(id);
  const erp = erpOf(id.supplier);
  const command = { type: 'close', currentPeriod: monthOf(cause.now), ...(erp && { erp }), by, at: cause.now } as const;
  const closed = apply
    ? await handle(store, claimAggregate, key, command, cause)
    : stage(claimAggregate, key, command, await store.load<ClaimState>(key), cause);
  switch (closed.kind) {
    case 'committed':
      return { done: true, possible: true, message: `closed as ${claimNumber(id)}${documentsIn(closed.state)}` };
    case 'staged': {
      const message = `would be closed as ${claimNumber(id)}${documentsIn(closed.state)} (dry run: add --apply)`;
      return { done: false, possible: true, message };
    }
    case 'ignored':
      return { done: false, possible: true, message: `nothing to do: ${closed.why}` };
    case 'rejected':
      return { done: false, possible: false, message: `${closed.reason.code}: ${closed.reason.message}` };
    case 'seen':
      throw new Error(`${key}: an operator's decision has no inbox mark`);
  }
}

function documentsIn(state: ClaimState): string {
  const documents = (state.status !== 'none' && state.documents) || [];
  if (documents.length === 0) return '';
  const totals = documents.map(({ total }) => `${formatMoney(total)} ${total.currency}`);
  return `, with a credit note of ${totals.join(' and one of ')} for the ERP to draft`;
}
