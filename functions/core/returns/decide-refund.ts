import { accepted, type Decision, ignored, type Reason, rejected } from '../kernel/decision.ts';
import type { ReturnEvent } from './events.ts';
import type { OpenReturn, RefundStanding } from './state.ts';

/** A refund of nothing (units that were free) is paid at once: no channel can be asked for it. */
export function planRefund(refundId: string, state: OpenReturn): Decision<ReturnEvent> {
  const { refund } = state;
  if (refund && refund.status !== 'blocked') return ignored(`refund ${refund.refundId} is ${refund.status}`);
  const missing = prerequisites(state);
  if (missing) return missing;
  const amount = state.finance?.refund ?? 0;
  return moved({ refundId, amount, status: amount === 0 ? 'paid' : 'planned' });
}

export function blockRefund(refundId: string, reason: Reason, state: OpenReturn): Decision<ReturnEvent> {
  const { refund } = state;
  if (refund && refund.status !== 'blocked') return ignored(`refund ${refund.refundId} is ${refund.status}`);
  // The workflow asks again every few minutes: only another reason is news.
  if (refund?.reason?.code === reason.code) return ignored('blocked for the same reason');
  return prerequisites(state) ?? moved({ refundId, amount: state.finance?.refund ?? 0, status: 'blocked', reason });
}

export function recordRefund(
  refundId: string,
  standing: Exclude<RefundStanding['status'], 'blocked'>,
  reason: Reason | undefined,
  state: OpenReturn,
): Decision<ReturnEvent> {
  const { refund } = state;
  if (refund?.refundId !== refundId) {
    return rejected('REFUND_NOT_PLANNED', `refund ${refundId} is not this return's refund`);
  }
  if (refund.status === standing || refund.status === 'paid') return ignored(`the refund is ${refund.status}`);
  return moved({ refundId, amount: refund.amount, status: standing, ...(reason && { reason }) });
}

export function resolveRefund(by: string, state: OpenReturn): Decision<ReturnEvent> {
  const { refund } = state;
  if (refund?.status === 'paid') return ignored('the refund is paid');
  if (refund?.status !== 'blocked' && refund?.status !== 'refused') {
    return rejected('REFUND_NOT_STUCK', 'only a refund that is blocked or refused can be resolved by hand');
  }
  return moved({ refundId: refund.refundId, amount: refund.amount, status: 'paid', by });
}

const moved = (refund: RefundStanding): Decision<ReturnEvent> => accepted({ type: 'return.refund-moved', refund });

function prerequisites({ status }: OpenReturn): ReturnType<typeof rejected> | undefined {
  if (status === 'stocked') return undefined;
  return rejected('STEP_OUT_OF_ORDER', `the return is ${status}: the refund can be asked for when it is stocked`);
}
