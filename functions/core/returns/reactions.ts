import { never } from '../kernel/decision.ts';
import { allEffects, type Effects, effects, NO_EFFECTS } from '../kernel/effects.ts';
import type { Target } from '../operations/operation.ts';
import * as cases from './cases.ts';
import { DISCREPANCY_CODES, discrepanciesOf } from './discrepancies.ts';
import type { ReturnEvent } from './events.ts';
import { stepOperation } from './operations.ts';
import type { OpenReturn } from './state.ts';

/** Timers of a return: goods must arrive, and must be inspected. */
export const RECEIPT_DEADLINE = 'receipt-deadline';
export const INSPECTION_DEADLINE = 'inspection-deadline';

/** What follows from events of a return; `state` is the return after all of them. */
export function returnReactions(events: readonly ReturnEvent[], state: OpenReturn, erp: Target): Effects {
  return allEffects(events.map((event) => react(event, state, erp)));
}

function react(event: ReturnEvent, state: OpenReturn, erp: Target): Effects {
  switch (event.type) {
    case 'return.requested':
      if (state.status === 'review') return effects({ openCases: [cases.review(state)] });
      return state.status === 'authorized' ? awaitGoods(state, state.authorization.decidedAt) : NO_EFFECTS;
    case 'return.reviewed':
      return allEffects([
        effects({ closeCases: [cases.RETURN_REVIEW] }),
        awaitsGoods(state) ? awaitGoods(state, event.at) : deadlines(state, event.at),
        discrepancies(state),
      ]);
    case 'return.reason-renormalized':
    case 'return.dispatched':
      return NO_EFFECTS;
    case 'return.received':
    case 'return.inspected':
      return allEffects([deadlines(state, event.occurredAt), discrepancies(state)]);
    case 'return.cancelled':
    case 'return.expired':
      return allEffects([ended, discrepancies(state)]);
    case 'return.cancelled-late':
      return effects({ openCases: [cases.cancelledLate(state)] });
    case 'return.receipt-missed':
      return effects({ openCases: [cases.receiptMissing(state)] });
    case 'return.inspection-missed':
      return effects({ openCases: [cases.inspectionOverdue(state)] });
    case 'return.assessed':
      return effects({
        openCases: event.finance.outcome === 'needs-approval' ? [cases.approval(state)] : [],
        closeCases: [cases.WORKFLOW_STALLED, cases.INSPECTION_OVERDUE],
        clearTimers: [INSPECTION_DEADLINE],
      });
    case 'return.approved':
      return effects({ closeCases: [cases.REFUND_APPROVAL, cases.WORKFLOW_STALLED] });
    case 'return.refused':
      return allEffects([ended, discrepancies(state)]);
    case 'return.step-planned':
      return effects({ operations: [stepOperation(event, state, erp)] });
    case 'return.step-applied':
      return effects({
        openCases: cases.differing(state, event),
        closeCases: [cases.refusedCode(event.step), cases.WORKFLOW_STALLED],
      });
    case 'return.step-refused':
      return effects({ openCases: [cases.stepRefused(state, event)] });
    case 'return.refund-moved':
      return event.refund.status === 'blocked'
        ? effects({ openCases: [cases.refundBlocked(state, event.refund)] })
        : effects({ closeCases: [cases.REFUND_BLOCKED, cases.WORKFLOW_STALLED] });
    case 'return.stalled':
      return effects({ openCases: [cases.stalled(state, event)] });
    case 'return.closed':
      return ended;
    default:
      return never(event);
  }
}

/** Nothing is waited for any more. */
const ended = effects({
  closeCases: [
    cases.RETURN_REVIEW,
    cases.REFUND_APPROVAL,
    cases.RECEIPT_MISSING,
    cases.INSPECTION_OVERDUE,
    cases.WORKFLOW_STALLED,
  ],
  clearTimers: [RECEIPT_DEADLINE, INSPECTION_DEADLINE],
});

const awaitsGoods = ({ status }: OpenReturn): boolean => status === 'authorized' || status === 'in-transit';

/** The inspection's deadline runs from the last receipt, and ends when all that came was looked at. */
function deadlines(state: OpenReturn, since: string): Effects {
  switch (state.status) {
    case 'received': {
      const dueAt = daysAfter(since, state.authorization.inspectionDays);
      return effects({
        closeCases: [cases.RECEIPT_MISSING, cases.WORKFLOW_STALLED],
        clearTimers: [RECEIPT_DEADLINE],
        setTimers: [{ name: INSPECTION_DEADLINE, dueAt }],
      });
    }
    case 'inspected':
      return effects({
        closeCases: [cases.RECEIPT_MISSING, cases.INSPECTION_OVERDUE, cases.WORKFLOW_STALLED],
        clearTimers: [RECEIPT_DEADLINE, INSPECTION_DEADLINE],
      });
    default:
      return NO_EFFECTS;
  }
}

const awaitGoods = (state: OpenReturn, since: string): Effects =>
  effects({ setTimers: [{ name: RECEIPT_DEADLINE, dueAt: daysAfter(since, state.authorization.receiptDays) }] });

/** Opens what the facts show and closes what they no longer show. */
function discrepancies(state: OpenReturn): Effects {
  const found = discrepanciesOf(state);
  const closeCases = DISCREPANCY_CODES.filter((code) => !found.some((one) => one.code === code));
  return effects({ openCases: found, closeCases });
}

const daysAfter = (instant: string, days: number): string =>
  new Date(Date.parse(instant) + days * 24 * 60 * 60 * 1000).toISOString();
