import type { WorkflowPorts } from './ports.ts';
import { type Resumed, resumeWait } from './resume-wait.ts';
import type { WaitStep } from './wait-steps.ts';

/** Which waits an event of a return may end; every other event ends none. */
const WAITS_OF: Readonly<Record<string, readonly WaitStep[]>> = {
  'return.received.v1': ['receipt', 'inspection'],
  'return.inspected.v1': ['inspection'],
  'return.receipt-closed.v1': ['receipt', 'inspection'],
  'return.kept.v1': ['receipt', 'inspection', 'clawback'],
  'return.approved.v1': ['approval'],
  'return.receipted.v1': ['item-receipt'],
  'return.credited.v1': ['credit-memo'],
  'return.stocked.v1': ['stock-move'],
  'return.exchanged.v1': ['exchange'],
  'return.refunded.v1': ['refund'],
  'return.clawback-due.v1': ['receipt', 'inspection'],
  'return.clawback-ended.v1': ['clawback'],
  'return.reversed.v1': ['exchange', 'refund'],
  'return.cancelled.v1': ['receipt', 'inspection', 'approval'],
  'return.expired.v1': ['receipt', 'inspection', 'clawback'],
  'return.refused.v1': ['approval'],
};

/** Lets go on what waits for a return's event. An event before its wait does nothing: the wait finds the fact there. */
export async function resumeWorkflow(
  ports: Pick<WorkflowPorts, 'store' | 'waits' | 'engine'>,
  returnKey: string,
  eventType: string,
): Promise<Resumed> {
  let outcome: Resumed = 'waiting';
  for (const step of WAITS_OF[eventType] ?? []) {
    const wait = await ports.waits.get(returnKey, step);
    const resumed = wait ? await resumeWait(ports, returnKey, step, wait) : 'waiting';
    if (resumed !== 'waiting') outcome = resumed;
  }
  return outcome;
}
