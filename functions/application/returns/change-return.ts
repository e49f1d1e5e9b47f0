import type { OrderCommand } from '#core/orders/decider.ts';
import type { OrderState } from '#core/orders/state.ts';
import { type LineUnits, unitsFrom } from '#core/orders/units.ts';
import type { ReturnCommand } from '#core/returns/decider.ts';
import { returnKey } from '#core/returns/return.ts';
import { type HeldUnits, heldUnits, type OpenReturn, type ReturnState } from '#core/returns/state.ts';
import { type Cause, type Handled, type Staged, stage } from '../aggregate.ts';
import type { OrderAggregate } from '../orders/order-aggregate.ts';
import type { Commit, Store, Stored } from '../ports/store.ts';
import type { ReturnAggregate } from './return-aggregate.ts';
import { handleTogether, type Together, writesOf } from './together.ts';

export type ReturnPorts = {
  readonly store: Store;
  readonly returns: ReturnAggregate;
  readonly orders: OrderAggregate;
};

/** What a command can be made from; the order is read once a try, so that what is decided on it is what is committed. */
export type Present = { readonly state: ReturnState; order(orderKey: string): Promise<Stored<OrderState> | undefined> };
export type CommandOf = (present: Present) => ReturnCommand | Promise<ReturnCommand>;

/** Decides a command on a return and commits it, together with the units of the order that the return takes or lets go. */
export const changeReturn = (
  ports: ReturnPorts,
  key: string,
  commandOf: CommandOf,
  cause: Cause,
  also: Pick<Commit, 'inbox' | 'operation'> = {},
): Promise<Handled<ReturnState>> =>
  handleTogether(ports.store, key, () => stageReturn(ports, key, commandOf, cause), cause, also);

/** One try of the same, for a caller that commits more or nothing at all. */
export async function stageReturn(
  ports: ReturnPorts,
  key: string,
  commandOf: CommandOf,
  cause: Cause,
): Promise<Together<ReturnState>> {
  const { store, returns, orders } = ports;
  const stored = await store.load<ReturnState>(key);
  const before = stored?.state ?? returns.decider.initial;
  const order = once((orderKey: string) => store.load<OrderState>(orderKey));

  const staged = stage(returns, key, await commandOf({ state: before, order }), stored, cause);
  if (staged.kind !== 'staged') return staged;
  const after = staged.state;
  if (after.status === 'none') throw new Error(`${key} was changed and is still none`);
  const { orderKey } = after.authorization;
  const change = unitsChanged(heldUnits(before), heldUnits(after)) ?? claimChanged(before, after);
  if (!change) return { kind: 'staged', writes: [staged.write], state: after };

  const command: OrderCommand = { ...change, returnId: key };
  const held: Staged<OrderState> = stage(orders, orderKey, command, await order(orderKey), cause);
  if (held.kind === 'rejected') return { kind: 'rejected', reason: held.reason, state: before };
  return { kind: 'staged', writes: writesOf(held, staged), state: after };
}

type UnitsChange = { readonly type: 'open-return' | 'release-return'; readonly lines: LineUnits[] };

/** A return takes units once, and from then on only lets them go. */
function unitsChanged(before: readonly HeldUnits[], after: readonly HeldUnits[]): UnitsChange | undefined {
  const opened = beyond(after, before);
  if (opened.length > 0) return { type: 'open-return', lines: opened };
  const released = beyond(before, after);
  return released.length > 0 ? { type: 'release-return', lines: released } : undefined;
}

type ClaimChange = Omit<Extract<OrderCommand, { type: 'note-claim' }>, 'returnId'>;

/** What the buyer owes stands on the order, whose ledger shows it. No command changes units and claim at once. */
function claimChanged(before: ReturnState, after: OpenReturn): ClaimChange | undefined {
  const was = before.status === 'none' ? undefined : before.claim;
  const { claim, refund, authorization } = after;
  if (was?.status === claim?.status && was?.amount === claim?.amount) return undefined;
  if (!claim || !refund) return { type: 'note-claim' };
  const { amount, status } = claim;
  const returnId = returnKey(authorization.id);
  return { type: 'note-claim', claim: { returnId, refundId: refund.refundId, amount, status } };
}

/** Units in `lines` that `others` does not have; each names a line once. */
function beyond(lines: readonly HeldUnits[], others: readonly HeldUnits[]): LineUnits[] {
  const have = new Map(others.map(({ lineId, units }) => [lineId, new Set(units)]));
  return lines
    .map(({ lineId, units }) => ({ lineId, units: units.filter((unit) => !have.get(lineId)?.has(unit)) }))
    .filter(({ units }) => units.length > 0)
    .map(({ lineId, units }) => ({ lineId, quantity: units.length, units: unitsFrom(units) }));
}

function once<A, T>(load: (argument: A) => Promise<T>): (argument: A) => Promise<T> {
  let loaded: Promise<T> | undefined;
  return (argument) => {
    loaded ??= load(argument);
    return loaded;
  };
}
