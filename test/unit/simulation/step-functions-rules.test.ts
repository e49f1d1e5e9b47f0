import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  InvalidExecutionInput,
  InvalidName,
  SendTaskFailureCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import type { Asl, AslState } from '../../../lib/workflows/return-to-refund.ts';
import { HISTORY_LIMIT } from '../../simulation/services/asl/execution.ts';
import { call, DAY, machine, SECOND, WorkflowBench, wait } from './workflow-bench.ts';

describe('a start', () => {
  it('is the same start with the same name and input, as long as it runs', async () => {
    const bench = new WorkflowBench(machine({ Wait: wait() }));
    const first = bench.start({ k: 1 });
    expect(first).toEqual({
      executionArn: 'arn:aws:states:us-east-1:000000000000:execution:machine:run',
      startDate: new Date(0),
    });
    await bench.loop.run({ until: 0 });
    bench.loop.after(10 * SECOND, () => expect(bench.start({ k: 1 })).toEqual(first));
    await bench.loop.run({ until: 10 * SECOND });
    expect(bench.sfn.executions()).toHaveLength(1);
    expect(bench.sent).toHaveLength(1);
  });

  it('is refused with another input, and once the first has closed', async () => {
    const bench = new WorkflowBench(machine({ Wait: wait() }));
    await bench.run({ k: 1 }, 0);
    expect(() => bench.start({ k: 2 })).toThrow(ExecutionAlreadyExists);
    await bench.loop.run({ until: 100 * DAY });
    bench.loop.at(100 * DAY, () => expect(() => bench.start({ k: 2 })).toThrow(ExecutionAlreadyExists));
    await bench.loop.run({ until: 100 * DAY });
    bench.succeed(bench.messages[0]?.taskToken ?? '');
    await bench.loop.run();
    expect(() => bench.start({ k: 1 })).toThrow(ExecutionAlreadyExists);
    bench.start({ k: 1 }, 'another');
    expect(bench.sfn.executions().map(({ name }) => name)).toEqual(['run', 'another']);
  });

  it('may have a name again 90 days after its execution closed', async () => {
    const bench = new WorkflowBench(machine({ End: { Type: 'Succeed' } }));
    await bench.run();
    bench.loop.at(90 * DAY - 1, () => expect(() => bench.start()).toThrow(ExecutionAlreadyExists));
    bench.loop.at(90 * DAY, () => bench.start({ other: true }));
    await bench.loop.run();
    expect(bench.sfn.executions().map(({ name, status }) => [name, status])).toEqual([
      ['run', 'SUCCEEDED'],
      ['run', 'SUCCEEDED'],
    ]);
  });

  it.each(['', 'RETURN#1', 'a b', 'a/b', 'x'.repeat(81)])('is refused by the name "%s"', (name) => {
    expect(() => new WorkflowBench(machine({ Wait: wait() })).start({}, name)).toThrow(InvalidName);
  });

  it('is refused with an input that is no JSON', () => {
    const { sfn } = new WorkflowBench(machine({ Wait: wait() }));
    const command = new StartExecutionCommand({ stateMachineArn: 'arn', name: 'run', input: '{' });
    expect(() => sfn.apply(command)).toThrow(InvalidExecutionInput);
  });
});

describe('the history', () => {
  it('counts the events that AWS would write', async () => {
    const states = machine({
      Choose: { Type: 'Choice', Choices: [{ Variable: '$.k', StringEquals: 'x', Next: 'Wait' }] },
      Wait: wait({ End: undefined, Next: 'Call', ResultPath: null }),
      Call: call({ End: undefined, Next: 'End' }),
      End: { Type: 'Succeed' },
    });
    const bench = new WorkflowBench(states, {
      onMessage: ({ taskToken }, to) => void to.loop.after(SECOND, () => to.succeed(taskToken)),
    });
    // Started; choice 2; entered, scheduled, started, submitted, succeeded, exited; the same but submitted; end 2; succeeded.
    expect((await bench.run({ k: 'x' })).events).toBe(1 + 2 + 6 + 5 + 2 + 1);
  });

  it('has a wait that is answered while its message goes out, even as the last step', async () => {
    const bench = new WorkflowBench(machine({ Wait: wait({ End: undefined, Next: 'Last' }), Last: wait() }), {
      onMessage: ({ taskToken }, to) => to.succeed(taskToken),
    });
    // The last message counts as sent only after the execution has succeeded, so not any more.
    expect(await bench.run()).toMatchObject({ status: 'SUCCEEDED', events: 1 + 6 + 5 + 1 });
  });

  it('ends an execution that runs in circles at its limit', async () => {
    const circle = machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } });
    expect(await new WorkflowBench(circle).run()).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      events: HISTORY_LIMIT,
    });
  });

  it('lets an execution succeed with its last event', async () => {
    // Each state of the way takes two events, the first and the last of the history one.
    const way = (length: number, end: AslState = { Type: 'Succeed' }) =>
      machine(
        Object.fromEntries([
          ...Array.from({ length }, (_one, index) => [`S${index}`, { Type: 'Pass', Next: `S${index + 1}` }]),
          [`S${length}`, end],
        ]),
      );
    const fits = (HISTORY_LIMIT - 2) / 2 - 1;
    expect(await new WorkflowBench(way(fits)).run()).toMatchObject({ status: 'SUCCEEDED', events: HISTORY_LIMIT });
    expect(await new WorkflowBench(way(fits + 1)).run()).toMatchObject({ status: 'FAILED', events: HISTORY_LIMIT });
    const failing = way(fits + 1, { Type: 'Fail', Error: 'Own', Cause: 'too late to be told' });
    expect(await new WorkflowBench(failing).run()).toMatchObject({ error: 'States.Runtime', events: HISTORY_LIMIT });
  });
});

describe('what is not simulated is refused', () => {
  const catchAll = { ErrorEquals: ['States.ALL'], Next: 'A' };
  const pass = { Type: 'Pass', End: true };

  it.each<[string, AslState, RegExp]>([
    ['a type of state', { Type: 'Parallel', End: true }, /A/],
    ['a field', { ...pass, OutputPath: '$.x' }, /OutputPath/],
    ['a field of a retrier', call({ Retry: [{ ErrorEquals: ['X'], Delay: 1 }] }), /Delay/],
    ['a comparison', { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'A' }] }, /NumericEquals/],
    ['a resource', call({ Resource: 'arn:aws:states:::dynamodb:putItem' }), /Resource/],
    ['a parameter', call({ Parameters: { FunctionName: 'f', Payload: {}, Qualifier: '1' } }), /Qualifier/],
    ['a heartbeat without a token', call({ HeartbeatSeconds: 60 }), /HeartbeatSeconds/],
    ['a function', call({ Parameters: { FunctionName: 'f', Payload: { 'x.$': 'States.UUID()' } } }), /Payload/],
    ['a filter', call({ ResultSelector: { a: [{ 'x.$': '$.list[0]' }] } }), /ResultSelector/],
    ['another part of the context', call({ ResultSelector: { 'x.$': '$$.Execution.Id' } }), /ResultSelector/],
    ['an error name of AWS', call({ Catch: [{ ...catchAll, ErrorEquals: ['States.TaskFailed'] }] }), /not simulated/],
    ['States.ALL among others', call({ Catch: [{ ...catchAll, ErrorEquals: ['X', 'States.ALL'] }] }), /alone/],
    ['States.ALL before others', call({ Catch: [catchAll, catchAll] }), /before the end/],
    ['a wait without length', { Type: 'Wait', End: true }, /Seconds or SecondsPath/],
    ['a wait of two lengths', { Type: 'Wait', Seconds: 1, SecondsPath: '$.a', End: true }, /Seconds or SecondsPath/],
    ['a filter as length', { Type: 'Wait', SecondsPath: '$.a[0]', End: true }, /SecondsPath/],
    ['a way to no state', { Type: 'Pass', Next: 'Nowhere' }, /Nowhere/],
    ['a state without a way', { Type: 'Pass' }, /Next or End/],
  ])('%s', (_what, state, message) => {
    expect(() => new WorkflowBench(machine({ A: state }))).toThrow(message);
  });

  it('a machine that starts nowhere, or has a field more', () => {
    const good = machine({ A: pass });
    expect(() => new WorkflowBench({ ...good, StartAt: 'toString' })).toThrow(/starts at "toString"/);
    expect(() => new WorkflowBench({ ...good, QueryLanguage: 'JSONata' } as Asl)).toThrow(/QueryLanguage/);
  });

  it('commands that nobody simulates', () => {
    const { sfn } = new WorkflowBench(machine({ A: pass }));
    expect(() => sfn.apply(new DescribeExecutionCommand({ executionArn: 'arn' }))).toThrow(/DescribeExecutionCommand/);
    expect(() => sfn.apply(new SendTaskFailureCommand({ taskToken: 'task-token-1' }))).toThrow(/error name/);
  });
});
