import { accepted, type Decider, type Decision, ignored, never, type Reason, rejected } from '../kernel/decision.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { type LineQuantity, mergeLines } from '../kernel/quantity.ts';
import { freeRefund, recordRefund, reserveRefund, settleRefund } from './decide-refund.ts';
import { recordSettlement } from './decide-settlement.ts';
import type { OrderEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { type ChannelOrder, type Charge, computedTotal } from './order.ts';
import {
  type BuyerClaim,
  type Delivery,
  findLine,
  type NewShare,
  type OpenOrder,
  type OrderState,
  type RefundShare,
  type SettlementShare,
} from './state.ts';
import type { LineUnits } from './units.ts';

export type OrderCommand =
  /** Any message that carries the whole order: created, updated, paid, cancelled. */
  | { readonly type: 'take-channel-order'; readonly order: ChannelOrder }
  | { readonly type: 'record-booking'; readonly erpAccount: string; readonly ref: string; readonly number: string }
  | { readonly type: 'record-booking-refusal'; readonly reason: Reason }
  | ({ readonly type: 'record-shipment' } & Omit<Extract<OrderEvent, { type: 'order.shipped' }>, 'type'>)
  | ({ readonly type: 'record-delivery' } & Delivery)
  | { readonly type: 'record-fulfillment'; readonly shipmentId: string; readonly ref: string }
  | { readonly type: 'record-fulfillment-refusal'; readonly shipmentId: string; readonly reason: Reason }
  | { readonly type: 'see-fulfillment'; readonly fulfillmentId: string; readonly lines: readonly LineQuantity[] }
  | { readonly type: 'open-return'; readonly returnId: string; readonly lines: readonly LineUnits[] }
  | { readonly type: 'release-return'; readonly returnId: string; readonly lines: readonly LineUnits[] }
  | { readonly type: 'reserve-refund'; readonly share: NewShare }
  /** `paid`: what the channel says went back; what is held, if it says nothing. `at`: when we heard of it. */
  | {
      readonly type: 'settle-refund';
      readonly refundId: string;
      readonly paid?: Pick<NewShare, 'amount' | 'parts'>;
      readonly at?: string;
    }
  /** `unpaid`: it was settled, and then not paid. */
  | { readonly type: 'free-refund'; readonly refundId: string; readonly unpaid?: boolean }
  /** A refund that has happened, whatever our ceilings say: the channel's own, or one of ours that held no money. */
  | {
      readonly type: 'record-refund';
      readonly share: NewShare;
      readonly origin: RefundShare['origin'];
      readonly at?: string;
    }
  /** What a settlement says of the order; nothing but its id and revision when it no longer speaks of it. */
  | { readonly type: 'record-settlement'; readonly share: SettlementShare }
  /** What a return has to say of the money that the buyer owes for it; nothing when nothing is owed any more. */
  | { readonly type: 'note-claim'; readonly returnId: string; readonly claim?: BuyerClaim };

export const orderDecider: Decider<OrderState, OrderCommand, OrderEvent> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

function decide(command: OrderCommand, state: OrderState): Decision<OrderEvent> {
  if (command.type === 'take-channel-order') return takeChannelOrder(command.order, state);
  if (state.status === 'none')
    return rejected('ORDER_UNKNOWN', 'no such order: it has not arrived from its channel yet');
  switch (command.type) {
    case 'record-booking':
      return recordBooking(command, state);
    case 'record-booking-refusal':
      if (state.erp) return ignored('already booked');
      return accepted({ type: 'order.booking-refused', reason: command.reason });
    case 'record-shipment':
      return recordShipment(command, state);
    case 'record-delivery':
      return recordDelivery(command, state);
    case 'record-fulfillment':
      return recordFulfillment(command.shipmentId, command.ref, state);
    case 'record-fulfillment-refusal':
      return accepted({ type: 'order.fulfillment-refused', shipmentId: command.shipmentId, reason: command.reason });
    case 'see-fulfillment':
      if (state.fulfillmentsSeen.includes(command.fulfillmentId)) return ignored('fulfilment known');
      return accepted({ type: 'order.fulfillment-seen', fulfillmentId: command.fulfillmentId, lines: command.lines });
    case 'open-return':
      return openReturn(command.returnId, command.lines, state);
    case 'release-return':
      return releaseReturn(command.returnId, command.lines, state);
    case 'reserve-refund':
      return reserveRefund(command.share, state);
    case 'settle-refund':
      return settleRefund(command, state);
    case 'free-refund':
      return freeRefund(command.refundId, command.unpaid ?? false, state);
    case 'record-refund':
      return recordRefund(command, state);
    case 'record-settlement':
      return recordSettlement(command.share, state);
    case 'note-claim':
      return noteClaim(command.returnId, command.claim, state);
    default:
      return never(command);
  }
}

/** What of an order the ERP books; an update that leaves it alone is no amendment. */
export function bookingFingerprint(order: ChannelOrder): string {
  const { lines, shipping, fees, currency, total } = order;
  return fingerprint({ lines, shipping, fees, currency, total });
}

/** Faults that make an order unusable as it came; none of them is repaired by guessing. */
export function faultOf(order: ChannelOrder): Reason | undefined {
  if (order.lines.length === 0) return { code: 'ORDER_WITHOUT_LINES', message: 'the order has no lines' };
  for (const line of order.lines) {
    if (!Number.isSafeInteger(line.quantity) || line.quantity <= 0) {
      return {
        code: 'QUANTITY_INVALID',
        message: `line ${line.lineId} orders ${line.quantity} units: a quantity is a whole number above zero`,
      };
    }
    const negative = negativeIn(line);
    if (negative !== undefined)
      return { code: 'AMOUNT_NEGATIVE', message: `line ${line.lineId} has ${negative} minor units of money or tax` };
    if (line.sku === '')
      return { code: 'SKU_MISSING', message: `line ${line.lineId} has no SKU: set one in the channel` };
  }
  const negative = negativeIn(order.shipping);
  if (negative !== undefined)
    return { code: 'AMOUNT_NEGATIVE', message: `shipping has ${negative} minor units of money or tax` };
  const computed = computedTotal(order);
  if (computed !== order.total) {
    return {
      code: 'TOTALS_DISAGREE',
      message: `the parts add up to ${computed}, the channel says ${order.total} (minor units of ${order.currency})`,
    };
  }
  return undefined;
}

const negativeIn = ({ net, taxes }: Charge): number | undefined =>
  [net, ...taxes.map(({ amount }) => amount)].find((amount) => amount < 0);

function takeChannelOrder(order: ChannelOrder, state: OrderState): Decision<OrderEvent> {
  const fault = faultOf(order);
  if (fault) return { kind: 'rejected', reason: fault };
  const print = bookingFingerprint(order);
  if (state.status === 'none') {
    const captured: OrderEvent = { type: 'order.captured', order, bookingFingerprint: print };
    return order.cancelledAt ? accepted(captured, cancelledEvent(order)) : accepted(captured);
  }
  const known = print === state.bookingFingerprint;
  // A cancellation is never taken back: it counts in whatever order it comes.
  const cancelled = order.cancelledAt !== undefined && state.cancelledAt === undefined;
  const age = compareVersions(order.version, state.version);
  if (age < 0)
    return cancelled
      ? accepted(cancelledEvent(order, state.version))
      : ignored(known ? 'seen before' : 'older than what we have');
  // One and the same version with other content: nobody can tell which is the later one, so a person hears of it.
  if (age === 0 && known && !cancelled) return ignored('seen before');
  if (order.currency !== state.currency) {
    return rejected('CURRENCY_CHANGED', `the order was in ${state.currency} and now comes in ${order.currency}`);
  }
  const events: OrderEvent[] = [];
  if (print !== state.bookingFingerprint) {
    events.push({ type: 'order.amended', order, bookingFingerprint: print, changes: changesOf(state, order) });
  }
  if (cancelled) events.push(cancelledEvent(order));
  return events.length > 0 ? accepted(...events) : accepted({ type: 'order.refreshed', version: order.version });
}

/** `version` is the latest that the order is known by, which need not be the one that tells of the cancellation. */
const cancelledEvent = (order: ChannelOrder, version = order.version): OrderEvent => ({
  type: 'order.cancelled',
  cancelledAt: order.cancelledAt ?? order.placedAt,
  version,
});

/**
 * Below zero when the first is older. The source's last-updated time decides; two versions of one second are told apart by
 * when their messages were triggered.
 */
const compareVersions = (a: ChannelOrder['version'], b: ChannelOrder['version']): number =>
  a.updatedAt - b.updatedAt || a.triggeredAt - b.triggeredAt;

/** Names of what an amendment changes, for the person who decides on it. */
function changesOf(state: OpenOrder, order: ChannelOrder): string[] {
  const changes: string[] = [];
  for (const line of order.lines) {
    const known = findLine(state, line.lineId);
    if (!known) changes.push(`line ${line.lineId} added`);
    else if (known.quantity !== line.quantity)
      changes.push(`line ${line.lineId}: ${known.quantity} → ${line.quantity} units`);
    else if (known.net !== line.net) changes.push(`line ${line.lineId}: ${known.net} → ${line.net} net`);
  }
  for (const known of state.lines) {
    if (!order.lines.some((line) => line.lineId === known.lineId)) changes.push(`line ${known.lineId} removed`);
  }
  if (order.total !== state.total) changes.push(`total ${state.total} → ${order.total}`);
  return changes.length > 0 ? changes : ['shipping, fees or tax'];
}

type RecordBooking = Extract<OrderCommand, { type: 'record-booking' }>;

function recordBooking({ erpAccount, ref, number }: RecordBooking, state: OpenOrder): Decision<OrderEvent> {
  if (state.erp?.ref === ref) return ignored('already booked');
  if (state.erp) {
    return rejected('BOOKED_TWICE', `the ERP has ${state.erp.number} for this order already and now names ${number}`);
  }
  return accepted({ type: 'order.booked', erpAccount, ref, number });
}

/** Parcels of one order, and far beyond any. */
const MOST_DELIVERIES = 200;

/** May come before the shipment itself is known, so it is kept whatever it names. */
function recordDelivery(
  { type: _type, ...delivery }: Extract<OrderCommand, { type: 'record-delivery' }>,
  { deliveries = [] }: OpenOrder,
): Decision<OrderEvent> {
  const known = deliveries.find(({ of }) => of === delivery.of);
  if (known && !outweighs(delivery, known)) return ignored('delivery known');
  if (!known && deliveries.length >= MOST_DELIVERIES) {
    return rejected('TOO_MANY_DELIVERIES', `${MOST_DELIVERIES} parcels of the order are delivered: no order has more`);
  }
  return accepted({ type: 'order.delivered', ...delivery });
}

/**
 * Which of two reports on one parcel counts, in whatever order they come. Who carried or handed out the parcel knows better
 * than the channel. Of their reports the later time counts, to the buyer's favour; of the channel's the earlier, for it
 * repeats the word at each later change of a fulfilment, with the time of the change.
 */
function outweighs(given: Delivery, known: Delivery): boolean {
  const [ours, theirs] = [given, known].map(({ reportedBy }) => reportedBy === 'channel');
  if (ours !== theirs) return theirs === true;
  return ours ? given.deliveredAt < known.deliveredAt : given.deliveredAt > known.deliveredAt;
}

function recordShipment(
  { type: _type, ...shipment }: Extract<OrderCommand, { type: 'record-shipment' }>,
  state: OpenOrder,
): Decision<OrderEvent> {
  if (state.shipments.some(({ shipmentId }) => shipmentId === shipment.shipmentId)) return ignored('shipment known');
  for (const { lineId, quantity } of mergeLines(shipment.lines)) {
    const line = findLine(state, lineId);
    if (!line)
      return rejected('LINE_UNKNOWN', `shipment ${shipment.shipmentId} names line ${lineId}, which the order lacks`);
    if (quantity <= 0 || line.shipped + quantity > line.quantity) {
      return rejected(
        'SHIPPED_TOO_MANY',
        `shipment ${shipment.shipmentId} has ${quantity} of line ${lineId}; ordered ${line.quantity}, shipped ${line.shipped}`,
      );
    }
  }
  return accepted({ type: 'order.shipped', ...shipment });
}

function recordFulfillment(shipmentId: string, ref: string, state: OpenOrder): Decision<OrderEvent> {
  const shipment = state.shipments.find((known) => known.shipmentId === shipmentId);
  if (!shipment) return rejected('SHIPMENT_UNKNOWN', `the order has no shipment ${shipmentId}`);
  return shipment.confirmed
    ? ignored('already confirmed')
    : accepted({ type: 'order.fulfillment-confirmed', shipmentId, ref });
}

function openReturn(returnId: string, lines: readonly LineUnits[], state: OpenOrder): Decision<OrderEvent> {
  for (const { lineId, quantity } of mergeLines(lines)) {
    const line = findLine(state, lineId);
    if (!line) return rejected('LINE_UNKNOWN', `return ${returnId} names line ${lineId}, which the order lacks`);
    const left = line.shipped - line.returning;
    if (quantity <= 0 || quantity > left) {
      return rejected(
        'NOTHING_LEFT_TO_RETURN',
        `return ${returnId} wants ${quantity} of line ${lineId}; ${left} can come back`,
      );
    }
  }
  return accepted({ type: 'order.return-opened', returnId, lines });
}

function noteClaim(returnId: string, claim: BuyerClaim | undefined, state: OpenOrder): Decision<OrderEvent> {
  const known = state.claims?.find((one) => one.returnId === returnId);
  if (!claim) return known ? accepted({ type: 'order.claim-dropped', returnId }) : ignored('nothing is owed');
  if (known && fingerprint(known) === fingerprint(claim)) return ignored('claim known');
  return accepted({ type: 'order.claim-noted', claim });
}

function releaseReturn(returnId: string, lines: readonly LineUnits[], state: OpenOrder): Decision<OrderEvent> {
  const held = lines.every(({ lineId, quantity }) => (findLine(state, lineId)?.returning ?? 0) >= quantity);
  return held ? accepted({ type: 'order.return-released', returnId, lines }) : ignored('nothing held');
}
