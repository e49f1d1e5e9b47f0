import type { SendTaskHeartbeatCommand, SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { runReturnStep } from '#application/workflow/run-return-step.ts';
import { takeWaitStep } from '#application/workflow/take-wait-step.ts';
import { StepFunctionsEngine } from '#platform/aws/workflow.ts';
import { MemoryClock } from '#platform/memory/runtime.ts';
import { returnToRefund } from '../../../lib/workflows/return-to-refund.ts';
import { House } from '../returns/house.ts';
import { RETURN_KEY, wayTo } from '../returns/samples.ts';
import { DAY, HOUR, type Message, named, SECOND, WorkflowBench } from './workflow-bench.ts';

/**
 * The shipped workflow with the shipped steps behind it, on a return that has all it needs; one step fails every time it is
 * tried, until its cause is mended. A history holds 25,000 events: with pauses of 300 s all alike, a step that fails at once
 * would have filled it after 4.8 days, and one whose token never arrives after 59.4 days.
 */
const MENDED = 60 * DAY;
const LONGEST_PAUSE = 6 * HOUR;
/** Attempts at a step itself, with all their retries. */
const TRYING = 10 * 60 * SECOND;

const definition = returnToRefund(
  { waitsQueueUrl: 'the-waits', stepFunctionArn: 'step-return' },
  {
    heartbeatSeconds: 3_600,
    outsideHeartbeatSeconds: 21_600,
    receiptDays: 45,
    inspectionDays: 14,
    approvalDays: 14,
    operationDays: 7,
  },
);

type Step = { readonly returnKey: string; readonly step: string };
type Trouble = {
  /** Throws what the call of `step-return` fails with. */
  readonly invoke?: (step: Step) => void;
  /** Throws what the call of the queue fails with; false loses the message. */
  readonly send?: (message: Message) => boolean;
};

/** Runs a return whose refund is paid to its end, with this trouble until `mended`. */
async function run({ invoke, send }: Trouble, mended = MENDED) {
  const house = new House();
  await house.shippedOrder();
  await house.return(...wayTo.refunded);
  const bench: WorkflowBench = new WorkflowBench(definition, {
    invoke: (step: Step) => {
      if (bench.loop.now < mended) invoke?.(step);
      return runReturnStep(ports(), step);
    },
    onMessage: (message) => {
      if (bench.loop.now >= mended || (send?.(message) ?? true)) void takeWaitStep(ports(), message);
    },
  });
  const client = { send: async (command: SendTaskHeartbeatCommand) => bench.sfn.apply(command) };
  const engine = new StepFunctionsEngine(client as unknown as SFNClient);
  const start = Date.parse(house.clock.now());
  const ports = () => ({
    ...house.ports,
    engine,
    clock: new MemoryClock(new Date(start + bench.loop.now).toISOString()),
  });
  const { status, state, endedAt = 0, events, error } = await bench.run({ returnKey: RETURN_KEY });
  return { status, state, endedAt, events, error, house, bench };
}

const failsAs =
  (error: string, step: string) =>
  (asked: Step): void => {
    if (asked.step === step) throw named(error);
  };
const lost =
  (step: string) =>
  (message: Message): boolean =>
    message.step !== step;
const unsent =
  (error: string, step: string) =>
  (message: Message): boolean => {
    if (message.step === step) throw named(error);
    return true;
  };

const CALLED = ['validate-refund', 'close-return'];
const WAITED = ['receipt', 'inspection', 'item-receipt', 'credit-memo', 'stock-move', 'refund'];
const TROUBLES: readonly (readonly [string, string, Trouble])[] = [
  ...CALLED.flatMap((step) => [
    ['fails at once', step, { invoke: failsAs('StepBug', step) }] as const,
    ['fails after all its retries', step, { invoke: failsAs('TransientError', step) }] as const,
  ]),
  ...WAITED.flatMap((step) => [
    ['fails at once', step, { send: unsent('AccessDenied', step) }] as const,
    ['fails after all its retries', step, { send: unsent('SQS.SdkClientException', step) }] as const,
    ['never has its token', step, { send: lost(step) }] as const,
  ]),
];

describe('a step that fails for 60 days and is mended', () => {
  it.each(TROUBLES)('%s: %s', async (_how, _step, trouble) => {
    const { status, state, endedAt, house } = await run(trouble);
    expect([status, state]).toEqual(['SUCCEEDED', 'ReturnClosed']);
    expect(endedAt).toBeGreaterThanOrEqual(MENDED);
    expect(endedAt).toBeLessThanOrEqual(MENDED + LONGEST_PAUSE + HOUR + TRYING);
    expect((await house.theReturn()).status).toBe('closed');
    expect(await house.openCases()).toEqual([]);
  });
});

describe('the pauses', () => {
  it('double up to six hours, and write the return once', async () => {
    const { bench, house } = await run({ invoke: failsAs('StepBug', 'close-return') }, 3 * DAY);
    const tried = bench.calls.filter(({ payload }) => (payload as Step).step === 'close-return').map(({ at }) => at);
    const pauses = tried.slice(1).map((at, index) => (at - (tried[index] ?? 0)) / SECOND);
    expect(pauses.slice(0, 9)).toEqual([300, 600, 1_200, 2_400, 4_800, 9_600, 19_200, 21_600, 21_600]);
    expect(house.types('case.opened').length).toBe(1);
  });

  it('leave a step that fails at once for as long as a run may last with room in its history', async () => {
    const { status, endedAt, events } = await run({ invoke: failsAs('StepBug', 'close-return') }, 400 * DAY);
    expect([status, endedAt]).toEqual(['TIMED_OUT', 300 * DAY]);
    expect(events).toBeLessThan(25_000);
  });
});
