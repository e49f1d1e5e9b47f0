import { daysAfter } from '../../kernel/calendar.ts';
import { never } from '../../kernel/decision.ts';
import { allEffects, type Effects, effects } from '../../kernel/effects.ts';
import * as cases from '../cases.ts';
import { dutyTimers } from '../duties/deadlines.ts';
import type { ReturnEvent } from '../events.ts';
import type { OpenReturn, RefundStanding } from '../state.ts';
import { APPROVAL_EXPIRY, INSPECTION_DEADLINE, RECEIPT_DEADLINE } from '../timers.ts';

/** What follows when refund and credit are fixed: nobody waits for goods any more, and perhaps for a person. */
export function assessed(state: OpenReturn): Effects {
  const asked = state.finance?.outcome === 'needs-approval';
  return allEffects([
    effects({
      openCases: asked ? [cases.approval(state)] : [],
      closeCases: [cases.WORKFLOW_STALLED, cases.INSPECTION_OVERDUE],
      clearTimers: [INSPECTION_DEADLINE, RECEIPT_DEADLINE],
      setTimers: asked ? [approvalExpiry(state, state.finance?.at ?? '')] : [],
    }),
    dutyTimers(state),
  ]);
}

type ApprovalEvent = Extract<
  ReturnEvent,
  { type: 'return.approval-given' | 'return.approval-lapsed' | 'return.approval-asked' | 'return.approved' }
>;

/** Each word of a person gives the approval its time anew: to be completed, or to be used. */
export function approvals({ type, at }: ApprovalEvent, state: OpenReturn): Effects {
  const setTimers = [approvalExpiry(state, at)];
  switch (type) {
    case 'return.approval-given':
      return effects({ openCases: [cases.approval(state)], setTimers });
    case 'return.approval-asked':
      return effects({ openCases: [cases.approval(state)], closeCases: [cases.APPROVAL_LAPSED], setTimers });
    case 'return.approved':
      return effects({ closeCases: [cases.REFUND_APPROVAL, cases.WORKFLOW_STALLED], setTimers });
    case 'return.approval-lapsed':
      return effects({
        openCases: [cases.approvalLapsed(state)],
        closeCases: [cases.REFUND_APPROVAL],
        clearTimers: [APPROVAL_EXPIRY],
      });
    default:
      return never(type);
  }
}

/** Returns from before there were terms give a week, as terms do that say nothing else. */
const approvalExpiry = ({ authorization }: OpenReturn, since: string) => ({
  name: APPROVAL_EXPIRY,
  dueAt: daysAfter(since, authorization.terms?.approvalDays ?? 7),
});

export function refundMoved(refund: RefundStanding, state: OpenReturn): Effects {
  const givenUp = state.compensation !== undefined && state.compensation.status !== 'registered';
  const paid = refund.status === 'issued' || refund.status === 'paid';
  const credit = state.finance?.resolution === 'store-credit' && refund.status === 'planned';
  return allEffects([
    refund.status === 'blocked'
      ? effects({ openCases: [cases.refundBlocked(state, refund)] })
      : effects({
          openCases: credit && !state.issued?.length ? [cases.storeCreditDue(state)] : [],
          closeCases: [
            cases.REFUND_BLOCKED,
            cases.WORKFLOW_STALLED,
            ...(refund.status === 'paid' ? [cases.STORE_CREDIT_DUE] : []),
          ],
        }),
    effects({ openCases: givenUp && paid ? [cases.paidAfterAll(state, refund)] : [] }),
    dutyTimers(state),
  ]);
}
