import { z } from 'zod';
import { decimal, id, instant, integer, optionalText, text } from '../../wire.ts';

/**
 * What Shopify sends, as far as it is used (REST shapes of API version 2026-07). Unknown fields are let through, unknown
 * words of an enumeration are kept as texts; what is used must have its form.
 */

const shopMoney = z.object({ shop_money: z.object({ amount: decimal, currency_code: text }) });

const taxLine = z.object({
  title: optionalText,
  price: decimal,
  rate: decimal.nullish(),
  /** True when Shopify or the marketplace remits this tax itself. */
  channel_liable: z.boolean().nullish(),
  price_set: shopMoney.nullish(),
});

const discountAllocation = z.object({ amount: decimal, amount_set: shopMoney.nullish() });

const duty = z.object({
  shop_money: z.object({ amount: decimal, currency_code: text }).nullish(),
  tax_lines: z.array(taxLine).default([]),
});

const MAX_LINES = 500;

const lineItem = z.object({
  id,
  sku: optionalText,
  title: optionalText,
  quantity: integer,
  price: decimal,
  price_set: shopMoney.nullish(),
  discount_allocations: z.array(discountAllocation).default([]),
  tax_lines: z.array(taxLine).default([]),
  duties: z.array(duty).nullish(),
});

const shippingLine = z.object({
  price: decimal,
  price_set: shopMoney.nullish(),
  discount_allocations: z.array(discountAllocation).nullish(),
  tax_lines: z.array(taxLine).nullish(),
});

const address = z.object({
  name: optionalText,
  company: optionalText,
  address1: optionalText,
  address2: optionalText,
  city: optionalText,
  province_code: optionalText,
  zip: optionalText,
  country_code: optionalText,
  phone: optionalText,
});

export const orderWire = z.object({
  id,
  name: text.min(1),
  currency: text,
  created_at: instant,
  processed_at: instant.nullish(),
  updated_at: instant,
  cancelled_at: instant.nullish(),
  taxes_included: z.boolean(),
  tax_exempt: z.boolean().nullish(),
  total_price: decimal,
  total_price_set: shopMoney.nullish(),
  total_tip_received: decimal.nullish(),
  original_total_additional_fees_set: shopMoney.nullish(),
  line_items: z.array(lineItem).max(MAX_LINES),
  shipping_lines: z.array(shippingLine).max(MAX_LINES).default([]),
  email: optionalText,
  phone: optionalText,
  customer: z.object({ id, tax_exempt: z.boolean().nullish() }).nullish(),
  shipping_address: address.nullish(),
  billing_address: address.nullish(),
});

export type OrderWire = z.output<typeof orderWire>;

export const refundWire = z.object({
  id,
  order_id: id,
  created_at: instant,
  note: optionalText,
  refund_line_items: z
    .array(z.object({ line_item_id: id, quantity: integer }))
    .max(MAX_LINES)
    .default([]),
  transactions: z
    .array(z.object({ kind: text, status: text, amount: decimal, currency: text }))
    .max(MAX_LINES)
    .default([]),
});

export type RefundWire = z.output<typeof refundWire>;

export const fulfillmentWire = z.object({
  id,
  order_id: id,
  status: optionalText,
  updated_at: instant,
  tracking_number: optionalText,
  line_items: z
    .array(z.object({ id, quantity: integer }))
    .max(MAX_LINES)
    .default([]),
});

export type FulfillmentWire = z.output<typeof fulfillmentWire>;
