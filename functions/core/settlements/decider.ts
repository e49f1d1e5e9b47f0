import { accepted, type Decider, type Decision, ignored, never, type Reason, rejected } from '../kernel/decision.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { adjustmentOf } from './adjustment.ts';
import type { SettlementEvent } from './events.ts';
import { evolve } from './evolve.ts';
import {
  faults,
  type Journal,
  journalOf,
  MOST_ORDERS_LISTED,
  type PostingTerms,
  type ReceivablesByOrder,
} from './journal.ts';
import { journalKey } from './posting.ts';
import {
  type Collection,
  type DifferencesByCause,
  MOST_BATCHES,
  MOST_MONTHS,
  type OpenSettlement,
  type SettlementState,
  tellingOf,
} from './state.ts';
import { nextRound } from './untold.ts';

/** How the books take it, and the day (YYYY-MM-DD) on which an adjustment is dated. */
export type Terms = PostingTerms & { readonly today: string };

export type SettlementCommand =
  /** A file was read; its lines are laid out to follow upon this revision, 0 being none. */
  | {
      readonly type: 'import';
      readonly collection: Collection;
      readonly follows: number;
      readonly at: string;
      readonly terms: Terms;
    }
  /** The orders of a batch have been told; `differences` is what does not agree with them. */
  | {
      readonly type: 'record-batch';
      readonly revision: number;
      readonly batch: number;
      /** Which telling of the batch it is the end of (`tellingOf` when it began). */
      readonly telling: number;
      readonly differences: DifferencesByCause;
      readonly terms: Terms;
      /** Given once they were asked for (`RECEIVABLES_NEEDED`): they are read from the archive. */
      readonly receivables?: ReceivablesByOrder;
    }
  /** An order of a batch has come that was not here before. */
  | { readonly type: 'note-order-arrived'; readonly revision: number; readonly batch: number; readonly at: string }
  /** The batch is about to be told: what has come until now will be found. */
  | { readonly type: 'begin-batch'; readonly revision: number; readonly batch: number }
  /** Its batches are handed out again: nobody has told them. */
  | { readonly type: 'note-untold'; readonly at: string }
  /** What the ERP answered. */
  | { readonly type: 'record-posting'; readonly part: string; readonly ref: string; readonly number: string }
  | { readonly type: 'record-posting-refusal'; readonly part: string; readonly reason: Reason }
  | { readonly type: 'note-collection-due'; readonly at: string }
  | { readonly type: 'note-collection-overdue' };

export const settlementDecider: Decider<SettlementState, SettlementCommand, SettlementEvent> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

function decide(command: SettlementCommand, state: SettlementState): Decision<SettlementEvent> {
  if (command.type === 'import') return importCollection(command, state);
  if (state.status === 'none') return rejected('SETTLEMENT_UNKNOWN', 'no such settlement was imported');
  switch (command.type) {
    case 'record-batch':
      return recordBatch(command, state);
    case 'note-order-arrived':
      return noteOrderArrived(command, state);
    case 'begin-batch':
      if (command.revision !== state.revision) return ignored(`collection ${state.revision} counts`);
      if (!state.arrived?.includes(command.batch)) return ignored('no order of the batch has come');
      return accepted({ type: 'settlement.batch-begun', batch: command.batch });
    case 'note-untold': {
      if (state.pending.length === 0) return ignored('all batches are told');
      const round = nextRound(state.untold, state.pending.length, command.at);
      return round ? accepted({ type: 'settlement.untold', ...round }) : ignored('the round is noted');
    }
    case 'record-posting':
      return recordPosting(command, state);
    case 'record-posting-refusal': {
      const known = state.parts.find(({ part }) => part === command.part);
      if (known?.status === 'posted') return ignored('the part is posted');
      return accepted({ type: 'settlement.part-refused', part: command.part, reason: command.reason });
    }
    case 'note-collection-due':
      if (state.asked >= COLLECT_AGAIN_AFTER_DAYS.length) return ignored('it has been collected for the last time');
      return accepted({ type: 'settlement.collection-due', times: state.asked + 1, at: command.at });
    case 'note-collection-overdue':
      if (!state.awaited) return ignored('it has been collected');
      return accepted({ type: 'settlement.collection-overdue' });
    default:
      return never(command);
  }
}

/** Days after the first import on which a settlement is collected again. */
export const COLLECT_AGAIN_AFTER_DAYS = [2, 7, 14, 30] as const;

type Import = Extract<SettlementCommand, { type: 'import' }>;

/** The same content twice is nothing new; other content takes the place of what was there, unless it is the older. */
function importCollection(
  { collection, follows, at, terms }: Import,
  state: SettlementState,
): Decision<SettlementEvent> {
  const fault = collectionFault(collection);
  if (fault) return { kind: 'rejected', reason: fault };
  if (state.status !== 'none') {
    const { digest, collectedAt } = state.collection;
    if (collection.collectedAt < collectedAt) return ignored('it was collected later already');
    if (collection.digest === digest) {
      if (collection.collectedAt === collectedAt) return ignored('it is what was collected');
      return accepted({ type: 'settlement.collected-unchanged', collectedAt: collection.collectedAt });
    }
  }
  const before = state.status === 'none' ? 0 : state.revision;
  // Its batches say which orders the collection before spoke of: upon another one they would miss some.
  if (before !== follows) return rejected(MOVED_ON, `collection ${before} came in between: read the file again`);
  return withPosting(state, [{ type: 'settlement.imported', collection, revision: before + 1, at }], terms);
}

/** Another collection was committed while this one was read. */
export const MOVED_ON = 'SETTLEMENT_MOVED_ON';

/** Why a collection is too large to be kept, if so. */
export function collectionFault({ batches, totals }: Pick<Collection, 'batches' | 'totals'>): Reason | undefined {
  const months = Object.keys(totals.months).length;
  if (batches <= MOST_BATCHES && months <= MOST_MONTHS) return undefined;
  const message = `the settlement has ${batches} batches of orders in ${months} months: ${MOST_BATCHES} and ${MOST_MONTHS} are taken`;
  return { code: 'SETTLEMENT_TOO_LARGE', message };
}

/** A batch is told again when an order that was missing may have come; then only news of it counts. */
function recordBatch(
  { revision, batch, telling, differences, terms, receivables }: Extract<SettlementCommand, { type: 'record-batch' }>,
  state: OpenSettlement,
): Decision<SettlementEvent> {
  if (revision !== state.revision) return ignored(`collection ${state.revision} counts`);
  if (telling < tellingOf(state, batch)) return ignored('the batch is told again');
  const known = state.differences[batch] ?? {};
  if (!state.pending.includes(batch) && fingerprint(known) === fingerprint(differences)) return ignored('batch known');
  return withPosting(state, [{ type: 'settlement.batch-recorded', batch, differences }], terms, receivables);
}

/** However many orders come: until the batch is begun, one note is enough. */
function noteOrderArrived(
  { revision, batch, at }: Extract<SettlementCommand, { type: 'note-order-arrived' }>,
  state: OpenSettlement,
): Decision<SettlementEvent> {
  // A later collection tells its own batches, and awaits what is missing then.
  if (revision !== state.revision) return ignored(`collection ${state.revision} counts`);
  if (state.arrived?.includes(batch)) return ignored('the batch is to be told again already');
  return accepted({ type: 'settlement.order-arrived', batch, at });
}

/** Once all orders have been told, the settlement is matched, and posted as far as it is not yet. */
function withPosting(
  before: SettlementState,
  events: readonly SettlementEvent[],
  terms: Terms,
  receivables?: ReceivablesByOrder,
): Decision<SettlementEvent> {
  const state = events.reduce(evolve, before);
  if (state.status === 'none' || state.pending.length > 0) return accepted(...events);
  if (listsOrders(state, terms) && receivables === undefined) {
    return rejected(RECEIVABLES_NEEDED, 'it is posted order by order: say what each clears');
  }
  return accepted(...events, { type: 'settlement.matched' }, ...postingOf(state, terms, receivables));
}

/** The batch completes a settlement that is posted order by order: the command is to come again with the receivables. */
export const RECEIVABLES_NEEDED = 'RECEIVABLES_NEEDED';

/** A first posting is listed by order where its orders are few enough; an adjustment never is. */
const listsOrders = ({ collection, posted }: OpenSettlement, { detail }: Terms): boolean =>
  detail === 'per-order' &&
  !posted &&
  collection.batches > 0 &&
  collection.orders <= MOST_ORDERS_LISTED &&
  faults(collection.header, collection.totals).length === 0;

/**
 * It is posted once. What changes afterwards is posted as a difference that names the first posting; what is blocked posts
 * nothing, neither at first nor as a difference.
 */
function postingOf(state: OpenSettlement, terms: Terms, receivables?: ReceivablesByOrder): SettlementEvent[] {
  const { header, totals } = state.collection;
  const journal = state.posted
    ? adjustmentOf(state.posted, header, totals, { ...terms, sequence: state.adjustments + 1, date: terms.today })
    : firstJournal(state, terms, receivables);
  return journal.kind === 'blocked'
    ? [{ type: 'settlement.blocked', reasons: journal.reasons }]
    : planned(journal, state);
}

/** By summary too where orders that lie in several months come to more lines than there may be. */
function firstJournal(state: OpenSettlement, terms: Terms, receivables: ReceivablesByOrder = {}): Journal {
  const { header, totals } = state.collection;
  const lines = Object.values(receivables).reduce((sum, { length }) => sum + length, 0);
  const each = listsOrders(state, terms) && lines <= MOST_ORDERS_LISTED;
  return journalOf(header, totals, { ...terms, detail: each ? 'per-order' : 'summary' }, receivables);
}

function planned({ parts }: Extract<Journal, { kind: 'ready' }>, state: OpenSettlement): SettlementEvent[] {
  const [first] = parts;
  if (!first) return [];
  const { header, totals } = state.collection;
  const key = state.posted?.key ?? journalKey(header.id, first.part);
  const posted = { announced: header.announced, currency: header.currency, months: totals.months, key };
  return [{ type: 'settlement.posting-planned', parts, posted }];
}

function recordPosting(
  { part, ref, number }: Extract<SettlementCommand, { type: 'record-posting' }>,
  { parts }: OpenSettlement,
): Decision<SettlementEvent> {
  const known = parts.find((one) => one.part === part);
  if (!known) return rejected('PART_UNKNOWN', `the settlement plans no part ${part}`);
  if (known.status === 'posted') {
    if (known.ref === ref) return ignored('the part is posted');
    return rejected('POSTED_TWICE', `part ${part} is posted as ${known.number}, and the ERP now names ${number}`);
  }
  return accepted({ type: 'settlement.part-posted', part, ref, number });
}
