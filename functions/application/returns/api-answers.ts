import * as z from 'zod/mini';
import { ORDER_TRANSITIONS, type OrderStatus } from '#core/orders/state.ts';
import { CANONICAL_REASONS } from '#core/returns/reasons.ts';
import { CONDITIONS, DISPOSITIONS, RESOLUTIONS } from '#core/returns/return.ts';
import type { ReturnStatus } from '#core/returns/state.ts';
import { RETURN_TRANSITIONS } from '#core/returns/transitions.ts';

/**
 * What the API answers, as schemas: the published document is made of them, and tests hold real answers to them. No bundle
 * holds this file.
 */

const text = z.string().check(z.minLength(1));
const units = z.int().check(z.positive());
const count = z.int().check(z.minimum(0));
const instant = z.iso.datetime();

/** Whole minor units of an ISO 4217 currency: 1234 USD is 12.34. */
export const money = z.strictObject({ minor: z.int(), currency: z.string().check(z.regex(/^[A-Z]{3}$/)) });
export const reason = z.strictObject({ code: z.string().check(z.regex(/^[A-Z][A-Z0-9_]*$/)), message: z.string() });
export const charge = z.strictObject({
  net: money,
  taxes: z.array(
    z.strictObject({
      title: z.optional(z.string()),
      rate: z.optional(z.string()),
      amount: money,
      collectedBy: z.enum(['seller', 'marketplace']),
    }),
  ),
});
export const window = z.strictObject({
  from: z.enum(['delivery', 'shipment', 'order']),
  since: z.iso.date(),
  until: z.iso.date(),
  zone: text,
  extension: z.optional(text),
});
export const orderStatusUsed = z.strictObject({ source: z.enum(['erp', 'last-known']), asOf: instant });
const verdict = z.enum(['approved', 'rejected', 'review']);
const disposition = z.enum(DISPOSITIONS);
const lineUnits = z.strictObject({ lineId: text, quantity: units });

const authorizationLine = z.strictObject({
  lineId: text,
  quantity: units,
  decision: verdict,
  reasons: z.array(reason),
  reasonCode: z.strictObject({ given: text, canonical: z.optional(z.enum(CANONICAL_REASONS)), mappingVersion: text }),
  refundEstimate: money,
  refund: z.optional(charge),
  window: z.optional(window),
  dispositionHint: z.optional(disposition),
  keepItem: z.optional(z.literal(true)),
});

export const authorizationAnswer = z.strictObject({
  returnId: text,
  rma: z.optional(text),
  decision: verdict,
  reasons: z.array(reason),
  lines: z.array(authorizationLine),
  policyVersion: text,
  mappingVersion: text,
  orderStatus: orderStatusUsed,
  refundEstimate: money,
  resolution: z.enum(RESOLUTIONS),
  replacement: z.optional(z.strictObject({ total: money, collected: money })),
  returnBy: z.optional(instant),
});

export const eligibilityAnswer = z.strictObject({
  channel: text,
  account: text,
  orderId: text,
  orderNumber: text,
  isEligible: z.boolean(),
  eligibleReasonCodes: z.array(z.strictObject({ code: text, description: text })),
  fees: z.array(z.never()),
  items: z.array(
    z.strictObject({
      lineId: text,
      sku: z.optional(z.string()),
      isEligible: z.boolean(),
      eligibleQuantity: count,
      decision: verdict,
      reasons: z.array(reason),
      refundEstimate: money,
      window: z.optional(window),
      dispositionHint: z.optional(disposition),
      keepItem: z.optional(z.literal(true)),
    }),
  ),
  policyVersion: text,
  mappingVersion: text,
  orderStatus: orderStatusUsed,
});

const returnStatuses = Object.keys(RETURN_TRANSITIONS).filter((status) => status !== 'none') as ReturnStatus[];

export const returnAnswer = z.strictObject({
  returnId: text,
  rma: z.optional(text),
  status: z.enum(returnStatuses),
  orderNumber: text,
  requestedAt: instant,
  decidedAt: instant,
  authorization: authorizationAnswer,
  review: z.optional(z.strictObject({ decision: z.enum(['approved', 'rejected']), decidedAt: instant })),
  transit: z.optional(
    z.strictObject({ occurredAt: instant, carrier: z.optional(text), trackingNumber: z.optional(text) }),
  ),
  receipts: z.array(z.strictObject({ receiptId: text, occurredAt: instant, lines: z.array(lineUnits) })),
  inspections: z.array(
    z.strictObject({
      inspectionId: text,
      occurredAt: instant,
      lines: z.array(z.strictObject({ ...lineUnits.shape, condition: z.enum(CONDITIONS), disposition })),
    }),
  ),
  refund: z.optional(
    z.strictObject({ amount: money, status: z.enum(['validated', 'planned', 'paid', 'refused', 'blocked']) }),
  ),
  cancelledAt: z.optional(instant),
  expiredAt: z.optional(instant),
  closedAt: z.optional(instant),
});

const orderStatuses = Object.keys(ORDER_TRANSITIONS).filter((status) => status !== 'none') as OrderStatus[];

export const orderAnswer = z.strictObject({
  channel: text,
  account: text,
  orderId: text,
  orderNumber: text,
  status: z.enum(orderStatuses),
  orderedAt: instant,
  currency: text,
  total: money,
  shipping: charge,
  customerType: z.enum(['consumer', 'business']),
  shipToCountry: z.optional(text),
  lines: z.array(
    z.strictObject({
      lineId: text,
      sku: z.string(),
      title: z.optional(z.string()),
      quantity: units,
      shipped: count,
      returning: count,
      refunded: count,
      returnable: count,
      ...charge.shape,
    }),
  ),
  shipments: z.array(
    z.strictObject({
      shipmentId: text,
      shippedAt: instant,
      deliveredAt: z.optional(instant),
      trackingNumber: z.optional(text),
      lines: z.array(lineUnits),
    }),
  ),
  returns: z.array(text),
});

/** RFC 9457, with the members that ours has besides. */
export const problemDocument = z.strictObject({
  type: text,
  title: text,
  status: z.int().check(z.minimum(400), z.maximum(599)),
  detail: z.optional(z.string()),
  instance: text,
  code: z.string().check(z.regex(/^[A-Z][A-Z0-9_]*$/)),
  correlationId: text,
  errors: z.optional(z.array(z.strictObject({ pointer: z.string(), field: z.string(), message: z.string() }))),
});
