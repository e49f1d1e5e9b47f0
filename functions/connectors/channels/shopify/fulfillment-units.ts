import type { Reason } from '#core/kernel/decision.ts';
import type { LineQuantity } from '#core/kernel/quantity.ts';
import { type FulfillmentOrder, PAGES } from './fulfillment-wire.ts';
import { bareId } from './graphql.ts';

/** Units to fulfil, by fulfilment order: Shopify parts an order by the location that each unit is to come from. */
export type UnitsToFulfill = readonly {
  readonly fulfillmentOrderId: string;
  readonly fulfillmentOrderLineItems: readonly { readonly id: string; readonly quantity: number }[];
}[];

export type Found =
  | { readonly kind: 'units'; readonly units: UnitsToFulfill }
  | { readonly kind: 'refused'; readonly reason: Reason };

/** FulfillmentOrderStatus in which units may be fulfilled; ON_HOLD and SCHEDULED are for the shop to release. */
const OPEN = new Set(['OPEN', 'IN_PROGRESS']);

/**
 * Finds the shipped units among what is still open: in one fulfilment order where one has them all, else wherever they
 * are. Shopify takes several only from one location, and says so.
 */
export function findUnits(orders: readonly FulfillmentOrder[], lines: readonly LineQuantity[]): Found {
  if (orders.length >= PAGES.fulfillmentOrders || orders.some((one) => one.lineItems.nodes.length >= PAGES.openLines)) {
    return refused(
      'ORDER_TOO_LONG',
      'the order has more fulfilment orders or lines than are read: fulfil it in the admin',
    );
  }
  const open = orders.filter(({ status }) => OPEN.has(status));
  const whole = open.find((order) => lines.every(({ lineId, quantity }) => remaining([order], lineId) >= quantity));
  const from = whole ? [whole] : open;
  const short = lines.find(({ lineId, quantity }) => remaining(from, lineId) < quantity);
  if (short) {
    const { lineId, quantity } = short;
    return refused(
      'NOTHING_LEFT_TO_FULFILL',
      `${quantity} of line ${lineId} left the house; the shop has ${remaining(from, lineId)} open`,
    );
  }
  return { kind: 'units', units: take(from, lines) };
}

const remaining = (orders: readonly FulfillmentOrder[], lineId: string): number =>
  orders
    .flatMap(({ lineItems }) => lineItems.nodes)
    .filter(({ lineItem }) => bareId(lineItem.id) === lineId)
    .reduce((sum, { remainingQuantity }) => sum + remainingQuantity, 0);

function take(orders: readonly FulfillmentOrder[], lines: readonly LineQuantity[]): UnitsToFulfill {
  const left = new Map(lines.map(({ lineId, quantity }) => [lineId, quantity]));
  const units = orders.map(({ id, lineItems }) => ({
    fulfillmentOrderId: id,
    fulfillmentOrderLineItems: lineItems.nodes.flatMap(({ id: item, remainingQuantity, lineItem }) => {
      const lineId = bareId(lineItem.id);
      const wanted = left.get(lineId) ?? 0;
      const quantity = Math.min(wanted, remainingQuantity);
      left.set(lineId, wanted - quantity);
      return quantity > 0 ? [{ id: item, quantity }] : [];
    }),
  }));
  // An empty list would fulfil all of that fulfilment order.
  return units.filter(({ fulfillmentOrderLineItems }) => fulfillmentOrderLineItems.length > 0);
}

const refused = (code: string, message: string): Found => ({ kind: 'refused', reason: { code, message } });
