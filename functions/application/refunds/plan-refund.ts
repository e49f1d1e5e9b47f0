import { partsOfLines } from '#core/ledger/buckets.ts';
import { parseOrderKey } from '#core/orders/order.ts';
import type { OrderState } from '#core/orders/state.ts';
import type { RefundState } from '#core/refunds/refund.ts';
import { type RefundTerms, refundIdOfReturn, refundKey } from '#core/refunds/refund.ts';
import { parseReturnKey } from '#core/returns/return.ts';
import type { OpenReturn, ReturnState } from '#core/returns/state.ts';
import { type Cause, type Handled, stage } from '../aggregate.ts';
import type { ReturnAggregate } from '../returns/return-aggregate.ts';
import { handleTogether, type Together, writesOf } from '../returns/together.ts';
import { type RefundPorts, stageRefund } from './stage-refund.ts';

export type PlanRefundPorts = RefundPorts & { readonly returns: ReturnAggregate };

/**
 * Plans a return's refund: the order reserves the money, the refund plans the channel's operation and the return notes it,
 * all in one transaction. An order without room blocks the refund, which a person is told of; nothing is paid then.
 */
export const planRefund = (ports: PlanRefundPorts, returnKey: string, cause: Cause): Promise<Handled<ReturnState>> =>
  handleTogether(ports.store, returnKey, () => stagePlan(ports, returnKey, cause), cause);

async function stagePlan(ports: PlanRefundPorts, returnKey: string, cause: Cause): Promise<Together<ReturnState>> {
  const { store, returns } = ports;
  const stored = await store.load<ReturnState>(returnKey);
  const refundId = refundIdOfReturn(parseReturnKey(returnKey));
  const planned = stage(returns, returnKey, { type: 'plan-refund', refundId }, stored, cause);
  if (planned.kind !== 'staged') return planned;
  const after = planned.state;
  if (after.status === 'none') throw new Error(`${returnKey} plans a refund and is none`);
  // Nothing to pay: the return is refunded at once.
  if (after.refund?.status === 'paid') return { kind: 'staged', writes: writesOf(planned), state: after };

  const terms = termsOf(after, returnKey, refundId);
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
      const command = { type: 'block-refund', refundId, reason: refund.reason } as const;
      const blocked = stage(returns, returnKey, command, stored, cause);
      return blocked.kind === 'staged' ? { kind: 'staged', writes: writesOf(blocked), state: blocked.state } : blocked;
    }
  }
}

function termsOf({ authorization, finance }: OpenReturn, returnKey: string, refundId: string): RefundTerms {
  if (!finance) throw new Error(`${returnKey} plans a refund that was never validated`);
  const { orderKey, currency } = authorization;
  return {
    id: { ...parseOrderKey(orderKey), refundId },
    orderKey,
    returnKey,
    currency,
    amount: finance.refund,
    parts: partsOfLines(finance.lines),
    lines: finance.lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
  };
}
