import { z } from 'zod';
import { contract } from '../envelope.ts';
import { lineQuantitiesSchema, moneySchema, orderRefSchema, reasonSchema } from '../shared.ts';

const lineSchema = z.strictObject({
  lineId: z.string().min(1),
  sku: z.string().min(1),
  quantity: z.int().positive(),
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
  lines: z.array(lineSchema).min(1),
  customerType: z.enum(['consumer', 'business']),
  shipToCountry: z.string().length(2).optional(),
});

export const orderCapturedV1 = contract(
  'order.captured.v1',
  1,
  'An order arrived from its channel and is stored.',
  bodySchema,
);

export const orderAmendedV1 = contract(
  'order.amended.v1',
  1,
  'The channel changed what was ordered after the order was captured.',
  z.strictObject({ ...bodySchema.shape, changes: z.array(z.string()).min(1) }),
);

export const orderCancelledV1 = contract(
  'order.cancelled.v1',
  1,
  'The channel cancelled the order.',
  z.strictObject({ ...orderRefSchema, cancelledAt: z.iso.datetime() }),
);

export const orderBookedV1 = contract(
  'order.booked.v1',
  1,
  'The ERP holds a sales order for it.',
  z.strictObject({ ...orderRefSchema, erpAccount: z.string(), erpRef: z.string(), erpNumber: z.string() }),
);

export const orderBookingRefusedV1 = contract(
  'order.booking-refused.v1',
  1,
  'The ERP refuses the order for a business reason; a case is open.',
  z.strictObject({ ...orderRefSchema, reason: reasonSchema }),
);

export const orderShippedV1 = contract(
  'order.shipped.v1',
  1,
  'Goods of the order left the house.',
  z.strictObject({
    ...orderRefSchema,
    shipmentId: z.string().min(1),
    shippedAt: z.iso.datetime(),
    lines: lineQuantitiesSchema,
    complete: z.boolean(),
    carrier: z.string().optional(),
    trackingNumber: z.string().optional(),
  }),
);

export const orderFulfillmentConfirmedV1 = contract(
  'order.fulfillment-confirmed.v1',
  1,
  'The channel knows of the shipment.',
  z.strictObject({ ...orderRefSchema, shipmentId: z.string().min(1), channelRef: z.string().min(1) }),
);

export const orderFulfillmentRefusedV1 = contract(
  'order.fulfillment-refused.v1',
  1,
  'The channel refuses the shipment; a case is open.',
  z.strictObject({ ...orderRefSchema, shipmentId: z.string().min(1), reason: reasonSchema }),
);
