import type { ReturnState } from './state.ts';

/** A cause that was mended is found mended after so long at most. */
const LONGEST_SECONDS = 6 * 60 * 60;

/**
 * Seconds until a step that got stuck is tried again: `first`, and as much longer as nothing has moved on since, so each
 * pause is at least twice the one before. Asked again at the same time, the answer is the same.
 */
export function pauseBeforeRetry(state: ReturnState, first: number, now: string): number {
  const stalled = state.status === 'none' ? undefined : state.stalled;
  // A workflow whose return is unknown or has ended has nothing to hurry for.
  if (!stalled) return LONGEST_SECONDS;
  const seconds = Math.max(0, Math.floor((Date.parse(now) - Date.parse(stalled.since)) / 1_000));
  return Math.min(first + seconds, LONGEST_SECONDS);
}
