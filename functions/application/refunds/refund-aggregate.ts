import { never } from '#core/kernel/decision.ts';
import { type RefundCommand, type RefundEvent, refundDecider } from '#core/refunds/decider.ts';
import { refundReactions } from '#core/refunds/reactions.ts';
import { type OpenRefund, type RefundState, refundOrigin } from '#core/refunds/refund.ts';
import type { EventType } from '#events/event-type.ts';
import * as types from '#events/refunds/types.ts';
import type { AggregateDefinition } from '../aggregate.ts';

export type RefundAggregate = AggregateDefinition<RefundState, RefundCommand, RefundEvent>;

export const refundAggregate: RefundAggregate = {
  decider: refundDecider,
  react: (events, state) => refundReactions(events, asOpen(state)),
  publish: (event, state) => publish(event, asOpen(state)),
  foreignId: (events) => foreignId(events),
  origin: refundOrigin,
};

function asOpen(state: RefundState): OpenRefund {
  if (state.status === 'none') throw new Error('a refund with events has a state');
  return state;
}

function publish(event: RefundEvent, refund: OpenRefund): { type: EventType; data: unknown } | undefined {
  const { id, orderKey, returnKey, amount, currency } = refund;
  const ref = {
    refundId: id.refundId,
    orderKey,
    ...(returnKey !== undefined && { returnKey }),
    amount: { minor: amount, currency },
  };
  switch (event.type) {
    case 'refund.planned':
    case 'refund.planned-again':
      return { type: types.refundPlannedV1, data: ref };
    case 'refund.issued':
      return { type: types.refundIssuedV1, data: { ...ref, channelRef: event.ref } };
    case 'refund.confirmed':
      return { type: types.refundConfirmedV1, data: { ...ref, channelRef: event.ref } };
    case 'refund.refused':
      return { type: types.refundRefusedV1, data: { ...ref, reason: event.reason } };
    // What these mean for people is told by the cases that they open.
    case 'refund.confirmation-asked':
    case 'refund.dropped':
      return undefined;
    case 'refund.unconfirmed':
      return { type: types.refundUnconfirmedV1, data: { ...ref, reason: event.reason } };
    case 'refund.recorded':
      return { type: types.refundRecordedV1, data: { ...ref, channelRef: event.ref } };
    default:
      return never(event);
  }
}

function foreignId(events: readonly RefundEvent[]): string | undefined {
  for (const event of events) if ('ref' in event) return event.ref;
  return undefined;
}
