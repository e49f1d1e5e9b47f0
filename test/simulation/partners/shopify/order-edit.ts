import { formatMoney, parseMoney } from '#core/kernel/money.ts';
import { type BuiltLine, buildShopifyOrder } from '../../../../bin/local/partners/shopify/builder.ts';
import type { ShopOrder } from '../../../../bin/local/partners/shopify/order.ts';

type Payload = Record<string, unknown>;
type Line = { readonly id: number; readonly quantity: number };

/**
 * The payload of an order that lines were added to, as by Shopify's order editing
 * (https://shopify.dev/docs/apps/build/orders-fulfillment/order-management-apps/edit-orders): what was ordered before stays
 * as it is, and totals grow by the new lines. `id` is a number that no order has: the new lines' ids come of it.
 */
export function withLines(order: ShopOrder, lines: readonly BuiltLine[], id: string, at: string): Payload {
  const { payload, currency } = order;
  const taxesIncluded = payload.taxes_included === true;
  const added: Payload = buildShopifyOrder({ id, name: order.name, at, currency, taxesIncluded, lines });
  const minor = (value: unknown): number => parseMoney(String(value), currency).minor;
  const sum = (name: string): string => formatMoney({ minor: minor(payload[name]) + minor(added[name]), currency });
  const one = { amount: sum('total_price'), currency_code: currency };
  return {
    ...payload,
    line_items: [...linesIn(payload), ...linesIn(added)],
    total_line_items_price: sum('total_line_items_price'),
    subtotal_price: sum('subtotal_price'),
    total_tax: sum('total_tax'),
    total_price: one.amount,
    total_price_set: { shop_money: one, presentment_money: one },
  };
}

/** Body of `orders/edited`: what was changed, and not the order. */
export function editBody(
  order: ShopOrder,
  id: string,
  added: readonly { readonly id: string; readonly quantity: number }[],
  removed: readonly { readonly lineId: string; readonly quantity: number }[],
): string {
  const orderEdit = {
    id: Number(id),
    app_id: null,
    created_at: order.updatedAt,
    notify_customer: false,
    order_id: Number(order.id),
    staff_note: '',
    user_id: null,
    line_items: {
      additions: added.map((line) => ({ id: Number(line.id), delta: line.quantity })),
      removals: removed.map(({ lineId, quantity }) => ({ id: Number(lineId), delta: quantity })),
    },
  };
  return JSON.stringify({ order_edit: orderEdit });
}

const linesIn = (payload: Payload): readonly Line[] => payload.line_items as readonly Line[];
