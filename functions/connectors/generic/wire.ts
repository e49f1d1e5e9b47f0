import * as z from 'zod/mini';
import { isCurrency } from '#core/kernel/money.ts';
import { DELIVERY_SOURCES } from '#core/orders/state.ts';
import { CONDITIONS, DISPOSITIONS } from '#core/returns/return.ts';
import {
  currency as currencyCode,
  DECIMAL,
  formed,
  instant,
  mapped,
  number,
  or,
  positiveQuantity,
  quantity,
  text,
} from '../wire.ts';

/**
 * Crossdock's own webhook format, in the envelope of Standard Webhooks: `{ "type", "timestamp", "data" }`. Fields beyond
 * these are let through; words of an enumeration are closed, because none of them may be guessed. Money is always a
 * decimal text in the order's currency.
 */

/** Ids stand in keys, and keys in names that people type. */
const id = formed(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/, 'an id has letters, digits and . _ : - , 64 at most');
const orderId = formed(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/, 'an id has letters, digits and . _ : - , 100 at most');

const amount = formed(DECIMAL, 'send money as a decimal text such as "12.34"');
const currency = currencyCode.check(z.refine(isCurrency, 'expected an ISO 4217 currency'));
const rate = formed(/^\d(\.\d{1,8})?$/, 'send a rate as a decimal text such as "0.10"');

const MAX_LINES = 500;

/** What the warehouse compared, where it did. A serial number is as printed on the unit. */
const serialNumber = formed(
  /^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,63}$/,
  'a serial number has letters, digits and . _ / - , 64 at most',
);
const grams = z.int().check(z.positive(), z.maximum(10_000_000));
const goodsCheck = {
  serial: z.optional(z.object({ expected: serialNumber, found: serialNumber })),
  weightGrams: z.optional(z.object({ expected: grams, found: grams })),
};

const returnLine = z.object({ lineId: id, quantity, ...goodsCheck });
const inspectedLine = z.extend(returnLine, {
  condition: z.enum(CONDITIONS),
  disposition: z.enum(DISPOSITIONS),
  rejected: z.optional(z.boolean()),
});

const lines = <T extends z.ZodMiniType>(line: T) => z.array(line).check(z.minLength(1), z.maxLength(MAX_LINES));
const returnPart = { returnId: id, occurredAt: instant };

const tax = z.object({
  title: text,
  rate: z.optional(rate),
  amount,
  collectedBy: z.enum(['seller', 'marketplace']),
});

const taxes = or(z.array(tax).check(z.maxLength(MAX_LINES)), []);

/** The envelope; `data` is read by the schema of its type. */
const envelope = <T extends z.ZodMiniType>(data: T) =>
  z.object({ type: z.string().check(z.maxLength(100)), timestamp: instant, data });

export const anyMessage = envelope(z.unknown());
export const receivedMessage = envelope(
  z.object({ ...returnPart, receiptId: id, lines: lines(returnLine), location: text, final: z.optional(z.boolean()) }),
);
export const inspectedMessage = envelope(z.object({ ...returnPart, inspectionId: id, lines: lines(inspectedLine) }));
const carrierPart = { ...returnPart, carrier: text, trackingNumber: text };
export const carrierMessage = envelope(z.object(carrierPart));
export const keepItemMessage = envelope(z.object(returnPart));
/** Amounts are for the whole line, as on an order; what is collected is what the buyer paid for goods of a higher price. */
export const exchangeMessage = envelope(
  z.object({
    ...returnPart,
    currency,
    lines: lines(
      z.object({ lineId: id, sku: z.string().check(z.maxLength(100)), quantity: positiveQuantity, net: amount, taxes }),
    ),
    collected: z.optional(amount),
  }),
);
export const storeCreditMessage = envelope(z.object(returnPart));
export const creditIssuedMessage = envelope(
  z.object({
    ...returnPart,
    creditId: id,
    kind: or(z.enum(['store-credit', 'gift-card']), 'store-credit'),
    currency,
    amount,
    recipientRef: z.optional(id),
  }),
);
export const cancelledMessage = envelope(z.object({ ...returnPart, reason: text }));

const orderLine = z.object({
  lineId: id,
  sku: z.string().check(z.maxLength(100)),
  title: text,
  quantity,
  unitPrice: amount,
  discount: z.optional(amount),
  taxes,
});

const address = z.object({
  name: text,
  company: text,
  lines: or(z.array(z.string().check(z.maxLength(200))).check(z.maxLength(10)), []),
  city: text,
  region: text,
  postalCode: text,
  country: formed(/^[A-Z]{2}$/, 'expected an ISO 3166-1 alpha-2 code such as "US"'),
  phone: text,
});

const customer = z.object({
  id: text,
  type: or(z.enum(['consumer', 'business']), 'consumer'),
  taxExempt: or(z.boolean(), false),
  vatId: text,
  email: text,
  phone: text,
});

/** Raised by the sender with every change of the order. */
const version = mapped(
  number.check(z.refine(({ integer }) => integer !== undefined && integer >= 0, 'a version is a whole number')),
  ({ integer }) => integer ?? 0,
);

const order = z.object({
  orderId,
  orderNumber: text,
  version,
  placedAt: instant,
  updatedAt: instant,
  cancelledAt: z.nullish(instant),
  currency,
  pricesIncludeTax: z.boolean(),
  lines: z.array(orderLine).check(z.maxLength(MAX_LINES)),
  shipping: z.nullish(z.object({ price: amount, taxes })),
  total: amount,
  customer: z.nullish(customer),
  shipTo: z.nullish(address),
});

export const orderMessage = envelope(order);

/** Names as they stand in keys. */
const name = formed(/^[a-z0-9][a-z0-9-]{0,31}$/, 'a channel or account is lower case letters, digits and hyphens');

/** Of whose order: of the sender's own account if no channel is named. */
const delivered = z
  .object({
    orderId,
    channel: z.nullish(name),
    account: z.nullish(name),
    shipment: z.nullish(id),
    deliveredAt: instant,
    reportedBy: z.enum(DELIVERY_SOURCES),
  })
  .check(
    z.refine(
      ({ channel, account }) => typeof channel === typeof account,
      'name the channel and its account, or neither for an order of your own',
    ),
  );

export const deliveredMessage = envelope(delivered);

export type WireExchange = z.infer<typeof exchangeMessage>['data'];
export type WireOrder = z.infer<typeof order>;
export type WireTax = z.infer<typeof tax>;
