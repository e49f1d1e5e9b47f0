/**
 * One run of a state machine. Each state is entered by an event of the loop of its own, so everything else may come in
 * between, and a machine that runs in circles ends at the limit of its history instead of hanging.
 */
import type { Handle } from '../../kernel/loop.ts';
import type { Random } from '../../kernel/random.ts';
import { Attempt, type AttemptWorld, type Outcome, type TaskFaults } from './attempt.ts';
import { type Failure, Fatal, pauseBefore, takes } from './failures.ts';
import type { Choice, Machine, State, Task, Wait } from './machine.ts';
import { fill, place, read } from './paths.ts';

/** The last event there can be: https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html */
export const HISTORY_LIMIT = 25_000;

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';

/** An execution as invariants see it. */
export type ExecutionView = {
  readonly name: string;
  readonly status: ExecutionStatus;
  /** Where it is, or was when it ended. */
  readonly state: string;
  /** Name and cause of what it ended with. */
  readonly error?: string;
  readonly cause?: string;
  /** States entered, in their order. */
  readonly steps: readonly string[];
  /** Events of its history, as AWS counts them. */
  readonly events: number;
  readonly startedAt: number;
  readonly endedAt?: number;
};

export type ExecutionWorld = AttemptWorld & {
  readonly machine: Machine;
  readonly faults: TaskFaults & {
    /** Milliseconds from one state to the next; none when it is not given. */
    readonly delay?: () => number;
  };
};

export class Execution implements ExecutionView {
  readonly name: string;
  readonly input: string;
  readonly startedAt: number;
  readonly steps: string[] = [];
  status: ExecutionStatus = 'RUNNING';
  state: string;
  declare error?: string;
  declare cause?: string;
  declare endedAt?: number;
  /** ExecutionStarted. */
  events = 1;

  readonly #world: ExecutionWorld;
  readonly #random: Random;
  readonly #timeOut: Handle;
  /** What goes on next: one of these at a time. */
  #next: Handle | undefined;
  #attempt: Attempt | undefined;
  /** Retries made by each retrier of the present state. */
  #retries: number[] = [];

  constructor(world: ExecutionWorld, name: string, input: string, random: Random) {
    const { loop, machine } = world;
    this.name = name;
    this.input = input;
    this.startedAt = loop.now;
    this.state = machine.StartAt;
    this.#world = world;
    this.#random = random;
    this.#timeOut = loop.after(machine.TimeoutSeconds * 1_000, () => this.#close('TIMED_OUT', 'States.Timeout'));
    this.#goTo(machine.StartAt, JSON.parse(input));
  }

  #goTo(name: string, data: unknown): void {
    this.#later(this.#world.faults.delay?.() ?? 0, () => this.#enter(name, data));
  }

  #later(milliseconds: number, run: () => void): void {
    this.#next = this.#world.loop.after(milliseconds, () => this.#go(run));
  }

  /** Whatever goes on goes on here: while it runs, and until something ends it. */
  #go(run: () => void): void {
    if (this.status !== 'RUNNING') return;
    try {
      run();
    } catch (error) {
      if (!(error instanceof Fatal)) throw error;
      this.#close('FAILED', error.name, error.message);
    }
  }

  #enter(name: string, data: unknown): void {
    const state = this.#world.machine.States[name] as State;
    this.state = name;
    this.steps.push(name);
    this.#retries = [];
    this.#record(1);
    switch (state.Type) {
      case 'Task':
        this.#try(state, data);
        break;
      case 'Pass':
        this.#leave(state, state.Result === undefined ? data : place(state.ResultPath, data, state.Result));
        break;
      case 'Wait':
        this.#later(secondsOf(state, data) * 1_000, () => this.#leave(state, data));
        break;
      case 'Choice':
        this.#leave({ Next: chosen(name, state, data) }, data);
        break;
      case 'Succeed':
        this.#leave({}, data);
        break;
      case 'Fail':
        throw new Fatal(state.Error, state.Cause);
    }
  }

  #leave({ Next }: { readonly Next?: string | undefined }, data: unknown): void {
    this.#record(1);
    if (Next === undefined) this.#close('SUCCEEDED');
    else this.#goTo(Next, data);
  }

  #try(task: Task, data: unknown): void {
    // Scheduled and started.
    this.#record(2);
    this.#attempt = new Attempt(this.#world, task, data, {
      submitted: () => this.#go(() => this.#record(1)),
      end: (outcome) => this.#go(() => this.#settle(task, data, outcome)),
    });
  }

  #settle(task: Task, data: unknown, outcome: Outcome): void {
    this.#record(1);
    if ('failure' in outcome) {
      this.#recover(task, data, outcome.failure);
      return;
    }
    const { ResultSelector, ResultPath } = task;
    const result = ResultSelector === undefined ? outcome.result : fill(ResultSelector, outcome.result);
    this.#leave(task, place(ResultPath, data, result));
  }

  /** The first retrier that names the error has its attempts; then the first catcher that names it. */
  #recover(task: Task, data: unknown, failure: Failure): void {
    const index = task.Retry.findIndex(({ ErrorEquals }) => takes(ErrorEquals, failure.Error));
    const retrier = task.Retry[index];
    const made = this.#retries[index] ?? 0;
    if (retrier && made < retrier.MaxAttempts) {
      this.#retries[index] = made + 1;
      this.#later(pauseBefore(retrier, made, this.#random), () => this.#try(task, data));
      return;
    }
    const catcher = task.Catch.find(({ ErrorEquals }) => takes(ErrorEquals, failure.Error));
    if (!catcher) throw new Fatal(failure.Error, failure.Cause ?? '');
    this.#leave(catcher, place(catcher.ResultPath, data, failure));
  }

  #record(events: number): void {
    this.events += events;
    if (this.events < HISTORY_LIMIT) return;
    this.events = HISTORY_LIMIT - 1;
    throw new Fatal('States.Runtime', `the execution reached the maximum number of history events (${HISTORY_LIMIT})`);
  }

  #close(status: ExecutionStatus, error?: string, cause?: string): void {
    this.status = status;
    this.events++;
    this.endedAt = this.#world.loop.now;
    if (error !== undefined) this.error = error;
    if (cause !== undefined) this.cause = cause;
    this.#timeOut.cancelled = true;
    if (this.#next) this.#next.cancelled = true;
    this.#attempt?.abandon();
  }
}

/** Whole seconds. Anything else at the path ends the execution at once: AWS lets nobody catch that. */
function secondsOf({ Seconds, SecondsPath = '' }: Wait, data: unknown): number {
  const seconds = Seconds ?? read(SecondsPath, data);
  if (Number.isInteger(seconds) && Number(seconds) >= 0) return Number(seconds);
  const given = JSON.stringify(seconds);
  throw new Fatal(
    'States.Runtime',
    `the SecondsPath parameter can't be parsed as a long value: ${SecondsPath} == ${given}`,
  );
}

function chosen(name: string, { Choices, Default }: Choice, data: unknown): string {
  const choice = Choices.find(({ Variable, StringEquals }) => read(Variable, data) === StringEquals);
  const next = choice?.Next ?? Default;
  if (next === undefined) throw new Fatal('States.NoChoiceMatched', `${name} has no rule for its input`);
  return next;
}
