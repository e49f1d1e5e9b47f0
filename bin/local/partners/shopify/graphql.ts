import { buildSchema, GraphQLError, type GraphQLResolveInfo, graphql, type StringValueNode } from 'graphql';
import { formatMoney, parseMoney } from '#core/kernel/money.ts';
import type { Faults } from '../faults.ts';
import { SCHEMA } from './schema.ts';
import {
  refundable,
  refunded,
  type Shop,
  type ShopFulfillment,
  type ShopOrder,
  type ShopRefund,
  type UserError,
  unfulfilled,
} from './shop.ts';

const schema = buildSchema(SCHEMA);

export type Mutated =
  | { readonly kind: 'refund'; readonly order: ShopOrder; readonly refund: ShopRefund }
  | { readonly kind: 'fulfillment'; readonly order: ShopOrder; readonly fulfillment: ShopFulfillment };

export type AdminApi = { execute(query: string, variables?: Record<string, unknown>): Promise<object> };

/** The Admin API over a shop; `onChange` hears of what mutations made. */
export function adminApi(shop: Shop, faults: Faults, onChange: (what: Mutated) => void): AdminApi {
  const replays = new Map<string, { readonly input: string; readonly result: unknown }>();

  /** `@idempotent(key:)`: the first result again for the same key and input; a key with other input is an error. */
  function once<T>(info: GraphQLResolveInfo, input: unknown, work: () => T): T {
    const key = idempotencyKey(info);
    if (key === undefined) {
      throw new GraphQLError(`The @idempotent directive is required for the ${info.fieldName} mutation`, {
        extensions: { code: 'BAD_REQUEST' },
      });
    }
    const text = JSON.stringify(input);
    const known = replays.get(`${info.fieldName} ${key}`);
    if (known && known.input !== text) {
      throw new GraphQLError('The same idempotency key was used with different parameters', {
        extensions: { code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' },
      });
    }
    if (known) return known.result as T;
    const result = work();
    replays.set(`${info.fieldName} ${key}`, { input: text, result });
    return result;
  }

  const rootValue = {
    order: ({ id }: { id: string }) => {
      const order = shop.orders.get(bare(id));
      return order && orderView(order);
    },
    refundCreate: ({ input }: { input: RefundInput }, _context: unknown, info: GraphQLResolveInfo) =>
      once(info, input, () => {
        const order = shop.orders.get(bare(input.orderId));
        if (!order) return { userErrors: [{ field: ['input', 'orderId'], message: 'Order does not exist' }] };
        const refused = faults.strike('refundCreate', 'refuse');
        if (refused) return { userErrors: [{ field: ['input'], message: refused.message ?? 'Refund is not allowed' }] };
        const made = shop.refund(order, {
          note: input.note ?? null,
          lines: (input.refundLineItems ?? []).map(({ lineItemId, quantity, restockType }) => ({
            lineId: bare(lineItemId),
            quantity,
            restockType: restockType ?? 'NO_RESTOCK',
          })),
          payments: (input.transactions ?? []).map(({ parentId, gateway, amount }) => ({
            gateway,
            amount: parseMoney(String(amount), order.currency).minor,
            ...(parentId !== undefined && { parentId: bare(parentId) }),
          })),
        });
        if (isErrors(made)) return { userErrors: made };
        onChange({ kind: 'refund', order, refund: made });
        return { order: orderView(order), refund: refundView(order, made), userErrors: [] };
      }),
    fulfillmentCreate: ({ fulfillment: input }: { fulfillment: FulfillmentInput }) => {
      const [first] = input.lineItemsByFulfillmentOrder;
      const order = [...shop.orders.values()].find(({ id }) => id === bare(first?.fulfillmentOrderId ?? ''));
      if (!first || !order)
        return { userErrors: [{ field: ['fulfillment'], message: 'Fulfillment order does not exist.' }] };
      const refused = faults.strike('fulfillmentCreate', 'refuse');
      if (refused)
        return { userErrors: [{ field: ['fulfillment'], message: refused.message ?? 'Fulfillment is not allowed' }] };
      const all = order.lines.map(({ id }) => ({ lineId: id, quantity: unfulfilled(order, id) }));
      const asked = first.fulfillmentOrderLineItems?.map(({ id, quantity }) => ({ lineId: bare(id), quantity }));
      const made = shop.fulfill(order, asked ?? all.filter(({ quantity }) => quantity > 0), input.trackingInfo ?? {});
      if (isErrors(made)) return { userErrors: made };
      onChange({ kind: 'fulfillment', order, fulfillment: made });
      return { fulfillment: fulfillmentView(order, made), userErrors: [] };
    },
  };

  return {
    async execute(source, variableValues) {
      const result = await graphql({ schema, source, rootValue, ...(variableValues && { variableValues }) });
      return { ...result, extensions: { cost: COST } };
    },
  };
}

type RefundInput = {
  orderId: string;
  note?: string;
  refundLineItems?: { lineItemId: string; quantity: number; restockType?: string }[];
  transactions?: { parentId?: string; gateway: string; amount: string }[];
};

type FulfillmentInput = {
  lineItemsByFulfillmentOrder: {
    fulfillmentOrderId: string;
    fulfillmentOrderLineItems?: { id: string; quantity: number }[];
  }[];
  trackingInfo?: { company?: string; number?: string; url?: string };
};

const COST = {
  requestedQueryCost: 12,
  actualQueryCost: 10,
  throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 1990, restoreRate: 100 },
};

function idempotencyKey(info: GraphQLResolveInfo): string | undefined {
  const directive = info.fieldNodes[0]?.directives?.find(({ name }) => name.value === 'idempotent');
  const value = directive?.arguments?.find(({ name }) => name.value === 'key')?.value;
  if (value?.kind === 'Variable') return String(info.variableValues[value.name.value]);
  return (value as StringValueNode | undefined)?.value;
}

const isErrors = (made: unknown): made is readonly UserError[] => Array.isArray(made);

/** `gid://shopify/Order/5001` → `5001` */
const bare = (gid: string): string => gid.slice(gid.lastIndexOf('/') + 1);
const gid = (type: string, id: string): string => `gid://shopify/${type}/${id}`;

const money = (order: ShopOrder, minor: number) => {
  const one = { amount: formatMoney({ minor, currency: order.currency }), currencyCode: order.currency };
  return { shopMoney: one, presentmentMoney: one };
};

const lineView = (order: ShopOrder, lineId: string) => {
  const line = order.lines.find(({ id }) => id === lineId);
  if (!line) throw new Error(`order ${order.id} has no line ${lineId}`);
  return { ...line, id: gid('LineItem', line.id), refundableQuantity: refundable(order, line.id) };
};

const transactionView = (order: ShopOrder, one: ShopOrder['transactions'][number]): object => ({
  id: gid('OrderTransaction', one.id),
  kind: one.kind,
  status: 'SUCCESS',
  gateway: one.gateway,
  createdAt: one.createdAt,
  amountSet: money(order, one.amount),
  parentTransaction: one.parentId === undefined ? null : { id: gid('OrderTransaction', one.parentId) },
});

const refundView = (order: ShopOrder, refund: ShopRefund) => ({
  id: gid('Refund', refund.id),
  legacyResourceId: refund.id,
  note: refund.note,
  createdAt: refund.createdAt,
  totalRefundedSet: money(
    order,
    refund.transactions.reduce((sum, { amount }) => sum + amount, 0),
  ),
  refundLineItems: {
    nodes: refund.lines.map(({ lineId, quantity, restockType }) => ({
      lineItem: lineView(order, lineId),
      quantity,
      restockType,
    })),
  },
  transactions: { nodes: refund.transactions.map((one) => transactionView(order, one)) },
});

const fulfillmentView = (order: ShopOrder, fulfillment: ShopFulfillment) => ({
  id: gid('Fulfillment', fulfillment.id),
  legacyResourceId: fulfillment.id,
  name: fulfillment.name,
  status: 'SUCCESS',
  createdAt: fulfillment.createdAt,
  trackingInfo: [fulfillment.tracking],
  fulfillmentLineItems: {
    nodes: fulfillment.lines.map(({ lineId, quantity }) => ({
      id: gid('FulfillmentLineItem', `${fulfillment.id}${lineId}`),
      quantity,
      lineItem: lineView(order, lineId),
    })),
  },
});

/** One fulfilment order per order, for the shop's only location; it bears the order's own number. */
function orderView(order: ShopOrder) {
  const open = order.lines.some(({ id }) => unfulfilled(order, id) > 0);
  const fulfillmentOrder = {
    id: gid('FulfillmentOrder', order.id),
    status: order.cancelledAt ? 'CANCELLED' : open ? 'OPEN' : 'CLOSED',
    lineItems: {
      nodes: order.lines.map((line) => ({
        id: gid('FulfillmentOrderLineItem', line.id),
        totalQuantity: line.quantity,
        remainingQuantity: unfulfilled(order, line.id),
        lineItem: lineView(order, line.id),
      })),
    },
  };
  return {
    id: gid('Order', order.id),
    legacyResourceId: order.id,
    name: order.name,
    currencyCode: order.currency,
    cancelledAt: order.cancelledAt,
    updatedAt: order.updatedAt,
    displayFinancialStatus:
      refunded(order) === 0 ? 'PAID' : refunded(order) < order.total ? 'PARTIALLY_REFUNDED' : 'REFUNDED',
    totalPriceSet: money(order, order.total),
    totalRefundedSet: money(order, refunded(order)),
    lineItems: { nodes: order.lines.map(({ id }) => lineView(order, id)) },
    transactions: order.transactions.map((one) => transactionView(order, one)),
    refunds: order.refunds.map((refund) => refundView(order, refund)),
    fulfillments: order.fulfillments.map((fulfillment) => fulfillmentView(order, fulfillment)),
    fulfillmentOrders: { nodes: [fulfillmentOrder] },
  };
}
