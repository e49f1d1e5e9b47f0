import type { Money } from '#core/kernel/money.ts';
import type { LineQuantity } from '#core/kernel/quantity.ts';
import type { ChannelOrder, OrderId } from '#core/orders/order.ts';
import type { Delivery } from '#core/orders/state.ts';
import type { StatedWorth } from '#core/refunds/split.ts';
import type { ReturnId, ReturnProgress } from '#core/returns/return.ts';

/** What an authentic message from outside asks of the core; what connectors translate to. */
export type InboundCommand =
  | { readonly kind: 'order'; readonly order: ChannelOrder }
  | { readonly kind: 'channel-refund'; readonly orderId: OrderId; readonly refund: ChannelRefund }
  | { readonly kind: 'channel-fulfillment'; readonly orderId: OrderId; readonly fulfillment: ChannelFulfillment }
  | { readonly kind: 'delivery'; readonly orderId: OrderId; readonly delivery: Delivery }
  | { readonly kind: 'return-progress'; readonly returnId: ReturnId; readonly progress: ReturnProgress };

/** A refund as the channel reports it, made by us or in the channel's own admin. */
export type ChannelRefund = {
  readonly channelRefundId: string;
  /** Where our operation key travels; tells our own refunds from the channel's. */
  readonly note?: string;
  readonly amount: Money;
  readonly lines: readonly LineQuantity[];
  /** What the channel says that the parts are worth, where it does; the amount may be any other. */
  readonly stated?: StatedWorth;
  readonly createdAt: string;
};

/** A fulfilment as the channel reports it. */
export type ChannelFulfillment = {
  readonly channelFulfillmentId: string;
  readonly status: string;
  readonly lines: readonly LineQuantity[];
  readonly trackingNumber?: string;
  readonly updatedAt: string;
};
