import { z } from 'zod';
import { contract } from '../envelope.ts';
import { moneySchema } from '../shared.ts';

const code = z.string().regex(/^[A-Z][A-Z0-9_]*(#.+)?$/);

export const caseOpenedV1 = contract(
  'case.opened.v1',
  1,
  'Something waits for a person. Sent once per case; a case that comes up again while open only raises its count.',
  z.strictObject({
    code,
    owner: z.enum(['integration', 'erp', 'retail-operations', 'finance', 'customer-service']),
    message: z.string(),
    suggestedFix: z.string(),
    moneyAtRisk: moneySchema.optional(),
  }),
);

export const caseClosedV1 = contract(
  'case.closed.v1',
  1,
  'The cause of a case is gone, or a person closed it.',
  z.strictObject({ code }),
);
