import type { Reason } from '../kernel/decision.ts';
import type { Posted } from './adjustment.ts';
import type { DifferenceCause } from './difference.ts';
import type { SettlementHeader } from './line.ts';
import type { SettlementTotals } from './totals.ts';
import type { Untold } from './untold.ts';

/** One reading of a settlement: what a file came to. Its lines lie in the archive, in batches of whole orders. */
export type Collection = {
  readonly header: SettlementHeader;
  /** SHA-256 of header and classified lines: the same content has the same digest, in whatever order its lines came. */
  readonly digest: string;
  /** When the file was laid down, as a text that sorts: of two collections the later one counts, whichever is read first. */
  readonly collectedAt: string;
  /** The file that it was read from. */
  readonly file: string;
  readonly totals: SettlementTotals;
  readonly orders: number;
  /** Objects that hold its orders, numbered from 0. */
  readonly batches: number;
  /** Objects that hold lines of no order. */
  readonly others: number;
};

/** What differs for one cause, over some orders. Minor units of the settlement's currency. */
export type CauseTotals = {
  readonly count: number;
  /** What the channel says less what the ledger says. */
  readonly amount: number;
  /** The same without regard to sign: the money at risk. */
  readonly gross: number;
  /** Since when the oldest is open. */
  readonly since: string;
  /** Some orders that it concerns. */
  readonly examples: readonly string[];
};

export type DifferencesByCause = Readonly<Partial<Record<DifferenceCause, CauseTotals>>>;

export type PartStatus = 'planned' | 'posted' | 'refused';

/** A move of the settlement's journal in the ERP. */
export type PostedPart = {
  readonly part: string;
  readonly date: string;
  /** Operation key of the first posting, for an adjusting part. */
  readonly adjusts?: string;
  /** Minor units of all debits. */
  readonly debit: number;
  readonly status: PartStatus;
  readonly ref?: string;
  readonly number?: string;
  readonly reason?: Reason;
};

export type SettlementStatus = 'none' | 'recording' | 'blocked' | 'matched' | 'posting' | 'refused' | 'posted';

export type OpenSettlement = {
  readonly status: Exclude<SettlementStatus, 'none'>;
  /** The collection that counts, and how many content changes there have been: 1 for the first. */
  readonly collection: Collection;
  readonly revision: number;
  /** Earlier contents, the latest last. */
  readonly earlier: readonly { readonly revision: number; readonly digest: string; readonly batches: number }[];
  readonly importedAt: string;
  /** Batches whose orders have not all been told. */
  readonly pending: readonly number[];
  /** Left out until batches had to be handed out again. */
  readonly untold?: Untold;
  /** By batch; one without differences is left out. */
  readonly differences: Readonly<Record<string, DifferencesByCause>>;
  /** Batches of which orders have come that were not here when they were told; left out when there are none. */
  readonly arrived?: readonly number[];
  /** How often a batch was begun again because of that; one that never was is left out. */
  readonly begun?: Readonly<Record<string, number>>;
  /** Why it may not be posted; empty when it may. */
  readonly blocked: readonly Reason[];
  /** What all planned parts together post. */
  readonly posted?: Posted;
  readonly parts: readonly PostedPart[];
  readonly adjustments: number;
  /** How often it was asked to be collected again, and whether that has been done. */
  readonly asked: number;
  readonly awaited: boolean;
};

export type SettlementState = { readonly status: 'none' } | OpenSettlement;

/** Every move a settlement may make; a test proves that each status can be reached and that the decider makes no other move. */
export const SETTLEMENT_TRANSITIONS: Readonly<Record<SettlementStatus, readonly SettlementStatus[]>> = {
  none: ['recording', 'blocked', 'matched', 'posting'],
  recording: ['blocked', 'matched', 'posting', 'posted', 'refused'],
  blocked: ['recording', 'matched', 'posting', 'posted', 'refused'],
  matched: ['recording', 'blocked', 'posting'],
  posting: ['recording', 'blocked', 'posted', 'refused'],
  // A person has the operation tried again.
  refused: ['recording', 'blocked', 'posting', 'posted'],
  posted: ['recording', 'blocked', 'posting', 'refused'],
};

/** Which telling of a batch counts: 0 for the first. An earlier one that ends later may have missed an order that has come. */
export const tellingOf = ({ begun }: Pick<OpenSettlement, 'begun'>, batch: number): number => begun?.[batch] ?? 0;

/** Whether it is blocked by words that no rule knows, so that a later version of rules may free it. */
export const waitsForRules = ({ status, collection }: Pick<OpenSettlement, 'status' | 'collection'>): boolean =>
  status === 'blocked' && collection.totals.unclassified.length > 0;

/** Limits of one settlement: its row holds no more. */
export const MOST_BATCHES = 160;
export const MOST_MONTHS = 36;
export const MOST_SOURCES = 20;
const LONGEST_SOURCE = 500;
const MOST_EXAMPLES = 3;
export const MOST_EARLIER = 40;

/** Totals as they are kept: of lines that no rule knows, the first kinds by name and the rest as one. */
export function keptTotals(totals: SettlementTotals): SettlementTotals {
  const named = totals.unclassified.slice(0, MOST_SOURCES).map((one) => ({ ...one, source: shortened(one.source) }));
  const rest = totals.unclassified.slice(MOST_SOURCES);
  const [first] = rest;
  if (!first) return { ...totals, unclassified: named };
  const others = {
    source: `${rest.length} other kinds`,
    lines: rest.reduce((sum, { lines }) => sum + lines, 0),
    amount: rest.reduce((sum, { amount }) => sum + amount, 0),
    at: first.at,
  };
  return { ...totals, unclassified: [...named, others] };
}

const shortened = (source: string): string =>
  source.length > LONGEST_SOURCE ? `${source.slice(0, LONGEST_SOURCE)}${CUT}` : source;

const CUT = '…';

/** Whether all words that no rule knows are kept to the letter; where they are not, the lines in the archive tell. */
export const namesAllWords = ({ unclassified }: Pick<SettlementTotals, 'unclassified'>): boolean =>
  unclassified.length <= MOST_SOURCES && !unclassified.some(({ source }) => source.endsWith(CUT));

/** What both come to. */
export function addDifferences(a: DifferencesByCause, b: DifferencesByCause): DifferencesByCause {
  const sums: Partial<Record<DifferenceCause, CauseTotals>> = { ...a };
  for (const [cause, more] of Object.entries(b) as [DifferenceCause, CauseTotals][]) {
    const known = sums[cause];
    sums[cause] = known ? addCause(known, more) : more;
  }
  return sums;
}

const addCause = (a: CauseTotals, b: CauseTotals): CauseTotals => ({
  count: a.count + b.count,
  amount: a.amount + b.amount,
  gross: a.gross + b.gross,
  since: earlier(a.since, b.since),
  examples: [...a.examples, ...b.examples].slice(0, MOST_EXAMPLES),
});

const earlier = (a: string, b: string): string => (b < a ? b : a);

/** Differences of all batches of the collection that counts. */
export const differencesOf = ({ differences }: Pick<OpenSettlement, 'differences'>): DifferencesByCause =>
  Object.values(differences).reduce(addDifferences, {});

/** What a later settlement, refund or order puts right without anybody's doing. */
const MENDS_ITSELF: readonly DifferenceCause[] = ['missing-order', 'not-settled', 'late-refund', 'fee-change'];

/** All batches of the collection: an order without a difference may have been refunded since. */
export const batchesOf = ({ collection }: Pick<OpenSettlement, 'collection'>): number[] =>
  Array.from({ length: collection.batches }, (_, batch) => batch);

/** Batches of which something may have been put right since: they are told again later. */
export const batchesToRepeat = ({ differences }: Pick<OpenSettlement, 'differences'>): number[] =>
  Object.entries(differences).flatMap(([batch, causes]) =>
    MENDS_ITSELF.some((cause) => causes[cause]) ? [Number(batch)] : [],
  );
