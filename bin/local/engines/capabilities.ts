import type { EngineName } from './engine.ts';

/**
 * Where the local engines differ from AWS and from each other, as far as it matters here: the only place that says so.
 * A test that needs one of these is skipped, by this name, on an engine that lacks it. `untried` counts as lacking.
 */
export type Support = 'yes' | 'no' | 'untried';

interface Entry extends Readonly<Record<EngineName, Support>> {
  /** What works as on AWS where the answer is yes. */
  readonly meaning: string;
}

export const CAPABILITIES = {
  moveTask: {
    meaning: 'SQS `StartMessageMoveTask` (a DLQ is redriven by the service itself)',
    ministack: 'no',
    localstack: 'yes',
  },
  maximumConcurrency: {
    meaning: 'maximum concurrency of an SQS event source mapping',
    ministack: 'yes',
    localstack: 'untried',
  },
  partialStreamFailure: {
    meaning: 'a stream consumer that reports one record as failed gets it and its successors again',
    ministack: 'no',
    localstack: 'yes',
  },
  streamFailureQueue: {
    meaning: 'a stream mapping gives up after its retries and tells its on-failure queue',
    ministack: 'no',
    localstack: 'yes',
  },
  heartbeatTimeout: {
    meaning: '`HeartbeatSeconds` ends a waiting task (LocalStack names it `States.Timeout`)',
    ministack: 'no',
    localstack: 'yes',
  },
  lambdaErrorName: {
    meaning: "a state catches a function's error by the error's own name",
    ministack: 'no',
    localstack: 'yes',
  },
  startExecutionSameName: {
    meaning: '`StartExecution` again: same name and input is the same execution, other input is refused',
    ministack: 'no',
    localstack: 'yes',
  },
  strictDynamoDb: {
    meaning: 'DynamoDB refuses what AWS refuses (unused placeholders, limits, wrong key types)',
    ministack: 'no',
    localstack: 'yes',
  },
  failedTokenRefused: {
    meaning: 'a task token that was answered with a failure is refused from then on (one that succeeded is, on both)',
    ministack: 'yes',
    localstack: 'no',
  },
  iamEnforcement: {
    meaning: "the roles' and resources' policies are enforced (option `enforceIam`)",
    ministack: 'yes',
    localstack: 'no',
  },
  iamBatchActions: {
    meaning: '`sqs:SendMessage` grants batches too (MiniStack asks for `sqs:SendMessageBatch`)',
    ministack: 'no',
    localstack: 'untried',
  },
  templateTtl: {
    meaning: "a table's time to live is set from the template",
    ministack: 'no',
    localstack: 'yes',
  },
  templatePitr: {
    meaning: "a table's point-in-time recovery is set from the template",
    ministack: 'no',
    localstack: 'no',
  },
  templateReservedConcurrency: {
    meaning: "a function's reserved concurrency is set from the template",
    ministack: 'no',
    localstack: 'no',
  },
  requestValidators: {
    meaning: 'API Gateway validates request bodies against a model',
    ministack: 'no',
    localstack: 'yes',
  },
  lambdaAuthorizer: {
    meaning: 'a Lambda authorizer in the template',
    ministack: 'yes',
    localstack: 'no',
  },
  eventBridgeTargetDlq: {
    meaning: "an event that a rule's target refuses goes to the target's DLQ",
    ministack: 'no',
    localstack: 'no',
  },
  eventBridgeScheduler: {
    meaning: 'EventBridge Scheduler fires (rules with a rate do, on both)',
    ministack: 'yes',
    localstack: 'no',
  },
  eventArchive: {
    meaning: 'an EventBridge archive from the template',
    ministack: 'no',
    localstack: 'no',
  },
  compositeAlarms: {
    meaning: 'composite and metric-math alarms from the template',
    ministack: 'no',
    localstack: 'yes',
  },
  queueMetrics: {
    meaning: 'alarms on the depth and age of a queue',
    ministack: 'no',
    localstack: 'untried',
  },
  stateKept: {
    meaning: 'data survives a restart of the engine (always deploy afresh)',
    ministack: 'no',
    localstack: 'no',
  },
} as const satisfies Record<string, Entry>;

export type Capability = keyof typeof CAPABILITIES;

const NAMES = Object.keys(CAPABILITIES) as Capability[];

export function supports(engine: EngineName, capability: Capability): boolean {
  return CAPABILITIES[capability][engine] === 'yes';
}

export function capabilitiesOf(engine: EngineName): ReadonlySet<Capability> {
  return new Set(NAMES.filter((name) => supports(engine, name)));
}

/** The table as Markdown, for the README. */
export function capabilityTable(): string {
  const rows = NAMES.map((name) => {
    const { meaning, ministack, localstack } = CAPABILITIES[name];
    return `| \`${name}\` | ${meaning} | ${ministack} | ${localstack} |`;
  });
  return ['| capability | as on AWS | MiniStack | LocalStack |', '|---|---|---|---|', ...rows].join('\n');
}
