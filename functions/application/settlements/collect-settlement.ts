import { TransientError } from '#core/kernel/errors.ts';
import type { SettlementDrop, SettlementSource } from '../ports/settlement-files.ts';
import { dropKey } from './drop-file.ts';
import { segment } from './names.ts';

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
  throw new TransientError('DROP_MOVED_ON', `another file was laid down as ${key} meanwhile`, { retryAfterSeconds: 1 });
}
