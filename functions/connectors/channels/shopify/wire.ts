import * as z from 'zod/mini';
import { currency, DECIMAL, instant, mapped, number, or, positiveQuantity, quantity, text } from '../../wire.ts';

/**
 * What Shopify puts into webhooks (REST resources of API version 2026-07, shapes as in
 * github.com/Shopify/shopify-app-js, packages/apps/shopify-api/rest/admin/__tests__/2026-07). Strict on what is used,
 * blind to all else: Shopify adds fields at any time. Amounts and ids stay texts, because both come as strings in one
 * place and as JSON numbers in another.
 */

/** An id beyond 2^53 keeps its digits. */
const id = z
  .union([mapped(number, (given) => given.text), z.string()], { error: 'expected an id' })
  .check(z.refine((given) => /^\d{1,20}$/.test(given), 'an id is a whole number'));

const amount = z
  .union([mapped(number, ({ decimal }) => decimal ?? ''), z.string()], { error: 'expected an amount' })
  .check(z.refine((given) => DECIMAL.test(given), 'an amount is a decimal text such as "12.34"'));

const flag = or(z.boolean(), false);

const shopMoney = z.object({ amount, currency_code: currency });
/** Money in two currencies; what the buyer saw (`presentment_money`) is not what the shop books. */
const moneySet = z.nullish(z.object({ shop_money: shopMoney }));

const list = <T extends z.ZodMiniType>(item: T) => or(z.array(item), []);

const taxLine = z.object({
  title: text,
  rate: z.nullish(number),
  price: z.nullish(amount),
  price_set: moneySet,
  channel_liable: flag,
});

const discountAllocation = z.object({ amount: z.nullish(amount), amount_set: moneySet });

const duty = z.object({ shop_money: shopMoney, tax_lines: list(taxLine) });

const lineItem = z.object({
  id,
  sku: text,
  title: text,
  quantity,
  price: z.nullish(amount),
  price_set: moneySet,
  total_discount: z.nullish(amount),
  /** Absent in payloads of old versions, which carry `total_discount` alone. */
  discount_allocations: z.nullish(z.array(discountAllocation)),
  tax_lines: list(taxLine),
  duties: list(duty),
  /** Only on the line that stands for a tip. */
  tip: z.optional(z.unknown()),
  tip_payment_gateway: text,
});

const shippingLine = z.object({
  price: z.nullish(amount),
  price_set: moneySet,
  discounted_price: z.nullish(amount),
  discounted_price_set: moneySet,
  discount_allocations: z.nullish(z.array(discountAllocation)),
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

const customer = z.object({ id: z.nullish(id), tax_exempt: flag, email: text, phone: text });

export const orderSchema = z.object({
  id,
  name: text,
  order_number: z.nullish(id),
  currency,
  created_at: instant,
  processed_at: z.nullish(instant),
  updated_at: instant,
  cancelled_at: z.nullish(instant),
  taxes_included: flag,
  duties_included: flag,
  tax_exempt: flag,
  total_price: z.nullish(amount),
  total_price_set: moneySet,
  total_tip_received: z.nullish(amount),
  original_total_duties_set: moneySet,
  original_total_additional_fees_set: moneySet,
  additional_fees: list(additionalFee),
  line_items: z.array(lineItem),
  shipping_lines: list(shippingLine),
  email: text,
  contact_email: text,
  phone: text,
  customer: z.nullish(customer),
  /** Set on orders of companies (B2B). */
  company: z.nullish(z.object({})),
  shipping_address: z.nullish(address),
  billing_address: z.nullish(address),
});

const transaction = z.object({
  kind: z.string(),
  status: z.string(),
  amount: z.nullish(amount),
  amount_set: moneySet,
  currency,
});

const refundLineItem = z.object({
  line_item_id: id,
  quantity: positiveQuantity,
  subtotal_set: moneySet,
  total_tax_set: moneySet,
});

const refundShippingLine = z.object({ subtotal_amount_set: moneySet });

const orderAdjustment = z.object({ kind: text, amount_set: moneySet, tax_amount_set: moneySet });

export const refundSchema = z.object({
  id,
  order_id: id,
  created_at: instant,
  processed_at: z.nullish(instant),
  note: text,
  // Always there, if empty. A refund that lacks them is not one without money.
  transactions: z.array(transaction),
  refund_line_items: z.array(refundLineItem),
  /** Shipping that went back; until 2024-10, and still beside it in some payloads, as an adjustment. */
  refund_shipping_lines: list(refundShippingLine),
  order_adjustments: list(orderAdjustment),
});

export const fulfillmentSchema = z.object({
  id,
  order_id: id,
  status: z.string(),
  created_at: instant,
  updated_at: z.nullish(instant),
  tracking_number: text,
  /** The carrier's word, as Shopify has it from there: confirmed, in_transit, delivered … */
  shipment_status: text,
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
