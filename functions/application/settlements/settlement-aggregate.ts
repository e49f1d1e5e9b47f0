import { never } from '#core/kernel/decision.ts';
import { type SettlementCommand, settlementDecider } from '#core/settlements/decider.ts';
import type { SettlementEvent } from '#core/settlements/events.ts';
import { parseSettlementKey } from '#core/settlements/line.ts';
import { type SettlementRouting, settlementReactions } from '#core/settlements/reactions.ts';
import { differencesOf, type OpenSettlement, type PostedPart, type SettlementState } from '#core/settlements/state.ts';
import type { EventType } from '#events/event-type.ts';
import * as types from '#events/settlements/types.ts';
import type { AggregateDefinition } from '../aggregate.ts';

export type SettlementAggregate = AggregateDefinition<SettlementState, SettlementCommand, SettlementEvent>;

/** `routing`: where the settlements of a channel account are posted. */
export function settlementAggregate(
  routing: (channel: string, account: string) => SettlementRouting,
): SettlementAggregate {
  return {
    decider: settlementDecider,
    react: (events, state, key) => {
      const { channel, account } = parseSettlementKey(key);
      return settlementReactions(events, asOpen(state), routing(channel, account));
    },
    publish: (event, state) => publish(event, asOpen(state)),
    foreignId: (events, state) => foreignId(events, asOpen(state)),
    origin: (key) => {
      const { channel, account } = parseSettlementKey(key);
      return { channel, account };
    },
  };
}

function asOpen(state: SettlementState): OpenSettlement {
  if (state.status === 'none') throw new Error('a settlement with events has a state');
  return state;
}

type Published = { type: EventType; data: unknown } | undefined;

function publish(event: SettlementEvent, state: OpenSettlement): Published {
  const { header, totals, orders, batches } = state.collection;
  const { currency } = header;
  const ref = { settlementId: header.id.settlementId, revision: state.revision };
  const money = (minor: number) => ({ minor, currency });
  switch (event.type) {
    case 'settlement.imported': {
      const { format, depositDate } = header;
      const counts = { lines: totals.lines, orders, batches };
      return {
        type: types.settlementImportedV1,
        data: {
          ...ref,
          format,
          ...counts,
          announced: money(header.announced),
          ...(depositDate !== undefined && { depositDate }),
        },
      };
    }
    case 'settlement.matched': {
      const differences = Object.entries(differencesOf(state)).map(([cause, { count, amount, gross, since }]) => ({
        cause,
        orders: count,
        amount: money(amount),
        atRisk: money(gross),
        since,
      }));
      return { type: types.settlementMatchedV1, data: { ...ref, differences } };
    }
    case 'settlement.blocked':
      return { type: types.settlementBlockedV1, data: { ...ref, reasons: event.reasons } };
    case 'settlement.part-posted':
      return posted(state, event, ref);
    case 'settlement.part-refused': {
      const { part, reason } = event;
      return { type: types.settlementPostingRefusedV1, data: { ...ref, part, reason } };
    }
    case 'settlement.collection-due':
      return { type: types.settlementCollectionDueV1, data: { ...ref, times: event.times } };
    // Bookkeeping inside the settlement; the operations of a posting are told as such.
    case 'settlement.collection-overdue':
    case 'settlement.collected-unchanged':
    case 'settlement.batch-recorded':
    case 'settlement.order-arrived':
    case 'settlement.batch-begun':
    case 'settlement.untold':
    case 'settlement.posting-planned':
      return undefined;
    default:
      return never(event);
  }
}

function posted(
  { parts }: OpenSettlement,
  { part, ref: erpRef, number: erpNumber }: Extract<SettlementEvent, { type: 'settlement.part-posted' }>,
  ref: { settlementId: string; revision: number },
): Published {
  const { date, adjusts } = partNamed(parts, part);
  const data = { ...ref, part, date, erpRef, erpNumber };
  return adjusts === undefined
    ? { type: types.settlementPostedV1, data: { ...data, complete: parts.every((one) => one.status === 'posted') } }
    : { type: types.settlementAdjustedV1, data: { ...data, adjusts } };
}

function partNamed(parts: readonly PostedPart[], name: string): PostedPart {
  const found = parts.find(({ part }) => part === name);
  if (!found) throw new Error(`part ${name} is posted and was never planned`);
  return found;
}

/** People look for a settlement by the channel's id of it, and by the number of its move in the ERP. */
function foreignId(events: readonly SettlementEvent[], { collection }: OpenSettlement): string | undefined {
  for (const event of events) {
    if (event.type === 'settlement.part-posted') return event.number;
    if (event.type === 'settlement.imported') return collection.header.id.settlementId;
  }
  return undefined;
}
