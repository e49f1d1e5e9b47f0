import { z } from 'zod';
import { contract } from '../envelope.ts';
import { lineQuantitiesSchema, moneySchema, reasonSchema } from '../shared.ts';

const refSchema = {
  /** The returns platform's own id of the return. */
  returnId: z.string().min(1),
  /** The number people use; a rejected return has none. */
  rma: z.string().min(1).optional(),
  orderKey: z.string().min(1),
  orderNumber: z.string().min(1),
};

const step = <S extends z.ZodRawShape>(shape: S) => z.strictObject({ ...refSchema, ...shape });

const requestedLineSchema = z.strictObject({
  lineId: z.string().min(1),
  quantity: z.int().positive(),
  decision: z.enum(['approved', 'rejected', 'review']),
  /** Canonical reason; missing when the code that was given is in no map. */
  reason: z.string().min(1).optional(),
});

const requestSchema = {
  lines: z.array(requestedLineSchema).min(1),
  /** What the buyer would get for the lines that are not rejected. */
  refundEstimate: moneySchema,
  policyVersion: z.string().min(1),
  mappingVersion: z.string().min(1),
  /** Who decided: the policy, or a person whom it was left to. */
  decidedBy: z.enum(['policy', 'person']),
};

export const returnAuthorizedV1 = contract(
  'return.authorized.v1',
  1,
  'Units of an order may come back; the return-to-refund workflow begins.',
  step({ ...requestSchema, authorized: lineQuantitiesSchema }),
);

export const returnRejectedV1 = contract(
  'return.rejected.v1',
  1,
  'A return was asked for and refused.',
  step({ ...requestSchema, reasons: z.array(reasonSchema) }),
);

export const returnReferredV1 = contract(
  'return.referred.v1',
  1,
  'The policy leaves a return to a person; a case is open.',
  step({ ...requestSchema, reasons: z.array(reasonSchema).min(1) }),
);

export const returnDispatchedV1 = contract(
  'return.dispatched.v1',
  1,
  'The buyer has sent the goods.',
  step({ occurredAt: z.iso.datetime(), carrier: z.string().optional(), trackingNumber: z.string().optional() }),
);

export const returnReceivedV1 = contract(
  'return.received.v1',
  1,
  'Goods of the return arrived. Lines are as reported, also when they are more or others than authorized.',
  step({ receiptId: z.string().min(1), receivedAt: z.iso.datetime(), lines: lineQuantitiesSchema }),
);

export const returnInspectedV1 = contract(
  'return.inspected.v1',
  1,
  'Goods of the return were looked at.',
  step({
    inspectionId: z.string().min(1),
    inspectedAt: z.iso.datetime(),
    lines: z
      .array(
        z.strictObject({
          lineId: z.string().min(1),
          quantity: z.int().positive(),
          condition: z.enum(['new', 'opened', 'damaged', 'wrong-item', 'empty']),
          disposition: z.enum(['restock', 'quarantine', 'refurbish', 'return-to-vendor', 'dispose']),
        }),
      )
      .min(1),
  }),
);

export const returnAssessedV1 = contract(
  'return.assessed.v1',
  1,
  'What is refunded and credited is fixed.',
  step({
    outcome: z.enum(['approved', 'needs-approval', 'nothing-to-refund']),
    /** To the buyer. */
    refund: moneySchema,
    /** In the ERP: without tax that the marketplace remits. */
    credit: moneySchema,
    lines: z.array(z.strictObject({ lineId: z.string().min(1), quantity: z.int().positive() })),
  }),
);

export const returnApprovedV1 = contract(
  'return.approved.v1',
  1,
  'A person approved the refund.',
  step({ refund: moneySchema }),
);

export const returnRefusedV1 = contract(
  'return.refused.v1',
  1,
  'A person refused the refund; the return has ended.',
  step({ refund: moneySchema }),
);

const documentSchema = { erpRef: z.string().min(1), erpNumber: z.string().min(1) };

export const returnReceiptedV1 = contract(
  'return.receipted.v1',
  1,
  'The ERP holds an item receipt for the goods.',
  step(documentSchema),
);

export const returnCreditedV1 = contract(
  'return.credited.v1',
  1,
  'The ERP has posted the credit memo.',
  step({ ...documentSchema, credit: moneySchema }),
);

export const returnStockedV1 = contract(
  'return.stocked.v1',
  1,
  'The units are where their disposition says.',
  step(documentSchema),
);

export const returnStepRefusedV1 = contract(
  'return.step-refused.v1',
  1,
  'The ERP refuses a step for a business reason; a case is open.',
  step({ step: z.enum(['item-receipt', 'credit-memo', 'stock-move']), reason: reasonSchema }),
);

export const returnRefundedV1 = contract(
  'return.refunded.v1',
  1,
  'The buyer has the money back.',
  step({ refundId: z.string().min(1), refund: moneySchema }),
);

export const returnClosedV1 = contract(
  'return.closed.v1',
  1,
  'Everything about the return is done.',
  step({ refund: moneySchema }),
);

export const returnCancelledV1 = contract(
  'return.cancelled.v1',
  1,
  'The returns platform cancelled the return.',
  step({ cancelledAt: z.iso.datetime() }),
);

export const returnExpiredV1 = contract(
  'return.expired.v1',
  1,
  'The goods did not come in time.',
  step({ expiredAt: z.iso.datetime() }),
);
