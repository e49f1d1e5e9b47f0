import type { Reason } from '../kernel/decision.ts';
import type { LineQuantity } from '../kernel/quantity.ts';
import type { Excess } from '../ledger/ceilings.ts';
import type { ChannelOrder } from './order.ts';
import type { BuyerClaim, Delivery, RefundShare, SettlementShare } from './state.ts';
import type { LineUnits } from './units.ts';

export type OrderEvent =
  | { readonly type: 'order.captured'; readonly order: ChannelOrder; readonly bookingFingerprint: string }
  /** The channel changed what was ordered after we had taken it: recorded, and a person decides what the ERP gets. */
  | {
      readonly type: 'order.amended';
      readonly order: ChannelOrder;
      readonly bookingFingerprint: string;
      readonly changes: readonly string[];
    }
  /** A newer version that changes nothing the ERP books; kept silently (not published). */
  | { readonly type: 'order.refreshed'; readonly version: ChannelOrder['version'] }
  | { readonly type: 'order.cancelled'; readonly cancelledAt: string; readonly version: ChannelOrder['version'] }
  | { readonly type: 'order.booked'; readonly erpAccount: string; readonly ref: string; readonly number: string }
  | { readonly type: 'order.booking-refused'; readonly reason: Reason }
  | {
      readonly type: 'order.shipped';
      readonly shipmentId: string;
      readonly lines: readonly LineQuantity[];
      readonly shippedAt: string;
      readonly carrier?: string;
      readonly trackingNumber?: string;
    }
  /** A parcel, or everything, arrived at the buyer's; comes again when a better report of the same takes its place. */
  | ({ readonly type: 'order.delivered' } & Delivery)
  | { readonly type: 'order.fulfillment-confirmed'; readonly shipmentId: string; readonly ref: string }
  | { readonly type: 'order.fulfillment-refused'; readonly shipmentId: string; readonly reason: Reason }
  /** The channel says that units were fulfilled: the echo of our own word, or somebody's doing in the channel. */
  | { readonly type: 'order.fulfillment-seen'; readonly fulfillmentId: string; readonly lines: readonly LineQuantity[] }
  /** Units promised back by a return (`returnId` is its aggregate key), and given up again by one that ended without goods. */
  | { readonly type: 'order.return-opened'; readonly returnId: string; readonly lines: readonly LineUnits[] }
  | { readonly type: 'order.return-released'; readonly returnId: string; readonly lines: readonly LineUnits[] }
  | { readonly type: 'order.refund-reserved'; readonly share: RefundShare }
  /** `paid`: what went back, when that is not what was held. */
  | {
      readonly type: 'order.refund-settled';
      readonly refundId: string;
      readonly paid?: Pick<RefundShare, 'amount' | 'parts'>;
      readonly at?: string;
    }
  | { readonly type: 'order.refund-freed'; readonly refundId: string }
  | { readonly type: 'order.claim-noted'; readonly claim: BuyerClaim }
  /** The goods came after all. */
  | { readonly type: 'order.claim-dropped'; readonly returnId: string }
  /** The channel paid back more than was paid for the order or a part of it, alone or on top of ours; `excess` is this refund's doing. */
  | { readonly type: 'order.over-refunded'; readonly refundId: string; readonly excess: Excess }
  /** A settlement of the channel tells what of the order it pays out, or, in a later collection, something else. */
  | { readonly type: 'order.settled'; readonly share: SettlementShare };
