import type { OpenOrder } from '#core/orders/state.ts';
import { addressHashes, buyerHashes } from '#core/returns/fraud/identity.ts';
import { addressKey, buyerKey, type Profile } from '#core/returns/fraud/profile.ts';
import { type Cause, handle } from '../../aggregate.ts';
import { type ProfilePorts, profileAggregate } from './note-profile.ts';

export type Forgotten = { readonly profiles: number; readonly entries: number; readonly written: boolean };

/**
 * Empties what is remembered of the buyer of an order and of the address it went to, under every key. To be done before the
 * order's personal data is erased: afterwards nobody can find the profiles any more.
 */
export async function forgetBuyer(
  { store, hashKeys }: ProfilePorts,
  order: OpenOrder,
  apply: boolean,
  cause: Cause,
): Promise<Forgotten> {
  const keys = await hashKeys();
  const known = [...buyerHashes(order, keys).map(buyerKey), ...addressHashes(order, keys).map(addressKey)];
  let profiles = 0;
  let entries = 0;
  for (const key of known) {
    const count = Object.keys((await store.load<Profile>(key))?.state.entries ?? {}).length;
    if (count === 0) continue;
    profiles += 1;
    entries += count;
    if (apply) await handle(store, profileAggregate, key, { type: 'forget' }, cause);
  }
  return { profiles, entries, written: apply && profiles > 0 };
}
