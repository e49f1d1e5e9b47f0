import { type ClaimState, claimKey } from '#core/claims/claim.ts';
import type { ReadClaim } from '#core/claims/place.ts';
import { nextMonth } from '#core/kernel/calendar.ts';
import type { Store, Stored } from '../ports/store.ts';

export type StoredClaim = ReadClaim & { readonly stored: Stored<ClaimState> | undefined };

/** Months, both included. */
export type Months = { readonly from: string; readonly to: string };

/** No return is inspected ten years after it was decided. */
export const MAX_PERIODS = 120;

/**
 * A supplier's claims of some months, and on to the first that nobody has begun. From the month in which a return was decided
 * to that of today these are all claims in which a line of it can lie: a line goes to a month that has come, and further only
 * past claims that are closed or full, so there is no gap behind today.
 */
export async function readClaims(store: Store, supplier: string, { from, to }: Months): Promise<StoredClaim[]> {
  const claims: StoredClaim[] = [];
  let period = from;
  for (let count = 0; count < MAX_PERIODS; count++) {
    const claim = await readClaim(store, supplier, period);
    claims.push(claim);
    if (period >= to && claim.state.status === 'none') return claims;
    period = nextMonth(period);
  }
  throw new Error(
    `each of ${MAX_PERIODS} months from ${from} has a claim against ${supplier}: close those that are over`,
  );
}

async function readClaim(store: Store, supplier: string, period: string): Promise<StoredClaim> {
  const id = { supplier, period };
  const stored = await store.load<ClaimState>(claimKey(id));
  return { id, state: stored?.state ?? { status: 'none' }, stored };
}
