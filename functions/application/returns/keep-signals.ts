import type { Cause } from '../aggregate.ts';
import type { PublishableEvent } from '../ports/publisher.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { countReasons } from './count-reasons.ts';

export type SignalPorts = { readonly store: Store; readonly clock: Clock };

const COUNTED = new Set([
  'return.authorized.v1',
  'return.rejected.v1',
  'return.referred.v1',
  'return.reason-renormalized.v1',
]);

/** What is kept of an event of a return beside the return's own life. The same event twice is one event. */
export async function keepSignals(
  ports: SignalPorts,
  event: Pick<PublishableEvent, 'type' | 'envelope'>,
): Promise<void> {
  const { correlationId, id, traceparent } = event.envelope.metadata;
  const now = ports.clock.now();
  const cause: Cause = { now, correlationId, causationId: id, ...(traceparent !== undefined && { traceparent }) };
  if (COUNTED.has(event.type)) await countReasons(ports.store, event, cause);
}
