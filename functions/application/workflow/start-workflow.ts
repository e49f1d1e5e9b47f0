import { createHash } from 'node:crypto';
import type { WorkflowEngine } from '../ports/workflow.ts';

/** Step Functions takes letters, digits, hyphens and underscores, 80 at most. */
const LONGEST_NAME = 80;

/**
 * Name of a return's run: the same for the same return, so that it is started once however often its event arrives.
 * `run` counts runs that a person began after one was given up.
 */
export function workflowName(returnKey: string, run = 1): string {
  const hash = createHash('sha256').update(returnKey).digest('hex').slice(0, 16);
  const end = run > 1 ? `-${hash}-${run}` : `-${hash}`;
  const readable = returnKey.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, LONGEST_NAME - end.length);
  return `${readable}${end}`;
}

/** Starts return-to-refund for an authorized return; starting it again changes nothing. */
export const startWorkflow = (
  { engine }: { readonly engine: WorkflowEngine },
  returnKey: string,
  run = 1,
): Promise<void> => engine.start(workflowName(returnKey, run), { returnKey });
