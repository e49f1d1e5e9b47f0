import { dateIn } from '#core/kernel/calendar.ts';
import type { Reason } from '#core/kernel/decision.ts';
import { PoisonError, TransientError } from '#core/kernel/errors.ts';
import { collectionFault, MOVED_ON, type Terms } from '#core/settlements/decider.ts';
import type { PostingTerms } from '#core/settlements/journal.ts';
import { settlementKey } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import type { Collection, OpenSettlement, SettlementState } from '#core/settlements/state.ts';
import { type Cause, handle } from '../aggregate.ts';
import type { SettlementDrop, SettlementLines } from '../ports/settlement-files.ts';
import type { SettlementFormat, SpoolSource } from '../ports/settlements.ts';
import type { CaseStore, Store } from '../ports/store.ts';
import { type DropFile, dropSubject, refusedFileCode } from './drop-file.ts';
import { keepLines, type ToKeep } from './keep-lines.ts';
import type { SettlementAggregate } from './settlement-aggregate.ts';
import { PARTITIONS, type SpooledFile, type SpooledSettlement, spoolFile } from './spooled-file.ts';

/** What it takes to keep settlements that were read, wherever from. */
export type KeepPorts = {
  readonly store: Store;
  readonly settlements: SettlementAggregate;
  readonly lines: SettlementLines;
  readonly terms: PostingTerms;
};

export type ImportPorts = KeepPorts & {
  readonly cases: CaseStore;
  readonly drop: Pick<SettlementDrop, 'open' | 'mapping'>;
  readonly spools: SpoolSource;
  /** By its name in the drop. */
  readonly format: (name: string) => SettlementFormat | undefined;
};

export type ImportedSettlement = {
  readonly settlementId: string;
  readonly kind: 'imported' | 'ignored';
  readonly why?: string;
};

export type FileOutcome =
  | { readonly kind: 'read'; readonly settlements: readonly ImportedSettlement[] }
  /** Refused whole, with a case; nothing of it counts. */
  | { readonly kind: 'refused'; readonly reason: Reason };

/**
 * Takes a settlement file, whole or not at all:
 *
 *  1. it is read to its end, its lines put aside outside of memory; whatever is wrong with it refuses all of it;
 *  2. lines of settlements that are new, or have another content, are laid into the archive;
 *  3. each such settlement is committed, which sets off all else.
 *
 * A crash anywhere repeats the message. Until the commit there is nothing but objects under names of their content, and
 * what is committed is ignored the second time.
 */
export async function importFile(
  ports: ImportPorts,
  file: DropFile,
  collectedAt: string,
  cause: Cause,
): Promise<FileOutcome> {
  try {
    const settlements = await take(ports, file, collectedAt, cause);
    await ports.cases.close(dropSubject(file), refusedFileCode(file), cause.now);
    return { kind: 'read', settlements };
  } catch (error) {
    if (!(error instanceof PoisonError)) throw error;
    const reason = { code: error.code, message: error.message };
    await ports.cases.open(dropSubject(file), refused(file, reason), cause.now);
    return { kind: 'refused', reason };
  }
}

const refused = (file: DropFile, { code, message }: Reason) => ({
  code: refusedFileCode(file),
  owner: 'finance' as const,
  message: `settlement file ${file.key} is refused whole: ${code}: ${message}`,
  suggestedFix:
    'fetch the file from the channel again and drop it under the same name; what a partner sends wrongly is for the partner to mend',
});

async function take(
  ports: ImportPorts,
  file: DropFile,
  collectedAt: string,
  cause: Cause,
): Promise<ImportedSettlement[]> {
  const format = formatOf(ports, file);
  const mapping = format.mapping === 'required' ? await mappingOf(ports, file) : undefined;
  const spool = await ports.spools.open(PARTITIONS);
  try {
    const bytes = await ports.drop.open(file.key);
    const { channel, account } = file;
    const { timeZone } = ports.terms;
    const options = { channel, account, timeZone, ...(mapping !== undefined && { mapping }) };
    const spooled = await spoolFile(format.read(bytes, options), spool, timeZone);
    return await keepSettlements(ports, spooled, { collectedAt, file: file.key }, cause);
  } finally {
    await spool.close();
  }
}

/** Lays what is new of the settlements that were read into the archive, and commits each. */
export async function keepSettlements(
  ports: KeepPorts,
  spooled: SpooledFile,
  from: Pick<Collection, 'collectedAt' | 'file'>,
  cause: Cause,
): Promise<ImportedSettlement[]> {
  const read = await spooled.settlements();
  refuseTooLarge(read);
  const standing = await Promise.all(read.map((one) => standingOf(ports, one)));
  const changed = read.flatMap((one, at) => toKeep(one, standing[at]));
  const kept = await keepLines(ports.lines, spooled, changed);
  const done: ImportedSettlement[] = [];
  for (const [at, one] of read.entries()) {
    const { batches, others } = kept.get(one.header.id.settlementId) ?? standing[at]?.collection ?? NOTHING_KEPT;
    const { header, digest, totals, orders } = one;
    const collection = { header, digest, ...from, totals, orders, batches, others };
    done.push(await commit(ports, collection, standing[at]?.revision ?? 0, cause));
  }
  return done;
}

const NOTHING_KEPT = { batches: 0, others: 0 };

function formatOf({ format }: ImportPorts, { format: name, key }: DropFile): SettlementFormat {
  const found = format(name);
  if (found) return found;
  throw new PoisonError('FORMAT_UNKNOWN', `"${name}" in ${key} is no format of settlement files`);
}

export async function mappingOf(
  { drop }: Pick<ImportPorts, 'drop'>,
  { channel, account }: Pick<DropFile, 'channel' | 'account'>,
): Promise<unknown> {
  const mapping = await drop.mapping(channel, account);
  if (mapping !== undefined) return mapping;
  const message = `nobody has said what the columns of ${channel}/${account} mean: upload it with --mapping FILE`;
  throw new PoisonError('SETTLEMENT_MAPPING', message);
}

const standingOf = async ({ store }: KeepPorts, { header }: SpooledSettlement): Promise<OpenSettlement | undefined> => {
  const state = (await store.load<SettlementState>(settlementKey(header.id)))?.state;
  return state?.status === 'none' ? undefined : state;
};

/** Nothing to keep for a content that is known already. */
function toKeep(read: SpooledSettlement, known: OpenSettlement | undefined): ToKeep[] {
  if (known?.collection.digest === read.digest) return [];
  const { id } = read.header;
  const as = { id, digest: read.digest, revision: (known?.revision ?? 0) + 1 };
  if (!known) return [{ read, as }];
  const { collection, revision } = known;
  return [{ read, as, before: { as: { id, digest: collection.digest, revision }, collection } }];
}

/** Somebody else's collection may have come in between: this one is then read anew, on top of it. */
async function commit(
  { store, settlements, terms }: KeepPorts,
  collection: Collection,
  follows: number,
  cause: Cause,
): Promise<ImportedSettlement> {
  const { id } = collection.header;
  const command = { type: 'import', collection, follows, at: cause.now, terms: termsOn(terms, cause.now) } as const;
  const handled = await handle(store, settlements, settlementKey(id), command, cause);
  if (handled.kind === 'rejected') {
    const { code, message } = handled.reason;
    throw code === MOVED_ON ? new TransientError(code, message) : new PoisonError(code, message);
  }
  if (handled.kind === 'committed') return { settlementId: id.settlementId, kind: 'imported' };
  return { settlementId: id.settlementId, kind: 'ignored', ...(handled.kind === 'ignored' && { why: handled.why }) };
}

/** Before anything of the file is committed. */
function refuseTooLarge(read: readonly SpooledSettlement[]): void {
  for (const { totals } of read) {
    const fault = collectionFault({ batches: 0, totals });
    if (fault) throw new SettlementRefused('SETTLEMENT_TOO_LARGE', undefined, fault.message);
  }
}

export const termsOn = (terms: PostingTerms, now: string): Terms => ({ ...terms, today: dateIn(terms.timeZone, now) });
