import { type CrossdockError, PartnerConfigurationError } from '#core/kernel/errors.ts';
import { settlementKey } from '#core/settlements/line.ts';
import type { ListedSettlement, SettlementRequests, SettlementSource } from '../ports/settlement-files.ts';
import type { CaseStore, CursorStore, Store } from '../ports/store.ts';
import { dropSubject } from './drop-file.ts';

export type PollSettlementsPorts = {
  readonly store: Store;
  readonly cases: CaseStore;
  readonly cursors: CursorStore;
  readonly source: SettlementSource;
  readonly requests: SettlementRequests;
};

/** `from`: date (YYYY-MM-DD) of the first settlement that is wanted. */
export type PolledAccount = { readonly channel: string; readonly account: string; readonly from: string };

export type PolledSettlements = { readonly listed: number; readonly asked: number; readonly waiting: number };

/** One case an account, however many settlements it holds up. */
export const NOT_COLLECTED = 'SETTLEMENTS_NOT_COLLECTED';

/** Nothing is said about when a settlement shows in the list: one may turn up behind others that are younger. */
const OVERLAP_DAYS = 3;
const DAY = 24 * 60 * 60_000;

/**
 * Looks for settlements of a channel account that are closed and unknown here, and asks for each to be collected. The cursor
 * never passes one that is still open or was not imported yet, so that none is lost: not by a crash, nor by a file that was
 * refused, which is asked for again at each poll until it is whole. What is imported is what counts, whoever laid it down.
 */
export async function pollSettlements(
  ports: PollSettlementsPorts,
  account: PolledAccount,
  now: string,
  signal: AbortSignal,
): Promise<PolledSettlements> {
  try {
    const { unknown, ...polled } = await poll(ports, account, signal);
    if (unknown) await ports.cases.open(dropSubject(account), strange(account, unknown), now);
    // What was asked for may fail as it did before.
    else if (polled.asked === 0) await ports.cases.close(dropSubject(account), NOT_COLLECTED, now);
    return polled;
  } catch (error) {
    // Only a person can mend it; what passes by itself is for the alarm on failed runs, and the next hour.
    if (!(error instanceof PartnerConfigurationError)) throw error;
    await ports.cases.open(dropSubject(account), refusedUs(account, error), now);
    throw error;
  }
}

type Poll = PolledSettlements & { readonly unknown?: ListedSettlement };

async function poll(
  { store, cursors, source, requests }: PollSettlementsPorts,
  { channel, account, from }: PolledAccount,
  signal: AbortSignal,
): Promise<Poll> {
  // Named by the first day too: whoever sets an earlier one gets what lies between.
  const name = `settlements/${channel}/${account}/${from}`;
  const before = (await cursors.get(name)) ?? `${from}T00:00:00.000Z`;
  let [listed, waiting, newest] = [0, 0, before];
  let held: string | undefined;
  let unknown: ListedSettlement | undefined;
  const wanted: string[] = [];
  for await (const one of source.list(before, signal)) {
    // However the channel understood the question: years of settlements are not what anybody asked for.
    if (one.issuedAt < before) continue;
    listed += 1;
    if (one.issuedAt > newest) newest = one.issuedAt;
    if (await store.load(settlementKey({ channel, account, settlementId: one.settlementId }))) continue;
    if (held === undefined || one.issuedAt < held) held = one.issuedAt;
    if (one.standing === 'closed') wanted.push(one.settlementId);
    else waiting += 1;
    if (typeof one.standing === 'object') unknown ??= one;
  }
  if (wanted.length > 0) await requests.ask(wanted.map((settlementId) => ({ account, settlementId })));
  const cursor = held ?? overlapping(newest, from);
  if (cursor > before) await cursors.set(name, cursor);
  return { listed, asked: wanted.length, waiting, ...(unknown && { unknown }) };
}

function overlapping(newest: string, from: string): string {
  const back = new Date(Date.parse(newest) - OVERLAP_DAYS * DAY).toISOString();
  const first = `${from}T00:00:00.000Z`;
  return back > first ? back : first;
}

const refusedUs = ({ channel, account }: PolledAccount, error: CrossdockError) =>
  notCollected(`settlements of ${channel}/${account}`, error);

/** `what` can't be had from the channel. */
export const notCollected = (what: string, { code, message }: CrossdockError) => ({
  code: NOT_COLLECTED,
  owner: 'integration' as const,
  message: `${what} can't be collected: ${code}: ${message}`,
  suggestedFix: 'mend what it says; it is tried again every hour, and the case closes by itself',
});

const strange = ({ channel, account }: PolledAccount, { settlementId, standing }: ListedSettlement) => ({
  code: NOT_COLLECTED,
  owner: 'integration' as const,
  message: `${channel}/${account} says of settlement ${settlementId} what is not known here: ${wordsOf(standing)}`,
  suggestedFix: 'ask the channel what it means; the settlement is collected once it is paid out, or drop its file',
});

const wordsOf = (standing: ListedSettlement['standing']): string =>
  typeof standing === 'object' ? `"${standing.unknown.slice(0, 60)}"` : standing;
