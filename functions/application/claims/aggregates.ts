import type { ClaimState } from '#core/claims/claim.ts';
import { totalsOf } from '#core/claims/claim.ts';
import { type ClaimCommand, type ClaimEvent, claimDecider } from '#core/claims/decider.ts';
import { type SkuCommand, type SkuEvent, type SkuState, skuDecider, skuReactions } from '#core/claims/sku.ts';
import { NO_EFFECTS } from '#core/kernel/effects.ts';
import { claimClosedV1 } from '#events/claims/types.ts';
import type { AggregateDefinition } from '../aggregate.ts';

export const claimAggregate: AggregateDefinition<ClaimState, ClaimCommand, ClaimEvent> = {
  decider: claimDecider,
  react: () => NO_EFFECTS,
  publish(event, state) {
    if (event.type !== 'claim.closed' || state.status === 'none') return undefined;
    const { supplier, period, lines } = state;
    const data = { number: event.number, supplier, period, ...totalsOf(lines), closedAt: event.at };
    return { type: claimClosedV1, data };
  },
  foreignId: (events) => events.flatMap((event) => (event.type === 'claim.closed' ? [event.number] : []))[0],
  origin: () => ({}),
};

export const skuAggregate: AggregateDefinition<SkuState, SkuCommand, SkuEvent> = {
  decider: skuDecider,
  react: skuReactions,
  publish: () => undefined,
  foreignId: () => undefined,
  origin: () => ({}),
};
