import * as z from 'zod/mini';
import { contract } from '../envelope.ts';
import { lineQuantitiesSchema, moneySchema, reasonSchema, textSchema, unitsSchema } from '../shared.ts';
import * as types from './types.ts';

const refSchema = {
  /** The returns platform's own id of the return. */
  returnId: textSchema,
  /** The number people use; a rejected return has none. */
  rma: z.optional(textSchema),
  orderKey: textSchema,
  orderNumber: textSchema,
};

const step = <S extends z.core.$ZodLooseShape>(shape: S) => z.strictObject({ ...refSchema, ...shape });

/** What each set of fraud rules said; a shadow one changed nothing. */
const fraudSchema = z.optional(
  z.array(
    z.strictObject({
      ruleSet: textSchema,
      version: textSchema,
      mode: z.enum(['live', 'shadow']),
      score: z.int(),
      action: z.enum(['approve', 'hold', 'review']),
      fired: z.array(z.strictObject({ rule: textSchema, version: z.int(), weight: z.int(), code: textSchema })),
    }),
  ),
);

const requestedLineSchema = z.strictObject({
  lineId: textSchema,
  quantity: unitsSchema,
  decision: z.enum(['approved', 'rejected', 'review']),
  /** Canonical reason; missing when the code that was given is in no map. */
  reason: z.optional(textSchema),
});

const requestSchema = {
  lines: z.array(requestedLineSchema).check(z.minLength(1)),
  /** What the buyer would get for the lines that are not rejected. */
  refundEstimate: moneySchema,
  policyVersion: textSchema,
  mappingVersion: textSchema,
  /** Who decided: the policy, or a person whom it was left to. */
  decidedBy: z.enum(['policy', 'person']),
  fraud: fraudSchema,
};

export const returnAuthorizedV1 = contract(
  types.returnAuthorizedV1,
  step({ ...requestSchema, authorized: lineQuantitiesSchema }),
);

export const returnRejectedV1 = contract(
  types.returnRejectedV1,
  step({ ...requestSchema, reasons: z.array(reasonSchema) }),
);

export const returnReferredV1 = contract(
  types.returnReferredV1,
  step({ ...requestSchema, reasons: z.array(reasonSchema).check(z.minLength(1)) }),
);

export const returnReasonRenormalizedV1 = contract(
  types.returnReasonRenormalizedV1,
  step({
    mappingVersion: textSchema,
    changes: z
      .array(
        z.strictObject({
          lineId: textSchema,
          /** The code as the platform gave it. */
          given: textSchema,
          /** Canonical reasons; missing where no map knew or knows the code. */
          before: z.optional(textSchema),
          after: z.optional(textSchema),
        }),
      )
      .check(z.minLength(1)),
  }),
);

export const returnDispatchedV1 = contract(
  types.returnDispatchedV1,
  step({ occurredAt: z.iso.datetime(), carrier: z.optional(z.string()), trackingNumber: z.optional(z.string()) }),
);

export const returnReceivedV1 = contract(
  types.returnReceivedV1,
  step({ receiptId: textSchema, receivedAt: z.iso.datetime(), lines: lineQuantitiesSchema }),
);

export const returnInspectedV1 = contract(
  types.returnInspectedV1,
  step({
    inspectionId: textSchema,
    inspectedAt: z.iso.datetime(),
    lines: z
      .array(
        z.strictObject({
          lineId: textSchema,
          quantity: unitsSchema,
          condition: z.enum(['new', 'opened', 'damaged', 'wrong-item', 'empty']),
          disposition: z.enum(['restock', 'quarantine', 'refurbish', 'return-to-vendor', 'dispose']),
        }),
      )
      .check(z.minLength(1)),
  }),
);

export const returnAssessedV1 = contract(
  types.returnAssessedV1,
  step({
    outcome: z.enum(['approved', 'needs-approval', 'nothing-to-refund']),
    /** To the buyer. */
    refund: moneySchema,
    /** In the ERP: without tax that the marketplace remits. */
    credit: moneySchema,
    fraud: fraudSchema,
    lines: z.array(z.strictObject({ lineId: textSchema, quantity: unitsSchema })),
  }),
);

export const returnApprovedV1 = contract(types.returnApprovedV1, step({ refund: moneySchema }));

export const returnRefusedV1 = contract(types.returnRefusedV1, step({ refund: moneySchema }));

const documentSchema = { erpRef: textSchema, erpNumber: textSchema };

export const returnReceiptedV1 = contract(types.returnReceiptedV1, step(documentSchema));

export const returnCreditedV1 = contract(types.returnCreditedV1, step({ ...documentSchema, credit: moneySchema }));

export const returnStockedV1 = contract(types.returnStockedV1, step(documentSchema));

export const returnStepRefusedV1 = contract(
  types.returnStepRefusedV1,
  step({ step: z.enum(['item-receipt', 'credit-memo', 'stock-move']), reason: reasonSchema }),
);

export const returnRefundedV1 = contract(types.returnRefundedV1, step({ refundId: textSchema, refund: moneySchema }));

export const returnClosedV1 = contract(types.returnClosedV1, step({ refund: moneySchema }));

export const returnCancelledV1 = contract(types.returnCancelledV1, step({ cancelledAt: z.iso.datetime() }));

export const returnExpiredV1 = contract(types.returnExpiredV1, step({ expiredAt: z.iso.datetime() }));
