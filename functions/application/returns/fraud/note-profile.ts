import { NO_EFFECTS } from '#core/kernel/effects.ts';
import type { OpenOrder, OrderState } from '#core/orders/state.ts';
import type { RefundState } from '#core/refunds/refund.ts';
import type { HashKeys } from '#core/returns/fraud/identity.ts';
import type { FraudJudgement } from '#core/returns/fraud/judge.ts';
import {
  addressKey,
  buyerKey,
  type Profile,
  type ProfileCommand,
  type ProfileEntry,
  type ProfileEvent,
  profileDecider,
} from '#core/returns/fraud/profile.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { type AggregateDefinition, type Cause, handle } from '../../aggregate.ts';
import type { Store } from '../../ports/store.ts';
import { identityOf } from './judge-return.ts';

/** What is remembered of a buyer stays in the house: no event tells of it. */
export const profileAggregate: AggregateDefinition<Profile, ProfileCommand, ProfileEvent> = {
  decider: profileDecider,
  react: () => NO_EFFECTS,
  publish: () => undefined,
  foreignId: () => undefined,
  origin: () => ({}),
};

export type ProfilePorts = { readonly store: Store; readonly hashKeys: () => Promise<HashKeys> };

const COUNTS_FOR_NOTHING: readonly OpenReturn['status'][] = ['rejected', 'cancelled', 'expired'];

/** Notes a return with its buyer and its address, as it stands: the event only says that there is something to read. */
export async function noteReturn({ store, hashKeys }: ProfilePorts, returnKey: string, cause: Cause): Promise<void> {
  const stored = await store.load<OpenReturn>(returnKey);
  if (!stored) throw new Error(`${returnKey} was told of and is not there: was the table restored from a backup?`);
  const { authorization, status, refund, receipts, kept } = stored.state;
  const order = await openOrder(store, authorization.orderKey);
  if (!order) return;
  const paid = refund?.status === 'paid' ? refund.amount : 0;
  const entry: ProfileEntry = {
    at: authorization.requestedAt,
    version: stored.version,
    counts: !COUNTS_FOR_NOTHING.includes(status),
    refunded: paid,
    currency: authorization.currency,
    // What is kept stays kept, whatever else came in under its number.
    kept: paid > 0 && (kept !== undefined || receipts.length === 0),
  };
  await note(store, returnKey, entry, order, await hashKeys(), authorization.fraud, cause);
}

/** Notes what a channel paid back by itself, without a return of ours: the goods stay with the buyer, as far as we know. */
export async function noteRefund({ store, hashKeys }: ProfilePorts, refundKey: string, cause: Cause): Promise<void> {
  const stored = await store.load<RefundState>(refundKey);
  if (!stored || stored.state.status === 'none' || stored.state.returnKey !== undefined) return;
  const { orderKey, amount, currency } = stored.state;
  const order = await openOrder(store, orderKey);
  if (!order) return;
  // The first time that it was noted is its time: a repeat finds the entry and changes nothing.
  const entry = { at: cause.now, version: 1, counts: true, refunded: amount, currency, kept: true };
  await note(store, refundKey, entry, order, await hashKeys(), undefined, cause);
}

async function note(
  store: Store,
  key: string,
  entry: ProfileEntry,
  order: OpenOrder,
  keys: HashKeys,
  known: FraudJudgement | undefined,
  cause: Cause,
): Promise<void> {
  const who = identityOf(order, keys, known);
  const [buyer] = who.buyer;
  const [address] = who.address;
  if (buyer !== undefined) {
    await handle(store, profileAggregate, buyerKey(buyer), { type: 'note', key, entry }, cause);
  }
  if (address !== undefined) {
    const entryThere = { ...entry, ...(buyer !== undefined && { buyer }) };
    await handle(store, profileAggregate, addressKey(address), { type: 'note', key, entry: entryThere }, cause);
  }
}

async function openOrder(store: Store, key: string): Promise<OpenOrder | undefined> {
  const state = (await store.load<OrderState>(key))?.state;
  return state === undefined || state.status === 'none' ? undefined : state;
}
