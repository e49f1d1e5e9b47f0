import { accepted, type Decision, ignored, type Reason, rejected } from '../kernel/decision.ts';
import { creditTotal, refundTotal } from './credit.ts';
import type { ReturnEvent } from './events.ts';
import type { FraudJudgement } from './fraud/judge.ts';
import { acceptedGoods } from './goods.ts';
import type { Finance, OpenReturn } from './state.ts';
import { isReceived } from './status.ts';

/** Why a person must agree whatever the amount, and what the fraud rules said of the goods. */
export type RefundDoubts = { readonly doubts?: readonly Reason[]; readonly fraud?: FraudJudgement };

/**
 * Fixes what is paid and credited, from what has been received and inspected up to now, and whether a person must agree.
 * A parcel that arrives between inspection and validation does not hold it up.
 */
export function validateRefund(
  limits: Readonly<Record<string, number>>,
  at: string,
  state: OpenReturn,
  { doubts = [], fraud }: RefundDoubts = {},
): Decision<ReturnEvent> {
  if (state.finance) return ignored('validated before');
  const looked = isReceived(state) && state.inspections.length > 0;
  if (!looked || (state.status !== 'inspected' && state.status !== 'received')) {
    return rejected('NOT_INSPECTED', `the return is ${state.status}: a refund needs goods that were inspected`);
  }
  const { lines, moves } = acceptedGoods(state);
  const refund = refundTotal(lines);
  const { currency } = state.authorization;
  const limit = Object.hasOwn(limits, currency) ? limits[currency] : undefined;
  const outcome =
    lines.length === 0
      ? 'nothing-to-refund'
      : doubts.length === 0 && within(refund, limit)
        ? 'approved'
        : 'needs-approval';
  const finance: Finance = {
    outcome,
    lines,
    moves,
    refund,
    credit: creditTotal(lines),
    at,
    ...(doubts.length > 0 && { doubts }),
    ...(fraud && { fraud }),
  };
  return accepted({ type: 'return.assessed', finance });
}

/** A currency without a limit always needs a person, unless nothing is paid. */
const within = (refund: number, limit: number | undefined): boolean => refund <= (limit ?? 0);

export function approve(by: string, at: string, state: OpenReturn): Decision<ReturnEvent> {
  if (state.status === 'awaiting-approval') return accepted({ type: 'return.approved', by, at });
  return state.finance?.outcome === 'approved' ? ignored('already approved') : notAwaiting(state, 'approved');
}

export function refuse(by: string, at: string, state: OpenReturn): Decision<ReturnEvent> {
  if (state.status === 'awaiting-approval') return accepted({ type: 'return.refused', by, at });
  return state.status === 'refused' ? ignored('already refused') : notAwaiting(state, 'refused');
}

const notAwaiting = ({ status }: OpenReturn, verb: string) =>
  rejected('NOT_AWAITING_APPROVAL', `the return is ${status}: only one that awaits approval can be ${verb}`);
