import type { Log } from '#application/ports/runtime.ts';
import type { WorkflowPorts } from '#application/workflow/ports.ts';
import type { ReturnPolicy } from '#core/returns/policy.ts';
import { waitStore } from '#platform/aws/stores.ts';
import { StepFunctionsEngine } from '#platform/aws/workflow.ts';
import { jsonEnv, once, secondsEnv } from '#platform/env.ts';
import { clock, faults, ids } from '#platform/handlers/on-aws.ts';
import { refundPorts, returnPorts } from './aggregates.ts';

/** The merchant's rules for returns, as deployed; checked when the stage was synthesized. */
export const returnPolicy = once(() => jsonEnv('RETURNS_POLICY', (given) => given as ReturnPolicy));

/** Before a step that got stuck is tried again the first time. */
export const firstPauseSeconds = once(() => secondsEnv('WORKFLOW_PAUSE_SECONDS'));

const engine = once(() => new StepFunctionsEngine());

export const workflowPorts = (log: Log): WorkflowPorts => ({
  ...returnPorts(),
  ...refundPorts(),
  policy: returnPolicy(),
  waits: waitStore(),
  engine: engine(),
  clock,
  ids,
  log,
  faults: faults(),
});
