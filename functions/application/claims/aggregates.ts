import { type ClaimState, type OpenClaim, totalsOf } from '#core/claims/claim.ts';
import { type ClaimCommand, type ClaimEvent, claimDecider } from '#core/claims/decider.ts';
import { claimReactions } from '#core/claims/reactions.ts';
import { type SkuCommand, type SkuEvent, type SkuState, skuDecider, skuReactions } from '#core/claims/sku.ts';
import { type WaitingCommand, type WaitingEvent, type WaitingState, waitingDecider } from '#core/claims/waiting.ts';
import { never } from '#core/kernel/decision.ts';
import { NO_EFFECTS } from '#core/kernel/effects.ts';
import * as types from '#events/claims/types.ts';
import type { EventType } from '#events/event-type.ts';
import type { AggregateDefinition } from '../aggregate.ts';

export const claimAggregate: AggregateDefinition<ClaimState, ClaimCommand, ClaimEvent> = {
  decider: claimDecider,
  react: (events, state) => claimReactions(events, asOpen(state)),
  publish: (event, state) => publish(event, asOpen(state)),
  foreignId: (events) => events.flatMap((event) => (event.type === 'claim.closed' ? [event.number] : []))[0],
  origin: () => ({}),
};

function asOpen(state: ClaimState): OpenClaim {
  if (state.status === 'none') throw new Error('a claim with events has a state');
  return state;
}

function publish(event: ClaimEvent, state: OpenClaim): { type: EventType; data: unknown } | undefined {
  const { supplier, period, number, lines, documents = [] } = state;
  const claim = { number, supplier, period };
  switch (event.type) {
    case 'claim.closed':
      return { type: types.claimClosedV1, data: { ...claim, ...totalsOf(lines), closedAt: event.at } };
    case 'claim.documented':
    case 'claim.document-refused': {
      const total = documents.find(({ nth }) => nth === event.nth)?.total;
      return event.type === 'claim.documented'
        ? { type: types.claimDocumentedV1, data: { ...claim, document: event.nth, total, erpRef: event.ref } }
        : { type: types.claimDocumentRefusedV1, data: { ...claim, document: event.nth, total, reason: event.reason } };
    }
    // Bookkeeping inside the claim; the operations of its documents are told as such.
    case 'claim.lines-changed':
    case 'claim.documents-planned':
      return undefined;
    default:
      return never(event);
  }
}

export const skuAggregate: AggregateDefinition<SkuState, SkuCommand, SkuEvent> = {
  decider: skuDecider,
  react: skuReactions,
  publish: () => undefined,
  foreignId: () => undefined,
  origin: () => ({}),
};

export const waitingAggregate: AggregateDefinition<WaitingState, WaitingCommand, WaitingEvent> = {
  decider: waitingDecider,
  react: () => NO_EFFECTS,
  publish: () => undefined,
  foreignId: () => undefined,
  origin: () => ({}),
};
