import { parseOrderKey } from '#core/orders/order.ts';
import { type ReturnCommand, returnDecider } from '#core/returns/decider.ts';
import type { ReturnEvent } from '#core/returns/events.ts';
import { returnReactions } from '#core/returns/reactions.ts';
import { parseReturnKey } from '#core/returns/return.ts';
import type { OpenReturn, ReturnState } from '#core/returns/state.ts';
import type { AggregateDefinition } from '../aggregate.ts';
import type { Routing } from '../orders/order-aggregate.ts';
import { publishReturn } from './publish-return.ts';

export type ReturnAggregate = AggregateDefinition<ReturnState, ReturnCommand, ReturnEvent>;

export function returnAggregate(routing: Routing): ReturnAggregate {
  return {
    decider: returnDecider,
    react: (events, state) => {
      const opened = asOpen(state);
      const { channel, account } = parseOrderKey(opened.authorization.orderKey);
      return returnReactions(events, opened, routing.orderRouting(channel, account).erp);
    },
    publish: (event, state) => publishReturn(event, asOpen(state)),
    foreignId: (events, state) => foreignId(events, asOpen(state)),
    origin: (key) => {
      const { platform, account } = parseReturnKey(key);
      return { channel: platform, account };
    },
  };
}

function asOpen(state: ReturnState): OpenReturn {
  if (state.status === 'none') throw new Error('a return with events has a state');
  return state;
}

function foreignId(events: readonly ReturnEvent[], state: OpenReturn): string | undefined {
  for (const event of events) {
    if (event.type === 'return.requested') return state.authorization.rma;
    if (event.type === 'return.dispatched') return event.trackingNumber;
    if (event.type === 'return.step-applied') return event.number;
  }
  return undefined;
}
