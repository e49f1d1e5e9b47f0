import { describe, expect, it } from 'vitest';
import type { AslState } from '../../../lib/workflows/return-to-refund.ts';
import { call, machine, named, SECOND, WorkflowBench } from './workflow-bench.ts';

/** The input of the function that comes after a state: what the state made of the data. */
async function dataAfter(state: AslState, input: object, invoke?: () => unknown): Promise<unknown> {
  const after = call({ Parameters: { FunctionName: 'after', Payload: { 'data.$': '$' } } });
  const bench = new WorkflowBench(machine({ State: { ...state, Next: 'After' }, After: after }), {
    invoke: (_payload, number) => (number === 1 ? invoke?.() : undefined),
  });
  const { error } = await bench.run(input);
  const last = bench.calls.find(({ functionArn }) => functionArn === 'after');
  return last ? (last.payload as { data: unknown }).data : error;
}

const errors = (...names: string[]) => ({ ErrorEquals: names });

describe('a state of the simulated Step Functions', () => {
  it('Pass puts its result where it is told, and goes on', async () => {
    expect(await dataAfter({ Type: 'Pass', Result: 'x', ResultPath: '$.a.b' }, { a: { c: 1 } })).toEqual({
      a: { b: 'x', c: 1 },
    });
    expect(await dataAfter({ Type: 'Pass', Result: { x: 1 } }, { a: 1 })).toEqual({ x: 1 });
    expect(await dataAfter({ Type: 'Pass' }, { a: 1 })).toEqual({ a: 1 });
    expect(await dataAfter({ Type: 'Pass', Result: 1, ResultPath: '$.a.b' }, { a: 'text' })).toBe(
      'States.ResultPathMatchFailure',
    );
  });

  it('Wait takes its time', async () => {
    const bench = new WorkflowBench(machine({ Wait: { Type: 'Wait', Seconds: 90, Next: 'End' }, End: call() }));
    await bench.run();
    expect(bench.calls[0]?.at).toBe(90 * SECOND);
  });

  it.each([
    [90, 'SUCCEEDED', 90 * SECOND],
    [0, 'SUCCEEDED', 0],
    [1.5, 'FAILED', 0],
    [-1, 'FAILED', 0],
    ['90', 'FAILED', 0],
    [undefined, 'FAILED', 0],
  ])('Wait takes the time that its data names: %s', async (pause, status, endedAt) => {
    const states = machine({ Wait: { Type: 'Wait', SecondsPath: '$.answer.pause', End: true } });
    const ended = await new WorkflowBench(states).run({ answer: { pause } });
    const error = status === 'FAILED' ? 'States.Runtime' : undefined;
    expect([ended.status, ended.endedAt, ended.error]).toEqual([status, endedAt, error]);
  });

  it('Wait is over with its execution', async () => {
    const bench = new WorkflowBench(machine({ Wait: { Type: 'Wait', Seconds: 90, End: true } }, 60));
    expect(await bench.run()).toMatchObject({ status: 'TIMED_OUT', state: 'Wait', error: 'States.Timeout' });
    expect(bench.loop.now).toBe(60 * SECOND);
  });

  it.each([
    [{ kind: 'a' }, 'A', 'SUCCEEDED', undefined],
    [{ kind: 'b' }, 'B', 'FAILED', 'Broken'],
    [{ kind: 'c' }, 'Other', 'SUCCEEDED', undefined],
    [{}, 'Choose', 'FAILED', 'States.Runtime'],
  ])('Choice, Succeed and Fail: %j ends at %s', async (input, state, status, error) => {
    const rule = (value: string, Next: string) => ({ Variable: '$.kind', StringEquals: value, Next });
    const bench = new WorkflowBench(
      machine({
        Choose: { Type: 'Choice', Choices: [rule('a', 'A'), rule('b', 'B')], Default: 'Other' },
        A: { Type: 'Succeed' },
        B: { Type: 'Fail', Error: 'Broken', Cause: 'on purpose' },
        Other: { Type: 'Succeed' },
      }),
    );
    const ended = await bench.run(input);
    expect([ended.status, ended.state, ended.error]).toEqual([status, state, error]);
  });

  it('a Choice with no rule and no default fails', async () => {
    const choice = { Type: 'Choice', Choices: [{ Variable: '$.kind', StringEquals: 'a', Next: 'A' }] };
    const bench = new WorkflowBench(machine({ Choose: choice, A: { Type: 'Succeed' } }));
    expect(await bench.run({ kind: 'b' })).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });

  it('a task hands its function what its parameters say, and selects and places what it answers', async () => {
    const Parameters = { FunctionName: 'fn', Payload: { list: [{ 'key.$': '$.key' }], step: 's' } };
    const bench = new WorkflowBench(machine({ Call: call({ Parameters }) }));
    await bench.run({ key: 'k' });
    expect(bench.calls).toEqual([{ at: 0, functionArn: 'fn', payload: { list: [{ key: 'k' }], step: 's' } }]);

    const answer = () => ({ outcome: 'ok', more: 1 });
    const selected = { ResultSelector: { 'outcome.$': '$.Payload.outcome' }, ResultPath: '$.r' };
    expect(await dataAfter(call({ End: undefined, ...selected }), { k: 1 }, answer)).toEqual({
      k: 1,
      r: { outcome: 'ok' },
    });
    expect(await dataAfter(call({ End: undefined, ResultPath: null }), { k: 1 }, answer)).toEqual({ k: 1 });
    expect(await dataAfter(call({ End: undefined }), {}, answer)).toMatchObject({ Payload: answer(), StatusCode: 200 });
  });

  it.each([
    ['an input without what a parameter names', {}, { Parameters: { FunctionName: 'fn', Payload: { 'k.$': '$.k' } } }],
    ['an answer without what is selected', { k: 1 }, { ResultSelector: { 'x.$': '$.Payload.x' } }],
    [
      'a token where none is waited for',
      {},
      { Parameters: { FunctionName: 'f', Payload: { 't.$': '$$.Task.Token' } } },
    ],
  ])('%s ends the execution, whatever is caught and retried', async (_what, input, rest) => {
    const guards = { Retry: [errors('States.ALL')], Catch: [{ ...errors('States.ALL'), Next: 'Caught' }] };
    const bench = new WorkflowBench(machine({ Call: call({ ...rest, ...guards }), Caught: { Type: 'Succeed' } }));
    expect(await bench.run(input)).toMatchObject({ status: 'FAILED', state: 'Call', error: 'States.Runtime' });
  });

  it('hands copies over: what a function does to its payload or its answer changes nothing', async () => {
    const answer = { list: ['answered'] };
    const bench = new WorkflowBench(
      machine({
        Pass: { Type: 'Pass', Result: ['result'], ResultPath: '$.result', Next: 'First' },
        First: call({
          Parameters: { FunctionName: 'fn', Payload: { 'data.$': '$' } },
          ResultPath: '$.answer',
          End: undefined,
          Next: 'Second',
        }),
        Second: call({ Parameters: { FunctionName: 'fn', Payload: { 'data.$': '$' } } }),
      }),
      {
        invoke: ({ data }: { data: { result: string[]; given: string[] } }, number) => {
          bench.loop.after(0, () => answer.list.push('late'));
          if (number === 1) for (const list of [data.result, data.given]) list.push('changed');
          return answer;
        },
      },
    );
    await bench.run({ given: ['input'] });
    expect(bench.calls[1]?.payload).toMatchObject({
      data: { given: ['input'], result: ['result'], answer: { Payload: { list: ['answered'] } } },
    });
  });

  it('a message goes to its queue, and the machine goes on at once', async () => {
    const send = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage',
      Parameters: { QueueUrl: 'q', MessageBody: { 'k.$': '$.k' } },
      ResultPath: null,
      End: true,
    };
    const bench = new WorkflowBench(machine({ Send: send }), { faults: { loseToken: () => true } });
    expect(await bench.run({ k: 1 })).toMatchObject({ status: 'SUCCEEDED' });
    expect(bench.sent).toEqual([{ at: 0, queueUrl: 'q', body: '{"k":1}' }]);
  });
});

describe('a task that fails', () => {
  const failing = (rest: object, invoke: (payload: never, call: number) => unknown, seed = 'bench') =>
    new WorkflowBench(
      machine({ Call: call(rest), A: { Type: 'Succeed' }, B: { Type: 'Fail', Error: 'B', Cause: '' } }),
      { invoke, seed },
    );
  const always = (name: string) => () => {
    throw named(name);
  };
  const gaps = ({ calls }: WorkflowBench) => calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0));
  const retry = { ...errors('Transient'), IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 20 };

  it('is tried again after longer and longer pauses, up to the longest, then fails', async () => {
    const bench = failing({ Retry: [retry] }, always('Transient'));
    expect(await bench.run()).toMatchObject({ status: 'FAILED', error: 'Transient', state: 'Call', steps: ['Call'] });
    expect(gaps(bench)).toEqual([2, 6, 18, 20].map((seconds) => seconds * SECOND));
  });

  it('is tried again three times, one second and twice as long apart, where nothing else is said', async () => {
    const bench = failing({ Retry: [errors('States.ALL')] }, always('Any'));
    await bench.run();
    expect(gaps(bench)).toEqual([1, 2, 4].map((seconds) => seconds * SECOND));
  });

  it('pauses by chance with jitter, never longer than without, and the same for the same seed', async () => {
    const pauses = async (seed: string) => {
      const bench = failing({ Retry: [{ ...retry, JitterStrategy: 'FULL' }] }, always('Transient'), seed);
      await bench.run();
      return gaps(bench);
    };
    const one = await pauses('one');
    expect(await pauses('one')).toEqual(one);
    expect(await pauses('two')).not.toEqual(one);
    for (const [index, longest] of [2, 6, 18, 20].entries()) expect(one[index]).toBeLessThanOrEqual(longest * SECOND);
  });

  it('pauses by a chance of its own, whatever else runs', async () => {
    const callsOf = async (...names: string[]) => {
      const retries = { Retry: [{ ...retry, JitterStrategy: 'FULL' }] };
      const bench = failing(
        { ...retries, Parameters: { FunctionName: 'fn', Payload: { 'name.$': '$.name' } } },
        always('Transient'),
      );
      for (const name of names) bench.start({ name }, name);
      await bench.loop.run();
      return bench.calls.filter(({ payload }) => (payload as { name: string }).name === 'a').map(({ at }) => at);
    };
    expect(await callsOf('b', 'a')).toEqual(await callsOf('a'));
  });

  it('counts the attempts of each retrier for itself, and has them anew when it is entered again', async () => {
    const bench = failing(
      {
        Retry: [
          { ...errors('One'), MaxAttempts: 1 },
          { ...errors('States.ALL'), MaxAttempts: 1 },
        ],
      },
      (_payload, number) => {
        throw named(['One', 'Two', 'One'][number - 1] ?? 'Beyond');
      },
    );
    expect(await bench.run()).toMatchObject({ error: 'One' });
    expect(bench.calls).toHaveLength(3);

    const again = new WorkflowBench(
      machine({ Call: call({ Retry: [{ ...errors('One'), MaxAttempts: 1 }], Next: 'Call', End: undefined }) }),
      {
        invoke: (_payload, number) => {
          if (number !== 2 && number !== 4) throw named('One');
        },
      },
    );
    expect(await again.run()).toMatchObject({ error: 'One', steps: ['Call', 'Call', 'Call'] });
    expect(again.calls).toHaveLength(6);
  });

  it.each([
    ['Known', 'A'],
    ['Else', 'B'],
  ])('goes where the first catcher that names %s says', async (name, state) => {
    const Catch = [
      { ...errors('Known', 'Other'), Next: 'A' },
      { ...errors('States.ALL'), Next: 'B' },
    ];
    expect(await failing({ Catch }, always(name)).run()).toMatchObject({ state });
  });

  it('leaves its error where the catcher says', async () => {
    const Catch = [{ ...errors('States.ALL'), ResultPath: '$.failure', Next: 'After' }];
    const bench = new WorkflowBench(
      machine({
        Call: call({ Catch }),
        After: call({ Parameters: { FunctionName: 'after', Payload: { 'data.$': '$' } } }),
      }),
      {
        invoke: (_payload, number) => {
          if (number === 1) throw named('Broken');
        },
      },
    );
    await bench.run({ k: 1 });
    const Cause = '{"errorMessage":"a Broken","errorType":"Broken"}';
    expect(bench.calls[1]?.payload).toEqual({ data: { k: 1, failure: { Error: 'Broken', Cause } } });
  });
});
