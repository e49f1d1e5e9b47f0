/**
 * The shape of every business decision. `decide` is a pure function: no clock, no ids, no I/O; what it needs comes in
 * with the command. A duplicate or stale command is `ignored`, a business refusal is a value, only a bug throws.
 */

export type Reason = {
  /** Stable, SCREAMING_SNAKE; listed in docs/errors.md. */
  readonly code: string;
  /** What was given, what is wrong, what to do; never personal data. */
  readonly message: string;
};

export type Decision<E> =
  | { readonly kind: 'accepted'; readonly events: readonly E[] }
  | { readonly kind: 'rejected'; readonly reason: Reason }
  | { readonly kind: 'ignored'; readonly why: string };

export interface Decider<S, C, E> {
  readonly initial: S;
  decide(command: C, state: S): Decision<E>;
  evolve(state: S, event: E): S;
}

export const accepted = <E>(...events: E[]): Decision<E> => ({ kind: 'accepted', events });
export const rejected = (code: string, message: string): { kind: 'rejected'; reason: Reason } => ({
  kind: 'rejected',
  reason: { code, message },
});
export const ignored = (why: string): { kind: 'ignored'; why: string } => ({ kind: 'ignored', why });

/** Ends an exhaustive `switch`: the compiler refuses a missing case, and a value from outside fails loudly. */
export function never(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
