import { parseOrderKey } from '#core/orders/order.ts';
import type { RefundCommand } from '#core/refunds/decider.ts';
import { type RefundState, refundKey } from '#core/refunds/refund.ts';
import { hasEnded } from '#core/returns/decider.ts';
import type { ReturnState } from '#core/returns/state.ts';
import type { Cause, Handled } from '../aggregate.ts';
import { handleTogether, type Together } from '../returns/together.ts';
import { type LoadedRefund, loadRefund, type RefundPorts, stageRefund } from './stage-refund.ts';

/**
 * Ends a refund whose return is settled without it: a person says that the buyer has the money, or the return has ended with
 * nothing owed. The order gets the money back that it holds for it. Doing it again is harmless.
 */
export const endRefund = (ports: RefundPorts, returnKey: string, cause: Cause): Promise<Handled<RefundState>> =>
  handleTogether(ports.store, returnKey, () => stageEnd(ports, returnKey, cause), cause);

async function stageEnd(ports: RefundPorts, returnKey: string, cause: Cause): Promise<Together<RefundState>> {
  const state = (await ports.store.load<ReturnState>(returnKey))?.state;
  if (!state || state.status === 'none' || !state.refund) return nothing('no refund was planned');
  const { refund, authorization } = state;
  const byHand = refund.status === 'paid' && refund.by !== undefined;
  if (!byHand && (!hasEnded(state) || refund.status === 'paid')) return nothing('the return goes on with its refund');
  const key = refundKey({ ...parseOrderKey(authorization.orderKey), refundId: refund.refundId });
  const loaded = await loadRefund(ports.store, key);
  if (!loaded.refund) return nothing('the refund was blocked');
  return stageRefund(ports, loaded, byHand ? handedOver(loaded) : { type: 'drop', otherwise: false }, cause);
}

/** Store credit that the platform could not report has been issued all the same; money came from elsewhere. */
function handedOver({ refund }: LoadedRefund): RefundCommand {
  const state = refund?.state;
  return state?.status === 'planned' && state.means === 'store-credit'
    ? { type: 'confirm', ref: 'by hand', amount: state.amount }
    : { type: 'drop', otherwise: true };
}

const nothing = (why: string): Together<RefundState> => ({ kind: 'ignored', why, state: { status: 'none' } });
