import type { Money } from '../kernel/money.ts';
import { operationKey } from '../operations/operation.ts';
import { parseReturnKey } from '../returns/return.ts';
import type { ClaimId, ClaimLine } from './claim.ts';

/**
 * What is claimed back from a supplier, as a document of the ERP: units that came back defective or were returned to the
 * vendor, collected by supplier and period. The claim itself, with its evidence, is kept by the house.
 */

export type SupplierClaimId = {
  /** As the claim has it; connectors know the ERP's own code where it differs. */
  readonly supplier: string;
  /** YYYY-MM. */
  readonly period: string;
  /** Counts the documents of a claim from 1: it has one a currency. */
  readonly nth: number;
};

export type ClaimedLine = {
  readonly sku: string;
  /** Below zero where an earlier claim held more than was due. */
  readonly quantity: number;
  /** Minor units for all its units, with the sign of the quantity: what the supplier is to give back, without tax. */
  readonly amount: number;
  /** What a bookkeeper reads, such as the returns it comes from; ids only, nothing personal. */
  readonly label: string;
};

/** The content of `erp/supplier-claim`: a supplier's credit note, drafted for a person to settle with the supplier. */
export type SupplierClaimContent = {
  readonly claim: SupplierClaimId;
  /** Number under which the supplier is told of it. */
  readonly reference: string;
  readonly currency: string;
  readonly lines: readonly ClaimedLine[];
  /** Minor units, above zero: the lines must come to it exactly. */
  readonly total: number;
};

/** `erp/supplier-claim/<supplier>/<period>/<nth>`. */
export const supplierClaimKey = ({ supplier, period, nth }: SupplierClaimId): string =>
  operationKey('erp/supplier-claim', supplier, period, String(nth));

export type ClaimDocuments = {
  /** By currency code, in its order. */
  readonly documents: readonly SupplierClaimContent[];
  readonly leftOut: LeftOut;
};

/** What of a claim no document can say, and a person has to settle by hand. */
export type LeftOut = {
  readonly linesWithoutCost: number;
  /** Sums that are not above zero: the supplier owes nothing, or was asked for too much before. */
  readonly balances: readonly Money[];
};

/** The documents of a claim that is closed under a number: one a currency, a line for each SKU and cost. */
export function documentsOf(id: ClaimId, reference: string, lines: readonly ClaimLine[]): ClaimDocuments {
  const documents: SupplierClaimContent[] = [];
  const balances: Money[] = [];
  for (const [currency, some] of byCurrency(lines)) {
    const claimed = claimedLines(some);
    const total = claimed.reduce((sum, { amount }) => sum + amount, 0);
    if (total > 0) {
      const claim = { ...id, nth: documents.length + 1 };
      documents.push({ claim, reference, currency, lines: claimed, total });
    } else balances.push({ minor: total, currency });
  }
  return { documents, leftOut: { linesWithoutCost: lines.filter((line) => !hasCost(line)).length, balances } };
}

type Costed = ClaimLine & { readonly unitCost: Money };

/** A unit that costs nothing is nothing that a document could claim. */
const hasCost = (line: ClaimLine): line is Costed => line.unitCost !== undefined && line.unitCost.minor > 0;

function byCurrency(lines: readonly ClaimLine[]): [string, Costed[]][] {
  const groups = Map.groupBy(lines.filter(hasCost), ({ unitCost }) => unitCost.currency);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Equal goods at equal cost are one line; what comes to no unit is none. */
function claimedLines(lines: readonly Costed[]): ClaimedLine[] {
  const groups = Map.groupBy(lines, ({ sku, unitCost }) => JSON.stringify([sku, unitCost.minor]));
  return [...groups.values()].flatMap((some) => {
    const quantity = some.reduce((sum, line) => sum + line.quantity, 0);
    const [{ sku, unitCost }] = some as [Costed];
    return quantity === 0 ? [] : [{ sku, quantity, amount: quantity * unitCost.minor, label: labelOf(some) }];
  });
}

const MOST_NAMED = 5;

function labelOf(lines: readonly ClaimLine[]): string {
  const returns = [...new Set(lines.map(({ rma, returnKey }) => rma ?? parseReturnKey(returnKey).returnId))];
  const more = returns.length - MOST_NAMED;
  return `${returns.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
