/**
 * One attempt of a task: its call, its token and its clocks. Whichever of answer, failure and time-out comes first ends it;
 * what comes later is nothing to it.
 */
import type { Handle, Loop } from '../../kernel/loop.ts';
import type { Failure } from './failures.ts';
import { INVOKE, SEND_AND_WAIT, type Task } from './machine.ts';
import { copy, fill } from './paths.ts';
import type { Tokens } from './tokens.ts';

/** What a task calls. An error's name is the error's name in the workflow, as Step Functions would give it. */
export type Services = {
  readonly sendMessage: (queueUrl: string, body: string) => Promise<void>;
  /** Answers the function's payload; throws with the function's error type for a name, or `Lambda.…` of the service. */
  readonly invoke: (functionArn: string, payload: unknown) => Promise<unknown>;
};

/** What may go wrong between a task and what it calls; each is asked once a call. */
export type TaskFaults = {
  /** The message of a wait never comes out, and nobody knows. */
  readonly loseToken?: () => boolean;
  /** The message goes out twice, with the same token. */
  readonly sendTwice?: () => boolean;
  /** The message goes out, but its call counts as failed: the next attempt has another token, and the first is dead. */
  readonly sendUnanswered?: () => boolean;
  /** The function has done its work, but its call counts as failed. */
  readonly invokeUnanswered?: () => boolean;
};

export type Outcome = { readonly result: unknown } | { readonly failure: Failure };

export type AttemptWorld = {
  readonly loop: Loop;
  readonly services: Services;
  readonly faults: TaskFaults;
  readonly tokens: Tokens<Attempt>;
};

export class Attempt {
  readonly #world: AttemptWorld;
  readonly #token: string | undefined;
  readonly #timeOut: Handle;
  #heartbeat: Handle | undefined;
  #heard: number;
  #end: ((outcome: Outcome) => void) | undefined;

  /** Begins at once; `end` is called once at most, `submitted` when the message of a wait is out. */
  constructor(
    world: AttemptWorld,
    task: Task,
    input: unknown,
    on: { readonly submitted: () => void; readonly end: (outcome: Outcome) => void },
  ) {
    const { loop, tokens } = world;
    const token = task.Resource === SEND_AND_WAIT ? tokens.issue() : undefined;
    const parameters = copy(fill(task.Parameters, input, token)) as Record<string, unknown>;
    if (token !== undefined) tokens.open(token, this);

    this.#world = world;
    this.#token = token;
    this.#end = on.end;
    this.#heard = loop.now;
    this.#timeOut = loop.after(task.TimeoutSeconds * 1_000, () => this.#fail('States.Timeout'));
    if ('HeartbeatSeconds' in task && task.HeartbeatSeconds) this.#listen(task.HeartbeatSeconds * 1_000);
    this.#call(task.Resource, parameters).then(
      (result) => (token === undefined ? this.end({ result }) : on.submitted()),
      ({ name, message }: Error) => this.#fail(name, causeOf(task.Resource, name, message)),
    );
  }

  end(outcome: Outcome): void {
    const end = this.#end;
    this.abandon();
    end?.(outcome);
  }

  /** Somebody says that the task is alive. */
  beat(): void {
    this.#heard = this.#world.loop.now;
  }

  /** Stops the clocks and forgets the token: nothing of this attempt matters any more. */
  abandon(): void {
    this.#end = undefined;
    this.#timeOut.cancelled = true;
    if (this.#heartbeat) this.#heartbeat.cancelled = true;
    if (this.#token !== undefined) this.#world.tokens.close(this.#token);
  }

  #fail(error: string, cause?: string): void {
    this.end({ failure: { Error: error, ...(cause !== undefined && { Cause: cause }) } });
  }

  // One clock, set anew when it strikes: a clock for each heartbeat would fill the loop with cancelled ones.
  #listen(patience: number): void {
    const { loop } = this.#world;
    this.#heartbeat = loop.at(this.#heard + patience, () => {
      if (this.#heard + patience > loop.now) this.#listen(patience);
      else this.#fail('States.HeartbeatTimeout');
    });
  }

  async #call(resource: Task['Resource'], parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
    const { services, faults } = this.#world;
    if (resource === INVOKE) {
      const payload = await services.invoke(String(parameters.FunctionName), parameters.Payload);
      if (faults.invokeUnanswered?.()) throw unanswered('Lambda.SdkClientException');
      return { ExecutedVersion: '$LATEST', Payload: copy(payload), StatusCode: 200 };
    }
    const { QueueUrl, MessageBody } = parameters;
    const body = typeof MessageBody === 'string' ? MessageBody : JSON.stringify(MessageBody);
    for (let left = this.#copies(); left > 0; left--) await services.sendMessage(String(QueueUrl), body);
    if (faults.sendUnanswered?.()) throw unanswered('SQS.SdkClientException');
    return {};
  }

  #copies(): number {
    const { faults } = this.#world;
    if (this.#token === undefined) return 1;
    if (faults.loseToken?.()) return 0;
    return faults.sendTwice?.() ? 2 : 1;
  }
}

const unanswered = (name: string): Error => Object.assign(new Error('the answer was lost'), { name });

/** A function's error comes as JSON text, another service's as its message. */
const causeOf = (resource: Task['Resource'], errorType: string, errorMessage: string): string =>
  resource === INVOKE ? JSON.stringify({ errorMessage, errorType }) : errorMessage;
