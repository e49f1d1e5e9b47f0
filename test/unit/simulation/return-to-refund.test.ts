import { TaskTimedOut } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ENDINGS, returnToRefund } from '../../../lib/workflows/return-to-refund.ts';
import { DAY, HOUR, type Message, named, SECOND, WorkflowBench } from './workflow-bench.ts';

const PAUSE = 300 * SECOND;
const definition = returnToRefund(
  { waitsQueueUrl: 'the-waits', stepFunctionArn: 'step-return' },
  {
    heartbeatSeconds: 3_600,
    outsideHeartbeatSeconds: 3_600,
    receiptDays: 45,
    inspectionDays: 14,
    approvalDays: 14,
    operationDays: 7,
  },
);
const INPUT = { returnKey: 'RETURN#generic#main#R1' };

type Step = { readonly returnKey: string; readonly step: string; readonly at?: string; readonly error?: string };

const STEP_OF = {
  WaitForReceipt: 'receipt',
  WaitForInspection: 'inspection',
  WaitForApproval: 'approval',
  PostItemReceipt: 'item-receipt',
  PostCreditMemo: 'credit-memo',
  MoveStock: 'stock-move',
  BookExchange: 'exchange',
  RefundCustomer: 'refund',
  WaitForClawback: 'clawback',
} as const;
const WAITS = Object.entries(STEP_OF);
const ENDS_TWICE = WAITS.flatMap(([state, step]) => ENDINGS.map((ending) => [state, step, ending] as const));

const WAY = ['WaitForReceipt', 'WaitForInspection', 'ValidateRefund', 'IsRefundApproved'];
const CLOSING = ['WaitForClawback', 'CloseReturn', 'ReturnClosed'];
const POSTING = ['PostItemReceipt', 'PostCreditMemo', 'MoveStock', 'BookExchange', 'RefundCustomer', ...CLOSING];
const AGAIN = (state: string) => [
  state,
  `${state}Failed`,
  'Escalate',
  'IsStepTriedAgain',
  'PauseBeforeStep',
  'TryStepAgain',
  state,
];

/** step-return as it answers when all is well; some of it otherwise. */
const deciders =
  (changes: Readonly<Record<string, (step: Step) => unknown>> = {}) =>
  (step: Step) => {
    const usual: Readonly<Record<string, unknown>> = {
      'validate-refund': { outcome: 'needs-approval' },
      'close-return': { outcome: 'closed' },
      escalate: { outcome: 'wait-again', pauseSeconds: 300 },
    };
    return changes[step.step]?.(step) ?? usual[step.step];
  };

/** Every wait is answered an hour after it began, unless this has another way with it. */
const answering =
  (otherwise: (message: Message, bench: WorkflowBench) => boolean = () => false) =>
  (message: Message, bench: WorkflowBench) => {
    const done = () => bench.succeed(message.taskToken, { step: message.step });
    if (!otherwise(message, bench)) bench.loop.after(HOUR / 2, done);
  };

/** Does something to the first message of a step. */
const atFirst = (step: string, act: (message: Message, bench: WorkflowBench) => void) => {
  let met = false;
  return (message: Message, bench: WorkflowBench) => {
    if (met || message.step !== step) return false;
    met = true;
    act(message, bench);
    return true;
  };
};

const world = (invoke = deciders(), onMessage = answering()) => new WorkflowBench(definition, { invoke, onMessage });
const escalations = ({ calls }: WorkflowBench) =>
  calls.map(({ payload }) => payload as Step).filter(({ step }) => step === 'escalate');

describe('return-to-refund, as it is shipped', () => {
  it('goes by finance to the end, each step once', async () => {
    const bench = world();
    const ended = await bench.run(INPUT);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', steps: [...WAY, 'WaitForApproval', ...POSTING] });
    expect(ended.endedAt).toBe((9 * HOUR) / 2);
    expect(bench.messages.map(({ step, returnKey }) => [step, returnKey])).toEqual(
      WAITS.map(([, step]) => [step, INPUT.returnKey]),
    );
    expect(bench.sent.every(({ queueUrl }) => queueUrl === 'the-waits')).toBe(true);
    expect(bench.calls.map(({ functionArn, payload }) => [functionArn, payload])).toEqual([
      ['step-return', { ...INPUT, step: 'validate-refund' }],
      ['step-return', { ...INPUT, step: 'close-return' }],
    ]);
  });

  it.each([
    ['approved', POSTING],
    ['nothing-to-refund', CLOSING],
  ])('goes on without finance when the refund is %s', async (outcome, rest) => {
    const { steps } = await world(deciders({ 'validate-refund': () => ({ outcome }) })).run(INPUT);
    expect(steps).toEqual([...WAY, ...rest]);
  });

  it('has an outcome that it has no way for told to a person, and asks again', async () => {
    let asked = 0;
    const bench = world(
      deciders({ 'validate-refund': () => ({ outcome: asked++ === 0 ? 'perhaps' : 'nothing-to-refund' }) }),
    );
    const { steps } = await bench.run(INPUT);
    expect(steps).toEqual([
      ...WAY,
      'OutcomeNotKnown',
      ...AGAIN('ValidateRefund').slice(1),
      'IsRefundApproved',
      ...CLOSING,
    ]);
    expect(escalations(bench)).toEqual([
      { ...INPUT, step: 'escalate', at: 'ValidateRefund', error: 'OutcomeNotKnown' },
    ]);
  });

  it('waits for the money of a buyer whose goods are overdue, and for the goods when they come after all', async () => {
    const turns = [
      atFirst('receipt', ({ taskToken }, to) => to.fail(taskToken, 'GoodsOverdue')),
      atFirst('clawback', ({ taskToken }, to) => to.fail(taskToken, 'GoodsArrived')),
    ];
    const bench = world(
      deciders({ 'validate-refund': () => ({ outcome: 'approved' }) }),
      answering((message, to) => turns.some((turn) => turn(message, to))),
    );
    const { status, steps } = await bench.run(INPUT);
    expect([status, steps]).toEqual(['SUCCEEDED', ['WaitForReceipt', 'WaitForClawback', ...WAY, ...POSTING]]);
    expect(escalations(bench)).toEqual([]);
  });

  it.each(ENDS_TWICE)('%s (%s) ends quietly by %s', async (state, step, ending) => {
    const bench = world(deciders(), answering(atFirst(step, ({ taskToken }, to) => to.fail(taskToken, ending))));
    const { status, steps } = await bench.run(INPUT);
    expect([status, steps.slice(-2)]).toEqual(['SUCCEEDED', [state, 'ReturnEnded']]);
    expect(escalations(bench)).toEqual([]);
  });

  it.each(WAITS)('%s (%s) that is refused is told to a person and waited for again', async (state, step) => {
    const bench = world(deciders(), answering(atFirst(step, ({ taskToken }, to) => to.fail(taskToken, 'StepRefused'))));
    const { status, steps } = await bench.run(INPUT);
    const at = steps.indexOf(state);
    expect([status, steps.slice(at, at + 7)]).toEqual(['SUCCEEDED', AGAIN(state)]);
    expect(escalations(bench)).toEqual([{ ...INPUT, step: 'escalate', at: state, error: 'StepRefused' }]);
    const [first, second] = bench.sent.filter(({ body }) => JSON.parse(body).step === step);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(PAUSE);
  });

  it.each(WAITS)(
    '%s (%s) whose token is lost is waited for anew when its heartbeat fails to come',
    async (state, step) => {
      const bench = world(deciders(), answering(atFirst(step, () => undefined)));
      const { status, steps } = await bench.run(INPUT);
      expect([status, steps.filter((one) => one === state).length]).toEqual(['SUCCEEDED', 2]);
      expect(escalations(bench)).toEqual([{ ...INPUT, step: 'escalate', at: state, error: 'States.HeartbeatTimeout' }]);
    },
  );

  it('tells of a parcel that did not come, however alive its wait is', async () => {
    const alive = atFirst('receipt', ({ taskToken }, to) => {
      for (let at = HOUR / 2; at < 45 * DAY; at += HOUR / 2) to.loop.after(at, () => to.beat(taskToken));
    });
    const bench = world(deciders(), answering(alive));
    await bench.run(INPUT, 45 * DAY);
    expect(escalations(bench)).toEqual([{ ...INPUT, step: 'escalate', at: 'WaitForReceipt', error: 'States.Timeout' }]);
  });

  it.each([
    ['ValidateRefund', 'validate-refund'],
    ['CloseReturn', 'close-return'],
  ])('%s that fails is told to a person; what passes is tried again first', async (state, step) => {
    let asked = 0;
    const bench = world(
      deciders({
        [step]() {
          asked++;
          if (asked <= 7) throw named(asked === 7 ? 'BusinessError' : 'TransientError');
        },
      }),
    );
    const { status, steps } = await bench.run(INPUT);
    const at = steps.indexOf(state);
    expect([status, steps.slice(at, at + 7)]).toEqual(['SUCCEEDED', AGAIN(state)]);
    expect(escalations(bench)).toEqual([{ ...INPUT, step: 'escalate', at: state, error: 'BusinessError' }]);
    expect(asked).toBe(8);
  });

  it('is given up where the answer says so', async () => {
    const bench = world(
      deciders({ escalate: () => ({ outcome: 'give-up', pauseSeconds: 300 }) }),
      answering(atFirst('refund', ({ taskToken }, to) => to.fail(taskToken, 'StepRefused'))),
    );
    expect(await bench.run(INPUT)).toMatchObject({ status: 'FAILED', state: 'GivenUp', error: 'GivenUp' });
  });

  it('tells a person as soon as one can be told, however long our own tables were away', async () => {
    let asked = 0;
    const bench = world(
      deciders({
        escalate() {
          asked++;
          if (asked <= 30) throw named('TransientError');
          return { outcome: 'ended', pauseSeconds: 300 };
        },
      }),
      answering(atFirst('refund', ({ taskToken }, to) => to.fail(taskToken, 'StepRefused'))),
    );
    expect(await bench.run(INPUT)).toMatchObject({ status: 'SUCCEEDED' });
    expect(asked).toBe(31);
  });

  it('is stopped after its longest time, and leaves nothing behind', async () => {
    const keepAlive = ({ taskToken }: Message, bench: WorkflowBench): boolean => {
      try {
        bench.beat(taskToken);
      } catch (error) {
        if (error instanceof TaskTimedOut) return true;
        throw error;
      }
      bench.loop.after(HOUR / 2, () => keepAlive({ taskToken } as Message, bench));
      return true;
    };
    const bench = world(deciders(), answering(keepAlive));
    expect(await bench.run(INPUT)).toMatchObject({ status: 'TIMED_OUT', endedAt: 300 * DAY });
    expect(escalations(bench)).toHaveLength(6);
    expect(bench.loop.idle).toBe(true);
  });
});
