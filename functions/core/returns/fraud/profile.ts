import { DAY_MS } from '../../kernel/calendar.ts';
import { accepted, type Decider, ignored } from '../../kernel/decision.ts';

/**
 * What is remembered of a buyer or an address: its returns and refunds of the last months, one entry each. An entry is read
 * off the return as it stands, and a newer reading replaces an older one: events may come twice, late and out of order.
 */
export type Profile = { readonly entries: Readonly<Record<string, ProfileEntry>> };

export type ProfileEntry = {
  /** When the return was asked for, or the refund made. */
  readonly at: string;
  /** Of the return when it was read: the higher one is the newer. */
  readonly version: number;
  /** False for what was rejected, cancelled or never sent: it counts for nothing. */
  readonly counts: boolean;
  /** Minor units paid back. */
  readonly refunded: number;
  readonly currency: string;
  /** Paid back, and the buyer keeps the goods or none have come. */
  readonly kept: boolean;
  /** Hash of the buyer, in the profile of an address. */
  readonly buyer?: string;
};

export type ProfileCommand =
  | { readonly type: 'note'; readonly key: string; readonly entry: ProfileEntry }
  | { readonly type: 'forget' };

export type ProfileEvent =
  | { readonly type: 'profile.noted'; readonly key: string; readonly entry: ProfileEntry }
  | { readonly type: 'profile.forgotten' };

export const buyerKey = (hash: string): string => `BUYER#${hash}`;
export const addressKey = (hash: string): string => `ADDRESS#${hash}`;

/** No rule looks back further. */
export const MAX_WINDOW_DAYS = 400;
/** Far above what any rule lets pass: who has more has fired every rule already. */
const MAX_ENTRIES = 200;

export const profileDecider: Decider<Profile, ProfileCommand, ProfileEvent> = {
  initial: { entries: {} },
  decide(command, { entries }) {
    if (command.type === 'forget') {
      return Object.keys(entries).length === 0 ? ignored('nothing is known') : accepted({ type: 'profile.forgotten' });
    }
    const { key, entry } = command;
    const known = entries[key];
    if (known && known.version >= entry.version) return ignored('known, or older than what is known');
    return accepted({ type: 'profile.noted', key, entry });
  },
  evolve({ entries }, event) {
    return event.type === 'profile.forgotten'
      ? { entries: {} }
      : { entries: bounded({ ...entries, [event.key]: event.entry }) };
  },
};

/** The newest, none older than a window before the newest: the same ones in whatever order they came. */
function bounded(entries: Profile['entries']): Profile['entries'] {
  const newestFirst = Object.entries(entries).sort(([a, one], [b, other]) =>
    one.at === other.at ? (a < b ? -1 : 1) : one.at < other.at ? 1 : -1,
  );
  const since = Date.parse(newestFirst[0]?.[1].at ?? '') - MAX_WINDOW_DAYS * DAY_MS;
  return Object.fromEntries(newestFirst.slice(0, MAX_ENTRIES).filter(([, { at }]) => Date.parse(at) >= since));
}

/**
 * What counts in the days before an instant, of all profiles of one buyer (one a key): each return once, by its newest
 * reading, without the return that is judged.
 */
export function entriesWithin(
  profiles: readonly Profile[],
  { at, days, without }: { readonly at: string; readonly days: number; readonly without: string },
): ProfileEntry[] {
  const newest = new Map<string, ProfileEntry>();
  for (const { entries } of profiles) {
    for (const [key, entry] of Object.entries(entries)) {
      if (key !== without && (newest.get(key)?.version ?? -1) < entry.version) newest.set(key, entry);
    }
  }
  const until = Date.parse(at);
  return [...newest.values()].filter(({ at: when, counts }) => {
    const time = Date.parse(when);
    return counts && time <= until && time > until - days * DAY_MS;
  });
}
