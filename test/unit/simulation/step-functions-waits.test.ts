import {
  InvalidOutput,
  InvalidToken,
  SendTaskSuccessCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { call, HOUR, type Message, machine, named, SECOND, WorkflowBench, wait } from './workflow-bench.ts';

const END = { Type: 'Succeed' };
/** Answers every wait a minute after it began. */
const inAMinute = ({ taskToken }: Message, bench: WorkflowBench) =>
  void bench.loop.after(60 * SECOND, () => bench.succeed(taskToken, { by: taskToken }));

/** A wait that gives up after a day, or an hour without a heartbeat, with an end for each way. */
const aWait = (rest: object = {}) =>
  machine({
    Wait: wait({
      TimeoutSeconds: 86_400,
      HeartbeatSeconds: 3_600,
      Catch: [
        { ErrorEquals: ['Cancelled'], Next: 'Cancelled' },
        { ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Silent' },
        { ErrorEquals: ['States.Timeout'], Next: 'Late' },
      ],
      ...rest,
    }),
    Cancelled: END,
    Silent: END,
    Late: END,
  });

describe('a wait for a task token', () => {
  it('goes on with what its token is answered', async () => {
    const after = call({ Parameters: { FunctionName: 'after', Payload: { 'data.$': '$' } } });
    const bench = new WorkflowBench(machine({ Wait: wait({ End: undefined, Next: 'After' }), After: after }), {
      onMessage: inAMinute,
    });
    await bench.run();
    expect(bench.calls).toEqual([
      { at: 60 * SECOND, functionArn: 'after', payload: { data: { by: bench.messages[0]?.taskToken } } },
    ]);
  });

  it('fails by the name that its token is answered', async () => {
    const bench = new WorkflowBench(aWait(), { onMessage: ({ taskToken }, to) => to.fail(taskToken, 'Cancelled') });
    expect(await bench.run()).toMatchObject({ state: 'Cancelled', status: 'SUCCEEDED' });
  });

  it('ends when no heartbeat comes for so long', async () => {
    const bench = new WorkflowBench(aWait());
    expect(await bench.run()).toMatchObject({ state: 'Silent', endedAt: HOUR });
  });

  it('goes on as long as heartbeats come, but not beyond its time', async () => {
    const beating = ({ taskToken }: Message, bench: WorkflowBench) => {
      for (let at = 0.9; at < 24; at += 0.9) bench.loop.after(at * HOUR, () => bench.beat(taskToken));
    };
    expect(await new WorkflowBench(aWait(), { onMessage: beating }).run()).toMatchObject({
      state: 'Late',
      endedAt: 24 * HOUR,
    });
    const forALittle = ({ taskToken }: Message, bench: WorkflowBench) => {
      for (const at of [0.5, 1.25]) bench.loop.after(at * HOUR, () => bench.beat(taskToken));
    };
    expect(await new WorkflowBench(aWait(), { onMessage: forALittle }).run()).toMatchObject({
      state: 'Silent',
      endedAt: 2.25 * HOUR,
    });
  });

  it('takes the end of heartbeats for a time-out where nobody names it', async () => {
    const Catch = [{ ErrorEquals: ['States.Timeout'], Next: 'Late' }];
    expect(await new WorkflowBench(aWait({ Catch })).run()).toMatchObject({ state: 'Late', endedAt: HOUR });
  });

  it('has an attempt with a token of its own for each retry', async () => {
    const Retry = [{ ErrorEquals: ['States.HeartbeatTimeout'], MaxAttempts: 1 }];
    const bench = new WorkflowBench(aWait({ Retry }));
    expect(await bench.run()).toMatchObject({ state: 'Silent', endedAt: 2 * HOUR + SECOND });
    expect(new Set(bench.messages.map(({ taskToken }) => taskToken)).size).toBe(2);
  });

  it('fails as its message does', async () => {
    const Catch = [{ ErrorEquals: ['SQS.SdkClientException'], Next: 'Late' }];
    const bench = new WorkflowBench(aWait({ Catch }), {
      onMessage: () => {
        throw named('SQS.SdkClientException');
      },
    });
    expect(await bench.run()).toMatchObject({ state: 'Late', endedAt: 0 });
  });

  it('leaves no clock behind: once answered, nothing is to come', async () => {
    const bench = new WorkflowBench(aWait(), { onMessage: ({ taskToken }, to) => to.succeed(taskToken) });
    await bench.run({}, SECOND);
    expect(bench.loop.idle).toBe(true);
  });

  it('keeps one clock for all heartbeats', async () => {
    const bench = new WorkflowBench(aWait());
    await bench.run({}, 0);
    const before = bench.loop.steps;
    for (let beat = 0; beat < 1_000; beat++) bench.beat(bench.messages[0]?.taskToken ?? '');
    await bench.loop.run();
    expect(bench.loop.steps - before).toBeLessThan(10);
  });
});

describe('a task token', () => {
  const token = async (bench: WorkflowBench) => {
    await bench.run({}, 0);
    return bench.messages[0]?.taskToken ?? '';
  };
  const asEveryAnswer = (bench: WorkflowBench, given: string) => [
    () => bench.succeed(given),
    () => bench.fail(given, 'Any'),
    () => bench.beat(given),
  ];

  it('is answered once', async () => {
    const bench = new WorkflowBench(aWait());
    const given = await token(bench);
    expect(bench.succeed(given)).toEqual({});
    for (const answer of asEveryAnswer(bench, given)) expect(answer).toThrow(TaskTimedOut);
    await bench.loop.run();
    expect(bench.execution).toMatchObject({ status: 'SUCCEEDED', state: 'Wait' });
  });

  it('is worth nothing after its time, nor after its execution', async () => {
    const late = new WorkflowBench(aWait());
    const first = await token(late);
    await late.loop.run();
    for (const answer of asEveryAnswer(late, first)) expect(answer).toThrow(TaskTimedOut);

    const closed = new WorkflowBench(machine({ Wait: wait() }, 60));
    const second = await token(closed);
    await closed.loop.run({ until: 60 * SECOND });
    expect(closed.execution).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout', endedAt: 60 * SECOND });
    for (const answer of asEveryAnswer(closed, second)) expect(answer).toThrow(TaskTimedOut);
  });

  it('that nobody was given is told from one that is none', async () => {
    const bench = new WorkflowBench(aWait());
    await token(bench);
    for (const answer of asEveryAnswer(bench, 'task-token-99')) expect(answer).toThrow(TaskDoesNotExist);
    for (const answer of asEveryAnswer(bench, 'no-token')) expect(answer).toThrow(InvalidToken);
  });

  it('takes JSON alone, and waits on when it got something else', async () => {
    const bench = new WorkflowBench(aWait());
    const taskToken = await token(bench);
    expect(() => bench.sfn.apply(new SendTaskSuccessCommand({ taskToken, output: 'ok' }))).toThrow(InvalidOutput);
    expect(bench.succeed(taskToken)).toEqual({});
  });
});

describe('faults between a task and what it calls', () => {
  const retry = (error: string) => ({ Retry: [{ ErrorEquals: [error], IntervalSeconds: 2 }] });
  const once = () => {
    let asked = 0;
    return () => asked++ === 0;
  };

  it('a token that is lost is made anew when its heartbeat fails to come', async () => {
    const again = { ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Wait' };
    const bench = new WorkflowBench(aWait({ Catch: [again] }), {
      onMessage: inAMinute,
      faults: { loseToken: once() },
    });
    expect(await bench.run()).toMatchObject({ status: 'SUCCEEDED', endedAt: HOUR + 60 * SECOND });
    expect(bench.sent.map(({ at }) => at)).toEqual([HOUR]);
  });

  it('a message comes twice, with the same token', async () => {
    const bench = new WorkflowBench(aWait(), { faults: { sendTwice: once() } });
    await bench.run({}, 0);
    expect(bench.messages).toHaveLength(2);
    expect(bench.messages[0]).toEqual(bench.messages[1]);
  });

  it('a message whose sending counts as failed comes again with another token, and the first is dead', async () => {
    const bench = new WorkflowBench(aWait(retry('SQS.SdkClientException')), { faults: { sendUnanswered: once() } });
    await bench.run({}, 2 * SECOND);
    const [dead, live] = bench.messages.map(({ taskToken }) => taskToken);
    expect(() => bench.succeed(dead ?? '')).toThrow(TaskTimedOut);
    expect(bench.succeed(live ?? '')).toEqual({});
  });

  it('a function whose answer is lost is called again', async () => {
    const bench = new WorkflowBench(machine({ Call: call(retry('Lambda.SdkClientException')) }), {
      faults: { invokeUnanswered: once() },
    });
    expect(await bench.run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(bench.calls.map(({ at }) => at)).toEqual([0, 2 * SECOND]);
  });

  it('an answer that comes after the time-out is nothing to anybody', async () => {
    const bench: WorkflowBench = new WorkflowBench(
      machine({
        Call: call({ TimeoutSeconds: 60, Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }] }),
      }),
      {
        invoke: (_payload, number) =>
          new Promise((resolve) => bench.loop.after((number === 1 ? 90 : 45) * SECOND, () => resolve(number))),
      },
    );
    // The first call answers after 90 s; its second attempt, begun after 61 s, after 106 s.
    expect(await bench.run()).toMatchObject({ status: 'SUCCEEDED', endedAt: 106 * SECOND });
  });

  it('time passes between states where it is given', async () => {
    const states = machine({ One: { Type: 'Pass', Next: 'Two' }, Two: { Type: 'Pass', End: true } });
    const bench = new WorkflowBench(states, { faults: { delay: () => 250 } });
    expect(await bench.run()).toMatchObject({ endedAt: 500 });
  });
});
