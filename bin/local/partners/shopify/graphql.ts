import {
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLResolveInfo,
  parse,
  validate,
} from 'graphql';
import { MoneyError, parseMoney } from '#core/kernel/money.ts';
import { IdempotencyKeys, KEY_MISMATCH } from './idempotency.ts';
import {
  fulfillmentOrderLineId,
  type ShopFulfillment,
  type ShopOrder,
  type ShopRefund,
  type UserError,
  unfulfilled,
} from './order.ts';
import { paymentsAccountView, payoutView } from './payouts.ts';
import { SCHEMA } from './schema.ts';
import type { Shop } from './shop.ts';
import { bare, fulfillmentView, orderView, refundView } from './views.ts';

const schema = buildSchema(SCHEMA);

export type Mutated =
  | { readonly kind: 'refund'; readonly order: ShopOrder; readonly refund: ShopRefund }
  | { readonly kind: 'fulfillment'; readonly order: ShopOrder; readonly fulfillment: ShopFulfillment };

export type AdminApi = { execute(query: string, variables?: Record<string, unknown>): ExecutionResult };

/** Refusals by business rules that are to happen to a mutation. */
export type Refusals = { strike(operation: string, kind: 'refuse'): { readonly message?: string } | undefined };

type Refused = readonly UserError[];
const isRefused = (made: object): made is Refused => Array.isArray(made);
const refusal = (field: readonly string[], message: string): Refused => [{ field, message }];

/** The Admin API over a shop; `onChange` hears of what mutations made, before they are answered. */
export function adminApi(
  shop: Shop,
  faults: Refusals,
  onChange: (what: Mutated) => void,
  myshopifyDomain = 'crossdock-demo.myshopify.com',
): AdminApi {
  const keys = new IdempotencyKeys(shop.now);

  function makeRefund(order: ShopOrder, input: RefundInput): ShopRefund | Refused {
    const wrong = wrongIn(order, input);
    if (wrong) return wrong;
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
        ...(parentId && { parentId: bare(parentId) }),
      })),
    });
    if (!isRefused(made)) onChange({ kind: 'refund', order, refund: made });
    return made;
  }

  function makeFulfillment(order: ShopOrder, input: FulfillmentInput): ShopFulfillment | Refused {
    const lines = unitsAsked(order, input);
    if (!lines) return refusal(['fulfillment'], 'Fulfillment order line item does not exist.');
    const made = shop.fulfill(order, lines, input.trackingInfo ?? {});
    if (!isRefused(made)) onChange({ kind: 'fulfillment', order, fulfillment: made });
    return made;
  }

  const rootValue = {
    shop: { myshopifyDomain },
    /** Of payouts alone: nothing else is asked for so. */
    node: ({ id }: { id: string }) => {
      const payout = id.startsWith('gid://shopify/ShopifyPaymentsPayout/') ? shop.payouts.get(bare(id)) : undefined;
      return payout ? payoutView(payout) : null;
    },
    shopifyPaymentsAccount: () => (shop.payments ? paymentsAccountView(shop.payouts) : null),
    order: ({ id }: { id: string }) => {
      const order = shop.look(bare(id));
      return order && orderView(order);
    },

    refundCreate({ input }: { input: RefundInput }, _context: unknown, info: GraphQLResolveInfo) {
      const order = shop.orders.get(bare(input.orderId));
      const made = keys.once(info, input, (): ShopRefund | Refused => {
        if (!order) return refusal(['input', 'orderId'], 'Order does not exist');
        const fault = faults.strike('refundCreate', 'refuse');
        return fault ? refusal(['input'], fault.message ?? 'Refund is not allowed') : makeRefund(order, input);
      });
      if (made === 'mismatch') return { userErrors: [KEY_MISMATCH] };
      if (isRefused(made) || !order) return { userErrors: made };
      return { order: orderView(order), refund: refundView(order, made), userErrors: [] };
    },

    fulfillmentCreate({ fulfillment: input }: { fulfillment: FulfillmentInput }) {
      const order = orderToFulfill(shop, input);
      if (!order) return { userErrors: refusal(['fulfillment'], 'Fulfillment order does not exist.') };
      const fault = faults.strike('fulfillmentCreate', 'refuse');
      const made = fault
        ? refusal(['fulfillment'], fault.message ?? 'Fulfillment is not allowed')
        : makeFulfillment(order, input);
      if (isRefused(made)) return { userErrors: made };
      return { fulfillment: fulfillmentView(order, made), userErrors: [] };
    },
  };

  return {
    execute(source, variableValues) {
      const document = documentOf(source);
      if ('errors' in document) return document;
      // No resolver waits for anything, so the result is there at once.
      return execute({ schema, document, rootValue, ...(variableValues && { variableValues }) }) as ExecutionResult;
    },
  };
}

type Unusable = { readonly errors: readonly GraphQLError[] };

/** A caller has few documents, and sends them again and again. */
const known = new Map<string, DocumentNode | Unusable>();
const KNOWN_AT_MOST = 200;

function documentOf(source: string): DocumentNode | Unusable {
  const found = known.get(source);
  if (found) return found;
  if (known.size >= KNOWN_AT_MOST) known.clear();
  const document = checked(source);
  known.set(source, document);
  return document;
}

function checked(source: string): DocumentNode | Unusable {
  try {
    const document = parse(source);
    const errors = validate(schema, document);
    return errors.length > 0 ? { errors } : document;
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}

type RefundInput = {
  orderId: string;
  note?: string | null;
  currency?: string | null;
  refundLineItems?: { lineItemId: string; quantity: number; restockType?: string | null }[] | null;
  transactions?: { orderId: string; parentId?: string | null; gateway: string; kind: string; amount: unknown }[] | null;
};

/** What is wrong with the request itself, whatever the shop has refunded so far. */
function wrongIn(order: ShopOrder, { currency, transactions }: RefundInput): Refused | undefined {
  if (currency && currency !== order.currency) {
    return refusal(['input', 'currency'], `Currency must be the presentment currency of the order (${order.currency})`);
  }
  for (const [index, { orderId, kind, amount }] of (transactions ?? []).entries()) {
    const field = ['input', 'transactions', String(index)];
    if (bare(orderId) !== order.id) return refusal([...field, 'orderId'], 'Transaction belongs to another order');
    if (kind !== 'REFUND') return refusal([...field, 'kind'], 'Transaction kind must be refund');
    if (!isAmount(String(amount), order.currency)) return refusal([...field, 'amount'], 'Amount is invalid');
  }
  return undefined;
}

function isAmount(text: string, currency: string): boolean {
  try {
    return parseMoney(text, currency).minor > 0;
  } catch (error) {
    if (error instanceof MoneyError) return false;
    throw error;
  }
}

type FulfillmentInput = {
  lineItemsByFulfillmentOrder: {
    fulfillmentOrderId: string;
    fulfillmentOrderLineItems?: { id: string; quantity: number }[] | null;
  }[];
  trackingInfo?: { company?: string; number?: string; numbers?: string[]; url?: string } | null;
};

/** The order whose fulfilment order is named: each of the pairs must name the same one. */
function orderToFulfill(shop: Shop, { lineItemsByFulfillmentOrder }: FulfillmentInput): ShopOrder | undefined {
  const [named, ...others] = new Set(lineItemsByFulfillmentOrder.map(({ fulfillmentOrderId: id }) => bare(id)));
  return named !== undefined && others.length === 0 ? shop.orderToFulfill(named) : undefined;
}

/** Units by line; all that is open where no lines are given. Undefined when a line is not of this fulfilment order. */
function unitsAsked(order: ShopOrder, { lineItemsByFulfillmentOrder }: FulfillmentInput) {
  const units: { lineId: string; quantity: number }[] = [];
  for (const { fulfillmentOrderLineItems } of lineItemsByFulfillmentOrder) {
    const open = order.lines.map((line) => ({ line, quantity: unfulfilled(order, line.id) }));
    const asked = fulfillmentOrderLineItems?.length
      ? fulfillmentOrderLineItems.map(({ id, quantity }) => ({
          line: order.lines.find((line) => fulfillmentOrderLineId(line) === bare(id)),
          quantity,
        }))
      : open.filter(({ quantity }) => quantity > 0);
    for (const { line, quantity } of asked) {
      if (!line) return undefined;
      units.push({ lineId: line.id, quantity });
    }
  }
  return units;
}
