import { type OrderId, orderKey } from '#core/orders/order.ts';
import type { OrderState } from '#core/orders/state.ts';
import type { Handled } from '../aggregate.ts';
import type { ForeignIds, Store } from '../ports/store.ts';

export type Finders = { readonly store: Pick<Store, 'load'>; readonly foreignIds: ForeignIds };

/**
 * Tells the order that a settlement names: by the channel's id of it, or else by its number, which is all that some exports
 * have (Shopify's: #1001). A number that two orders of the account bear says nothing, and neither is told.
 */
export async function tellNamed(
  { store, foreignIds }: Finders,
  named: OrderId,
  tell: (key: string) => Promise<Handled<OrderState>>,
): Promise<Handled<OrderState>> {
  const byId = await tell(orderKey(named));
  if (byId.kind !== 'rejected' || !isUnknown(byId)) return byId;
  const [found, ...more] = await numbered(store, await foreignIds.subjectsOf(named.orderId), named);
  if (found === undefined) return byId;
  if (more.length === 0) return await tell(found);
  const message = `${more.length + 1} orders of ${named.channel}/${named.account} have the number ${named.orderId}`;
  return { ...byId, reason: { code: 'ORDER_AMBIGUOUS', message } };
}

export const isUnknown = (handled: Handled<unknown>): boolean =>
  handled.kind === 'rejected' && handled.reason.code === 'ORDER_UNKNOWN';

/** The index also knows orders by the ERP's number and by parcels: theirs is another's. */
async function numbered(
  store: Finders['store'],
  keys: readonly string[],
  { channel, account, orderId: number }: OrderId,
): Promise<string[]> {
  const own = keys.filter((key) => key.startsWith(orderKey({ channel, account, orderId: '' })));
  const states = await Promise.all(own.map((key) => store.load<OrderState>(key)));
  return own.filter((_key, at) => {
    const state = states[at]?.state;
    return state !== undefined && state.status !== 'none' && state.number === number;
  });
}
