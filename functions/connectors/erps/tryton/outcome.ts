import { BusinessError } from '#core/kernel/errors.ts';
import type { JsonObject, Outcome, ProbeAnswer } from '#core/operations/operation.ts';
import type { Calls } from './calls.ts';
import { TrytonFailure } from './failure.ts';

/** A document that stands in the ERP as the operation wants it. */
export type Made = { readonly ref: string; readonly facts: JsonObject };

/** Seconds to wait when somebody else keeps changing the record we work on. */
const STALE_RETRY_SECONDS = 2;

/**
 * Does the work of an operation and says what came of it. The work begins by reading what is there, so it may be done
 * again: when the ERP says that a record changed in the meantime, it is, once.
 */
export async function attempt(calls: Calls, work: () => Promise<Made>): Promise<Outcome> {
  for (let first = true; ; first = false) {
    try {
      return { kind: 'applied', ...(await work()) };
    } catch (error) {
      if (first && error instanceof TrytonFailure && error.kind === 'stale') continue;
      return outcomeOf(error, calls.changed);
    }
  }
}

/**
 * Asks whether the work is done. What is there but not as it must be is absent: executing again goes on from there, or
 * says what is wrong. A failure while asking proves nothing, so it counts as no answer.
 */
export async function ask(work: () => Promise<Made | undefined>): Promise<ProbeAnswer> {
  try {
    const made = await work();
    return made ? { kind: 'found', ...made } : { kind: 'absent' };
  } catch (error) {
    if (error instanceof BusinessError) return { kind: 'absent' };
    if (!(error instanceof TrytonFailure)) throw error;
    if (error.kind === 'throttled') return throttled(error);
    return { kind: 'unavailable', cause: `${error.code}: ${error.message}` };
  }
}

/** What a failure means for a write; `changed` says whether part of the work may have been done before it. */
export function outcomeOf(error: unknown, changed: boolean): Outcome {
  if (error instanceof BusinessError) return rejected(error.code, error.message);
  if (!(error instanceof TrytonFailure)) throw error;
  const cause = `${error.code}: ${error.message}`;
  switch (error.kind) {
    case 'unreachable':
    case 'no-answer':
      // A read whose answer is lost changed nothing; only a change leaves the outcome open.
      return changed ? { kind: 'unknown', cause } : { kind: 'unavailable', cause };
    case 'throttled':
      return throttled(error);
    case 'stale':
      return { kind: 'throttled', retryAfterSeconds: STALE_RETRY_SECONDS };
    case 'refused':
    case 'warning':
      return rejected(error.code, error.message);
    case 'unauthenticated':
      throw error;
  }
}

const rejected = (code: string, message: string): Outcome => ({ kind: 'rejected', reason: { code, message } });

const throttled = ({ retryAfterSeconds }: TrytonFailure): { kind: 'throttled'; retryAfterSeconds?: number } => ({
  kind: 'throttled',
  ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
});
