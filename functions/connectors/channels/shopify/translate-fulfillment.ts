import type { InboundCommand } from '#application/intake/inbound.ts';
import type { Translation } from '#application/ports/connector.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { mergeLines } from '#core/kernel/quantity.ts';
import type { OrderId } from '#core/orders/order.ts';
import { utc } from '../../wire.ts';
import type { WireFulfillment } from './wire.ts';

/** A fulfilment that stands. One that is not done yet comes again as `fulfillments/update`. */
export function translateFulfillment(fulfillment: WireFulfillment, account: string): Translation {
  const {
    id,
    order_id: orderId,
    status,
    tracking_number: trackingNumber,
    shipment_status: shipmentStatus,
  } = fulfillment;
  if (NOT_DONE.has(status)) return { kind: 'ignored', why: `the fulfilment is ${status}` };
  if (status !== 'success') {
    const message = `a fulfilment is "${status.slice(0, 40)}", which is no status that we know`;
    throw new PoisonError('FULFILLMENT_STATUS_UNKNOWN', message, { context: { path: 'status' } });
  }
  const lines = fulfillment.line_items.map(({ id: lineId, quantity }) => ({ lineId, quantity }));
  const order = { channel: 'shopify', account, orderId };
  const updatedAt = utc(fulfillment.updated_at ?? fulfillment.created_at);
  return {
    kind: 'commands',
    commands: [
      {
        kind: 'channel-fulfillment',
        orderId: order,
        fulfillment: {
          channelFulfillmentId: id,
          status,
          lines: mergeLines(lines),
          ...(trackingNumber !== undefined && { trackingNumber }),
          updatedAt,
        },
      },
      ...(shipmentStatus === 'delivered' ? [deliveryOf(order, trackingNumber, updatedAt)] : []),
    ],
  };
}

/** Shopify gives no time of the delivery itself; the change of the fulfilment that told of it is the nearest. */
const deliveryOf = (orderId: OrderId, trackingNumber: string | undefined, deliveredAt: string): InboundCommand => ({
  kind: 'delivery',
  orderId,
  delivery: { ...(trackingNumber !== undefined && { of: trackingNumber }), deliveredAt, reportedBy: 'channel' },
});

/** FulfillmentStatus, in the lower case of webhooks. */
const NOT_DONE = new Set(['pending', 'open', 'cancelled', 'error', 'failure']);
