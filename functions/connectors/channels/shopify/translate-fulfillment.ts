import type { Translation } from '#application/ports/connector.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { mergeLines } from '#core/kernel/quantity.ts';
import { utc } from '../../wire.ts';
import type { WireFulfillment } from './wire.ts';

/** A fulfilment that stands. One that is not done yet comes again as `fulfillments/update`. */
export function translateFulfillment(fulfillment: WireFulfillment, account: string): Translation {
  const { id, order_id: orderId, status, tracking_number: trackingNumber } = fulfillment;
  if (NOT_DONE.has(status)) return { kind: 'ignored', why: `the fulfilment is ${status}` };
  if (status !== 'success') {
    const message = `a fulfilment is "${status.slice(0, 40)}", which is no status that we know`;
    throw new PoisonError('FULFILLMENT_STATUS_UNKNOWN', message, { context: { path: 'status' } });
  }
  const lines = fulfillment.line_items.map(({ id: lineId, quantity }) => ({ lineId, quantity }));
  return {
    kind: 'commands',
    commands: [
      {
        kind: 'channel-fulfillment',
        orderId: { channel: 'shopify', account, orderId },
        fulfillment: {
          channelFulfillmentId: id,
          status,
          lines: mergeLines(lines),
          ...(trackingNumber !== undefined && { trackingNumber }),
          updatedAt: utc(fulfillment.updated_at ?? fulfillment.created_at),
        },
      },
    ],
  };
}

/** FulfillmentStatus, in the lower case of webhooks. */
const NOT_DONE = new Set(['pending', 'open', 'cancelled', 'error', 'failure']);
