import { GraphQLError } from 'graphql';
import { formatMoney } from '#core/kernel/money.ts';
import {
  fulfillmentOrderId,
  fulfillmentOrderLineId,
  fulfillmentOrderStatus,
  paidBack,
  refundable,
  refunded,
  type ShopFulfillment,
  type ShopOrder,
  type ShopRefund,
  trackingNumbers,
  unfulfilled,
} from './order.ts';

/** A shop's orders as objects of the Admin GraphQL API (schema.ts). */

/** `gid://shopify/Order/5001` → `5001` */
export const bare = (gid: string): string => gid.slice(gid.lastIndexOf('/') + 1);
const gid = (type: string, id: string): string => `gid://shopify/${type}/${id}`;

type Page = { readonly first?: number | null };

/** A connection gives no more than it is asked for, and nothing to who does not say how much. */
function connection<S, T>(all: readonly S[], view: (one: S) => T) {
  return ({ first }: Page) => {
    if (first == null) throw new GraphQLError('you must provide one of first or last');
    return { nodes: all.slice(0, first).map(view) };
  };
}

/** A list that may be cut short. */
const list =
  <S, T>(all: readonly S[], view: (one: S) => T) =>
  ({ first }: Page): readonly T[] =>
    all.slice(0, first ?? undefined).map(view);

const money = (order: ShopOrder, minor: number) => {
  const one = { amount: formatMoney({ minor, currency: order.currency }), currencyCode: order.currency };
  return { shopMoney: one, presentmentMoney: one };
};

const lineView = (order: ShopOrder, lineId: string) => {
  const line = order.lines.find(({ id }) => id === lineId);
  if (!line) throw new Error(`order ${order.id} has no line ${lineId}`);
  return { ...line, id: gid('LineItem', line.id), refundableQuantity: () => refundable(order, line.id) };
};

const transactionView = (order: ShopOrder, one: ShopOrder['transactions'][number]): object => ({
  id: gid('OrderTransaction', one.id),
  kind: one.kind,
  status: one.status,
  gateway: one.gateway,
  createdAt: one.createdAt,
  amountSet: () => money(order, one.amount),
  parentTransaction: one.parentId === undefined ? null : { id: gid('OrderTransaction', one.parentId) },
});

export const refundView = (order: ShopOrder, refund: ShopRefund) => ({
  id: gid('Refund', refund.id),
  legacyResourceId: refund.id,
  note: refund.note,
  createdAt: refund.createdAt,
  totalRefundedSet: () => money(order, paidBack(refund.transactions)),
  refundLineItems: connection(refund.lines, ({ lineId, quantity, restockType }) => ({
    lineItem: lineView(order, lineId),
    quantity,
    restockType,
  })),
  transactions: connection(refund.transactions, (one) => transactionView(order, one)),
});

/** One entry a tracking number; one without any if only a carrier or a link is known. */
function trackingInfoOf(tracking: ShopFulfillment['tracking']) {
  const { company, url } = tracking;
  const numbers = trackingNumbers(tracking);
  return numbers.length === 0 ? [{ company, url }] : numbers.map((number) => ({ company, number, url }));
}

export const fulfillmentView = (order: ShopOrder, fulfillment: ShopFulfillment) => ({
  id: gid('Fulfillment', fulfillment.id),
  legacyResourceId: fulfillment.id,
  name: fulfillment.name,
  status: fulfillment.status,
  createdAt: fulfillment.createdAt,
  trackingInfo: list(trackingInfoOf(fulfillment.tracking), (one) => one),
  fulfillmentLineItems: connection(fulfillment.lines, ({ lineId, quantity }) => ({
    id: gid('FulfillmentLineItem', `${fulfillment.id}${lineId}`),
    quantity,
    lineItem: lineView(order, lineId),
  })),
});

const fulfillmentOrderView = (order: ShopOrder) => ({
  id: gid('FulfillmentOrder', fulfillmentOrderId(order)),
  status: fulfillmentOrderStatus(order),
  lineItems: connection(order.lines, (line) => ({
    id: gid('FulfillmentOrderLineItem', fulfillmentOrderLineId(line)),
    totalQuantity: line.quantity,
    remainingQuantity: order.cancelledAt ? 0 : unfulfilled(order, line.id),
    lineItem: lineView(order, line.id),
  })),
});

/** Parts are made when they are asked for. */
export function orderView(order: ShopOrder) {
  return {
    id: gid('Order', order.id),
    legacyResourceId: order.id,
    name: order.name,
    currencyCode: order.currency,
    cancelledAt: order.cancelledAt,
    updatedAt: order.updatedAt,
    displayFinancialStatus: () =>
      refunded(order) === 0 ? 'PAID' : refunded(order) < order.total ? 'PARTIALLY_REFUNDED' : 'REFUNDED',
    totalPriceSet: () => money(order, order.total),
    totalRefundedSet: () => money(order, refunded(order)),
    lineItems: connection(order.lines, ({ id }) => lineView(order, id)),
    transactions: list(order.transactions, (one) => transactionView(order, one)),
    refunds: list(order.refunds, (refund) => refundView(order, refund)),
    fulfillments: list(order.fulfillments, (fulfillment) => fulfillmentView(order, fulfillment)),
    fulfillmentOrders: connection([order], fulfillmentOrderView),
  };
}
