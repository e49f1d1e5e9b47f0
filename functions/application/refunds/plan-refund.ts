import type { OrderState } from '#core/orders/state.ts';
import type { RefundState } from '#core/refunds/refund.ts';
import { refundIdOfReturn, refundKey } from '#core/refunds/refund.ts';
import { parseReturnKey } from '#core/returns/return.ts';
import type { ReturnState } from '#core/returns/state.ts';
import { type Cause, type Handled, stage } from '../aggregate.ts';
import type { ReturnAggregate } from '../returns/return-aggregate.ts';
import { handleTogether, type Together, writesOf } from '../returns/together.ts';
import { refundTerms } from './refund-terms.ts';
import { settleExchange } from './settle-outcome.ts';
import { type RefundPorts, stageRefund } from './stage-refund.ts';

export type PlanRefundPorts = RefundPorts & { readonly returns: ReturnAggregate };

/**
 * Plans a return's refund: the order reserves the money, the refund plans the channel's operation and the return notes it,
 * all in one transaction. An order without room blocks the refund, which a person is told of; nothing is paid then.
 */
export const planRefund = (ports: PlanRefundPorts, returnKey: string, cause: Cause): Promise<Handled<ReturnState>> =>
  handleTogether(ports.store, returnKey, () => stagePlan(ports, returnKey, 'plan-refund', cause), cause);

/**
 * The same before the goods come, where the terms of the return say so. An order without room blocks nothing: the refund is
 * then decided when the goods are here, as any other.
 */
export const advanceRefund = (ports: PlanRefundPorts, returnKey: string, cause: Cause): Promise<Handled<ReturnState>> =>
  handleTogether(ports.store, returnKey, () => stagePlan(ports, returnKey, 'advance-refund', cause), cause);

async function stagePlan(
  ports: PlanRefundPorts,
  returnKey: string,
  type: 'plan-refund' | 'advance-refund',
  cause: Cause,
): Promise<Together<ReturnState>> {
  const { store, returns } = ports;
  const stored = await store.load<ReturnState>(returnKey);
  const refundId = refundIdOfReturn(parseReturnKey(returnKey));
  if (exchanges(stored?.state)) await settleExchange(ports, returnKey, cause);
  const planned = stage(returns, returnKey, { type, refundId, at: cause.now }, stored, cause);
  if (planned.kind !== 'staged') return planned;
  const after = planned.state;
  if (after.status === 'none') throw new Error(`${returnKey} plans a refund and is none`);
  // Nothing to pay: the return is refunded at once.
  if (after.refund?.status === 'paid') return { kind: 'staged', writes: writesOf(planned), state: after };

  const terms = refundTerms(after, refundId);
  const key = refundKey(terms.id);
  const loaded = {
    key,
    refund: await store.load<RefundState>(key),
    order: await store.load<OrderState>(terms.orderKey),
  };
  const refund = stageRefund(ports, loaded, { type: 'plan', terms }, cause);
  switch (refund.kind) {
    case 'staged':
      return { kind: 'staged', writes: [...refund.writes, ...writesOf(planned)], state: after };
    case 'ignored':
      return { kind: 'staged', writes: writesOf(planned), state: after };
    case 'rejected': {
      const state = stored?.state ?? returns.decider.initial;
      if (type === 'advance-refund') return { kind: 'ignored', why: refund.reason.message, state };
      const command = { type: 'block-refund', refundId, reason: refund.reason } as const;
      const blocked = stage(returns, returnKey, command, stored, cause);
      return blocked.kind === 'staged' ? { kind: 'staged', writes: writesOf(blocked), state: blocked.state } : blocked;
    }
  }
}

/** The replacement's worth is counted before what it leaves is refunded: after that nobody would ask for it again. */
const exchanges = (state: ReturnState | undefined): boolean =>
  state !== undefined && state.status !== 'none' && state.finance?.resolution === 'exchange';
