import type { Cause } from '../aggregate.ts';
import { type ClaimPorts, collectLines } from '../claims/collect-lines.ts';
import type { PublishableEvent } from '../ports/publisher.ts';
import type { Clock } from '../ports/runtime.ts';
import { countReasons } from './count-reasons.ts';
import { noteRefund, noteReturn, type ProfilePorts } from './fraud/note-profile.ts';

export type SignalPorts = ProfilePorts &
  ClaimPorts & {
    readonly clock: Clock;
    /** Whether there are fraud rules: without any, nothing is remembered of anybody. */
    readonly remembers: boolean;
  };

const WITH_REASONS = new Set([
  'return.authorized.v1',
  'return.rejected.v1',
  'return.referred.v1',
  'return.reason-renormalized.v1',
]);

const NOTED = new Set([
  'return.authorized.v1',
  'return.rejected.v1',
  'return.referred.v1',
  'return.received.v1',
  'return.refunded.v1',
  'return.cancelled.v1',
  'return.expired.v1',
]);

/** Anything that can change what a return gives to claim from suppliers. */
const CLAIMED = new Set([
  'return.authorized.v1',
  'return.received.v1',
  'return.inspected.v1',
  'return.refused.v1',
  'return.cancelled.v1',
  'return.expired.v1',
  'return.closed.v1',
  'return.reason-renormalized.v1',
]);

/** What is kept of an event of a return beside the return's own life. The same event twice is one event. */
export async function keepSignals(
  ports: SignalPorts,
  event: Pick<PublishableEvent, 'type' | 'envelope'>,
): Promise<void> {
  const { type } = event;
  const { correlationId, id, subject, traceparent } = event.envelope.metadata;
  const now = ports.clock.now();
  const cause: Cause = { now, correlationId, causationId: id, ...(traceparent !== undefined && { traceparent }) };
  if (WITH_REASONS.has(type)) await countReasons(ports.store, event, cause);
  if (CLAIMED.has(type)) await collectLines(ports, subject, cause);
  if (ports.remembers && NOTED.has(type)) await noteReturn(ports, subject, cause);
  if (ports.remembers && type === 'refund.recorded.v1') await noteRefund(ports, subject, cause);
}
