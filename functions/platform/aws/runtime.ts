import { monotonicFactory } from 'ulid';
import type { Clock, IdSource } from '#application/ports/runtime.ts';

export const systemClock: Clock = { now: () => new Date().toISOString() };

/** ULIDs: unique, and in the order of their making within a sandbox. */
export function ulids(): IdSource {
  const next = monotonicFactory();
  return { next: () => next() };
}
