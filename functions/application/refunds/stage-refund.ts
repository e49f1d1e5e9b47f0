import { type OrderCommand, orderDecider } from '#core/orders/decider.ts';
import type { OrderState } from '#core/orders/state.ts';
import type { RefundCommand } from '#core/refunds/decider.ts';
import { isPaid, type OpenRefund, type RefundState, shareOf } from '#core/refunds/refund.ts';
import { type Cause, stage } from '../aggregate.ts';
import type { OrderAggregate } from '../orders/order-aggregate.ts';
import type { Store, Stored } from '../ports/store.ts';
import { type Together, writesOf } from '../returns/together.ts';
import type { RefundAggregate } from './refund-aggregate.ts';

export type RefundPorts = {
  readonly store: Store;
  readonly refunds: RefundAggregate;
  readonly orders: OrderAggregate;
};

/** A refund and the order whose money it is, as they were read. */
export type LoadedRefund = {
  readonly key: string;
  readonly refund: Stored<RefundState> | undefined;
  readonly order: Stored<OrderState> | undefined;
};

/** Reads a refund, and its order if the refund exists. */
export async function loadRefund(store: Store, key: string): Promise<LoadedRefund> {
  const refund = await store.load<RefundState>(key);
  if (!refund || refund.state.status === 'none') return { key, refund, order: undefined };
  return { key, refund, order: await store.load<OrderState>(refund.state.orderKey) };
}

/**
 * Decides a command on a refund together with what it means for the order's money: paid settles it, refused frees it,
 * tried again reserves it anew. The order's refusal (no room) is the answer then, and nothing is written.
 */
export function stageRefund(
  { refunds, orders }: Pick<RefundPorts, 'refunds' | 'orders'>,
  { key, refund, order }: LoadedRefund,
  command: RefundCommand,
  cause: Cause,
): Together<RefundState> {
  const staged = stage(refunds, key, command, refund, cause);
  if (staged.kind !== 'staged') return staged;
  const before = refund?.state ?? refunds.decider.initial;
  const after = staged.state;
  if (after.status === 'none') throw new Error(`${key} was changed and is still none`);
  const ordered = order?.state ?? orderDecider.initial;
  const moved = stage(orders, after.orderKey, moneyCommand(after, ordered, cause.now), order, cause);
  if (moved.kind === 'rejected') return { kind: 'rejected', reason: moved.reason, state: before };
  return { kind: 'staged', writes: writesOf(moved, staged), state: after };
}

function moneyCommand(after: OpenRefund, order: OrderState, at: string): OrderCommand {
  const { refundId } = after.id;
  const share = shareOf(after);
  if (isPaid(after)) {
    // The channel's own; or ours: an exchange, or one that the channel refused and paid after all, so that its share was freed.
    const held = order.status !== 'none' && order.refunds.some((known) => known.refundId === refundId);
    return held
      ? { type: 'settle-refund', refundId, paid: { amount: share.amount, parts: share.parts }, at }
      : { type: 'record-refund', share, origin: after.returnKey === undefined ? 'channel' : 'crossdock', at };
  }
  if (after.status === 'planned') return { type: 'reserve-refund', share };
  return { type: 'free-refund', refundId, unpaid: after.status === 'dropped' };
}
