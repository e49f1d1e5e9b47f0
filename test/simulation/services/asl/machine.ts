/**
 * The part of Amazon States Language (JSONPath) that the simulator runs. A field, function or error name that is not written
 * here is refused, so that a definition never does on AWS what the simulator silently leaves out.
 */
import { z } from 'zod';
import { isPath, TOKEN } from './paths.ts';

/** Error names of Step Functions' own that a retrier or catcher may name here. */
const OWN_ERRORS = ['States.ALL', 'States.Timeout', 'States.HeartbeatTimeout'];
/** How long AWS lets a task run that has no time-out of its own. */
const LONGEST_TASK_SECONDS = 99_999_999;

const path = z.string().refine(isPath, 'is no path such as $.a.b: filters, indexes and functions are not simulated');
const seconds = z.int().positive();

const errorNames = z
  .array(
    z
      .string()
      .refine((name) => !name.startsWith('States.') || OWN_ERRORS.includes(name), 'this error name is not simulated'),
  )
  .min(1)
  .refine((names) => names.length === 1 || !names.includes('States.ALL'), 'States.ALL must stand alone');

/** Any JSON, in which a key that ends in `.$` has a path for a value. */
const template = z.json().refine(hasOnlyPaths, 'a key that ends in ".$" needs a path such as $.a.b or $$.Task.Token');

function hasOnlyPaths(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) =>
    key.endsWith('.$') ? typeof inner === 'string' && (inner === TOKEN || isPath(inner)) : hasOnlyPaths(inner),
  );
}

const Retrier = z.strictObject({
  ErrorEquals: errorNames,
  IntervalSeconds: seconds.default(1),
  BackoffRate: z.number().min(1).default(2),
  MaxAttempts: z.int().nonnegative().default(3),
  MaxDelaySeconds: seconds.optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});
export type Retrier = z.infer<typeof Retrier>;

const ResultPath = path.nullable().default('$');
const Catcher = z.strictObject({ ErrorEquals: errorNames, ResultPath, Next: z.string() });

const Comment = z.string().optional();
const onward = { Comment, Next: z.string().optional(), End: z.literal(true).optional() };

const task = {
  Type: z.literal('Task'),
  ...onward,
  ResultSelector: template.optional(),
  ResultPath,
  TimeoutSeconds: seconds.default(LONGEST_TASK_SECONDS),
  Retry: z.array(Retrier).default([]),
  Catch: z.array(Catcher).default([]),
};
const message = z.strictObject({ QueueUrl: z.string(), MessageBody: template });

export const INVOKE = 'arn:aws:states:::lambda:invoke';
export const SEND = 'arn:aws:states:::sqs:sendMessage';
export const SEND_AND_WAIT = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';

const Task = z.discriminatedUnion('Resource', [
  z.strictObject({
    ...task,
    Resource: z.literal(INVOKE),
    Parameters: z.strictObject({ FunctionName: z.string(), Payload: template }),
  }),
  z.strictObject({ ...task, Resource: z.literal(SEND), Parameters: message }),
  z.strictObject({
    ...task,
    Resource: z.literal(SEND_AND_WAIT),
    Parameters: message,
    HeartbeatSeconds: seconds.optional(),
  }),
]);
export type Task = z.infer<typeof Task>;

const Rule = z.strictObject({ Variable: path, StringEquals: z.string(), Next: z.string() });
const Choice = z.strictObject({
  Type: z.literal('Choice'),
  Comment,
  Choices: z.array(Rule).min(1),
  Default: z.string().optional(),
});
export type Choice = z.infer<typeof Choice>;

const Wait = z.strictObject({
  Type: z.literal('Wait'),
  ...onward,
  Seconds: seconds.optional(),
  SecondsPath: path.optional(),
});
export type Wait = z.infer<typeof Wait>;

const State = z.discriminatedUnion('Type', [
  Task,
  Choice,
  z.strictObject({ Type: z.literal('Pass'), ...onward, Result: z.json().optional(), ResultPath }),
  Wait,
  z.strictObject({ Type: z.literal('Succeed'), Comment }),
  z.strictObject({ Type: z.literal('Fail'), Comment, Error: z.string(), Cause: z.string() }),
]);
export type State = z.infer<typeof State>;

const Machine = z.strictObject({
  Comment,
  StartAt: z.string(),
  TimeoutSeconds: seconds,
  States: z.record(z.string(), State),
});
export type Machine = z.infer<typeof Machine>;

/** The definition with its defaults written out. Throws when it holds anything that is not simulated, or leads nowhere. */
export function machineOf(definition: unknown): Machine {
  const parsed = Machine.safeParse(definition);
  if (!parsed.success) throw new Error(`this state machine can't be simulated:\n${z.prettifyError(parsed.error)}`);
  const faults = [...faultsOf(parsed.data)];
  if (faults.length > 0) throw new Error(`this state machine is wrong:\n${faults.join('\n')}`);
  return parsed.data;
}

function* faultsOf({ StartAt, States }: Machine): Generator<string> {
  if (!Object.hasOwn(States, StartAt)) yield `it starts at "${StartAt}", which is no state`;
  for (const [name, state] of Object.entries(States)) {
    for (const next of targetsOf(state)) {
      if (!Object.hasOwn(States, next)) yield `${name} leads to "${next}", which is no state`;
    }
    if (goesOn(state) && (state.Next === undefined) !== (state.End ?? false)) {
      yield `${name} must have either Next or End`;
    }
    if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.SecondsPath === undefined)) {
      yield `${name} must have either Seconds or SecondsPath`;
    }
    if (state.Type !== 'Task') continue;
    for (const list of [state.Retry, state.Catch]) {
      const early = list.slice(0, -1).some(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));
      if (early) yield `${name} names States.ALL before the end of a list: what follows is never used`;
    }
  }
}

const goesOn = (state: State) => state.Type === 'Task' || state.Type === 'Pass' || state.Type === 'Wait';

/** Every state that a state can lead to. */
function targetsOf(state: State): string[] {
  const targets = [
    goesOn(state) ? state.Next : undefined,
    ...(state.Type === 'Choice' ? [state.Default, ...state.Choices.map(({ Next }) => Next)] : []),
    ...(state.Type === 'Task' ? state.Catch.map(({ Next }) => Next) : []),
  ];
  return targets.filter((name) => name !== undefined);
}
