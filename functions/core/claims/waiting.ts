import { accepted, type Decider, ignored, never } from '../kernel/decision.ts';

/**
 * Further returns that wait to be told who supplies a SKU: one of the rows beside the SKU's own, where that is full. Each
 * keeps up to MAX_WAITING, as a row has an end.
 */
export type WaitingState = { readonly returns: readonly string[] };

export type WaitingCommand = { readonly type: 'add' | 'remove'; readonly returnKey: string };
export type WaitingEvent = { readonly type: 'waiting.added' | 'waiting.removed'; readonly returnKey: string };

export const MAX_WAITING = 500;

/** `WAITING#<sku>#<nth>`, from 1 and without a gap. */
export const waitingKey = (sku: string, nth: number): string => `WAITING#${sku}#${nth}`;

export const waitingDecider: Decider<WaitingState, WaitingCommand, WaitingEvent> = {
  initial: { returns: [] },
  decide({ type, returnKey }, { returns }) {
    const known = returns.includes(returnKey);
    switch (type) {
      case 'add':
        if (known) return ignored('waits already');
        return returns.length < MAX_WAITING ? accepted({ type: 'waiting.added', returnKey }) : ignored('full');
      case 'remove':
        return known ? accepted({ type: 'waiting.removed', returnKey }) : ignored('does not wait');
      default:
        return never(type);
    }
  },
  evolve: ({ returns }, { type, returnKey }) => ({
    returns: type === 'waiting.added' ? [...returns, returnKey] : returns.filter((one) => one !== returnKey),
  }),
};
