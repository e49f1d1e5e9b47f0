import { onOrderCaptured } from '#application/settlements/awaited-orders.ts';
import { readEvent } from '#platform/handlers/event-message.ts';
import { clock, ids, queueControl } from '#platform/handlers/on-aws.ts';
import { queueHandler } from '#platform/handlers/queue.ts';
import { settlementPorts } from '../wiring/settlements.ts';

export const handler = queueHandler({
  ids,
  control: queueControl,
  read: readEvent,
  async run({ envelope }, { log, correlationId }) {
    const { id, subject } = envelope.metadata;
    const cause = { now: clock.now(), correlationId, causationId: id };
    const awaiting = await onOrderCaptured(settlementPorts(), subject, cause);
    if (awaiting > 0) log.info('an order that settlements awaited has come', { subject, settlements: awaiting });
  },
});
