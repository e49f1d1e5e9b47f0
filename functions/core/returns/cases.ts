import type { CaseToOpen } from '../cases/case.ts';
import type { ReturnEvent } from './events.ts';
import { type FraudJudgement, told } from './fraud/judge.ts';
import { stepKey } from './operations.ts';
import type { Compensation, OpenReturn, RefundStanding, StepKind } from './state.ts';

/** Cases of a return that a decision or a deadline opens; what goods bring to light is in discrepancies.ts. */
export const RETURN_REVIEW = 'RETURN_REVIEW';
export const REFUND_APPROVAL = 'REFUND_APPROVAL';
export const RECEIPT_MISSING = 'RECEIPT_MISSING';
export const INSPECTION_OVERDUE = 'INSPECTION_OVERDUE';
export const REFUND_BLOCKED = 'REFUND_BLOCKED';
export const WORKFLOW_STALLED = 'WORKFLOW_STALLED';
export const APPROVAL_LAPSED = 'APPROVAL_LAPSED';
export const CLAWBACK_DUE = 'CLAWBACK_DUE';
export const COMPENSATION_FAILED = 'COMPENSATION_FAILED';
export const STORE_CREDIT_DUE = 'STORE_CREDIT_DUE';

/** ITEM_RECEIPT_REFUSED, CREDIT_MEMO_REFUSED, STOCK_MOVE_REFUSED. */
export const refusedCode = (step: StepKind): string => `${step.toUpperCase().replace('-', '_')}_REFUSED`;

const returnIdOf = ({ authorization }: OpenReturn): string => authorization.id.returnId;
const money = ({ authorization }: OpenReturn, minor: number) => ({ minor, currency: authorization.currency });
const refundOf = (state: OpenReturn) => money(state, state.finance?.refund ?? 0);

export const review = (state: OpenReturn): CaseToOpen => {
  const { reasons, lines, fraud } = state.authorization;
  const why = [...reasons.map(({ message }) => message), ...stopping(fraud)];
  const estimate = lines.reduce((sum, line) => sum + line.refundEstimate, 0);
  return {
    code: RETURN_REVIEW,
    owner: 'customer-service',
    message: `return ${returnIdOf(state)} needs a decision: ${why.join('; ')}`,
    suggestedFix: decideHint(state),
    moneyAtRisk: money(state, estimate),
  };
};

export function approval(state: OpenReturn): CaseToOpen {
  const { doubts = [], approval: asked } = state.finance ?? {};
  const left = (asked?.needed ?? 1) - (asked?.given.length ?? 0);
  const why = doubts.map(({ message }) => message).join('; ') || 'it is above what is paid without approval';
  return {
    code: REFUND_APPROVAL,
    owner: 'finance',
    message: `the refund of return ${returnIdOf(state)} waits for ${left === 1 ? 'a person who approves' : `${left} persons who approve`}: ${why}`,
    suggestedFix: decideHint(state),
    moneyAtRisk: refundOf(state),
  };
}

export const approvalLapsed = (state: OpenReturn): CaseToOpen => ({
  code: APPROVAL_LAPSED,
  owner: 'finance',
  message: `the approval of return ${returnIdOf(state)} was not given or not used in its time, and counts no more`,
  suggestedFix: `look at it anew, then: crossdock returns ask-approval ${returnIdOf(state)} --apply; another person approves`,
  moneyAtRisk: refundOf(state),
});

const WHY_OWED = {
  'never-arrived': 'and the goods did not come',
  'goods-short': 'and the goods are worth less',
  refused: 'and a person refused it',
} as const;

/** The amount is what was paid before receipt, less what the goods that came are worth. */
export function clawback(state: OpenReturn): CaseToOpen {
  const id = returnIdOf(state);
  const why = WHY_OWED[state.claim?.why ?? 'goods-short'];
  return {
    code: CLAWBACK_DUE,
    owner: 'finance',
    message: `return ${id} was refunded before receipt, ${why}: the buyer owes ${state.claim?.amount} (minor units)`,
    suggestedFix: `claim it from the buyer, then: crossdock returns clawback-collected ${id} --apply, or: crossdock returns clawback-waived ${id} --apply`,
    moneyAtRisk: money(state, state.claim?.amount ?? 0),
  };
}

export const compensationFailed = (state: OpenReturn, { reason }: Compensation): CaseToOpen => ({
  code: COMPENSATION_FAILED,
  owner: 'finance',
  message: `the credit memo of return ${returnIdOf(state)} stands without its refund, and the ERP does not take it back: ${reason?.code}: ${reason?.message}`,
  suggestedFix: `reverse it in the ERP, then: crossdock returns credit-reversed ${returnIdOf(state)} --ref NUMBER --apply`,
  moneyAtRisk: money(state, state.finance?.credit ?? 0),
});

export const storeCreditDue = (state: OpenReturn): CaseToOpen => ({
  code: STORE_CREDIT_DUE,
  owner: 'customer-service',
  message: `return ${returnIdOf(state)} is settled by store credit, and the platform has not said that it was issued`,
  suggestedFix: `have the returns platform issue it and report return.store_credit_issued; if it did and can't report it: crossdock returns resolve-refund ${returnIdOf(state)} --apply; if it is never to be issued: crossdock returns give-up-refund ${returnIdOf(state)} --apply`,
  moneyAtRisk: refundOf(state),
});

/** What live fraud rules said that made a person look. */
const stopping = (fraud: FraudJudgement | undefined): string[] =>
  (fraud?.verdicts ?? []).filter(({ mode, action }) => mode === 'live' && action === 'review').map(told);

const decideHint = (state: OpenReturn): string =>
  `crossdock returns approve ${returnIdOf(state)} --apply, or: crossdock returns refuse ${returnIdOf(state)} --apply`;

export const receiptMissing = (state: OpenReturn): CaseToOpen => ({
  code: RECEIPT_MISSING,
  owner: 'retail-operations',
  message: `return ${returnIdOf(state)} was ${state.delivered ? 'delivered by its carrier' : 'inspected'}, and no receipt was reported by its deadline`,
  suggestedFix: 'have the warehouse or the returns platform report the receipt; the return then goes on',
});

export const inspectionOverdue = (state: OpenReturn): CaseToOpen => ({
  code: INSPECTION_OVERDUE,
  owner: 'retail-operations',
  message: `return ${returnIdOf(state)} was received and not inspected within ${state.authorization.inspectionDays} days`,
  suggestedFix: 'inspect the goods and report it; the buyer waits for the money',
});

export const cancelledLate = (state: OpenReturn): CaseToOpen => ({
  code: 'CANCELLED_TOO_LATE',
  owner: 'customer-service',
  message: `the returns platform cancelled return ${returnIdOf(state)} when its refund was approved: the return goes on`,
  suggestedFix: 'tell the platform; if the buyer must not get the money, have finance reverse the credit',
  moneyAtRisk: refundOf(state),
});

export const stepRefused = (
  state: OpenReturn,
  { step, reason }: Extract<ReturnEvent, { type: 'return.step-refused' }>,
): CaseToOpen => ({
  code: refusedCode(step),
  owner: 'erp',
  message: `the ERP refuses the ${step} of return ${returnIdOf(state)}: ${reason.code}: ${reason.message}`,
  suggestedFix: `mend the cause, then: crossdock operations retry ${stepKey(step, state.authorization.id)} --apply${
    step === 'exchange'
      ? `; to pay the buyer in its place: crossdock returns pay-instead ${returnIdOf(state)} --apply`
      : ''
  }`,
  moneyAtRisk: refundOf(state),
});

/** The connector proves totals before it posts; a credit memo that was settled by hand may come to something else. */
export function differing(
  state: OpenReturn,
  { step, number, total }: Extract<ReturnEvent, { type: 'return.step-applied' }>,
): CaseToOpen[] {
  const must = state.finance?.credit ?? 0;
  if (step !== 'credit-memo' || total === undefined || total === must) return [];
  return [
    {
      code: 'CREDIT_DIFFERS',
      owner: 'finance',
      message: `credit memo ${number} of return ${returnIdOf(state)} comes to ${total} and must come to ${must} (minor units)`,
      suggestedFix: 'correct it in the ERP, then close this case',
      moneyAtRisk: money(state, Math.abs(total - must)),
    },
  ];
}

export const refundBlocked = (state: OpenReturn, { reason }: RefundStanding): CaseToOpen => ({
  code: REFUND_BLOCKED,
  owner: 'finance',
  message: `the refund of return ${returnIdOf(state)} does not fit its order: ${reason?.code}: ${reason?.message}`,
  suggestedFix: `it is tried again by itself; if the buyer has the money already: crossdock returns resolve-refund ${returnIdOf(state)} --apply; if it is never to be paid: crossdock returns give-up-refund ${returnIdOf(state)} --apply`,
  moneyAtRisk: refundOf(state),
});

/** The channel said no, and paid all the same. */
export const paidAfterAll = (state: OpenReturn, { amount }: RefundStanding): CaseToOpen => ({
  code: 'REFUND_PAID_AFTER_ALL',
  owner: 'finance',
  message: `the refund of return ${returnIdOf(state)} was given up and its credit memo is taken back, and now the channel has paid it`,
  suggestedFix: 'post the credit in the ERP anew, or claim the money back from the buyer; then close this case',
  moneyAtRisk: money(state, amount),
});

export const stalled = (
  state: OpenReturn,
  { step, error }: Extract<ReturnEvent, { type: 'return.stalled' }>,
): CaseToOpen => ({
  code: WORKFLOW_STALLED,
  owner: 'integration',
  message: `the workflow of return ${returnIdOf(state)} got stuck at ${step}: ${error}`,
  suggestedFix: `crossdock explain ${returnIdOf(state)} shows what it waits for`,
  moneyAtRisk: refundOf(state),
});
