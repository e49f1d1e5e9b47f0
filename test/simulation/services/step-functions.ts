/**
 * Step Functions (Standard workflows) in memory: runs a shipped definition as it stands, in virtual time. Everything that
 * it can't run as AWS would is refused when it is made.
 */
import {
  ExecutionAlreadyExists,
  InvalidExecutionInput,
  InvalidName,
  InvalidOutput,
  type SendTaskFailureInput,
  type SendTaskHeartbeatInput,
  type SendTaskSuccessInput,
  type StartExecutionInput,
} from '@aws-sdk/client-sfn';
import type { Asl } from '../../../lib/workflows/return-to-refund.ts';
import type { Loop } from '../kernel/loop.ts';
import type { Random } from '../kernel/random.ts';
import type { Attempt, Services } from './asl/attempt.ts';
import { Execution, type ExecutionView, type ExecutionWorld } from './asl/execution.ts';
import { machineOf } from './asl/machine.ts';
import { Tokens } from './asl/tokens.ts';

export type { ExecutionView };

export type StepFunctionsOptions = Services & {
  readonly loop: Loop;
  readonly random: Random;
  readonly definition: Asl;
  readonly faults?: ExecutionWorld['faults'];
};

/** How long the name of a closed execution can't be used again. */
const NAME_KEPT = 90 * 86_400_000;
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

export class SimStepFunctions {
  readonly #world: ExecutionWorld;
  readonly #random: Random;
  readonly #executions: Execution[] = [];
  readonly #latest = new Map<string, Execution>();

  constructor({ loop, random, definition, faults = {}, sendMessage, invoke }: StepFunctionsOptions) {
    this.#random = random;
    this.#world = {
      loop,
      machine: machineOf(definition),
      services: { sendMessage, invoke },
      faults,
      tokens: new Tokens<Attempt>(),
    };
  }

  /** Does a command of the SDK at once: answers as its client would, or throws the client's own exceptions. */
  apply({ constructor: { name }, input }: { constructor: { name: string }; input: unknown }): unknown {
    switch (name) {
      case 'StartExecutionCommand':
        return this.#start(input as StartExecutionInput);
      case 'SendTaskSuccessCommand':
        return this.#succeed(input as SendTaskSuccessInput);
      case 'SendTaskFailureCommand':
        return this.#fail(input as SendTaskFailureInput);
      case 'SendTaskHeartbeatCommand':
        return this.#beat(input as SendTaskHeartbeatInput);
      default:
        throw new Error(`${name} is not simulated: give SimStepFunctions a case for it`);
    }
  }

  /** Every execution there ever was, in the order of their starts. */
  executions(): readonly ExecutionView[] {
    return this.#executions;
  }

  /**
   * The same name and input as those of a running execution is the same start; with another input, or once that execution
   * has closed, its name is taken for 90 days: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
   */
  #start({ stateMachineArn = '', name = '', input = '{}' }: StartExecutionInput): object {
    if (!NAME.test(name)) throw new InvalidName({ message: `Invalid Name: '${name}'`, $metadata: {} });
    if (!isJson(input)) throw new InvalidExecutionInput({ message: 'the input is no JSON', $metadata: {} });
    const latest = this.#latest.get(name);
    const isSame = latest?.status === 'RUNNING' && latest.input === input;
    if (latest && !isSame && this.#world.loop.now < (latest.endedAt ?? Number.POSITIVE_INFINITY) + NAME_KEPT) {
      throw new ExecutionAlreadyExists({ message: `Execution Already Exists: '${name}'`, $metadata: {} });
    }
    const { startedAt } = isSame ? latest : this.#begin(name, input);
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    return { executionArn, startDate: new Date(startedAt) };
  }

  #begin(name: string, input: string): Execution {
    const execution = new Execution(this.#world, name, input, this.#random.fork(name));
    this.#executions.push(execution);
    this.#latest.set(name, execution);
    return execution;
  }

  #succeed({ taskToken = '', output = '' }: SendTaskSuccessInput): object {
    if (!isJson(output)) throw new InvalidOutput({ message: 'the output is no JSON', $metadata: {} });
    this.#world.tokens.find(taskToken).end({ result: JSON.parse(output) });
    return {};
  }

  #fail({ taskToken = '', error, cause }: SendTaskFailureInput): object {
    if (error === undefined) throw new Error('SendTaskFailure without an error name is not simulated: give one');
    const failure = { Error: error, ...(cause !== undefined && { Cause: cause }) };
    this.#world.tokens.find(taskToken).end({ failure });
    return {};
  }

  #beat({ taskToken = '' }: SendTaskHeartbeatInput): object {
    this.#world.tokens.find(taskToken).beat();
    return {};
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
