import { daysAfter } from '../kernel/calendar.ts';
import { never } from '../kernel/decision.ts';
import { allEffects, type Effects, effects, NO_EFFECTS } from '../kernel/effects.ts';
import type { Target } from '../operations/operation.ts';
import * as cases from './cases.ts';
import { refundTotal } from './credit.ts';
import { dutiesOfReturn, dutyCase, dutyTimers } from './duties/deadlines.ts';
import type { ReturnEvent } from './events.ts';
import { restDueAt } from './goods/deadline.ts';
import { DISCREPANCY_CODES, discrepanciesOf } from './goods/discrepancies.ts';
import { dueGoods } from './money/due.ts';
import { approvals, assessed, refundMoved } from './money/reactions.ts';
import { reversalOperation, stepOperation } from './operations.ts';
import type { Compensation, OpenReturn } from './state.ts';
import { isComplete, isLookedAt } from './status.ts';
import { APPROVAL_EXPIRY, INSPECTION_DEADLINE, RECEIPT_DEADLINE } from './timers.ts';

/** What follows from events of a return; `state` is the return after all of them. */
export const returnReactions = (events: readonly ReturnEvent[], state: OpenReturn, erp: Target): Effects =>
  allEffects(events.map((event) => react(event, state, erp)));

function react(event: ReturnEvent, state: OpenReturn, erp: Target): Effects {
  switch (event.type) {
    case 'return.requested':
      if (state.status === 'review') return effects({ openCases: [cases.review(state)] });
      return state.status === 'authorized' ? awaitGoods(state, state.authorization.decidedAt) : NO_EFFECTS;
    case 'return.reviewed':
      return allEffects([
        effects({ closeCases: [cases.RETURN_REVIEW] }),
        awaitsGoods(state) ? awaitGoods(state, event.at) : deadlines(state),
        discrepancies(state),
      ]);
    case 'return.reason-renormalized':
    case 'return.dispatched':
      return NO_EFFECTS;
    case 'return.credit-issued':
    case 'return.carrier-reported':
    case 'return.resolution-chosen':
      return discrepancies(state);
    case 'return.received':
    case 'return.inspected':
    case 'return.receipt-closed':
    case 'return.kept':
      return allEffects([deadlines(state), dutyTimers(state), discrepancies(state)]);
    case 'return.cancelled':
    case 'return.expired':
    case 'return.refused':
      return allEffects([ended, dutyTimers(state), discrepancies(state)]);
    case 'return.cancelled-late':
      return effects({ openCases: [cases.cancelledLate(state)] });
    case 'return.receipt-missed':
      return effects({ openCases: [cases.receiptMissing(state)] });
    case 'return.inspection-missed':
      return effects({ openCases: [cases.inspectionOverdue(state)] });
    case 'return.assessed':
      return allEffects([assessed(state), discrepancies(state)]);
    case 'return.approval-given':
    case 'return.approval-lapsed':
    case 'return.approval-asked':
    case 'return.approved':
      return approvals(event, state);
    case 'return.step-planned':
      return effects({
        operations: [stepOperation(event, state, erp)],
        clearTimers: state.finance?.approval ? [APPROVAL_EXPIRY] : [],
      });
    case 'return.step-applied':
      return effects({
        openCases: cases.differing(state, event),
        closeCases: [cases.refusedCode(event.step), cases.WORKFLOW_STALLED],
      });
    case 'return.step-refused':
      return effects({ openCases: [cases.stepRefused(state, event)] });
    case 'return.exchange-dropped':
      return allEffects([
        effects({ closeCases: [cases.refusedCode('exchange'), cases.WORKFLOW_STALLED] }),
        discrepancies(state),
      ]);
    case 'return.refund-advanced':
      return NO_EFFECTS;
    case 'return.refund-moved':
      return refundMoved(event.refund, state);
    case 'return.clawback-due':
      return effects({
        openCases: [cases.clawback(state)],
        closeCases: [cases.WORKFLOW_STALLED],
        clearTimers: [RECEIPT_DEADLINE],
      });
    case 'return.clawback-ended':
      // Nothing came, and nothing was paid: the time for goods is looked at once more.
      return allEffects([
        effects({ closeCases: [cases.CLAWBACK_DUE] }),
        awaitsGoods(state) ? awaitGoods(state, state.review?.at ?? state.authorization.decidedAt) : NO_EFFECTS,
      ]);
    case 'return.clawback-settled':
      return allEffects([effects({ closeCases: [cases.CLAWBACK_DUE] }), discrepancies(state)]);
    case 'return.compensation-moved':
      return compensationMoved(event.compensation, state, erp);
    case 'return.duty-noted':
      return dutyNoted(event, state);
    case 'return.stalled':
      return effects({ openCases: [cases.stalled(state, event)] });
    case 'return.closed':
      return allEffects([ended, dutyTimers(state), discrepancies(state)]);
    default:
      return never(event);
  }
}

/** Nothing is waited for any more. */
const ended = effects({
  closeCases: [
    cases.RETURN_REVIEW,
    cases.REFUND_APPROVAL,
    cases.APPROVAL_LAPSED,
    cases.RECEIPT_MISSING,
    cases.INSPECTION_OVERDUE,
    cases.WORKFLOW_STALLED,
  ],
  clearTimers: [RECEIPT_DEADLINE, INSPECTION_DEADLINE, APPROVAL_EXPIRY],
});

const awaitsGoods = ({ status }: OpenReturn): boolean => status === 'authorized' || status === 'in-transit';

/** The inspection's deadline runs from the last receipt, and ends when all that came was looked at. */
function deadlines(state: OpenReturn): Effects {
  switch (state.status) {
    case 'received':
      return allEffects([rest(state), inspection(state)]);
    case 'kept':
    case 'inspected':
      return effects({
        closeCases: [cases.RECEIPT_MISSING, cases.INSPECTION_OVERDUE, cases.WORKFLOW_STALLED],
        clearTimers: [RECEIPT_DEADLINE, INSPECTION_DEADLINE],
      });
    default:
      return NO_EFFECTS;
  }
}

/** The rest of a return that came in part is waited for as long as its terms say. */
function rest(state: OpenReturn): Effects {
  const dueAt = isComplete(state) ? undefined : restDueAt(state);
  return effects({
    closeCases: [cases.RECEIPT_MISSING, cases.WORKFLOW_STALLED],
    clearTimers: dueAt === undefined ? [RECEIPT_DEADLINE] : [],
    setTimers: dueAt === undefined ? [] : [{ name: RECEIPT_DEADLINE, dueAt }],
  });
}

function inspection(state: OpenReturn): Effects {
  const last = state.receipts
    .map(({ occurredAt }) => occurredAt)
    .sort()
    .at(-1);
  if (last === undefined || isLookedAt(state)) {
    return effects({ closeCases: [cases.INSPECTION_OVERDUE], clearTimers: [INSPECTION_DEADLINE] });
  }
  return effects({
    setTimers: [{ name: INSPECTION_DEADLINE, dueAt: daysAfter(last, state.authorization.inspectionDays) }],
  });
}

const awaitGoods = (state: OpenReturn, since: string): Effects =>
  effects({ setTimers: [{ name: RECEIPT_DEADLINE, dueAt: daysAfter(since, state.authorization.receiptDays) }] });

function compensationMoved(compensation: Compensation, state: OpenReturn, erp: Target): Effects {
  switch (compensation.status) {
    case 'registered':
      return NO_EFFECTS;
    case 'planned':
      return effects({ operations: [reversalOperation(state, erp)], closeCases: [cases.REFUND_BLOCKED] });
    case 'failed':
      return effects({ openCases: [cases.compensationFailed(state, compensation)] });
    case 'done':
      return allEffects([
        ended,
        effects({ closeCases: [cases.COMPENSATION_FAILED, cases.REFUND_BLOCKED, cases.STORE_CREDIT_DUE] }),
        dutyTimers(state),
        discrepancies(state),
      ]);
    default:
      return never(compensation.status);
  }
}

function dutyNoted({ duty, stage }: Extract<ReturnEvent, { type: 'return.duty-noted' }>, state: OpenReturn): Effects {
  const found = dutiesOfReturn(state).find(({ id }) => id === duty);
  const atRisk = state.finance?.refund ?? refundTotal(dueGoods(state).lines);
  return found ? dutyCase(state, found, stage, atRisk) : NO_EFFECTS;
}

/** Opens what the facts show and closes what they no longer show. */
function discrepancies(state: OpenReturn): Effects {
  const found = discrepanciesOf(state);
  const closeCases = DISCREPANCY_CODES.filter((code) => !found.some((one) => one.code === code));
  return effects({ openCases: found, closeCases });
}
