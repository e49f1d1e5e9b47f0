import { onReturnEvent } from '#application/workflow/on-return-event.ts';
import { readEvent } from '#platform/handlers/event-message.ts';
import { ids, queueControl } from '#platform/handlers/on-aws.ts';
import { queueHandler } from '#platform/handlers/queue.ts';
import { workflowPorts } from '../wiring/workflow.ts';

export const handler = queueHandler({
  ids,
  control: queueControl,
  read: readEvent,
  run: (event, { log }) => onReturnEvent(workflowPorts(log), event),
});
