import type { Clock } from '#application/ports/runtime.ts';
import { Calls } from './calls.ts';
import { TrytonClient } from './client.ts';
import { Directory } from './directory.ts';
import type { Workbench } from './document.ts';
import { manifest } from './manifest.ts';
import type { TrytonSettings } from './settings.ts';

/** Ten times the largest answer seen: a poll of 100 shipments with their moves. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export type TrytonAccount = {
  readonly settings: TrytonSettings;
  /** The account's secret, JSON text `{"password": "…"}`. */
  readonly secret: () => Promise<string>;
  readonly clock: Clock;
};

/** What executor and reader work with: the session, and what is remembered of the ERP. */
export type TrytonAccess = {
  readonly bench: Workbench;
  readonly clock: Clock;
  readonly callsWithin: (signal: AbortSignal) => Calls;
};

/** Access to one account, over one session. Make it once a sandbox. */
export function trytonAccess({ settings, secret, clock }: TrytonAccount): TrytonAccess {
  const { url, database, user, acknowledgeWarnings } = settings;
  const { callTimeoutSeconds } = manifest.limits;
  const client = new TrytonClient({
    url,
    database,
    user,
    secret,
    callTimeoutSeconds,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  return {
    bench: { settings, directory: new Directory(settings, () => Date.parse(clock.now())) },
    clock,
    callsWithin: (signal) => new Calls(client, signal, acknowledgeWarnings),
  };
}
