import { accepted, type Decider, ignored, never, rejected } from '../kernel/decision.ts';
import { type OrderId, orderKey } from '../orders/order.ts';

/**
 * An order that settlements speak of and that is not here: which batch of which settlement is to be told again when it
 * comes. A row of its own, so that an order which comes is looked up by its key, whatever speaks of it.
 */
export type AwaitedOrder = {
  readonly status: 'none' | 'awaited' | 'arrived';
  readonly by: readonly Awaiting[];
};

/** A batch that the order stands in; `settlement` is its aggregate key. */
export type Awaiting = { readonly settlement: string; readonly revision: number; readonly batch: number };

export type AwaitedOrderCommand =
  | { readonly type: 'await-order'; readonly by: Awaiting }
  | { readonly type: 'note-arrival' };

export type AwaitedOrderEvent =
  | { readonly type: 'awaited-order.awaited'; readonly by: Awaiting }
  | { readonly type: 'awaited-order.arrived' };

/** As many settlements as an order has room for. */
export const MOST_AWAITING = 60;

/** By what settlements call the order: the channel's id of it, or its number. */
export const awaitedKey = (order: OrderId): string => orderKey(order).replace(/^ORDER#/, 'AWAITED#');

export const awaitedOrderDecider: Decider<AwaitedOrder, AwaitedOrderCommand, AwaitedOrderEvent> = {
  initial: { status: 'none', by: [] },
  decide(command, { status, by }) {
    switch (command.type) {
      case 'await-order': {
        if (status === 'arrived') return ignored('the order has come');
        const known = by.find(({ settlement }) => settlement === command.by.settlement);
        // Of two collections the later one counts; within one an order stands in one batch.
        if (known && known.revision >= command.by.revision) return ignored('it is awaited');
        if (known || by.length < MOST_AWAITING) return accepted({ type: 'awaited-order.awaited', by: command.by });
        return rejected('AWAITED_TOO_OFTEN', `${by.length} settlements await the order, no more are kept`);
      }
      case 'note-arrival':
        return status === 'awaited' ? accepted({ type: 'awaited-order.arrived' }) : ignored('nothing awaits it');
      default:
        return never(command);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'awaited-order.awaited': {
        const others = state.by.filter(({ settlement }) => settlement !== event.by.settlement);
        return { status: 'awaited', by: [...others, event.by] };
      }
      case 'awaited-order.arrived':
        return { status: 'arrived', by: [] };
      default:
        return never(event);
    }
  },
};
