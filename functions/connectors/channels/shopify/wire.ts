import * as z from 'zod';
import { currency, DECIMAL, instant, number, positiveQuantity, quantity, text } from '../../wire.ts';

/**
 * What Shopify puts into webhooks (REST resources of API version 2026-07, shapes as in
 * github.com/Shopify/shopify-app-js, packages/apps/shopify-api/rest/admin/__tests__/2026-07). Strict on what is used,
 * blind to all else: Shopify adds fields at any time. Amounts and ids stay texts, because both come as strings in one
 * place and as JSON numbers in another.
 */

/** An id beyond 2^53 keeps its digits. */
const id = z
  .union([number.transform((given) => given.text), z.string()], { error: 'expected an id' })
  .refine((given) => /^\d{1,20}$/.test(given), 'an id is a whole number');

const amount = z
  .union([number.transform(({ decimal }) => decimal ?? ''), z.string()], { error: 'expected an amount' })
  .refine((given) => DECIMAL.test(given), 'an amount is a decimal text such as "12.34"');

const flag = z
  .boolean()
  .nullish()
  .transform((given) => given ?? false);

const shopMoney = z.object({ amount, currency_code: currency });
/** Money in two currencies; what the buyer saw (`presentment_money`) is not what the shop books. */
const moneySet = z.object({ shop_money: shopMoney }).nullish();

const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((given) => given ?? []);

const taxLine = z.object({
  title: text,
  rate: number.nullish(),
  price: amount.nullish(),
  price_set: moneySet,
  channel_liable: flag,
});

const discountAllocation = z.object({ amount: amount.nullish(), amount_set: moneySet });

const duty = z.object({ shop_money: shopMoney, tax_lines: list(taxLine) });

const lineItem = z.object({
  id,
  sku: text,
  title: text,
  quantity,
  price: amount.nullish(),
  price_set: moneySet,
  total_discount: amount.nullish(),
  /** Absent in payloads of old versions, which carry `total_discount` alone. */
  discount_allocations: z.array(discountAllocation).nullish(),
  tax_lines: list(taxLine),
  duties: list(duty),
  /** Only on the line that stands for a tip. */
  tip: z.unknown().optional(),
  tip_payment_gateway: text,
});

const shippingLine = z.object({
  price: amount.nullish(),
  price_set: moneySet,
  discounted_price: amount.nullish(),
  discounted_price_set: moneySet,
  discount_allocations: z.array(discountAllocation).nullish(),
  tax_lines: list(taxLine),
});

const additionalFee = z.object({ tax_lines: list(taxLine) });

const address = z.object({
  name: text,
  company: text,
  address1: text,
  address2: text,
  city: text,
  zip: text,
  province_code: text,
  country_code: text,
  phone: text,
});

const customer = z.object({ id: id.nullish(), tax_exempt: flag, email: text, phone: text });

export const orderSchema = z.object({
  id,
  name: text,
  order_number: id.nullish(),
  currency,
  created_at: instant,
  processed_at: instant.nullish(),
  updated_at: instant,
  cancelled_at: instant.nullish(),
  taxes_included: flag,
  duties_included: flag,
  tax_exempt: flag,
  total_price: amount.nullish(),
  total_price_set: moneySet,
  total_tip_received: amount.nullish(),
  original_total_duties_set: moneySet,
  original_total_additional_fees_set: moneySet,
  additional_fees: list(additionalFee),
  line_items: z.array(lineItem),
  shipping_lines: list(shippingLine),
  email: text,
  contact_email: text,
  phone: text,
  customer: customer.nullish(),
  /** Set on orders of companies (B2B). */
  company: z.object({}).nullish(),
  shipping_address: address.nullish(),
  billing_address: address.nullish(),
});

const transaction = z.object({
  kind: z.string(),
  status: z.string(),
  amount: amount.nullish(),
  amount_set: moneySet,
  currency,
});

const refundLineItem = z.object({ line_item_id: id, quantity: positiveQuantity, subtotal_set: moneySet });

export const refundSchema = z.object({
  id,
  order_id: id,
  created_at: instant,
  processed_at: instant.nullish(),
  note: text,
  transactions: list(transaction),
  refund_line_items: list(refundLineItem),
});

export const fulfillmentSchema = z.object({
  id,
  order_id: id,
  status: z.string(),
  created_at: instant,
  updated_at: instant.nullish(),
  tracking_number: text,
  line_items: z.array(z.object({ id, quantity: positiveQuantity })),
});

export type WireOrder = z.infer<typeof orderSchema>;
export type WireLine = z.infer<typeof lineItem>;
export type WireShipping = z.infer<typeof shippingLine>;
export type WireTax = z.infer<typeof taxLine>;
export type WireMoneySet = z.infer<typeof moneySet>;
export type WireAddress = z.infer<typeof address>;
export type WireRefund = z.infer<typeof refundSchema>;
export type WireFulfillment = z.infer<typeof fulfillmentSchema>;
