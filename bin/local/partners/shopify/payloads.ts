import { formatMoney } from '#core/kernel/money.ts';
import { refunded, type ShopFulfillment, type ShopOrder, type ShopRefund } from './shop.ts';

/** The REST-shaped resources that Shopify puts into webhooks (shapes as in the 2026-07 REST samples). */

export function orderPayload(order: ShopOrder): string {
  const status = refunded(order) === 0 ? 'paid' : refunded(order) < order.total ? 'partially_refunded' : 'refunded';
  return JSON.stringify({
    ...order.payload,
    updated_at: order.updatedAt,
    cancelled_at: order.cancelledAt,
    cancel_reason: order.cancelledAt ? 'customer' : null,
    financial_status: status,
    fulfillments: order.fulfillments.map((one) => fulfillmentBody(order, one)),
    refunds: order.refunds.map((one) => refundBody(order, one)),
  });
}

export const refundPayload = (order: ShopOrder, refund: ShopRefund): string =>
  JSON.stringify(refundBody(order, refund));

export const fulfillmentPayload = (order: ShopOrder, fulfillment: ShopFulfillment): string =>
  JSON.stringify(fulfillmentBody(order, fulfillment));

function refundBody(order: ShopOrder, refund: ShopRefund): object {
  return {
    id: Number(refund.id),
    order_id: Number(order.id),
    created_at: refund.createdAt,
    note: refund.note,
    user_id: null,
    processed_at: refund.createdAt,
    restock: false,
    admin_graphql_api_id: `gid://shopify/Refund/${refund.id}`,
    order_adjustments: [],
    transactions: refund.transactions.map((one) => ({
      id: Number(one.id),
      order_id: Number(order.id),
      kind: 'refund',
      gateway: one.gateway,
      status: 'success',
      created_at: one.createdAt,
      parent_id: one.parentId === undefined ? null : Number(one.parentId),
      amount: decimal(order, one.amount),
      currency: order.currency,
      test: false,
    })),
    refund_line_items: refund.lines.map(({ lineId, quantity, restockType }, index) => ({
      id: Number(`${refund.id}${index}`.slice(-15)),
      line_item_id: Number(lineId),
      quantity,
      restock_type: restockType.toLowerCase(),
      location_id: null,
      // Shopify sends these two as JSON numbers while all other amounts are strings.
      subtotal: Number(decimal(order, lineNet(order, lineId, quantity))),
      total_tax: 0,
      line_item: { id: Number(lineId) },
    })),
  };
}

function fulfillmentBody(order: ShopOrder, fulfillment: ShopFulfillment): object {
  return {
    id: Number(fulfillment.id),
    order_id: Number(order.id),
    name: fulfillment.name,
    status: 'success',
    created_at: fulfillment.createdAt,
    updated_at: fulfillment.createdAt,
    service: 'manual',
    tracking_company: fulfillment.tracking.company ?? null,
    tracking_number: fulfillment.tracking.number ?? null,
    tracking_numbers: fulfillment.tracking.number ? [fulfillment.tracking.number] : [],
    tracking_url: fulfillment.tracking.url ?? null,
    line_items: fulfillment.lines.map(({ lineId, quantity }) => ({
      ...(order.payload.line_items as Record<string, unknown>[]).find((line) => String(line.id) === lineId),
      quantity,
    })),
    admin_graphql_api_id: `gid://shopify/Fulfillment/${fulfillment.id}`,
  };
}

const decimal = (order: ShopOrder, minor: number): string => formatMoney({ minor, currency: order.currency });

function lineNet(order: ShopOrder, lineId: string, quantity: number): number {
  const line = (order.payload.line_items as Record<string, unknown>[]).find((one) => String(one.id) === lineId);
  return Math.round(Number(line?.price ?? 0) * 100) * quantity;
}
