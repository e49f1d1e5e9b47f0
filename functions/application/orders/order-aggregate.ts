import { never } from '#core/kernel/decision.ts';
import { settlementBalance } from '#core/ledger/settled.ts';
import { type OrderCommand, orderDecider } from '#core/orders/decider.ts';
import type { OrderEvent } from '#core/orders/events.ts';
import { amount, type ChannelOrder, parseOrderKey, sellerTotal, taxTotal } from '#core/orders/order.ts';
import { type OrderRouting, orderReactions } from '#core/orders/reactions.ts';
import type { OpenOrder, OrderState, SettlementShare } from '#core/orders/state.ts';
import type { EventType } from '#events/event-type.ts';
import * as types from '#events/orders/types.ts';
import type { AggregateDefinition } from '../aggregate.ts';

/** Says where an order's writes go. */
export type Routing = { orderRouting(channel: string, account: string): OrderRouting };

export type OrderAggregate = AggregateDefinition<OrderState, OrderCommand, OrderEvent>;

export function orderAggregate(routing: Routing): OrderAggregate {
  return {
    decider: orderDecider,
    react: (events, state, key) => {
      const { channel, account } = parseOrderKey(key);
      return orderReactions(events, opened(state), routing.orderRouting(channel, account));
    },
    publish: (event, state) => publish(event, opened(state)),
    foreignId: (events, state) => foreignId(events, opened(state)),
    origin: (key) => {
      const { channel, account } = parseOrderKey(key);
      return { channel, account };
    },
  };
}

function opened(state: OrderState): OpenOrder {
  if (state.status === 'none') throw new Error('an order with events has a state');
  return state;
}

type Published = { type: EventType; data: unknown } | undefined;

function publish(event: OrderEvent, order: OpenOrder): Published {
  const ref = { orderId: order.id.orderId, orderNumber: order.number };
  switch (event.type) {
    case 'order.captured':
      return { type: types.orderCapturedV1, data: body(event.order) };
    case 'order.amended':
      return { type: types.orderAmendedV1, data: { ...body(event.order), changes: event.changes } };
    case 'order.cancelled':
      return { type: types.orderCancelledV1, data: { ...ref, cancelledAt: event.cancelledAt } };
    case 'order.booked':
      return {
        type: types.orderBookedV1,
        data: { ...ref, erpAccount: event.erpAccount, erpRef: event.ref, erpNumber: event.number },
      };
    case 'order.booking-refused':
      return { type: types.orderBookingRefusedV1, data: { ...ref, reason: event.reason } };
    case 'order.shipped': {
      const { type: _type, ...shipment } = event;
      return {
        type: types.orderShippedV1,
        data: { ...ref, ...shipment, complete: order.status === 'shipped' },
      };
    }
    case 'order.delivered': {
      const { of, deliveredAt, reportedBy } = event;
      return {
        type: types.orderDeliveredV1,
        data: { ...ref, ...(of !== undefined && { shipment: of }), deliveredAt, reportedBy },
      };
    }
    case 'order.fulfillment-confirmed':
      return {
        type: types.orderFulfillmentConfirmedV1,
        data: { ...ref, shipmentId: event.shipmentId, channelRef: event.ref },
      };
    case 'order.fulfillment-refused':
      return {
        type: types.orderFulfillmentRefusedV1,
        data: { ...ref, shipmentId: event.shipmentId, reason: event.reason },
      };
    case 'order.settled':
      return { type: types.orderSettledV1, data: { ...ref, ...settled(event.share, order) } };
    // Bookkeeping inside the order; returns and refunds publish their own side of it.
    case 'order.refreshed':
    case 'order.fulfillment-seen':
    case 'order.return-opened':
    case 'order.return-released':
    case 'order.refund-reserved':
    case 'order.refund-settled':
    case 'order.refund-freed':
    case 'order.claim-noted':
    case 'order.claim-dropped':
    case 'order.over-refunded':
      return undefined;
    default:
      return never(event);
  }
}

/** The order's whole balance with its channel, after this settlement. */
function settled({ settlementId, revision }: SettlementShare, order: OpenOrder) {
  const { kept, paidOut, open, standing, since } = settlementBalance(order);
  return {
    settlementId,
    revision,
    kept: amount(order, kept),
    paidOut: amount(order, paidOut),
    open: amount(order, open),
    standing,
    ...(since !== undefined && { since }),
  };
}

function body(order: ChannelOrder) {
  return {
    orderId: order.id.orderId,
    orderNumber: order.number,
    placedAt: order.placedAt,
    total: amount(order, order.total),
    sellerTotal: amount(order, sellerTotal(order)),
    shipping: amount(order, order.shipping.net + taxTotal(order.shipping.taxes)),
    lines: order.lines.map((line) => ({
      lineId: line.lineId,
      sku: line.sku,
      quantity: line.quantity,
      net: amount(order, line.net),
      tax: amount(order, taxTotal(line.taxes)),
    })),
    customerType: order.customer.type,
    ...(order.customer.country !== undefined && { shipToCountry: order.customer.country }),
  };
}

function foreignId(events: readonly OrderEvent[], order: OpenOrder): string | undefined {
  for (const event of events) {
    if (event.type === 'order.captured') return order.number;
    if (event.type === 'order.booked') return event.number;
    if (event.type === 'order.shipped') return event.trackingNumber ?? event.shipmentId;
  }
  return undefined;
}
