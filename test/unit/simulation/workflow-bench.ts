import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Asl, AslState } from '../../../lib/workflows/return-to-refund.ts';
import { Loop } from '../../simulation/kernel/loop.ts';
import { Random } from '../../simulation/kernel/random.ts';
import type { ExecutionWorld } from '../../simulation/services/asl/execution.ts';
import { SimStepFunctions } from '../../simulation/services/step-functions.ts';

export const SECOND = 1_000;
export const HOUR = 3_600 * SECOND;
export const DAY = 24 * HOUR;

export type Message = {
  readonly taskToken: string;
  readonly returnKey: string;
  readonly step: string;
  readonly patienceSeconds: number;
};

type Script = {
  /** What the function answers, or throws, to its n-th call. */
  readonly invoke?: (payload: never, call: number) => unknown;
  readonly onMessage?: (message: Message, bench: WorkflowBench) => void;
  readonly faults?: ExecutionWorld['faults'];
  readonly seed?: string;
};

/** A machine on a loop of its own, its function and the reader of its queue played by a script. Times count from zero. */
export class WorkflowBench {
  readonly loop = new Loop(0);
  readonly sfn: SimStepFunctions;
  readonly sent: { readonly at: number; readonly queueUrl: string; readonly body: string }[] = [];
  readonly calls: { readonly at: number; readonly functionArn: string; readonly payload: unknown }[] = [];

  constructor(definition: Asl, { invoke, onMessage, faults = {}, seed = 'bench' }: Script = {}) {
    this.sfn = new SimStepFunctions({
      loop: this.loop,
      random: new Random(seed),
      definition,
      faults,
      invoke: async (functionArn, payload) => {
        this.calls.push({ at: this.loop.now, functionArn, payload });
        return invoke?.(payload as never, this.calls.length);
      },
      sendMessage: async (queueUrl, body) => {
        this.sent.push({ at: this.loop.now, queueUrl, body });
        onMessage?.(JSON.parse(body), this);
      },
    });
  }

  start(input: object = {}, name = 'run'): unknown {
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine';
    return this.sfn.apply(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
  }

  succeed(taskToken: string, output: object = {}): unknown {
    return this.sfn.apply(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
  }

  fail(taskToken: string, error: string, cause = 'scripted'): unknown {
    return this.sfn.apply(new SendTaskFailureCommand({ taskToken, error, cause }));
  }

  beat(taskToken: string): unknown {
    return this.sfn.apply(new SendTaskHeartbeatCommand({ taskToken }));
  }

  /** Starts one execution and runs it to its end, or until then. */
  async run(input: object = {}, until = Number.POSITIVE_INFINITY) {
    this.start(input);
    await this.loop.run({ until });
    return this.execution;
  }

  get execution() {
    const [first] = this.sfn.executions();
    if (!first) throw new Error('nothing was started');
    return first;
  }

  get messages(): Message[] {
    return this.sent.map(({ body }) => JSON.parse(body));
  }
}

/** A machine of these states, from the first. */
export const machine = (states: Readonly<Record<string, AslState>>, TimeoutSeconds = 365 * 86_400): Asl => ({
  Comment: 'a machine of a test',
  StartAt: Object.keys(states)[0] ?? '',
  TimeoutSeconds,
  States: states,
});

/** A task that calls a function and ends. */
export const call = (rest: object = {}): AslState => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'the-function', Payload: {} },
  End: true,
  ...rest,
});

/** A task that waits for its token and ends. */
export const wait = (rest: object = {}): AslState => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Parameters: { QueueUrl: 'the-queue', MessageBody: { 'taskToken.$': '$$.Task.Token' } },
  End: true,
  ...rest,
});

/** An error by its name, as a function or a service throws it. */
export const named = (name: string): Error => Object.assign(new Error(`a ${name}`), { name });
