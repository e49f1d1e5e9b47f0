import type { PublishableEvent } from '../ports/publisher.ts';
import type { WorkflowPorts } from './ports.ts';
import { resumeWorkflow } from './resume-workflow.ts';
import { startWorkflow } from './start-workflow.ts';
import { tellReturnOfRefund } from './tell-return.ts';

/** What the workflow makes of an event of a return or a refund; the same event twice is one event. */
export async function onReturnEvent(
  ports: WorkflowPorts,
  { type, envelope }: Pick<PublishableEvent, 'type' | 'envelope'>,
): Promise<void> {
  const { subject, correlationId, id, traceparent } = envelope.metadata;
  if (type.startsWith('refund.')) {
    const now = ports.clock.now();
    const cause = { now, correlationId, causationId: id, ...(traceparent !== undefined && { traceparent }) };
    await tellReturnOfRefund(ports, subject, cause);
    return;
  }
  if (type === 'return.authorized.v1') return startWorkflow(ports, subject);
  const outcome = await resumeWorkflow(ports, subject, type);
  if (outcome !== 'waiting') ports.log.info(`workflow ${outcome}`, { subject, event: type });
}
