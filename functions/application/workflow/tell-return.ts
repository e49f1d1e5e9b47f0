import { BusinessError } from '#core/kernel/errors.ts';
import { isPaid, type OpenRefund, type RefundState } from '#core/refunds/refund.ts';
import type { ReturnState } from '#core/returns/state.ts';
import type { Cause, Handled } from '../aggregate.ts';
import { changeReturn, type ReturnPorts } from '../returns/change-return.ts';

/**
 * Tells a return how its refund stands. The refund is read, not the event: events come out of order, and the refund knows
 * best how far it is.
 */
export async function tellReturnOfRefund(
  ports: ReturnPorts,
  refundKey: string,
  cause: Cause,
): Promise<Handled<ReturnState> | undefined> {
  const refund = (await ports.store.load<RefundState>(refundKey))?.state;
  if (!refund || refund.status === 'none' || refund.returnKey === undefined) return undefined;
  const handled = await changeReturn(
    ports,
    refund.returnKey,
    () => ({
      type: 'record-refund',
      refundId: refund.id.refundId,
      standing: standingOf(refund),
      ...(refund.reason && { reason: refund.reason }),
    }),
    cause,
  );
  if (handled.kind === 'rejected') {
    throw new BusinessError(handled.reason.code, handled.reason.message, { context: { subject: refund.returnKey } });
  }
  return handled;
}

function standingOf(refund: OpenRefund): 'planned' | 'paid' | 'refused' {
  if (isPaid(refund)) return 'paid';
  return refund.status === 'refused' ? 'refused' : 'planned';
}
