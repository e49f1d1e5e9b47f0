import { type ClaimId, type ClaimState, claimKey, claimNumber } from '#core/claims/claim.ts';
import { type Cause, handle, stage } from '../aggregate.ts';
import { claimAggregate } from './aggregates.ts';
import type { ClaimPorts } from './collect-lines.ts';

export type Closed = { readonly done: boolean; readonly possible: boolean; readonly message: string };

/** Closes a claim: it is numbered and frozen, and event claim.closed tells of it. Without `apply` only says what it would do. */
export async function closeClaim(
  { store, monthOf }: ClaimPorts,
  id: ClaimId,
  { by, apply }: { readonly by: string; readonly apply: boolean },
  cause: Cause,
): Promise<Closed> {
  const key = claimKey(id);
  const command = { type: 'close', currentPeriod: monthOf(cause.now), by, at: cause.now } as const;
  const closed = apply
    ? await handle(store, claimAggregate, key, command, cause)
    : stage(claimAggregate, key, command, await store.load<ClaimState>(key), cause);
  switch (closed.kind) {
    case 'committed':
      return { done: true, possible: true, message: `closed as ${claimNumber(id)}` };
    case 'staged':
      return { done: false, possible: true, message: `would be closed as ${claimNumber(id)} (dry run: add --apply)` };
    case 'ignored':
      return { done: false, possible: true, message: `nothing to do: ${closed.why}` };
    case 'rejected':
      return { done: false, possible: false, message: `${closed.reason.code}: ${closed.reason.message}` };
    case 'seen':
      throw new Error(`${key}: an operator's decision has no inbox mark`);
  }
}
