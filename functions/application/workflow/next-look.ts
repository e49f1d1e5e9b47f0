import { later } from '#core/operations/protocol.ts';
import type { Wait } from '../ports/store.ts';

/** Patience of the executions, and so of the waits, that began before these told it. */
export const UNTOLD_PATIENCE_SECONDS = 3_600;

/** Parts of its patience after which a wait is looked after: the soonest, and the latest that leaves room for two looks. */
const SOONEST = 1 / 12;
const LATEST = 5 / 12;

/**
 * When a wait is looked after next: after as long again as it has lasted. What was lost is found soon where somebody may
 * just have done it, and what has waited for days costs little; the workflow hears of each wait twice before it gives one up.
 */
export function nextLook({ since, patienceSeconds }: Pick<Wait, 'since' | 'patienceSeconds'>, now: string): string {
  const lasted = (Date.parse(now) - Date.parse(since)) / 1_000;
  const seconds = Math.min(Math.max(lasted, patienceSeconds * SOONEST), patienceSeconds * LATEST);
  return later(now, Math.floor(seconds));
}
