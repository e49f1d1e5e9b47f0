/** Failures of a task, who takes them, and how long it is until the next attempt. */
import type { Random } from '../../kernel/random.ts';
import type { Retrier } from './machine.ts';

/** What a task failed with, as a catcher's ResultPath gets it. */
export type Failure = { readonly Error: string; readonly Cause?: string };

/** Ends the execution: no retrier and no catcher sees it. */
export class Fatal extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/** A heartbeat that failed to come is a time-out as well: States.Timeout takes both. */
export const takes = (names: readonly string[], error: string): boolean =>
  names.includes(error) ||
  names.includes('States.ALL') ||
  (error === 'States.HeartbeatTimeout' && names.includes('States.Timeout'));

/**
 * Milliseconds before the attempt that follows `made` retries of this retrier.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 */
export function pauseBefore(retrier: Retrier, made: number, random: Random): number {
  const { IntervalSeconds, BackoffRate, MaxDelaySeconds = Number.POSITIVE_INFINITY, JitterStrategy } = retrier;
  const longest = Math.min(IntervalSeconds * BackoffRate ** made, MaxDelaySeconds) * 1_000;
  return JitterStrategy === 'FULL' ? random.int(0, Math.round(longest)) : longest;
}
