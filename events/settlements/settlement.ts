import * as z from 'zod/mini';
import { contract } from '../envelope.ts';
import { daySchema, moneySchema, reasonSchema, textSchema, unitsSchema } from '../shared.ts';
import * as types from './types.ts';

const countSchema = z.int().check(z.minimum(0));

const refSchema = {
  /** The channel's own id of the settlement. */
  settlementId: textSchema,
  /** Counts its contents: raised when it was collected again and had changed. */
  revision: unitsSchema,
};

const step = <S extends z.core.$ZodLooseShape>(shape: S) => z.strictObject({ ...refSchema, ...shape });

export const settlementImportedV1 = contract(
  types.settlementImportedV1,
  step({
    format: textSchema,
    lines: countSchema,
    orders: countSchema,
    batches: countSchema,
    /** What the channel says it pays out. */
    announced: moneySchema,
    depositDate: z.optional(daySchema),
  }),
);

export const settlementMatchedV1 = contract(
  types.settlementMatchedV1,
  step({
    differences: z.array(
      z.strictObject({
        cause: textSchema,
        orders: unitsSchema,
        /** What the channel says less what the orders say; and the same without regard to sign. */
        amount: moneySchema,
        atRisk: moneySchema,
        since: z.iso.datetime(),
      }),
    ),
  }),
);

export const settlementBlockedV1 = contract(
  types.settlementBlockedV1,
  step({ reasons: z.array(reasonSchema).check(z.minLength(1)) }),
);

const movedSchema = {
  /** `2026-10`, `adjustment/1/2026-11` */
  part: textSchema,
  date: daySchema,
  erpRef: textSchema,
  erpNumber: textSchema,
};

export const settlementPostedV1 = contract(types.settlementPostedV1, step({ ...movedSchema, complete: z.boolean() }));

export const settlementAdjustedV1 = contract(
  types.settlementAdjustedV1,
  /** `adjusts`: operation key of the first posting. */
  step({ ...movedSchema, adjusts: textSchema }),
);

export const settlementPostingRefusedV1 = contract(
  types.settlementPostingRefusedV1,
  step({ part: textSchema, reason: reasonSchema }),
);

export const settlementCollectionDueV1 = contract(types.settlementCollectionDueV1, step({ times: unitsSchema }));
