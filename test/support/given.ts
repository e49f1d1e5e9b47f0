import { expect } from 'vitest';
import type { Decider, Decision } from '#core/kernel/decision.ts';

/**
 * given(events).when(command).thenEvents(events): a decider's specs read as they are meant. The state is made from events alone,
 * so that a spec can't begin in a state that no history leads to.
 */
export function specify<S, C, E>(decider: Decider<S, C, E>) {
  return {
    given(...history: readonly E[]) {
      const state = history.reduce((before, event) => decider.evolve(before, event), decider.initial);
      return {
        state,
        when(command: C) {
          const decision = decider.decide(command, state);
          return { decision, ...outcomes(decision) };
        },
      };
    },
    /** The state after commands that must all be accepted. */
    after(...commands: readonly C[]): S {
      return commands.reduce((state, command) => {
        const decision = decider.decide(command, state);
        if (decision.kind !== 'accepted') throw new Error(`${JSON.stringify(command)} was ${JSON.stringify(decision)}`);
        return decision.events.reduce((before, event) => decider.evolve(before, event), state);
      }, decider.initial);
    },
  };
}

function outcomes<E>(decision: Decision<E>) {
  return {
    /** Accepted, with events that match these, in this order and no others. */
    thenEvents(...expected: readonly Partial<E>[]): void {
      expect(decision).toMatchObject({ kind: 'accepted', events: expected });
    },
    thenRejected(code: string): void {
      expect(decision).toMatchObject({ kind: 'rejected', reason: { code } });
    },
    thenIgnored(): void {
      expect(decision).toMatchObject({ kind: 'ignored' });
    },
  };
}
