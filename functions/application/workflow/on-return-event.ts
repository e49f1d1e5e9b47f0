import { returnKey } from '#core/returns/return.ts';
import type { PublishableEvent } from '../ports/publisher.ts';
import { endRefund } from '../refunds/end-refund.ts';
import { advanceRefund } from '../refunds/plan-refund.ts';
import { settleStoreCredit } from '../refunds/settle-outcome.ts';
import type { WorkflowPorts } from './ports.ts';
import { resumeWorkflow } from './resume-workflow.ts';
import { startWorkflow } from './start-workflow.ts';
import { tellReturnOfRefund } from './tell-return.ts';

/** Settled, by a person perhaps, or ended without credit: what the channel did not pay is then nobody's to pay. */
const ENDS_REFUND = new Set([
  'return.refunded.v1',
  'return.reversed.v1',
  'return.refused.v1',
  'return.cancelled.v1',
  'return.expired.v1',
  'return.closed.v1',
]);

/** What the workflow makes of an event of a return or a refund; the same event twice is one event. */
export async function onReturnEvent(
  ports: WorkflowPorts,
  { type, envelope }: Pick<PublishableEvent, 'type' | 'envelope'>,
): Promise<void> {
  const { subject, correlationId, id, traceparent } = envelope.metadata;
  const now = ports.clock.now();
  const cause = { now, correlationId, causationId: id, ...(traceparent !== undefined && { traceparent }) };
  if (type.startsWith('refund.')) {
    const told = await tellReturnOfRefund(ports, subject, cause);
    if (told && 'state' in told && told.state.status !== 'none') {
      await endRefund(ports, returnKey(told.state.authorization.id), cause);
    }
    return;
  }
  switch (type) {
    case 'return.authorized.v1':
      // Its first step looks whether the buyer is paid at once.
      return startWorkflow(ports, subject);
    case 'return.dispatched.v1':
      await advanceRefund(ports, subject, cause);
      return;
    case 'return.store-credit-issued.v1':
      await settleStoreCredit(ports, subject, cause);
      return;
  }
  if (ENDS_REFUND.has(type)) await endRefund(ports, subject, cause);
  const outcome = await resumeWorkflow(ports, subject, type);
  if (outcome !== 'waiting') ports.log.info(`workflow ${outcome}`, { subject, event: type });
}
