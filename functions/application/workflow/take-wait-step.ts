import { PoisonError } from '#core/kernel/errors.ts';
import type { Cause } from '../aggregate.ts';
import type { Wait } from '../ports/store.ts';
import { changeReturn } from '../returns/change-return.ts';
import { nextLook } from './next-look.ts';
import type { WorkflowPorts } from './ports.ts';
import { isAskedFor, requestStep } from './request-step.ts';
import { type Resumed, resumeWait } from './resume-wait.ts';
import { isWaitStep, type WaitStep } from './wait-steps.ts';

/** What the workflow sends when it begins to wait. */
export type WaitMessage = {
  readonly taskToken: string;
  readonly returnKey: string;
  readonly step: string;
  readonly patienceSeconds: number;
};

export type TakenWait = Resumed | 'stale' | 'refused';

/** Error name of a step that can't be done as the return stands; the workflow has it escalated. */
export const STEP_REFUSED = 'StepRefused';

/** What time, a person or a later event of another aggregate may put right: the step is asked for again while it waits. */
const PASSING: readonly string[] = [
  ...['ORDER_NOT_BOOKED', 'PERIOD_CLOSED', 'APPROVAL_MISSING', 'EXCHANGE_NOT_BOOKED', 'REFUND_GIVEN_UP'],
];

/**
 * Takes a step that begins to wait: first its token is kept, then what it waits for is asked for, then it goes on at once
 * if that is there already. After a crash the message comes again, and every part of this can be done twice.
 */
export async function takeWaitStep(
  ports: WorkflowPorts,
  { taskToken, returnKey, step, patienceSeconds }: WaitMessage,
): Promise<TakenWait> {
  if (!isWaitStep(step)) throw new PoisonError('STEP_UNKNOWN', `${returnKey}: the workflow waits for "${step}"`);
  const now = ports.clock.now();
  const wait: Wait = { step, token: taskToken, since: now, patienceSeconds };
  if (!(await isCurrent(ports, returnKey, wait))) return 'stale';
  await ports.waits.put(returnKey, wait, nextLook(wait, now));
  await ports.faults.at('workflow:after-wait', returnKey);
  return carryOn(ports, returnKey, step, wait);
}

/** Asks for what the step waits for and looks whether it is there. */
export async function carryOn(
  ports: WorkflowPorts,
  returnKey: string,
  step: WaitStep,
  wait: Wait,
): Promise<Exclude<TakenWait, 'stale'>> {
  const { waits, engine, log } = ports;
  const cause: Cause = {
    now: ports.clock.now(),
    correlationId: ports.ids.next(),
    causationId: `workflow/${returnKey}/${step}`,
  };
  // A return that has ended refuses every step: the wait then ends with it, which is no refusal of the step.
  const before = await resumeWait(ports, returnKey, step, wait);
  if (before !== 'waiting' || !isAskedFor(step)) return before;
  const { refusal, changed } = await requestStep(ports, returnKey, step, cause);
  // Facts that came meanwhile have found the wait: it was kept before.
  if (!refusal && !changed) return 'waiting';
  const resumed = await resumeWait(ports, returnKey, step, wait);
  if (!refusal || resumed !== 'waiting') return resumed;

  log.warn('step refused', { subject: returnKey, step, code: refusal.code });
  const error = `${refusal.code}: ${refusal.message}`;
  await changeReturn(ports, returnKey, () => ({ type: 'note-stalled', at: cause.now, step, error }), cause);
  if (PASSING.includes(refusal.code)) return 'waiting';
  await engine.fail(wait.token, STEP_REFUSED, error);
  await waits.remove(returnKey, wait);
  return 'refused';
}

/** A message that comes again late must not push out the token that the workflow waits with since. */
async function isCurrent(
  { waits, engine }: Pick<WorkflowPorts, 'waits' | 'engine'>,
  returnKey: string,
  { step, token }: Wait,
): Promise<boolean> {
  const known = await waits.get(returnKey, step);
  return known === undefined || known.token === token || (await engine.heartbeat(token));
}
