import type { Operation } from '#core/operations/operation.ts';
import type { RefundState } from '#core/refunds/refund.ts';
import type { ReturnState } from '#core/returns/state.ts';
import { type Cause, type Handled, stage } from '../aggregate.ts';
import { handleTogether, type Together, writesOf } from '../returns/together.ts';
import type { PlanRefundPorts } from './plan-refund.ts';
import { loadRefund, stageRefund } from './stage-refund.ts';

/**
 * Has a refused refund tried again under its old key. Its money was freed when the channel refused, so the order must
 * reserve it anew, in the transaction that puts the operation's row (`again`, as `replan` makes it) back to work.
 *
 * Rejected when the order has no room any more, or when the buyer got the money in another way meanwhile.
 */
export const replanRefund = (
  ports: PlanRefundPorts,
  again: Operation,
  expectedRevision: number,
  cause: Cause,
): Promise<Handled<RefundState>> =>
  handleTogether(ports.store, again.subject, () => stageAgain(ports, again.subject, cause), cause, {
    operation: { row: again, expectedRevision },
  });

async function stageAgain(ports: PlanRefundPorts, key: string, cause: Cause): Promise<Together<RefundState>> {
  const loaded = await loadRefund(ports.store, key);
  const refund = stageRefund(ports, loaded, { type: 'plan-again' }, cause);
  if (refund.kind !== 'staged' || refund.state.status === 'none') return refund;
  const { returnKey, id } = refund.state;
  if (returnKey === undefined) return refund;

  const command = { type: 'record-refund', refundId: id.refundId, standing: 'planned' } as const;
  const told = stage(ports.returns, returnKey, command, await ports.store.load<ReturnState>(returnKey), cause);
  if (told.kind === 'rejected') return { ...told, state: loaded.refund?.state ?? refund.state };
  if (told.state.status !== 'none' && told.state.refund?.status === 'paid') {
    const message = `refund ${id.refundId} is settled for its return: the buyer has the money`;
    return { kind: 'rejected', reason: { code: 'REFUND_PAID', message }, state: refund.state };
  }
  return { kind: 'staged', writes: [...refund.writes, ...writesOf(told)], state: refund.state };
}
