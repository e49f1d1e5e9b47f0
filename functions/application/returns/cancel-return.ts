import { BusinessError } from '#core/kernel/errors.ts';
import { hasEnded } from '#core/returns/decider.ts';
import { type ReturnId, returnKey } from '#core/returns/return.ts';
import type { ReturnState } from '#core/returns/state.ts';
import type { Cause } from '../aggregate.ts';
import { changeReturn, type ReturnPorts } from './change-return.ts';
import { notFound, type ReturnAnswer, returnAnswer } from './look-up-return.ts';

/**
 * Cancels a return of a platform that waits for the answer. Once its refund is approved it can't be called back: the platform
 * hears so at once, where a message of the same would open a case.
 *
 * Throws BusinessError RETURN_NOT_FOUND, and RETURN_TOO_FAR for a return that can't be cancelled any more.
 */
export async function cancelReturn(ports: ReturnPorts, id: ReturnId, cause: Cause): Promise<ReturnAnswer> {
  const key = returnKey(id);
  const handled = await changeReturn(
    ports,
    key,
    ({ state }) => {
      refuseLate(id, state);
      return { type: 'record-progress', progress: { type: 'cancelled', occurredAt: cause.now } };
    },
    cause,
  );
  switch (handled.kind) {
    case 'committed':
    case 'ignored': {
      if (handled.state.status === 'none') throw notFound(id);
      return returnAnswer(handled.state);
    }
    case 'rejected':
      throw new BusinessError(handled.reason.code, handled.reason.message, { context: { subject: key } });
    case 'seen':
      throw new Error(`${key}: a synchronous request has no inbox mark`);
  }
}

const STILL_OPEN = new Set<ReturnState['status']>([
  'authorized',
  'review',
  'in-transit',
  'received',
  'inspected',
  'awaiting-approval',
]);

function refuseLate(id: ReturnId, state: ReturnState): void {
  const { status } = state;
  if (status === 'none') throw notFound(id);
  if (status === 'cancelled' || STILL_OPEN.has(status)) return;
  const why = hasEnded(state) ? `has ended (${status})` : `is ${status}: its refund is on the way`;
  throw new BusinessError('RETURN_TOO_FAR', `return ${id.returnId} ${why}, and can't be cancelled any more`);
}
