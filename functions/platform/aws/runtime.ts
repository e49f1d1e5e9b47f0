import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { Clock, IdSource } from '#application/ports/runtime.ts';

export const systemClock: Clock = { now: () => new Date().toISOString() };

/** ULIDs: unique, and in the order of their making within a sandbox. */
export function ulids(): IdSource {
  const next = monotonicFactory(pooledRandom());
  return { next: () => next() };
}

/** Random fractions, drawn many at a time: an id has sixteen random characters, and a draw for each is most of its cost. */
function pooledRandom(): () => number {
  const pool = new Uint8Array(1024);
  let left = 0;
  return () => {
    if (left === 0) left = randomFillSync(pool).length;
    left -= 1;
    return (pool[left] ?? 0) / 256;
  };
}
