/**
 * A limit on how often something may happen, as one number: the generic cell rate algorithm (ITU-T I.371), a token bucket
 * told by time. `due` is when the bucket would be full again; each request moves it on by one interval.
 */
export type Rate = { readonly perMinute: number; readonly burst: number };

export const intervalMs = ({ perMinute }: Rate): number => Math.ceil(60_000 / perMinute);

/** The latest `due` at which one more request is let through at `now`. Epoch milliseconds. */
export const latestDue = (rate: Rate, now: number): number => now + intervalMs(rate) * (rate.burst - 1);

/** Whole seconds until one more is let through; 1 at least. */
export const secondsUntilFree = (rate: Rate, due: number, now: number): number =>
  Math.max(1, Math.ceil((due - latestDue(rate, now)) / 1000));
