import type { Stage } from './stage.ts';

/** How long things may last before somebody else takes over. Seconds. */
export type Pace = {
  /** Longest run of a function that asks for so much. */
  functionTimeout(asked: number): number;
  /** How long a message that a function has in hand is hidden from others. */
  visibility(functionTimeout: number): number;
  /** How long an operation belongs to the executor that took it: longer than any executor can run. */
  readonly leaseSeconds: number;
};

/** AWS's advice for a queue that feeds a function: time for a batch that is throttled and tried again. */
const VISIBILITY_PER_TIMEOUT = 6;

const LEASE_SECONDS = 90;

/**
 * The pace of a stage. Crash drills kill functions and wait until others take over, so a local stage may run at a quicker
 * one, in the same proportions: a function ends before its message shows again and before its lease does.
 */
export function paceOf({ drillSeconds }: Pick<Stage, 'drillSeconds'>): Pace {
  if (drillSeconds === undefined) {
    return {
      functionTimeout: (asked) => asked,
      visibility: (timeout) => timeout * VISIBILITY_PER_TIMEOUT,
      leaseSeconds: LEASE_SECONDS,
    };
  }
  return {
    functionTimeout: (asked) => Math.min(asked, drillSeconds),
    visibility: (timeout) => timeout + 1,
    leaseSeconds: drillSeconds + 2,
  };
}
