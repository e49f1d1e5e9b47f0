import { CONFIRMATION_DEADLINE } from '#core/refunds/reactions.ts';
import { handle } from '../aggregate.ts';
import type { IdSource } from '../ports/runtime.ts';
import type { DueTimer } from '../ports/store.ts';
import type { RefundPorts } from './stage-refund.ts';

/** A refund's time to be confirmed is over: the channel is asked, unless it has told of it meanwhile. */
export async function onRefundTimer(
  ports: Pick<RefundPorts, 'store' | 'refunds'> & { readonly ids: IdSource },
  { subject, name }: Pick<DueTimer, 'subject' | 'name'>,
  now: string,
): Promise<'done'> {
  if (name !== CONFIRMATION_DEADLINE) throw new Error(`a refund has no timer "${name}"`);
  const cause = { now, correlationId: ports.ids.next(), causationId: `${subject}/TIMER#${name}` };
  await handle(ports.store, ports.refunds, subject, { type: 'ask-confirmation' }, cause);
  return 'done';
}
