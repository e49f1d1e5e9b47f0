import { never } from '../kernel/decision.ts';
import type { OrderEvent } from './events.ts';
import { letGo, payBack, progress, progressOf, take } from './line-progress.ts';
import type { ChannelOrder } from './order.ts';
import type { Delivery, OpenOrder, OrderState, OrderStatus, RefundShare, SettlementShare } from './state.ts';

/** The order after an event. Only the decider makes events, so what can't have happened is a bug and throws. */
export function evolve(state: OrderState, event: OrderEvent): OrderState {
  if (event.type === 'order.captured') return capture(event.order, event.bookingFingerprint);
  if (state.status === 'none') throw new Error(`${event.type} before order.captured`);
  switch (event.type) {
    case 'order.amended':
      return amend(state, event.order, event.bookingFingerprint);
    case 'order.refreshed':
      return { ...state, version: event.version };
    case 'order.cancelled':
      return {
        ...state,
        status: statusAfterCancel(state.status),
        cancelledAt: event.cancelledAt,
        version: event.version,
      };
    case 'order.booked':
      return {
        ...state,
        status: state.status === 'captured' ? 'booked' : state.status,
        erp: { ref: event.ref, number: event.number, account: event.erpAccount },
      };
    case 'order.shipped':
      return ship(state, event);
    case 'order.delivered':
      return { ...state, deliveries: withDelivery(state.deliveries ?? [], event) };
    case 'order.fulfillment-confirmed':
      return {
        ...state,
        shipments: state.shipments.map((shipment) =>
          shipment.shipmentId === event.shipmentId ? { ...shipment, confirmed: true } : shipment,
        ),
      };
    case 'order.fulfillment-seen':
      return {
        ...progress(state, event.lines, 'fulfilledInChannel', 1),
        fulfillmentsSeen: [...state.fulfillmentsSeen, event.fulfillmentId],
      };
    case 'order.return-opened':
      return {
        ...progress(take(state, event.lines), event.lines, 'returning', 1),
        returns: withReturn(state.returns, event.returnId),
      };
    case 'order.return-released':
      return progress(letGo(state, event.lines), event.lines, 'returning', -1);
    case 'order.refund-reserved':
      return {
        ...progress(payBack(state, event.share), event.share.lines, 'refunded', 1),
        refunds: [...state.refunds, event.share],
      };
    case 'order.refund-settled':
      return { ...state, refunds: state.refunds.map((share) => settle(share, event)) };
    case 'order.refund-freed':
      return free(state, event.refundId);
    case 'order.settled':
      return { ...state, settlements: withSettlement(state.settlements ?? [], event.share) };
    case 'order.claim-noted':
      return { ...state, claims: [...claimsBut(state, event.claim.returnId), event.claim] };
    case 'order.claim-dropped':
      return { ...state, claims: claimsBut(state, event.returnId) };
    case 'order.booking-refused':
    case 'order.fulfillment-refused':
    case 'order.over-refunded':
      return state;
    default:
      return never(event);
  }
}

function capture({ cancelledAt: _cancelled, ...order }: ChannelOrder, bookingFingerprint: string): OpenOrder {
  return {
    ...order,
    status: 'captured',
    lines: order.lines.map((line) => ({ ...line, ...progressOf(undefined) })),
    bookingFingerprint,
    shipments: [],
    refunds: [],
    returns: [],
    fulfillmentsSeen: [],
  };
}

/** The new shape of the order with the progress of the lines that stay. */
function amend(
  state: OpenOrder,
  { cancelledAt: _cancelled, ...order }: ChannelOrder,
  bookingFingerprint: string,
): OpenOrder {
  const known = new Map(state.lines.map((line) => [line.lineId, line]));
  return {
    ...state,
    ...order,
    bookingFingerprint,
    lines: order.lines.map((line) => {
      return { ...line, ...progressOf(known.get(line.lineId)) };
    }),
  };
}

/** Goods that are on their way are not called back by a cancellation; a person sees to it (case). */
const statusAfterCancel = (status: OpenOrder['status']): OpenOrder['status'] =>
  status === 'part-shipped' || status === 'shipped' ? status : 'cancelled';

function ship(state: OpenOrder, event: Extract<OrderEvent, { type: 'order.shipped' }>): OpenOrder {
  const moved = progress(state, event.lines, 'shipped', 1);
  const complete = moved.lines.every((line) => line.shipped === line.quantity);
  const status: OrderStatus = complete ? 'shipped' : 'part-shipped';
  const { shipmentId, shippedAt, lines, trackingNumber } = event;
  const shipment = {
    shipmentId,
    shippedAt,
    lines,
    confirmed: false,
    ...(trackingNumber !== undefined && { trackingNumber }),
  };
  return {
    ...moved,
    status: state.status === 'cancelled' ? 'cancelled' : status,
    shipments: [...state.shipments, shipment],
  };
}

const claimsBut = ({ claims = [] }: OpenOrder, returnId: string) => claims.filter((one) => one.returnId !== returnId);

const withDelivery = (
  known: readonly Delivery[],
  { type: _type, ...delivery }: Extract<OrderEvent, { type: 'order.delivered' }>,
): readonly Delivery[] => [...known.filter(({ of }) => of !== delivery.of), delivery];

const withReturn = (returns: readonly string[], returnId: string): readonly string[] =>
  returns.includes(returnId) ? returns : [...returns, returnId];

/** In the order of their ids: the books are the same in whatever order settlements came. */
const withSettlement = (known: readonly SettlementShare[], share: SettlementShare): readonly SettlementShare[] =>
  [...known.filter(({ settlementId }) => settlementId !== share.settlementId), share].sort((a, b) =>
    a.settlementId < b.settlementId ? -1 : 1,
  );

type RefundSettled = Extract<OrderEvent, { type: 'order.refund-settled' }>;

const settle = (share: RefundShare, { refundId, paid, at }: RefundSettled): RefundShare =>
  share.refundId === refundId ? { ...(at && { settledAt: at }), ...share, ...paid, status: 'settled' } : share;

function free(state: OpenOrder, refundId: string): OpenOrder {
  const share = state.refunds.find((known) => known.refundId === refundId);
  if (!share) return state;
  return {
    ...progress(state, share.lines, 'refunded', -1),
    refunds: state.refunds.filter((known) => known.refundId !== refundId),
  };
}
