import type { Admission, Limiter } from '#application/ports/limiter.ts';
import { intervalMs, latestDue, type Rate, secondsUntilFree } from '#core/kernel/rate.ts';

/** The limiter in memory, with the answers of the one on DynamoDB. */
export class MemoryLimiter implements Limiter {
  readonly #due = new Map<string, number>();

  async admit(client: string, rate: Rate, at: string): Promise<Admission> {
    const now = Date.parse(at);
    const due = this.#due.get(client) ?? now;
    if (due > latestDue(rate, now)) return { admitted: false, retryAfterSeconds: secondsUntilFree(rate, due, now) };
    this.#due.set(client, Math.max(due, now) + intervalMs(rate));
    return { admitted: true };
  }
}
