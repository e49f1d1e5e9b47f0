import { CrossdockError, TransientError } from '#core/kernel/errors.ts';
import type { SettlementDrop, SettlementSource } from '../ports/settlement-files.ts';
import type { CaseStore } from '../ports/store.ts';
import { dropKey, dropSubject } from './drop-file.ts';
import { segment } from './names.ts';
import { notCollected } from './poll-settlements.ts';

export type CollectPorts = {
  readonly source: SettlementSource;
  readonly drop: Pick<SettlementDrop, 'version' | 'replace'>;
};

export type SettlementToCollect = {
  readonly channel: string;
  readonly account: string;
  readonly settlementId: string;
};

/**
 * Fetches a settlement from its channel and lays it into the drop, from where it goes the way of every file: refused whole or
 * imported, and nothing new if it says what is known. Its name is always the same, so that a file which comes whole closes the
 * case of one that did not. A crash anywhere repeats the message; all in it may be repeated.
 *
 * Of two at it at once, one may have asked the channel before the settlement changed and lay down its answer last, and what
 * is laid down last counts. So a file is laid down only over the one that lay there before the channel was asked.
 *
 * Throws what the source and the drop throw, and TransientError (DROP_MOVED_ON). Returns the key of the file.
 */
export async function collectSettlement(
  { source, drop }: CollectPorts,
  { channel, account, settlementId }: SettlementToCollect,
  signal: AbortSignal,
): Promise<string> {
  const name = `collected-${segment(settlementId)}.json`;
  const key = dropKey({ channel, account, format: source.format, name });
  const before = await drop.version(key);
  const bytes = await source.fetch(settlementId, signal);
  if (await drop.replace(key, bytes, before)) return key;
  throw new TransientError(MOVED_ON, `another file was laid down as ${key} meanwhile`, { retryAfterSeconds: 1 });
}

/** Whoever laid the other file down asked the channel later. */
const MOVED_ON = 'DROP_MOVED_ON';

/**
 * The same for a poll, which asks for a settlement every hour until it is imported: one that can't be had now is a case, and is
 * let go. Put off, each request would live on beside those that follow, and leave no room to the others.
 */
export async function collectForPoll(
  ports: CollectPorts & { readonly cases: CaseStore },
  wanted: SettlementToCollect,
  now: string,
  signal: AbortSignal,
): Promise<{ readonly key: string } | { readonly refused: CrossdockError }> {
  try {
    return { key: await collectSettlement(ports, wanted, signal) };
  } catch (error) {
    if (!(error instanceof CrossdockError)) throw error;
    if (error.code === MOVED_ON) return { refused: error };
    const { channel, account, settlementId } = wanted;
    const what = `settlement ${settlementId} of ${channel}/${account}`;
    await ports.cases.open(dropSubject(wanted), notCollected(what, error), now);
    return { refused: error };
  }
}
