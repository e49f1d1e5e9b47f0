import { onReturnEvent } from '#application/workflow/on-return-event.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { envelopeOf } from '#events/envelope.ts';
import { contractOf } from '#events/registry.ts';
import { ids, queueControl } from '#platform/handlers/on-aws.ts';
import { jsonObject, queueHandler, textField } from '#platform/handlers/queue.ts';
import { workflowPorts } from '../wiring/workflow.ts';

export const handler = queueHandler({
  ids,
  control: queueControl,
  read(body) {
    const given = jsonObject(body);
    const type = textField(given, 'detail-type');
    const parsed = envelopeOf(contractOf(type)).safeParse(given.detail);
    if (!parsed.success) throw new PoisonError('EVENT_MALFORMED', `${type} does not follow its contract`);
    const { metadata } = parsed.data;
    const { id, correlationId, traceparent } = metadata;
    return { message: { type, envelope: parsed.data }, id, contract: type, correlationId, traceparent };
  },
  run: (event, { log }) => onReturnEvent(workflowPorts(log), event),
});
