import type { OrderWithMoney } from '../ledger/of-order.ts';
import type { ChannelOrder } from '../orders/order.ts';
import type { OpenOrder } from '../orders/state.ts';
import type { SettlementDifference } from './difference.ts';
import type { Telling } from './line.ts';
import type { SettledOrder } from './settled-order.ts';

/** What matching reads of an order: its money as the ledger has it, and since when. */
export type OrderToMatch = OrderWithMoney & Pick<ChannelOrder, 'placedAt'> & Partial<Pick<OpenOrder, 'cancelledAt'>>;

/** What is agreed with a channel about a fee: so many basis points of what, and so much at least. */
export type FeeAgreement = {
  /** Our name of the fee (`commission`). */
  readonly fee: string;
  readonly basisPoints: number;
  readonly of: 'goods' | 'goods-and-shipping' | 'paid';
  /** Minor units an order. */
  readonly minimum?: number;
};

export type MatchTerms = {
  readonly told: Telling;
  readonly agreements?: readonly FeeAgreement[];
  /** The instant that ages are reckoned to. */
  readonly asOf: string;
};

export type OrderMatch = {
  readonly orderId: string;
  readonly currency: string;
  /** Minor units that the settlements so far bring for it: sale less refunds less fees. */
  readonly payout: number;
  readonly differences: readonly SettlementDifference[];
};

/** Holds all that settlements have said of an order so far against the order's ledger. */
export type MatchOrder = (settled: SettledOrder, order: OrderToMatch | undefined, terms: MatchTerms) => OrderMatch;
