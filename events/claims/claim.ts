import * as z from 'zod/mini';
import { contract } from '../envelope.ts';
import { moneySchema, reasonSchema, textSchema, unitsSchema } from '../shared.ts';
import * as types from './types.ts';

const claim = {
  number: textSchema,
  supplier: textSchema,
  /** `2026-11`, in the merchant's zone. */
  period: z.string().check(z.regex(/^\d{4}-\d{2}$/)),
};

const document = {
  ...claim,
  /** Counts the documents of the claim from 1: it has one a currency. */
  document: unitsSchema,
  /** What the supplier is to give back, without tax. */
  total: moneySchema,
};

export const claimClosedV1 = contract(
  types.claimClosedV1,
  z.strictObject({
    ...claim,
    lines: z.int().check(z.positive()),
    units: z.int(),
    /** One a currency. */
    costs: z.array(moneySchema),
    /** Lines whose cost nobody knew. */
    linesWithoutCost: z.int().check(z.minimum(0)),
    closedAt: z.iso.datetime(),
  }),
);

export const claimDocumentedV1 = contract(
  types.claimDocumentedV1,
  z.strictObject({
    ...document,
    /** The ERP's own id of the credit note. */
    erpRef: textSchema,
  }),
);

export const claimDocumentRefusedV1 = contract(
  types.claimDocumentRefusedV1,
  z.strictObject({ ...document, reason: reasonSchema }),
);
