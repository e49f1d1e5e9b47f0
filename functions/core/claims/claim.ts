import type { Reason } from '../kernel/decision.ts';
import type { Money } from '../kernel/money.ts';
import type { CanonicalReason } from '../returns/reasons.ts';
import type { Condition, Disposition } from '../returns/return.ts';

/**
 * What a supplier owes for goods that came back through its fault: one claim a supplier and month, made of lines of
 * inspected returns, each with its evidence. An open claim follows the returns; a closed one is what was sent to the
 * supplier and never changes. What comes later goes to the next claim that is open.
 */
export type ClaimId = {
  readonly supplier: string;
  /** `2026-11`, in the merchant's zone. */
  readonly period: string;
};

export const claimKey = ({ supplier, period }: ClaimId): string => `CLAIM#${supplier}#${period}`;

export function parseClaimKey(key: string): ClaimId {
  const [kind, supplier, period, ...more] = key.split('#');
  if (kind !== 'CLAIM' || !supplier || !period || more.length > 0) throw new Error(`"${key}" is not a claim key`);
  return { supplier, period };
}

/** The number that the supplier is told. */
export const claimNumber = ({ supplier, period }: ClaimId): string => `SC-${supplier}-${period}`;

/** Why a line is claimed: the inspection sends it back, or the buyer found a fault and the inspection did not find it new. */
export type ClaimBasis = 'return-to-vendor' | 'defective';

export type ClaimLine = {
  /** Permanent: return, inspection, order line, and place in the inspection. */
  readonly key: string;
  readonly returnKey: string;
  readonly rma?: string;
  readonly orderNumber: string;
  readonly lineId: string;
  readonly sku: string;
  /** Negative where a closed claim held more than is due now. */
  readonly quantity: number;
  readonly condition: Condition;
  readonly disposition: Disposition;
  readonly reason?: CanonicalReason;
  readonly basis: ClaimBasis;
  readonly inspectionId: string;
  readonly inspectedAt: string;
  /** What one unit cost us, where it is known. */
  readonly unitCost?: Money;
};

export type OpenClaim = ClaimId & {
  readonly status: 'open' | 'closed';
  /** By key, in its order. */
  readonly lines: readonly ClaimLine[];
  readonly number?: string;
  readonly closedAt?: string;
  /** Operator who closed it. */
  readonly by?: string;
  /** What the ERP holds of it, one document a currency; left out where no ERP books claims on this supplier. */
  readonly documents?: readonly ClaimDocument[];
};

export type ClaimDocument = {
  readonly nth: number;
  readonly total: Money;
} & (
  | { readonly status: 'planned' }
  /** A draft, for a person to settle with the supplier. */
  | { readonly status: 'drafted'; readonly ref: string }
  | { readonly status: 'refused'; readonly reason: Reason }
);

export type ClaimState = { readonly status: 'none' } | OpenClaim;

/** A claim is one row, which DynamoDB ends at 400 KB; its documents need some of it. */
const MAX_LINE_BYTES = 370_000;

/** Bytes that a claim has left for lines that it does not hold yet. Lines beyond them go to the next period, as late ones do. */
export function roomIn(state: ClaimState): number {
  if (state.status === 'none') return MAX_LINE_BYTES;
  if (state.status === 'closed') return 0;
  return MAX_LINE_BYTES - state.lines.reduce((sum, line) => sum + bytesOf(line), 0);
}

/** As JSON, which is longer than the row. A line may get a cost, and another reason, when it lies in the claim already. */
export const bytesOf = (line: ClaimLine): number => Buffer.byteLength(JSON.stringify({ ...LATER, ...line }));

const LATER: Pick<ClaimLine, 'reason' | 'unitCost'> = {
  reason: 'arrived-late',
  unitCost: { minor: 1_000_000_000, currency: 'USD' },
};

export type ClaimTotals = {
  readonly lines: number;
  readonly units: number;
  /** One a currency, by its code; lines without a cost are counted beside. */
  readonly costs: readonly Money[];
  readonly linesWithoutCost: number;
};

export function totalsOf(lines: readonly ClaimLine[]): ClaimTotals {
  const sums = new Map<string, number>();
  for (const { quantity, unitCost } of lines) {
    if (unitCost) sums.set(unitCost.currency, (sums.get(unitCost.currency) ?? 0) + unitCost.minor * quantity);
  }
  return {
    lines: lines.length,
    units: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    costs: [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, minor]) => ({ minor, currency })),
    linesWithoutCost: lines.filter(({ unitCost }) => unitCost === undefined).length,
  };
}
