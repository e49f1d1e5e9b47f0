import type { Rate } from '#core/kernel/rate.ts';

export type Admission =
  | { readonly admitted: true }
  /** Whole seconds after which one more is let through. */
  | { readonly admitted: false; readonly retryAfterSeconds: number };

/** Counts what a client asks, over all sandboxes. */
export interface Limiter {
  admit(client: string, rate: Rate, now: string): Promise<Admission>;
}
