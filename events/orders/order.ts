import * as z from 'zod/mini';
import { contract } from '../envelope.ts';
import { lineQuantitiesSchema, moneySchema, orderRefSchema, reasonSchema, textSchema, unitsSchema } from '../shared.ts';
import * as types from './types.ts';

const lineSchema = z.strictObject({
  lineId: textSchema,
  sku: textSchema,
  quantity: unitsSchema,
  /** After discounts, without tax, for the whole line. */
  net: moneySchema,
  tax: moneySchema,
});

const bodySchema = z.strictObject({
  ...orderRefSchema,
  placedAt: z.iso.datetime(),
  total: moneySchema,
  /** What the seller's ERP books: the total without tax that the marketplace remits. */
  sellerTotal: moneySchema,
  shipping: moneySchema,
  lines: z.array(lineSchema).check(z.minLength(1)),
  customerType: z.enum(['consumer', 'business']),
  shipToCountry: z.optional(z.string().check(z.length(2))),
});

export const orderCapturedV1 = contract(types.orderCapturedV1, bodySchema);

export const orderAmendedV1 = contract(
  types.orderAmendedV1,
  z.strictObject({ ...bodySchema.shape, changes: z.array(z.string()).check(z.minLength(1)) }),
);

export const orderCancelledV1 = contract(
  types.orderCancelledV1,
  z.strictObject({ ...orderRefSchema, cancelledAt: z.iso.datetime() }),
);

export const orderBookedV1 = contract(
  types.orderBookedV1,
  z.strictObject({ ...orderRefSchema, erpAccount: z.string(), erpRef: z.string(), erpNumber: z.string() }),
);

export const orderBookingRefusedV1 = contract(
  types.orderBookingRefusedV1,
  z.strictObject({ ...orderRefSchema, reason: reasonSchema }),
);

export const orderShippedV1 = contract(
  types.orderShippedV1,
  z.strictObject({
    ...orderRefSchema,
    shipmentId: textSchema,
    shippedAt: z.iso.datetime(),
    lines: lineQuantitiesSchema,
    complete: z.boolean(),
    carrier: z.optional(z.string()),
    trackingNumber: z.optional(z.string()),
  }),
);

export const orderDeliveredV1 = contract(
  types.orderDeliveredV1,
  z.strictObject({
    ...orderRefSchema,
    /** Number of the shipment or of its parcel; missing when the report is on the whole order. */
    shipment: z.optional(textSchema),
    deliveredAt: z.iso.datetime(),
    reportedBy: z.enum(['carrier', 'warehouse', 'channel']),
  }),
);

export const orderFulfillmentConfirmedV1 = contract(
  types.orderFulfillmentConfirmedV1,
  z.strictObject({ ...orderRefSchema, shipmentId: textSchema, channelRef: textSchema }),
);

export const orderFulfillmentRefusedV1 = contract(
  types.orderFulfillmentRefusedV1,
  z.strictObject({ ...orderRefSchema, shipmentId: textSchema, reason: reasonSchema }),
);

export const orderSettledV1 = contract(
  types.orderSettledV1,
  z.strictObject({
    ...orderRefSchema,
    settlementId: textSchema,
    revision: unitsSchema,
    /** Of all settlements so far: fees and what else the channel keeps, what it pays out, what is still open. */
    kept: moneySchema,
    paidOut: moneySchema,
    open: moneySchema,
    standing: z.enum(['unsettled', 'open', 'settled']),
    /** When the first settled line was posted: the age of what is open. */
    since: z.optional(z.iso.datetime()),
  }),
);
