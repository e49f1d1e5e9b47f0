import { keepSignals } from '#application/returns/keep-signals.ts';
import { readEvent } from '#platform/handlers/event-message.ts';
import { clock, ids, queueControl } from '#platform/handlers/on-aws.ts';
import { queueHandler } from '#platform/handlers/queue.ts';
import { claimPorts } from '../wiring/claims.ts';
import { hashKeys, ruleSets } from '../wiring/fraud.ts';

export const handler = queueHandler({
  ids,
  control: queueControl,
  read: readEvent,
  run: (event) => keepSignals({ ...claimPorts(), clock, hashKeys, remembers: ruleSets().length > 0 }, event),
});
