import * as z from 'zod/mini';
import { contract } from '../envelope.ts';
import { moneySchema, textSchema } from '../shared.ts';
import * as types from './types.ts';

export const claimClosedV1 = contract(
  types.claimClosedV1,
  z.strictObject({
    number: textSchema,
    supplier: textSchema,
    /** `2026-11`, in the merchant's zone. */
    period: z.string().check(z.regex(/^\d{4}-\d{2}$/)),
    lines: z.int().check(z.positive()),
    units: z.int(),
    /** One a currency. */
    costs: z.array(moneySchema),
    /** Lines whose cost nobody knew. */
    linesWithoutCost: z.int().check(z.minimum(0)),
    closedAt: z.iso.datetime(),
  }),
);
