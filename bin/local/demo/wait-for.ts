import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until there is an answer; rejects with what was waited for when the time is up. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  timeoutSeconds = 90,
): Promise<T> {
  const until = Date.now() + timeoutSeconds * 1000;
  let last: unknown;
  while (Date.now() < until) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      // What is asked for may not exist yet; the last reason is told when time is up.
      last = error;
    }
    await sleep(250);
  }
  throw new Error(`waited ${timeoutSeconds} s for ${what}${last === undefined ? '' : `: ${String(last)}`}`);
}
