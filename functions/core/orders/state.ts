import type { LineQuantity } from '../kernel/quantity.ts';
import type { Parts } from '../ledger/buckets.ts';
import type { SettledOrder } from '../settlements/settled-order.ts';
import type { ChannelOrder, OrderLine } from './order.ts';
import type { Units } from './units.ts';

/** How far a line has come, in units. Line algebra: shipped + cancelled ≤ ordered, returning ≤ shipped, refunded ≤ ordered. */
export type LineProgress = {
  readonly shipped: number;
  /** Units that the channel holds for fulfilled; more than shipped means that somebody fulfilled outside the ERP. */
  readonly fulfilledInChannel: number;
  /** Units in returns that are authorized or further. */
  readonly returning: number;
  readonly refunded: number;
  /** Which units are in returns, and which the channel has paid back by itself; left out until there are any. */
  readonly held?: Units;
  readonly paidBack?: Units;
};

export type OpenOrder = Omit<ChannelOrder, 'cancelledAt' | 'lines'> & {
  readonly status: Exclude<OrderStatus, 'none'>;
  readonly lines: readonly (OrderLine & LineProgress)[];
  readonly bookingFingerprint: string;
  /** The ERP's sales order, once it exists. */
  readonly erp?: { readonly ref: string; readonly number: string; readonly account: string };
  readonly shipments: readonly Shipment[];
  readonly refunds: readonly RefundShare[];
  /** What the buyer owes for refunds that were paid before the goods came; missing when there was none ever. */
  readonly claims?: readonly BuyerClaim[];
  /** Keys of the returns that were ever opened for it. */
  readonly returns: readonly string[];
  /** Ids of the channel's fulfilments that are counted in the lines. */
  readonly fulfillmentsSeen: readonly string[];
  /**
   * What settlements of the channel say of it, each by its newest collection, in the order of their ids; left out until the
   * first one.
   */
  readonly settlements?: readonly SettlementShare[];
  /** What was reported as delivered, one a parcel; left out until the first report. */
  readonly deliveries?: readonly Delivery[];
  readonly cancelledAt?: string;
};

/** What one settlement says of an order, in the currency that it is paid in. */
export type SettlementShare = Partial<Omit<SettledOrder, 'orderId'>> & {
  /** The channel's id of it; channel and account are the order's. */
  readonly settlementId: string;
  /** The collection of the settlement that says so: a later one takes the place of an earlier one. */
  readonly revision: number;
};

/** A row of the state table holds 400 KB: what goes beyond these is left to a person. */
export const MOST_SETTLEMENTS = 60;
export const MOST_CLASSES = 40;

/** What settlements say of an order; those of which a later collection no longer speaks of it are left out. */
export const settledIn = ({ settlements = [] }: Pick<OpenOrder, 'settlements'>): readonly SettlementOfOrder[] =>
  settlements.filter((share): share is SettlementOfOrder => share.amounts !== undefined);

export type SettlementOfOrder = Pick<SettlementShare, 'settlementId' | 'revision'> & Omit<SettledOrder, 'orderId'>;

export type Shipment = {
  readonly shipmentId: string;
  readonly shippedAt: string;
  readonly trackingNumber?: string;
  readonly lines: readonly LineQuantity[];
  readonly confirmed: boolean;
};

export type Delivery = {
  /** Number of the shipment or of its parcel, as the report names it; left out: all that was shipped. */
  readonly of?: string;
  readonly deliveredAt: string;
  readonly reportedBy: DeliverySource;
};

export const DELIVERY_SOURCES = ['carrier', 'warehouse', 'channel'] as const;
export type DeliverySource = (typeof DELIVERY_SOURCES)[number];

/**
 * Money that a refund holds on the order. Pending counts against the ceiling as settled does; a refused refund frees its
 * share; an unknown outcome stays pending.
 */
export type RefundShare = {
  readonly refundId: string;
  /** Minor units of the order's currency. */
  readonly amount: number;
  /** What the amount is for, to the cent: what each ceiling is held against. */
  readonly parts: Parts;
  readonly lines: readonly LineQuantity[];
  /** Through the channel when missing. */
  readonly means?: 'store-credit' | 'exchange';
  readonly status: 'pending' | 'settled';
  /** Of ours, the return holds the units; a refund of the channel's own keeps its units from coming back. */
  readonly origin: 'crossdock' | 'channel';
  /** When we heard that it is paid (an instant); left out by refunds from before that was kept. */
  readonly settledAt?: string;
};

/** A refund that was paid before receipt and that the goods did not bear out. One a return. */
export type BuyerClaim = {
  readonly returnId: string;
  /** Minor units of the order's currency. */
  readonly amount: number;
  /** Refund that it takes back. */
  readonly refundId: string;
  readonly status: 'due' | 'collected' | 'waived';
};

/** A refund as it is asked for or told of. */
export type NewShare = Omit<RefundShare, 'status' | 'origin' | 'settledAt'>;

export type OrderState = { readonly status: 'none' } | OpenOrder;

export type OrderStatus = 'none' | 'captured' | 'booked' | 'part-shipped' | 'shipped' | 'cancelled';

/** Every move an order may make; a test proves that each status can be reached and that the decider makes no other move. */
export const ORDER_TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  none: ['captured', 'cancelled'],
  // A shipment can be read before the booking's answer is known: the ERP had it all along.
  captured: ['booked', 'part-shipped', 'shipped', 'cancelled'],
  booked: ['part-shipped', 'shipped', 'cancelled'],
  'part-shipped': ['shipped'],
  shipped: [],
  // Cancelled by the channel while the ERP was booking it: the late booking is recorded, and a person is told.
  cancelled: [],
};

export const findLine = (order: OpenOrder, lineId: string): OpenOrder['lines'][number] | undefined =>
  order.lines.find((line) => line.lineId === lineId);

/** Lines that the channel holds for fulfilled beyond what the ERP has shipped. */
export const fulfilledOutside = (order: OpenOrder): LineQuantity[] =>
  order.lines
    .filter((line) => line.fulfilledInChannel > line.shipped)
    .map((line) => ({ lineId: line.lineId, quantity: line.fulfilledInChannel - line.shipped }));

/** Refunds settled and pending, in minor units. */
export const refundedOrPending = (order: OpenOrder): number =>
  order.refunds.reduce((sum, share) => sum + share.amount, 0);
