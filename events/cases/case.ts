import * as z from 'zod/mini';
import { contract } from '../envelope.ts';
import { moneySchema } from '../shared.ts';
import * as types from './types.ts';

const code = z.string().check(z.regex(/^[A-Z][A-Z0-9_]*(#.+)?$/));

export const caseOpenedV1 = contract(
  types.caseOpenedV1,
  z.strictObject({
    code,
    owner: z.enum(['integration', 'erp', 'retail-operations', 'finance', 'customer-service']),
    message: z.string(),
    suggestedFix: z.string(),
    moneyAtRisk: z.optional(moneySchema),
  }),
);

export const caseClosedV1 = contract(types.caseClosedV1, z.strictObject({ code }));
