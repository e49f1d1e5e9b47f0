import { PoisonError } from '#core/kernel/errors.ts';

/** How far a sender's clock may be ahead of ours. */
const CLOCK_SKEW_MS = 60 * 60 * 1000;

/** Throws PoisonError TIME_INVALID for what is reported from the future: it would put deadlines off that are counted from it. */
export function happenedBy(now: string, what: string, at: string, subject: string): void {
  if (Date.parse(at) <= Date.parse(now) + CLOCK_SKEW_MS) return;
  const message = `${what} at ${at} lies in the future: send when it happened`;
  throw new PoisonError('TIME_INVALID', message, { context: { subject } });
}
