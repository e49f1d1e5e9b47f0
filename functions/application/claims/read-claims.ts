import { type ClaimState, claimKey, type OpenClaim } from '#core/claims/claim.ts';
import type { ReadClaim } from '#core/claims/place.ts';
import { monthBefore, nextMonth } from '#core/kernel/calendar.ts';
import type { Store, Stored } from '../ports/store.ts';

export type StoredClaim = ReadClaim & { readonly stored: Stored<ClaimState> | undefined };

/** Months, both included. */
export type Months = { readonly from: string; readonly to: string };

/** No return is inspected ten years after it was decided. */
const MAX_PERIODS = 120;

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

/** A supplier's open claims as of a month: those of earlier months that nobody has closed, and what has gone on into later ones. */
export async function readOpenClaims(store: Store, supplier: string, month: string): Promise<OpenClaim[]> {
  const earlier = [monthBefore(month)];
  while (earlier.length < MAX_PERIODS) earlier.push(monthBefore(earlier.at(-1) ?? month));
  const claims = [
    ...(await Promise.all(earlier.map((period) => readClaim(store, supplier, period)))),
    ...(await readClaims(store, supplier, { from: month, to: month })),
  ];
  return claims.flatMap(({ state }) => (state.status === 'open' ? [state] : []));
}

async function readClaim(store: Store, supplier: string, period: string): Promise<StoredClaim> {
  const id = { supplier, period };
  const stored = await store.load<ClaimState>(claimKey(id));
  return { id, state: stored?.state ?? { status: 'none' }, stored };
}
