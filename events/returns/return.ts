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
  /** From here on what the decision was made on, for who audits it. The code as the platform sent it: */
  reasonGiven: z.optional(textSchema),
  reasonCodes: z.optional(z.array(textSchema)),
  window: z.optional(
    z.strictObject({
      from: z.enum(['delivery', 'shipment', 'order']),
      since: z.iso.date(),
      until: z.iso.date(),
      zone: textSchema,
      endsAt: z.iso.datetime(),
      extension: z.optional(textSchema),
    }),
  ),
  /** Attributes that the policy gives to the item, and codes of its rules that applied. */
  attributes: z.optional(z.array(textSchema)),
  rules: z.optional(z.array(textSchema)),
});

const requestSchema = {
  lines: z.array(requestedLineSchema).check(z.minLength(1)),
  /** What the buyer would get for the lines that are not rejected. */
  refundEstimate: moneySchema,
  policyVersion: textSchema,
  mappingVersion: textSchema,
  /** Who decided: the policy, or a person whom it was left to. */
  decidedBy: z.enum(['policy', 'person']),
  /** Id of the operator, when it was a person. */
  reviewer: z.optional(textSchema),
  /** When the platform says that it was asked: the window is held against it. */
  requestedAt: z.optional(z.iso.datetime()),
  /** Whose word on the order it was made on, and of when. */
  orderStatus: z.optional(z.strictObject({ source: z.enum(['erp', 'last-known']), asOf: z.iso.datetime() })),
  requestedBy: z.optional(z.strictObject({ client: textSchema, proof: z.enum(['signature', 'token', 'role']) })),
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
          /** Not taken back: no credit, no refund; the platform is to tell the buyer. */
          rejected: z.optional(z.literal(true)),
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
  step({ step: z.enum(['item-receipt', 'credit-memo', 'stock-move', 'exchange']), reason: reasonSchema }),
);

export const returnRefundedV1 = contract(types.returnRefundedV1, step({ refundId: textSchema, refund: moneySchema }));

export const returnClosedV1 = contract(types.returnClosedV1, step({ refund: moneySchema }));

export const returnCancelledV1 = contract(types.returnCancelledV1, step({ cancelledAt: z.iso.datetime() }));

export const returnExpiredV1 = contract(types.returnExpiredV1, step({ expiredAt: z.iso.datetime() }));

const carrierSchema = {
  occurredAt: z.iso.datetime(),
  carrier: z.optional(z.string()),
  trackingNumber: z.optional(z.string()),
};

export const returnDeliveredV1 = contract(types.returnDeliveredV1, step(carrierSchema));

export const returnLostV1 = contract(types.returnLostV1, step(carrierSchema));

export const returnReceiptClosedV1 = contract(types.returnReceiptClosedV1, step({ closedAt: z.iso.datetime() }));

export const returnKeptV1 = contract(types.returnKeptV1, step({ keptAt: z.iso.datetime() }));

export const returnResolutionChosenV1 = contract(
  types.returnResolutionChosenV1,
  step({
    resolution: z.enum(['refund', 'exchange', 'store-credit']),
    /** What goes out in an exchange, with tax, and what the platform has collected for it. */
    replacement: z.optional(z.strictObject({ total: moneySchema, collected: moneySchema })),
  }),
);

export const returnStoreCreditIssuedV1 = contract(
  types.returnStoreCreditIssuedV1,
  step({
    creditId: textSchema,
    kind: z.enum(['store-credit', 'gift-card']),
    amount: moneySchema,
    /** The platform's own reference of whom it was issued to. */
    recipientRef: z.optional(textSchema),
  }),
);

export const returnRefundAdvancedV1 = contract(
  types.returnRefundAdvancedV1,
  step({ when: z.enum(['authorized', 'first-scan']), refund: moneySchema }),
);

export const returnClawbackDueV1 = contract(
  types.returnClawbackDueV1,
  step({ why: z.enum(['never-arrived', 'goods-short', 'refused']), amount: moneySchema }),
);

export const returnClawbackEndedV1 = contract(
  types.returnClawbackEndedV1,
  step({ how: z.enum(['goods-came', 'not-paid', 'collected', 'waived']) }),
);

export const returnApprovalLapsedV1 = contract(types.returnApprovalLapsedV1, step({ refund: moneySchema }));

export const returnExchangedV1 = contract(types.returnExchangedV1, step(documentSchema));

export const returnReversedV1 = contract(types.returnReversedV1, step({ erpRef: textSchema, credit: moneySchema }));

const dutySchema = { duty: textSchema, refund: moneySchema };

export const returnDutyAtRiskV1 = contract(types.returnDutyAtRiskV1, step(dutySchema));

export const returnDutyBreachedV1 = contract(types.returnDutyBreachedV1, step(dutySchema));
