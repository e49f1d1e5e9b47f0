import { NO_EFFECTS } from '#core/kernel/effects.ts';
import { type OrderId, parseOrderKey } from '#core/orders/order.ts';
import type { OrderState } from '#core/orders/state.ts';
import {
  type AwaitedOrder,
  type AwaitedOrderCommand,
  type AwaitedOrderEvent,
  type Awaiting,
  awaitedKey,
  awaitedOrderDecider,
} from '#core/settlements/awaited-order.ts';
import { type AggregateDefinition, type Cause, handle } from '../aggregate.ts';
import type { Store } from '../ports/store.ts';
import type { SettlementAggregate } from './settlement-aggregate.ts';

/** An index, kept as an aggregate is: nothing follows from it, and nobody is told. */
const awaitedOrders: AggregateDefinition<AwaitedOrder, AwaitedOrderCommand, AwaitedOrderEvent> = {
  decider: awaitedOrderDecider,
  react: () => NO_EFFECTS,
  publish: () => undefined,
  foreignId: () => undefined,
  origin: (key) => {
    const { channel, account } = parseOrderKey(key.replace(/^AWAITED#/, 'ORDER#'));
    return { channel, account };
  },
};

/**
 * Notes that a settlement speaks of an order that is not here. Whoever does so looks for the order once more afterwards: it is
 * then there, or it is captured later, and whoever hears of that finds this note.
 */
export async function awaitOrder(store: Store, order: OrderId, by: Awaiting, cause: Cause): Promise<void> {
  await handle(store, awaitedOrders, awaitedKey(order), { type: 'await-order', by }, cause);
}

/**
 * An order was captured: settlements that speak of it, by its id or by its number, are to tell their batch again. Answers
 * how many there are. A crash in the middle repeats the message; a settlement that knows of the arrival ignores it.
 */
export async function onOrderCaptured(
  { store, settlements }: { readonly store: Store; readonly settlements: SettlementAggregate },
  order: string,
  cause: Cause,
): Promise<number> {
  const id = parseOrderKey(order);
  const state = (await store.load<OrderState>(order))?.state;
  const names = new Set([id.orderId, ...(state && state.status !== 'none' ? [state.number] : [])]);
  let awaiting = 0;
  for (const name of names) awaiting += await arrived(store, settlements, awaitedKey({ ...id, orderId: name }), cause);
  return awaiting;
}

async function arrived(store: Store, settlements: SettlementAggregate, key: string, cause: Cause): Promise<number> {
  const by = (await store.load<AwaitedOrder>(key))?.state.by ?? [];
  if (by.length === 0) return 0;
  for (const { settlement, revision, batch } of by) {
    const command = { type: 'note-order-arrived', revision, batch, at: cause.now } as const;
    await handle(store, settlements, settlement, command, cause);
  }
  await handle(store, awaitedOrders, key, { type: 'note-arrival' }, cause);
  return by.length;
}
