import { never } from '#core/kernel/decision.ts';
import { BusinessError } from '#core/kernel/errors.ts';
import { isUnconfirmed, type OpenRefund, type RefundState, refundIdOfExchange } from '#core/refunds/refund.ts';
import { parseReturnKey } from '#core/returns/return.ts';
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
  // A person has settled it for the return.
  const { status } = refund;
  if (status === 'dropped') return undefined;
  // The worth of a replacement is not what the return waits for.
  if (refund.id.refundId === refundIdOfExchange(parseReturnKey(refund.returnKey))) return undefined;
  const handled = await changeReturn(
    ports,
    refund.returnKey,
    () => ({
      type: 'record-refund',
      refundId: refund.id.refundId,
      standing: standingOf(status),
      unconfirmed: isUnconfirmed(refund),
      ...(refund.paid !== undefined && { paid: refund.paid }),
      ...(refund.reason && { reason: refund.reason }),
    }),
    cause,
  );
  if (handled.kind === 'rejected') {
    throw new BusinessError(handled.reason.code, handled.reason.message, { context: { subject: refund.returnKey } });
  }
  return handled;
}

/** Taken by the channel is not paid: what closes a return is that the channel's own books show the refund. */
function standingOf(status: Exclude<OpenRefund['status'], 'dropped'>): 'planned' | 'issued' | 'paid' | 'refused' {
  switch (status) {
    case 'planned':
    case 'issued':
    case 'refused':
      return status;
    case 'confirmed':
    case 'recorded':
      return 'paid';
    default:
      return never(status);
  }
}
