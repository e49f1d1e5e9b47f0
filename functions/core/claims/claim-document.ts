/**
 * What is claimed back from a supplier, as a document: units that came back defective or were returned to the vendor,
 * collected by supplier and period. The claim itself, with its evidence, is kept by the house.
 */

export type SupplierClaimId = {
  /** Code of the supplier, as the ERP's parties have it. */
  readonly supplier: string;
  /** YYYY-MM. */
  readonly period: string;
  /** Counts the claims of one supplier and period from 1: what turns up late makes another one. */
  readonly nth: number;
};

export type ClaimedLine = {
  readonly sku: string;
  readonly quantity: number;
  /** Minor units for all its units, above zero: what the supplier is to give back, without tax. */
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
  /** Minor units: the lines must come to it exactly. */
  readonly total: number;
};

/** `erp/supplier-claim/<supplier>/<period>/<nth>`. */
export const supplierClaimKey = ({ supplier, period, nth }: SupplierClaimId): string =>
  `erp/supplier-claim/${supplier}/${period}/${nth}`;
