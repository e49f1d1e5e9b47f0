/**
 * The workflow "return-to-refund" in Amazon States Language (JSONPath), as plain data: it waits, retries and catches; what
 * to do next is asked of the deciders behind `step-wait` and `step-return`. Its input and every payload hold a return's key
 * and names of steps, nothing else, so an execution's history holds nothing personal.
 *
 * Written out rather than composed of CDK's task classes, which add wildcards to the role and hide what is deployed.
 */

export type WorkflowTargets = {
  /** Takes `{"taskToken","returnKey","step","patienceSeconds"}` from a step that waits. */
  readonly waitsQueueUrl: string;
  /** Does `{"returnKey","step"}` and answers. */
  readonly stepFunctionArn: string;
};

export type WorkflowTimes = {
  /** A wait that nobody keeps alive for so long has lost its token, and is made anew; the second is for parcels and people. */
  readonly heartbeatSeconds: number;
  readonly outsideHeartbeatSeconds: number;
  readonly receiptDays: number;
  readonly inspectionDays: number;
  readonly approvalDays: number;
  readonly operationDays: number;
};

export type AslState = { readonly Type: string } & Readonly<Record<string, unknown>>;
export type Asl = {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, AslState>>;
};

/** How a waiting step ends a return early: error names of SendTaskFailure. */
export const ENDINGS = ['ReturnCancelled', 'ReturnExpired', 'RefundRefused', 'CreditReversed'] as const;

/**
 * How a waiting step takes another way: goods that were refunded before receipt are overdue, so that the buyer owes the
 * money; or they come after all.
 */
export const TURNS = { GoodsOverdue: 'WaitForClawback', GoodsArrived: 'WaitForReceipt' } as const;

const DAY = 86_400;
/** Seconds until a person is told again whom nobody could tell: an outage of our own tables ends some day. */
const ESCALATION_PAUSE = 3600;
/** Beyond the sum of all waits, each of them waited for again several times. */
const LONGEST = 300 * DAY;

/** The waiting steps in their order: state name → step, and the longest that one wait lasts. */
const waits = (times: WorkflowTimes) =>
  ({
    WaitForReceipt: { step: 'receipt', days: times.receiptDays, next: 'WaitForInspection' },
    WaitForInspection: { step: 'inspection', days: times.inspectionDays, next: 'ValidateRefund' },
    WaitForApproval: { step: 'approval', days: times.approvalDays, next: 'PostItemReceipt' },
    PostItemReceipt: { step: 'item-receipt', days: times.operationDays, next: 'PostCreditMemo' },
    PostCreditMemo: { step: 'credit-memo', days: times.operationDays, next: 'MoveStock' },
    MoveStock: { step: 'stock-move', days: times.operationDays, next: 'BookExchange' },
    BookExchange: { step: 'exchange', days: times.operationDays, next: 'RefundCustomer' },
    RefundCustomer: { step: 'refund', days: times.operationDays, next: 'WaitForClawback' },
    WaitForClawback: { step: 'clawback', days: times.receiptDays, next: 'CloseReturn' },
  }) as const;

/** Steps that wait for what comes from outside: by the hundred thousand, and for days. The others are asked for by us. */
const OUTSIDE: readonly string[] = ['receipt', 'inspection', 'approval', 'clawback'];

/** States that end by an error only when something is wrong with us; a person is told and the step is tried again. */
const SYNCHRONOUS = ['ValidateRefund', 'CloseReturn'] as const;

export function returnToRefund(targets: WorkflowTargets, times: WorkflowTimes): Asl {
  const waiting = Object.entries(waits(times));
  return {
    Comment: 'Waits for what happens to a return, and has each step done once.',
    StartAt: 'WaitForReceipt',
    TimeoutSeconds: LONGEST,
    States: {
      ...Object.fromEntries(waiting.map(([name, wait]) => [name, waitState(name, wait, targets, times)])),
      ValidateRefund: step('validate-refund', targets, {
        ResultSelector: { 'outcome.$': '$.Payload.outcome' },
        ResultPath: '$.refund',
        Catch: [escalation('ValidateRefund')],
        Next: 'IsRefundApproved',
      }),
      IsRefundApproved: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.refund.outcome', StringEquals: 'approved', Next: 'PostItemReceipt' },
          { Variable: '$.refund.outcome', StringEquals: 'needs-approval', Next: 'WaitForApproval' },
          { Variable: '$.refund.outcome', StringEquals: 'nothing-to-refund', Next: 'WaitForClawback' },
        ],
        Default: 'OutcomeNotKnown',
      },
      OutcomeNotKnown: {
        Type: 'Pass',
        Result: {
          Error: 'OutcomeNotKnown',
          Cause: 'validate-refund answered an outcome that the workflow has no way for',
        },
        ResultPath: '$.failure',
        Next: 'ValidateRefundFailed',
      },
      CloseReturn: step('close-return', targets, {
        ResultPath: null,
        Catch: [escalation('CloseReturn')],
        Next: 'ReturnClosed',
      }),
      ReturnClosed: { Type: 'Succeed' },
      ReturnEnded: { Type: 'Succeed' },
      ...escalationStates([...waiting.map(([name]) => name), ...SYNCHRONOUS], targets),
    },
  };
}

type Wait = { readonly step: string; readonly days: number; readonly next: string };

/** Hands a task token to `step-wait` and waits until somebody answers it; it says for how long it can do without news. */
function waitState(
  name: string,
  { step, days, next }: Wait,
  { waitsQueueUrl }: WorkflowTargets,
  times: WorkflowTimes,
): AslState {
  const patienceSeconds = OUTSIDE.includes(step) ? times.outsideHeartbeatSeconds : times.heartbeatSeconds;
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Parameters: {
      QueueUrl: waitsQueueUrl,
      MessageBody: { 'taskToken.$': '$$.Task.Token', 'returnKey.$': '$.returnKey', step, patienceSeconds },
    },
    ResultPath: null,
    TimeoutSeconds: days * DAY,
    HeartbeatSeconds: patienceSeconds,
    Retry: [retry(['Sqs.SdkClientException', 'Sqs.SqsException', 'SQS.SdkClientException', 'SQS.AmazonSQSException'])],
    Catch: [
      { ErrorEquals: [...ENDINGS], ResultPath: '$.failure', Next: 'ReturnEnded' },
      ...turnsOf(step),
      // Engines name the end of a heartbeat differently; both are named although the last line would catch them.
      { ErrorEquals: ['States.HeartbeatTimeout', 'States.Timeout'], ResultPath: '$.failure', Next: failed(name) },
      escalation(name),
    ],
    Next: next,
  };
}

/** Goods are overdue while they are awaited, and arrive while the money is. */
const turnsOf = (step: string) =>
  Object.entries(TURNS)
    .filter(([error]) => (error === 'GoodsArrived') === (step === 'clawback'))
    .filter(() => ['receipt', 'inspection', 'clawback'].includes(step))
    .map(([error, Next]) => ({ ErrorEquals: [error], ResultPath: '$.failure', Next }));

/** A synchronous step: one call of `step-return`. */
function step(name: string, { stepFunctionArn }: WorkflowTargets, rest: Readonly<Record<string, unknown>>): AslState {
  return task(stepFunctionArn, { 'returnKey.$': '$.returnKey', step: name }, rest);
}

function task(functionArn: string, payload: object, rest: Readonly<Record<string, unknown>>): AslState {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: functionArn, Payload: payload },
    TimeoutSeconds: 60,
    Retry: [
      retry([
        'Lambda.ClientExecutionTimeoutException',
        'Lambda.ServiceException',
        'Lambda.AWSLambdaException',
        'Lambda.SdkClientException',
        'Lambda.TooManyRequestsException',
        'Lambda.Unknown',
        'TransientError',
        'States.Timeout',
      ]),
    ],
    ...rest,
  };
}

const retry = (errors: readonly string[]) => ({
  ErrorEquals: errors,
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 6,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
});

/**
 * What happens to a step that failed: its name is noted, a case is opened, and the answer says whether the step is tried
 * again and how long to wait before. The pauses grow: a history holds 25,000 events, and a run that reaches the end of its
 * own is dead, whatever is mended then.
 */
function escalationStates(names: readonly string[], targets: WorkflowTargets): Record<string, AslState> {
  return {
    ...Object.fromEntries(
      names.map((name) => [failed(name), { Type: 'Pass', Result: name, ResultPath: '$.at', Next: 'Escalate' }]),
    ),
    Escalate: task(
      targets.stepFunctionArn,
      { 'returnKey.$': '$.returnKey', step: 'escalate', 'at.$': '$.at', 'error.$': '$.failure.Error' },
      {
        ResultSelector: { 'outcome.$': '$.Payload.outcome', 'pauseSeconds.$': '$.Payload.pauseSeconds' },
        ResultPath: '$.escalation',
        // Nobody has been told: a run that ended here would hang for ever in front of nobody.
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.escalationFailure', Next: 'PauseBeforeEscalation' }],
        Next: 'IsStepTriedAgain',
      },
    ),
    PauseBeforeEscalation: { Type: 'Wait', Seconds: ESCALATION_PAUSE, Next: 'Escalate' },
    IsStepTriedAgain: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.escalation.outcome', StringEquals: 'wait-again', Next: 'PauseBeforeStep' },
        { Variable: '$.escalation.outcome', StringEquals: 'ended', Next: 'ReturnEnded' },
      ],
      Default: 'GivenUp',
    },
    PauseBeforeStep: { Type: 'Wait', SecondsPath: '$.escalation.pauseSeconds', Next: 'TryStepAgain' },
    TryStepAgain: {
      Type: 'Choice',
      Choices: names.map((name) => ({ Variable: '$.at', StringEquals: name, Next: name })),
      Default: 'GivenUp',
    },
    GivenUp: { Type: 'Fail', Error: 'GivenUp', Cause: 'a case is open for this return: see "crossdock cases list"' },
  };
}

const escalation = (name: string) => ({ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: failed(name) });
const failed = (name: string): string => `${name}Failed`;
