import { never } from '../kernel/decision.ts';
import { allEffects, type Effects, effects, NO_EFFECTS } from '../kernel/effects.ts';
import { type Excess, excessOf, excessTotal } from '../ledger/ceilings.ts';
import { type JsonObject, operationKey, type PlannedOperation, type Target } from '../operations/operation.ts';
import type { OrderEvent } from './events.ts';
import { amount, type ChannelOrder, orderKey, orderPath, taxTotal } from './order.ts';
import { fulfilledOutside, type OpenOrder } from './state.ts';

/** Where an order's writes go: the ERP that books this channel, and whether the channel can be told of shipments. */
export type OrderRouting = { readonly erp: Target; readonly channelTakesFulfillments: boolean };

/** What follows from events of an order; `order` is the state after all of them. */
export function orderReactions(events: readonly OrderEvent[], order: OpenOrder, routing: OrderRouting): Effects {
  return allEffects(events.map((event) => react(event, order, routing)));
}

function react(event: OrderEvent, order: OpenOrder, routing: OrderRouting): Effects {
  switch (event.type) {
    case 'order.captured':
      return order.status === 'cancelled' ? NO_EFFECTS : effects({ operations: [bookingOf(event.order, routing.erp)] });
    case 'order.amended':
      return effects({ openCases: [amendedCase(order, event.changes)], closeCases: curedExcesses(order) });
    case 'order.cancelled':
      return order.erp ? effects({ openCases: [cancelledButBooked(order, order.erp.number)] }) : NO_EFFECTS;
    case 'order.booked':
      return effects({
        closeCases: ['BOOKING_REFUSED'],
        openCases: order.status === 'cancelled' ? [cancelledButBooked(order, event.number)] : [],
      });
    case 'order.booking-refused':
      return order.status === 'cancelled' ? NO_EFFECTS : effects({ openCases: [bookingRefused(order, event.reason)] });
    case 'order.shipped': {
      const operations = routing.channelTakesFulfillments ? [fulfillmentOf(event, order)] : [];
      return effects({ operations, closeCases: fulfilledOutside(order).length === 0 ? [FULFILLED_OUTSIDE] : [] });
    }
    case 'order.fulfillment-seen':
      return effects({ openCases: fulfilledOutside(order).length > 0 ? [fulfilledOutsideCase(order)] : [] });
    case 'order.fulfillment-confirmed':
      return effects({ closeCases: [`FULFILLMENT_REFUSED#${event.shipmentId}`] });
    case 'order.fulfillment-refused':
      return effects({ openCases: [fulfillmentRefused(order, event)] });
    case 'order.over-refunded':
      return effects({ openCases: [overRefunded(order, event)] });
    case 'order.delivered':
    case 'order.refreshed':
    case 'order.return-opened':
    case 'order.return-released':
    case 'order.refund-reserved':
    // Differences are told once a settlement and cause, not once an order.
    case 'order.settled':
    case 'order.claim-noted':
    case 'order.claim-dropped':
      return NO_EFFECTS;
    case 'order.refund-settled':
    case 'order.refund-freed':
      return effects({ closeCases: curedExcesses(order) });
    default:
      return never(event);
  }
}

/** The content of `erp/sales-order`: all that the ERP books; the ship-to address is read from the subject by the executor. */
export type BookingContent = {
  readonly number: string;
  readonly placedAt: string;
  readonly currency: string;
  readonly lines: readonly BookingLine[];
  readonly shipping: ChannelOrder['shipping'];
  readonly fees: ChannelOrder['fees'];
  /** Minor units the ERP's document must come to: without tax that the marketplace remits. */
  readonly total: number;
  readonly customer: ChannelOrder['customer'];
  /** The sales order that an exchange replaces goods of: buyer and addresses are taken from it. */
  readonly replaces?: { readonly orderKey: string; readonly salesOrderRef: string; readonly salesOrderNumber: string };
};

export type BookingLine = Omit<ChannelOrder['lines'][number], 'discount' | 'title'>;

function bookingOf(order: ChannelOrder, erp: Target): PlannedOperation {
  const lines = order.lines.map(({ discount: _discount, title: _title, ...line }) => line);
  const collectedByMarketplace = [...order.lines, order.shipping].reduce(
    (sum, part) => sum + taxTotal(part.taxes, 'marketplace'),
    0,
  );
  const content: BookingContent = {
    number: order.number,
    placedAt: order.placedAt,
    currency: order.currency,
    lines,
    shipping: order.shipping,
    fees: order.fees,
    total: order.total - collectedByMarketplace,
    customer: order.customer,
  };
  return {
    key: operationKey('erp/sales-order', orderPath(order.id)),
    kind: 'erp/sales-order',
    target: erp,
    subject: orderKey(order.id),
    content: content as unknown as JsonObject,
  };
}

const sharesTracking = (
  { shipmentId, trackingNumber }: { shipmentId: string; trackingNumber?: string },
  order: OpenOrder,
): boolean =>
  trackingNumber !== undefined &&
  order.shipments.some((other) => other.shipmentId !== shipmentId && other.trackingNumber === trackingNumber);

/** The content of `channel/fulfillment`: tell the channel what left the house. */
export type FulfillmentContent = {
  readonly orderId: string;
  readonly shipmentId: string;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  readonly carrier?: string;
  readonly trackingNumber?: string;
  /** Another shipment of the order bears this tracking number already: it alone does not tell the two apart. */
  readonly trackingShared?: true;
};

function fulfillmentOf(event: Extract<OrderEvent, { type: 'order.shipped' }>, order: OpenOrder): PlannedOperation {
  const content: FulfillmentContent = {
    orderId: order.id.orderId,
    shipmentId: event.shipmentId,
    lines: event.lines,
    ...(event.carrier !== undefined && { carrier: event.carrier }),
    ...(event.trackingNumber !== undefined && { trackingNumber: event.trackingNumber }),
    ...(sharesTracking(event, order) && { trackingShared: true }),
  };
  return {
    key: operationKey('channel/fulfillment', orderPath(order.id), event.shipmentId),
    kind: 'channel/fulfillment',
    target: { connector: order.id.channel, account: order.id.account },
    subject: orderKey(order.id),
    content: content as unknown as JsonObject,
  };
}

const bookingRefused = (order: OpenOrder, reason: { code: string; message: string }) => ({
  code: 'BOOKING_REFUSED',
  owner: 'erp' as const,
  message: `the ERP refuses order ${order.number}: ${reason.code}: ${reason.message}`,
  suggestedFix: `mend the cause, then: crossdock operations retry ${operationKey('erp/sales-order', orderPath(order.id))} --apply`,
  moneyAtRisk: amount(order, order.total),
});

const amendedCase = (order: OpenOrder, changes: readonly string[]) => ({
  code: 'ORDER_AMENDED',
  owner: 'retail-operations' as const,
  message: `the channel changed order ${order.number} after it was taken: ${changes.join('; ')}`,
  suggestedFix: order.erp
    ? `bring sales order ${order.erp.number} in the ERP in line by hand, then close this case`
    : 'check the sales order in the ERP once it is booked, then close this case',
  moneyAtRisk: amount(order, order.total),
});

const cancelledButBooked = (order: OpenOrder, number: string) => ({
  code: 'CANCELLED_BUT_BOOKED',
  owner: 'erp' as const,
  message: `the channel cancelled order ${order.number}, and the ERP holds sales order ${number} for it`,
  suggestedFix: `stop the shipment and cancel sales order ${number} in the ERP, then close this case`,
  moneyAtRisk: amount(order, order.total),
});

const fulfillmentRefused = (order: OpenOrder, event: Extract<OrderEvent, { type: 'order.fulfillment-refused' }>) => ({
  code: `FULFILLMENT_REFUSED#${event.shipmentId}`,
  owner: 'retail-operations' as const,
  message: `the channel refuses shipment ${event.shipmentId} of order ${order.number}: ${event.reason.message}`,
  suggestedFix:
    'compare the order in the channel with the shipment in the ERP; confirm it in the channel by hand if right',
});

const FULFILLED_OUTSIDE = 'FULFILLED_OUTSIDE_ERP';

const fulfilledOutsideCase = (order: OpenOrder) => ({
  code: FULFILLED_OUTSIDE,
  owner: 'retail-operations' as const,
  message: `the channel holds units of order ${order.number} for fulfilled that the ERP has not shipped: ${fulfilledOutside(
    order,
  )
    .map(({ lineId, quantity }) => `${quantity} of line ${lineId}`)
    .join(', ')}`,
  suggestedFix: 'book the shipment in the ERP if goods left the house; else undo the fulfilment in the channel',
});

const overRefundedCode = (refundId: string): string => `OVER_REFUNDED#${refundId}`;

const overRefunded = (
  order: OpenOrder,
  { refundId, excess }: Extract<OrderEvent, { type: 'order.over-refunded' }>,
) => ({
  code: overRefundedCode(refundId),
  owner: 'finance' as const,
  message: `refund ${refundId}, paid by the channel, takes order ${order.number} beyond what was paid: ${excessText(excess)} (minor units of ${order.currency})`,
  suggestedFix: 'find out which refund is one too many and claim the excess back from the buyer',
  moneyAtRisk: amount(order, excessTotal(excess)),
});

const excessText = ({ order, buckets }: Excess): string =>
  [
    ...(order > 0 ? [`${order} too much in all`] : []),
    ...Object.entries(buckets).map(([bucket, over]) => `${over} too much of ${bucket}`),
  ].join(', ');

/** A refund of ours that the channel refused, or a newer order, can leave nothing that is too much. */
const curedExcesses = (order: OpenOrder): string[] =>
  excessTotal(excessOf(order)) > 0 ? [] : order.refunds.map(({ refundId }) => overRefundedCode(refundId));
