import { parseMoney } from '#core/kernel/money.ts';
import {
  type PaymentStatus,
  paidBack,
  refunded,
  type ShopFulfillment,
  type ShopOrder,
  type ShopRefund,
  trackingNumbers,
} from '../../../../bin/local/partners/shopify/order.ts';

/** What truly stands in the shop, for invariants. Amounts are minor units of the order's currency. */
export type SeenOrder = {
  readonly orderId: string;
  readonly number: string;
  readonly currency: string;
  /** As ordered, after edits; refunds take nothing off. */
  readonly total: number;
  /** Part of the total that the marketplace remits as tax. */
  readonly marketplaceTax: number;
  /** Paid back, or on its way. */
  readonly refunded: number;
  readonly cancelledAt: string | null;
  readonly placedAt: string;
  readonly updatedAt: string;
  readonly lines: ShopOrder['lines'];
};

export type SeenRefund = {
  readonly orderId: string;
  readonly refundId: string;
  readonly currency: string;
  readonly amount: number;
  readonly note: string | null;
  readonly createdAt: string;
  readonly payments: readonly PaymentStatus[];
  readonly lines: ShopRefund['lines'];
};

export type SeenFulfillment = {
  readonly orderId: string;
  readonly fulfillmentId: string;
  readonly status: ShopFulfillment['status'];
  readonly createdAt: string;
  readonly trackingNumbers: readonly string[];
  readonly lines: ShopFulfillment['lines'];
};

export const seeOrder = (order: ShopOrder): SeenOrder => ({
  orderId: order.id,
  number: order.name,
  currency: order.currency,
  total: order.total,
  marketplaceTax: marketplaceTax(order),
  refunded: refunded(order),
  cancelledAt: order.cancelledAt,
  placedAt: String(order.payload.created_at),
  updatedAt: order.updatedAt,
  lines: order.lines,
});

export const seeRefund = ({ id: orderId, currency }: ShopOrder, refund: ShopRefund): SeenRefund => ({
  orderId,
  refundId: refund.id,
  currency,
  amount: paidBack(refund.transactions),
  note: refund.note,
  createdAt: refund.createdAt,
  payments: refund.transactions.map(({ status }) => status),
  lines: refund.lines,
});

export const seeFulfillment = ({ id: orderId }: ShopOrder, fulfillment: ShopFulfillment): SeenFulfillment => ({
  orderId,
  fulfillmentId: fulfillment.id,
  status: fulfillment.status,
  createdAt: fulfillment.createdAt,
  trackingNumbers: trackingNumbers(fulfillment.tracking),
  lines: fulfillment.lines,
});

type Taxed = { readonly tax_lines: readonly { readonly price: string; readonly channel_liable: boolean | null }[] };

function marketplaceTax({ payload, currency }: ShopOrder): number {
  const parts = [...(payload.line_items as readonly Taxed[]), ...(payload.shipping_lines as readonly Taxed[])];
  return parts
    .flatMap(({ tax_lines: taxes }) => taxes)
    .reduce((sum, tax) => (tax.channel_liable ? sum + parseMoney(tax.price, currency).minor : sum), 0);
}
