import type { Reason } from '#core/kernel/decision.ts';
import { BusinessError, PoisonError } from '#core/kernel/errors.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import { hasEnded, type ReturnCommand } from '#core/returns/decider.ts';
import { doubtsAtRefund, type FraudJudgement } from '#core/returns/fraud/judge.ts';
import type { RefundDoubts } from '#core/returns/money/decide-finance.ts';
import { pauseBeforeRetry } from '#core/returns/pause.ts';
import type { ReturnPolicy } from '#core/returns/policy.ts';
import type { OpenReturn, ReturnState } from '#core/returns/state.ts';
import type { Cause } from '../aggregate.ts';
import type { Clock, IdSource, Log } from '../ports/runtime.ts';
import { type CommandOf, changeReturn, type Present, type ReturnPorts } from '../returns/change-return.ts';
import { STEP_REFUSED } from './take-wait-step.ts';

export type ReturnStepPorts = ReturnPorts & {
  readonly policy: Pick<ReturnPolicy, 'autoApproveUpTo' | 'settlement'>;
  /** What the fraud rules say with the goods in the house; left out: none are asked. Throws while they can't be. */
  readonly fraudAtRefund?: (
    order: OpenOrder,
    asked: { readonly key: string; readonly at: string },
    state: OpenReturn,
  ) => Promise<FraudJudgement | undefined>;
  /** Before a stuck step is tried again the first time. */
  readonly pauseSeconds: number;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
};

/** What the workflow asks of a step that answers at once. `at` and `error`: what got stuck, and how. */
export type ReturnStep = {
  readonly returnKey: string;
  readonly step: string;
  readonly at?: string;
  readonly error?: string;
};

/** The workflow picks all of these fields, and one that is missing ends its run where nothing catches it. */
export type StepAnswer =
  | { readonly outcome: 'approved' | 'needs-approval' | 'nothing-to-refund' | 'closed' }
  | Escalated;

export type Escalated = {
  readonly outcome: 'wait-again' | 'ended' | 'give-up';
  /** How long to wait, whether or not the step is tried again. */
  readonly pauseSeconds: number;
};

/** Does one synchronous step. Throws BusinessError when the return does not allow it; doing one twice is harmless. */
export async function runReturnStep(ports: ReturnStepPorts, asked: ReturnStep): Promise<StepAnswer> {
  const { returnKey, step } = asked;
  const cause: Cause = {
    now: ports.clock.now(),
    correlationId: ports.ids.next(),
    causationId: `workflow/${returnKey}/${step}`,
  };
  switch (step) {
    case 'validate-refund':
      return validateRefund(ports, returnKey, cause);
    case 'close-return':
      return closeReturn(ports, returnKey, cause);
    case 'escalate':
      return escalate(ports, asked, cause);
    default:
      throw new PoisonError('STEP_UNKNOWN', `${returnKey}: the workflow asks for "${step}"`);
  }
}

/** A return that has ended meanwhile owes nothing: the workflow goes to its end. */
async function validateRefund(ports: ReturnStepPorts, returnKey: string, cause: Cause): Promise<StepAnswer> {
  const { state, refusal } = await change(
    ports,
    returnKey,
    (present) => validation(ports, returnKey, present, cause),
    cause,
  );
  const outcome = state.status === 'none' ? undefined : state.finance?.outcome;
  if (hasEnded(state) || outcome === 'refused') return { outcome: 'nothing-to-refund' };
  if (refusal) throw new BusinessError(refusal.code, refusal.message, { context: { subject: returnKey } });
  if (outcome === undefined) throw new Error(`${returnKey} was validated without an outcome`);
  return { outcome };
}

/** The order as it stands shows what has changed since the return was authorized. */
async function validation(
  ports: ReturnStepPorts,
  returnKey: string,
  { state, order }: Present,
  { now: at }: Cause,
): Promise<ReturnCommand> {
  const { autoApproveUpTo: limits, settlement: { twoApproversAbove, keepItemUpTo } = {} } = ports.policy;
  const stored = state.status === 'none' ? undefined : await order(state.authorization.orderKey);
  const current = stored?.state.status === 'none' ? undefined : stored?.state;
  return {
    type: 'validate-refund',
    limits,
    at,
    ...(twoApproversAbove && { twoApproversAbove }),
    ...(keepItemUpTo && { keepItemUpTo }),
    ...(current && { order: current, ...(await judgedOf(ports, returnKey, current, state, at)) }),
  };
}

/** Goods are judged once, when the refund is fixed; a return that has been validated is not asked about again. */
async function judgedOf(
  { fraudAtRefund }: ReturnStepPorts,
  key: string,
  order: OpenOrder,
  state: ReturnState,
  at: string,
): Promise<RefundDoubts> {
  if (!fraudAtRefund || state.status === 'none' || state.finance) return {};
  const judgement = await fraudAtRefund(order, { key, at }, state);
  if (!judgement) return {};
  const doubts = doubtsAtRefund(judgement, state.authorization.fraud, state.review?.decision === 'approved');
  return { fraud: judgement, ...(doubts.length > 0 && { doubts }) };
}

async function closeReturn(ports: ReturnStepPorts, returnKey: string, cause: Cause): Promise<StepAnswer> {
  const { state, refusal } = await change(ports, returnKey, () => ({ type: 'close', at: cause.now }), cause);
  if (refusal && !hasEnded(state)) {
    throw new BusinessError(refusal.code, refusal.message, { context: { subject: returnKey } });
  }
  return { outcome: 'closed' };
}

/**
 * A step failed or waited beyond its time: a person is told, and it is tried again after a pause. A return that has ended meanwhile takes
 * its workflow to the end with it; given up is only what waiting does not change, a step that the return refuses.
 */
async function escalate(
  ports: ReturnStepPorts,
  { returnKey, at = 'an unnamed state', error = 'an unnamed error' }: ReturnStep,
  cause: Cause,
): Promise<Escalated> {
  ports.log.error('workflow stalled', { subject: returnKey, at, error });
  const stalled: ReturnCommand = { type: 'note-stalled', at: cause.now, step: at, error };
  const { state } = await change(ports, returnKey, () => stalled, cause);
  const pauseSeconds = pauseBeforeRetry(state, ports.pauseSeconds, cause.now);
  if (hasEnded(state)) return { outcome: 'ended', pauseSeconds };
  return { outcome: error === STEP_REFUSED ? 'give-up' : 'wait-again', pauseSeconds };
}

async function change(
  ports: ReturnStepPorts,
  returnKey: string,
  commandOf: CommandOf,
  cause: Cause,
): Promise<{ readonly state: ReturnState; readonly refusal?: Reason }> {
  const handled = await changeReturn(ports, returnKey, commandOf, cause);
  if (handled.kind === 'seen') throw new Error(`${returnKey}: a step of the workflow has no inbox mark`);
  return { state: handled.state, ...(handled.kind === 'rejected' && { refusal: handled.reason }) };
}
