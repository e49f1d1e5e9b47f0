import { accepted, type Decider, type Decision, ignored, never, type Reason, rejected } from '../kernel/decision.ts';
import type { OpenOrder } from '../orders/state.ts';
import type { AuthorizedLine } from './credit.ts';
import { recordStepOutcome, requestStep, type StepCircumstances, type StepOutcome } from './decide-step.ts';
import type { DutyStage } from './duties/deadlines.ts';
import { noteDuty } from './duties/decide-duty.ts';
import type { ReturnEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { expire } from './goods/deadline.ts';
import { letKeep, recordProgress } from './goods/decide-progress.ts';
import { isClaimDue, settleClaim } from './money/claims.ts';
import {
  type CompensationOutcome,
  giveUpRefund,
  recordCompensation,
  resolveCompensation,
} from './money/compensation.ts';
import { approve, askAgain, lapse, refuse } from './money/decide-approval.ts';
import { type FinanceRules, type RefundDoubts, validateRefund } from './money/decide-finance.ts';
import { blockRefund, planRefund, type RefundReport, recordRefund, resolveRefund } from './money/decide-refund.ts';
import { advanceRefund } from './money/instant.ts';
import { payInstead } from './outcomes/exchange.ts';
import { renormalized } from './reasons/history.ts';
import type { ReasonMap } from './reasons.ts';
import type { ReturnProgress } from './return.ts';
import type { Authorization, OpenReturn, ReturnState, StepKind } from './state.ts';
import { isLookedAt } from './status.ts';

export type ReturnCommand =
  /** The policy's decision on a request, as data; `authorized` is empty unless the request is approved. */
  | {
      readonly type: 'authorize';
      readonly authorization: Authorization;
      readonly authorized: readonly AuthorizedLine[];
    }
  | {
      readonly type: 'decide-review';
      readonly decision: 'approved' | 'rejected';
      readonly by: string;
      readonly at: string;
      readonly authorized: readonly AuthorizedLine[];
    }
  /** Reads the reasons by another map; what was decided by the first one stays decided. */
  | { readonly type: 'renormalize-reasons'; readonly map: ReasonMap; readonly at: string }
  | { readonly type: 'record-progress'; readonly progress: ReturnProgress }
  /** `limits`: highest refund without a person's approval, by currency in minor units. `order`: as it stands. */
  | ({ readonly type: 'validate-refund'; readonly order?: OpenOrder; readonly at: string } & FinanceRules &
      RefundDoubts)
  | {
      readonly type: 'approve' | 'refuse' | 'ask-approval' | 'let-keep' | 'pay-instead';
      readonly by: string;
      readonly at: string;
    }
  | { readonly type: 'lapse-approval'; readonly at: string }
  | ({ readonly type: 'request-step'; readonly step: StepKind } & StepCircumstances)
  | { readonly type: 'record-step-outcome'; readonly step: StepKind; readonly outcome: StepOutcome }
  | { readonly type: 'plan-refund'; readonly refundId: string }
  /** Pays before the goods come, if the terms say so. */
  | { readonly type: 'advance-refund'; readonly refundId: string; readonly at: string }
  /** The order has no room for the refund. */
  | { readonly type: 'block-refund'; readonly refundId: string; readonly reason: Reason }
  /** How the refund stands now, read from the refund itself. */
  | ({ readonly type: 'record-refund' } & RefundReport)
  /** A person found that the buyer has the money already (the channel refunded by itself). */
  | { readonly type: 'resolve-refund'; readonly by: string }
  /** The refund will never be paid: the credit memo is taken back. */
  | { readonly type: 'give-up-refund'; readonly by: string }
  | { readonly type: 'record-compensation'; readonly outcome: CompensationOutcome }
  | { readonly type: 'resolve-compensation'; readonly ref: string; readonly by: string }
  | {
      readonly type: 'settle-clawback';
      readonly how: 'collected' | 'waived';
      readonly by: string;
      readonly at: string;
    }
  | { readonly type: 'note-duty'; readonly duty: string; readonly stage: DutyStage; readonly at: string }
  | { readonly type: 'expire' | 'note-inspection-missed' | 'close'; readonly at: string }
  | { readonly type: 'note-stalled'; readonly at: string; readonly step: string; readonly error: string };

export const returnDecider: Decider<ReturnState, ReturnCommand, ReturnEvent> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

function decide(command: ReturnCommand, state: ReturnState): Decision<ReturnEvent> {
  if (command.type === 'authorize') return authorize(command, state);
  if (state.status === 'none') {
    return rejected('RETURN_UNKNOWN', 'no such return: ask for its authorization before anything else is told of it');
  }
  switch (command.type) {
    case 'decide-review':
      return decideReview(command, state);
    case 'renormalize-reasons':
      return renormalizeReasons(command, state);
    case 'record-progress':
      return recordProgress(command.progress, state);
    case 'validate-refund':
      return validateRefund(command, command, command.at, state);
    case 'approve':
      return approve(command.by, command.at, state);
    case 'refuse':
      return refuse(command.by, command.at, state);
    case 'ask-approval':
      return askAgain(command.by, command.at, state);
    case 'lapse-approval':
      return lapse(command.at, state);
    case 'let-keep':
      return operatorLetsKeep(command, state);
    case 'pay-instead':
      return payInstead(command.by, command.at, state);
    case 'request-step':
      return requestStep(command.step, command, state);
    case 'record-step-outcome':
      return recordStepOutcome(command.step, command.outcome, state);
    case 'plan-refund':
      return planRefund(command.refundId, state);
    case 'advance-refund':
      return advanceRefund(command.refundId, command.at, state);
    case 'block-refund':
      return blockRefund(command.refundId, command.reason, state);
    case 'record-refund':
      return recordRefund(command, state);
    case 'resolve-refund':
      return resolveRefund(command.by, state);
    case 'give-up-refund':
      return giveUpRefund(command.by, state);
    case 'record-compensation':
      return recordCompensation(command.outcome, state);
    case 'resolve-compensation':
      return resolveCompensation(command.ref, command.by, state);
    case 'settle-clawback':
      return settleClaim(command.how, command.by, command.at, state);
    case 'note-duty':
      return noteDuty(command, state);
    case 'expire':
      return expire(command.at, state);
    case 'note-inspection-missed':
      if (state.status !== 'received' || isLookedAt(state)) return ignored('nothing waits for an inspection');
      return accepted({ type: 'return.inspection-missed', at: command.at });
    case 'note-stalled':
      return noteStalled(command, state);
    case 'close':
      return close(command.at, state);
    default:
      return never(command);
  }
}

/** Nothing more happens by itself. */
export const hasEnded = ({ status }: Pick<ReturnState, 'status'>): boolean =>
  status === 'rejected' ||
  status === 'closed' ||
  status === 'reversed' ||
  status === 'refused' ||
  status === 'cancelled' ||
  status === 'expired';

type Command<T extends ReturnCommand['type']> = Extract<ReturnCommand, { type: T }>;

function authorize({ authorization, authorized }: Command<'authorize'>, state: ReturnState): Decision<ReturnEvent> {
  if (state.status === 'none') return accepted({ type: 'return.requested', authorization, authorized });
  const { contentFingerprint, id } = state.authorization;
  if (contentFingerprint === authorization.contentFingerprint) return ignored('answered before');
  return rejected(
    'RETURN_CONFLICT',
    `return ${id.returnId} was asked for before with other lines: a changed request needs a return id of its own`,
  );
}

function decideReview(
  { decision, by, at, authorized }: Command<'decide-review'>,
  state: OpenReturn,
): Decision<ReturnEvent> {
  if (state.review) {
    if (state.review.decision === decision) return ignored(`already ${decision}`);
    return rejected('REVIEW_DECIDED', `the return was ${state.review.decision} before: it can't be ${decision} now`);
  }
  if (state.status !== 'review') {
    return rejected('NOT_IN_REVIEW', `the return is ${state.status}: only one in review can be decided`);
  }
  return accepted({ type: 'return.reviewed', decision, by, at, authorized });
}

/** Goods that were found wanting already are not the buyer's to keep without a word from the platform. */
function operatorLetsKeep({ by, at }: { readonly by: string; readonly at: string }, state: OpenReturn) {
  const waits: readonly OpenReturn['status'][] = ['authorized', 'in-transit', 'overdue'];
  if (state.kept === undefined && !waits.includes(state.status)) {
    return rejected('GOODS_NOT_AWAITED', `the return is ${state.status}: only goods that are awaited can be kept`);
  }
  return letKeep({ at, by }, state);
}

function renormalizeReasons({ map, at }: Command<'renormalize-reasons'>, state: OpenReturn): Decision<ReturnEvent> {
  const found = renormalized(state, map);
  if (!found) return ignored(`map ${map.version} reads every reason as before`);
  return accepted({ type: 'return.reason-renormalized', mappingVersion: map.version, at, ...found });
}

/** A step that is tried again every few minutes tells the same each time: only another trouble is news. */
function noteStalled({ at, step, error }: Command<'note-stalled'>, state: OpenReturn): Decision<ReturnEvent> {
  if (hasEnded(state)) return ignored(`the return is ${state.status}`);
  if (state.stalled?.step === step && state.stalled.error === error) return ignored('known');
  return accepted({ type: 'return.stalled', at, step, error });
}

function close(at: string, state: OpenReturn): Decision<ReturnEvent> {
  if (state.status === 'closed') return ignored('already closed');
  if (isClaimDue(state)) {
    return rejected('CLAWBACK_DUE', 'the buyer owes money for this return: it closes when that is settled');
  }
  const nothingOwed = state.finance?.outcome === 'nothing-to-refund' && !hasEnded(state);
  if (state.status === 'refunded' || state.status === 'overdue' || nothingOwed) {
    return accepted({ type: 'return.closed', at });
  }
  return rejected('RETURN_NOT_SETTLED', `the return is ${state.status}: it closes when the buyer has the money`);
}
