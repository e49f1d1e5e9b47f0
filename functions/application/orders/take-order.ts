import { PoisonError } from '#core/kernel/errors.ts';
import type { OrderCommand } from '#core/orders/decider.ts';
import { type OrderId, orderKey } from '#core/orders/order.ts';
import { type Cause, handle } from '../aggregate.ts';
import { happenedBy } from '../intake/report-time.ts';
import type { Taken, Taker } from '../intake/take-message.ts';
import type { InboxMark, Store } from '../ports/store.ts';
import type { OrderAggregate } from './order-aggregate.ts';

type Ports = { readonly store: Store; readonly orders: OrderAggregate };

/** Takes an order message, whatever it tells: new, changed, paid, cancelled. */
export const takeOrder =
  (ports: Ports): Taker<'order'> =>
  ({ order }, cause, inbox) =>
    take(ports, order.id, { type: 'take-channel-order', order }, cause, inbox);

/** Takes the channel's word that units were fulfilled. One that is cancelled or failed tells us nothing. */
export const takeFulfillment =
  (ports: Ports): Taker<'channel-fulfillment'> =>
  ({ orderId, fulfillment }, cause, inbox) =>
    take(
      ports,
      orderId,
      { type: 'see-fulfillment', fulfillmentId: fulfillment.channelFulfillmentId, lines: fulfillment.lines },
      cause,
      inbox,
    );

/** Takes a report that a parcel arrived. One from the future would hold the return window open. */
export const takeDelivery =
  (ports: Ports): Taker<'delivery'> =>
  async ({ orderId, delivery }, cause, inbox) => {
    happenedBy(cause.now, 'a delivery', delivery.deliveredAt, orderKey(orderId));
    return take(ports, orderId, { type: 'record-delivery', ...delivery }, cause, inbox);
  };

async function take(
  { store, orders }: Ports,
  id: OrderId,
  command: OrderCommand,
  cause: Cause,
  inbox: InboxMark | undefined,
): Promise<Taken> {
  const subject = orderKey(id);
  const handled = await handle(store, orders, subject, command, cause, inbox ? { inbox: { ...inbox, subject } } : {});
  if (handled.kind === 'rejected') {
    throw new PoisonError(handled.reason.code, handled.reason.message, { context: { subject } });
  }
  return { kind: handled.kind, subject, ...(handled.kind === 'ignored' && { why: handled.why }) };
}
