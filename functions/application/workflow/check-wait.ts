import { nextLook } from './next-look.ts';
import type { WorkflowPorts } from './ports.ts';
import { carryOn } from './take-wait-step.ts';
import { isWaitStep } from './wait-steps.ts';

/** Name under which a wait shows up among the timers. */
const WAIT_TIMER = 'WAIT#';

export const isWaitTimer = (name: string): boolean => name.startsWith(WAIT_TIMER);

/**
 * Looks after a registered wait: tells the engine that it is alive, asks again for what it waits for, and lets it go on if
 * that has come about. So an answer to the engine that was lost heals by itself, and an order that lacked room for a
 * refund is asked again.
 */
export async function checkWait(
  ports: WorkflowPorts,
  { subject, name }: { readonly subject: string; readonly name: string },
  now: string,
): Promise<{ readonly again: string } | 'done'> {
  const step = name.slice(WAIT_TIMER.length);
  if (!isWaitStep(step)) throw new Error(`${subject}: no step "${step}" waits for anything`);
  const wait = await ports.waits.get(subject, step);
  if (!wait) return 'done';
  if (!(await ports.engine.heartbeat(wait.token))) {
    await ports.waits.remove(subject, wait);
    return 'done';
  }
  const taken = await carryOn(ports, subject, step, wait);
  return taken === 'waiting' ? { again: nextLook(wait, now) } : 'done';
}
