import { never } from '../kernel/decision.ts';
import type { SettlementEvent } from './events.ts';
import type { JournalContent } from './posting.ts';
import {
  batchesOf,
  type DifferencesByCause,
  keptTotals,
  MOST_EARLIER,
  type OpenSettlement,
  type PostedPart,
  type SettlementState,
  type SettlementStatus,
  tellingOf,
} from './state.ts';

/** The settlement after an event. Only the decider makes events, so what can't have happened is a bug and throws. */
export function evolve(state: SettlementState, event: SettlementEvent): SettlementState {
  if (event.type === 'settlement.imported') return withStatus(imported(state, event));
  if (state.status === 'none') throw new Error(`${event.type} before settlement.imported`);
  return withStatus(changed(state, event));
}

type Imported = Extract<SettlementEvent, { type: 'settlement.imported' }>;
type Unmarked = Omit<OpenSettlement, 'status'>;

function imported(before: SettlementState, { collection, revision, at }: Imported): Unmarked {
  const kept = { ...collection, totals: keptTotals(collection.totals) };
  const fresh = {
    collection: kept,
    revision,
    pending: batchesOf({ collection: kept }),
    differences: {},
    blocked: [],
    awaited: false,
  };
  if (before.status === 'none') return { ...fresh, earlier: [], importedAt: at, parts: [], adjustments: 0, asked: 0 };
  const { digest, batches, collectedAt } = before.collection;
  const earlier = [...before.earlier, { revision: before.revision, digest, batches }].slice(-MOST_EARLIER);
  const { arrived: _arrived, begun: _begun, untold: _untold, ...rest } = before;
  // Lines that were classified anew are those of the same file: nobody has asked the channel.
  const awaited = before.awaited && collection.collectedAt === collectedAt;
  return { ...rest, ...fresh, awaited, earlier };
}

function changed(state: OpenSettlement, event: Exclude<SettlementEvent, Imported>): Unmarked {
  switch (event.type) {
    case 'settlement.collected-unchanged':
      return { ...state, awaited: false, collection: { ...state.collection, collectedAt: event.collectedAt } };
    case 'settlement.batch-recorded':
      return {
        ...state,
        pending: state.pending.filter((batch) => batch !== event.batch),
        differences: withReport(state.differences, event.batch, event.differences),
      };
    case 'settlement.order-arrived':
      return { ...state, arrived: [...(state.arrived ?? []), event.batch] };
    case 'settlement.batch-begun':
      return {
        ...state,
        arrived: (state.arrived ?? []).filter((batch) => batch !== event.batch),
        begun: { ...state.begun, [event.batch]: tellingOf(state, event.batch) + 1 },
      };
    case 'settlement.untold': {
      const { type: _type, ...untold } = event;
      return { ...state, untold };
    }
    case 'settlement.matched': {
      const { untold: _untold, ...rest } = state;
      return { ...rest, blocked: [] };
    }
    case 'settlement.blocked':
      return { ...state, blocked: event.reasons };
    case 'settlement.posting-planned':
      return {
        ...state,
        posted: event.posted,
        parts: [...state.parts, ...event.parts.map(plannedPart)],
        adjustments: state.adjustments + (state.posted ? 1 : 0),
      };
    case 'settlement.part-posted':
      return withPart(state, event.part, { status: 'posted', ref: event.ref, number: event.number });
    case 'settlement.part-refused':
      return withPart(state, event.part, { status: 'refused', reason: event.reason });
    case 'settlement.collection-due':
      return { ...state, asked: event.times, awaited: true };
    case 'settlement.collection-overdue':
      return state;
    default:
      return never(event);
  }
}

function withReport(
  known: OpenSettlement['differences'],
  batch: number,
  differences: DifferencesByCause,
): OpenSettlement['differences'] {
  const others = Object.entries(known).filter(([name]) => name !== String(batch));
  return Object.fromEntries(Object.keys(differences).length > 0 ? [...others, [batch, differences]] : others);
}

const plannedPart = ({ part, date, adjusts, lines }: JournalContent): PostedPart => ({
  part,
  date,
  ...(adjusts !== undefined && { adjusts }),
  debit: lines.reduce((sum, { amount }) => sum + Math.max(0, amount), 0),
  status: 'planned',
});

function withPart(state: OpenSettlement, name: string, change: Partial<PostedPart>): Unmarked {
  return {
    ...state,
    parts: state.parts.map((one) => {
      if (one.part !== name) return one;
      const { reason: _reason, ...rest } = one;
      return { ...rest, ...change };
    }),
  };
}

const withStatus = (state: Unmarked): OpenSettlement => ({ ...state, status: statusOf(state) });

/** Follows from the rest of the state, so that the two can't disagree. */
function statusOf({ pending, blocked, parts }: Unmarked): Exclude<SettlementStatus, 'none'> {
  if (pending.length > 0) return 'recording';
  if (blocked.length > 0) return 'blocked';
  if (parts.some(({ status }) => status === 'refused')) return 'refused';
  if (parts.some(({ status }) => status === 'planned')) return 'posting';
  return parts.length > 0 ? 'posted' : 'matched';
}
