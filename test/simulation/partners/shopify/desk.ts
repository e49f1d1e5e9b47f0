import type { BuiltLine } from '../../../../bin/local/partners/shopify/builder.ts';
import {
  refundable,
  refunded,
  type ShopFulfillment,
  type ShopOrder,
  type ShopRefund,
  type UserError,
  unfulfilled,
} from '../../../../bin/local/partners/shopify/order.ts';
import { fulfillmentPayload, worthOf } from '../../../../bin/local/partners/shopify/payloads.ts';
import type { Shop } from '../../../../bin/local/partners/shopify/shop.ts';
import { noticesOf } from '../../../../bin/local/partners/shopify/webhook.ts';
import { editBody, withLines } from './order-edit.ts';
import type { Outbox } from './outbox.ts';

/** What a shop's own staff does in its admin, told to the app by webhooks. What the rules forbid is a refusal. */
export type Desk = { readonly shop: Shop; readonly outbox: Outbox };

export type Refused = readonly UserError[];
export type Units = { readonly lineId: string; readonly quantity: number };
export type Tracking = ShopFulfillment['tracking'];

/**
 * Cancels, and pays back what is left. Orders that are fulfilled, be it in part, are not cancelled
 * (https://shopify.dev/docs/api/admin-rest/latest/resources/order).
 */
export function cancel(desk: Desk, order: ShopOrder, payBack: boolean): true | Refused {
  if (order.cancelledAt) return refusal('Order has already been cancelled');
  if (order.fulfillments.some(({ status }) => status === 'SUCCESS')) return refusal('Cannot cancel a fulfilled order');
  const left = order.total - refunded(order);
  if (payBack && left > 0) {
    const lines = order.lines
      .map(({ id }) => ({ lineId: id, quantity: refundable(order, id), restockType: 'CANCEL' }))
      .filter(({ quantity }) => quantity > 0);
    const made = refund(desk, order, lines, left, 'cancelled');
    if (!('id' in made)) return made;
  }
  desk.shop.cancel(order);
  desk.outbox.tell([], order, 'orders/cancelled', 'orders/updated');
  return true;
}

export type Edit = { readonly add?: readonly BuiltLine[]; readonly remove?: readonly Units[] };

/** Lines that come to an order are paid for. Units that go off it are a refund without money. */
export function amend(desk: Desk, order: ShopOrder, { add = [], remove = [] }: Edit): true | Refused {
  const { shop, outbox } = desk;
  if (order.cancelledAt) return refusal('The order cannot be edited');
  if (remove.some(({ lineId, quantity }) => quantity > unfulfilled(order, lineId))) {
    return refusal('Only units that are not fulfilled can be removed');
  }
  const before = order.lines.length;
  if (remove.length > 0) {
    const lines = remove.map((units) => ({ ...units, restockType: 'CANCEL' }));
    const made = refund(desk, order, lines, 0, null);
    if (!('id' in made)) return made;
  }
  if (add.length > 0) shop.edit(order, withLines(order, add, shop.id(), shop.timestamp()));
  const body = editBody(order, shop.id(), order.lines.slice(before), remove);
  outbox.tell([{ topic: 'orders/edited', body }], order, 'orders/updated');
  return true;
}

export type OwnRefund = {
  readonly lines?: readonly (Units & { readonly restockType?: 'CANCEL' | 'NO_RESTOCK' | 'RETURN' })[];
  /** Minor units; what the lines are worth when left out. */
  readonly amount?: number;
  readonly note?: string | null;
};

export function refundByStaff(desk: Desk, order: ShopOrder, what: OwnRefund): ShopRefund | Refused {
  const lines = (what.lines ?? []).map((line) => ({ restockType: 'NO_RESTOCK', ...line }));
  const amount = what.amount ?? worthOf(order, lines);
  if (amount < 0 || (amount === 0 && lines.length === 0)) return refusal('A refund is of lines or of money');
  return refund(desk, order, lines, amount, what.note === undefined ? 'refunded by staff' : what.note);
}

function refund(
  { shop, outbox }: Desk,
  order: ShopOrder,
  lines: ShopRefund['lines'],
  amount: number,
  note: string | null,
): ShopRefund | Refused {
  const made = shop.refund(order, { note, lines, payments: spread(order, amount) });
  if ('id' in made) outbox.tell(noticesOf({ kind: 'refund', order, refund: made }));
  return made;
}

/** An amount over the order's payments, first come first; what is above them stays on the last one, to be refused there. */
function spread(order: ShopOrder, amount: number) {
  const sales = order.transactions.filter(({ kind }) => kind !== 'REFUND');
  let left = amount;
  return sales.flatMap(({ id, gateway, amount: paid }, index) => {
    const back = order.transactions
      .filter(({ parentId, status }) => parentId === id && status !== 'FAILURE')
      .reduce((sum, one) => sum + one.amount, 0);
    const share = index === sales.length - 1 ? left : Math.min(left, paid - back);
    left -= share;
    return share > 0 ? [{ parentId: id, gateway, amount: share }] : [];
  });
}

export function settle(
  { shop, outbox }: Desk,
  order: ShopOrder,
  refundId: string,
  status: 'SUCCESS' | 'FAILURE',
): void {
  const made = order.refunds.find(({ id }) => id === refundId);
  if (!made) throw new Error(`order ${order.id} has no refund ${refundId}`);
  for (const one of made.transactions) if (one.status === 'PENDING') one.status = status;
  order.updatedAt = shop.timestamp();
  outbox.tell([], order, 'orders/updated');
}

export function fulfil(
  { shop, outbox }: Desk,
  order: ShopOrder,
  lines?: readonly Units[],
  tracking: Tracking = {},
): ShopFulfillment | Refused {
  const open = order.lines.map(({ id }) => ({ lineId: id, quantity: unfulfilled(order, id) }));
  const made = shop.fulfill(order, lines ?? open.filter(({ quantity }) => quantity > 0), tracking);
  if (!('id' in made)) return made;
  const whole = order.lines.every(({ id }) => unfulfilled(order, id) === 0);
  outbox.tell(
    noticesOf({ kind: 'fulfillment', order, fulfillment: made }),
    order,
    whole ? 'orders/fulfilled' : 'orders/partially_fulfilled',
  );
  return made;
}

export type FulfilmentChange = { readonly tracking?: Tracking; readonly cancel?: true };

export function updateFulfilment(
  { shop, outbox }: Desk,
  order: ShopOrder,
  fulfillmentId: string,
  { tracking, cancel: cancelled }: FulfilmentChange,
): void {
  const fulfillment = order.fulfillments.find(({ id }) => id === fulfillmentId);
  if (!fulfillment) throw new Error(`order ${order.id} has no fulfilment ${fulfillmentId}`);
  if (tracking) fulfillment.tracking = tracking;
  if (cancelled) fulfillment.status = 'CANCELLED';
  fulfillment.updatedAt = shop.timestamp();
  order.updatedAt = fulfillment.updatedAt;
  const notice = { topic: 'fulfillments/update', body: fulfillmentPayload(order, fulfillment) };
  outbox.tell([notice], order, 'orders/updated');
}

const refusal = (message: string): Refused => [{ field: ['id'], message }];
