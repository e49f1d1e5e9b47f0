import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { aslFaults } from '../../lib/guardrails/asl.ts';
import { type Asl, type AslState, ENDINGS, returnToRefund, TURNS } from '../../lib/workflows/return-to-refund.ts';

const asl = returnToRefund(
  {
    waitsQueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/waits',
    stepFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:step',
  },
  {
    heartbeatSeconds: 3600,
    outsideHeartbeatSeconds: 21_600,
    receiptDays: 45,
    inspectionDays: 14,
    approvalDays: 14,
    operationDays: 7,
  },
);

const WAITS = {
  WaitForReceipt: 'receipt',
  WaitForInspection: 'inspection',
  WaitForApproval: 'approval',
  PostItemReceipt: 'item-receipt',
  PostCreditMemo: 'credit-memo',
  MoveStock: 'stock-move',
  BookExchange: 'exchange',
  RefundCustomer: 'refund',
  WaitForClawback: 'clawback',
};

// biome-ignore lint/suspicious/noExplicitAny: states are JSON of many shapes
const state = (name: string): any => asl.States[name];

/** The definition with one state changed. */
const changed = (name: string, change: Record<string, unknown>): Asl => {
  const entries = Object.entries({ ...asl.States[name], ...change }).filter(([, value]) => value !== undefined);
  return { ...asl, States: { ...asl.States, [name]: Object.fromEntries(entries) as AslState } };
};

/** Every state that a state can lead to. */
function successors(name: string): string[] {
  const { Next, Default, Choices = [], Catch = [] } = state(name);
  return [Next, Default, ...[...Choices, ...Catch].map((one: { Next: string }) => one.Next)].filter(Boolean);
}

describe('return-to-refund', () => {
  it('is valid Amazon States Language', () => {
    const { isValid, errorsText } = aslValidator(JSON.parse(JSON.stringify(asl)));
    expect(isValid ? '' : errorsText()).toBe('');
  });

  it('has no fault of ours', () => expect(aslFaults(asl)).toEqual([]));

  it('reaches every state from the first', () => {
    const reached = new Set(['WaitForReceipt']);
    for (const name of reached) for (const next of successors(name)) reached.add(next);
    expect([...reached].sort()).toEqual(Object.keys(asl.States).sort());
  });

  it('goes from the parcel to the end in order', () => {
    const wayFrom = (name: string): string[] => (state(name).Next ? [name, ...wayFrom(state(name).Next)] : [name]);
    expect(wayFrom('WaitForReceipt')).toEqual([
      'WaitForReceipt',
      'WaitForInspection',
      'ValidateRefund',
      'IsRefundApproved',
    ]);
    expect(wayFrom('WaitForApproval')).toEqual([
      ...[
        'WaitForApproval',
        'PostItemReceipt',
        'PostCreditMemo',
        'MoveStock',
        'BookExchange',
        'RefundCustomer',
        'WaitForClawback',
        'CloseReturn',
        'ReturnClosed',
      ],
    ]);
  });

  it('asks finance only where the answer says so, and refunds nothing where there is nothing', () => {
    const choices = Object.fromEntries(
      state('IsRefundApproved').Choices.map((one: { StringEquals: string; Next: string }) => [
        one.StringEquals,
        one.Next,
      ]),
    );
    expect(choices).toEqual({
      approved: 'PostItemReceipt',
      'needs-approval': 'WaitForApproval',
      'nothing-to-refund': 'WaitForClawback',
    });
    expect(state(state('IsRefundApproved').Default).Next).toBe('ValidateRefundFailed');
  });

  it.each(Object.entries(WAITS))('%s waits as step "%s", with the return\'s key and a token alone', (name, step) => {
    expect(state(name).Parameters.MessageBody).toEqual({
      'taskToken.$': '$$.Task.Token',
      'returnKey.$': '$.returnKey',
      step,
      patienceSeconds: state(name).HeartbeatSeconds,
    });
    expect(state(name).ResultPath).toBeNull();
  });

  it('hears every hour of what it asks for, and every six of parcels and people', () => {
    const patience = Object.groupBy(Object.keys(WAITS), (name) => String(state(name).HeartbeatSeconds));
    expect(patience).toEqual({
      21600: ['WaitForReceipt', 'WaitForInspection', 'WaitForApproval', 'WaitForClawback'],
      3600: ['PostItemReceipt', 'PostCreditMemo', 'MoveStock', 'BookExchange', 'RefundCustomer'],
    });
  });

  it('waits as long as each step was given', () => {
    const days = (name: string) => state(name).TimeoutSeconds / 86_400;
    expect([days('WaitForReceipt'), days('WaitForInspection'), days('WaitForApproval'), days('MoveStock')]).toEqual([
      ...[45, 14, 14, 7],
    ]);
  });

  it('turns to the buyer’s money when goods are overdue, and back when they come', () => {
    const turns = Object.keys(WAITS).flatMap((name) =>
      state(name)
        .Catch.filter(({ ErrorEquals: [error] }: { ErrorEquals: string[] }) => error && Object.hasOwn(TURNS, error))
        .map(({ ErrorEquals: [error], Next }: { ErrorEquals: string[]; Next: string }) => [name, error, Next]),
    );
    expect(turns).toEqual([
      ['WaitForReceipt', 'GoodsOverdue', 'WaitForClawback'],
      ['WaitForInspection', 'GoodsOverdue', 'WaitForClawback'],
      ['WaitForClawback', 'GoodsArrived', 'WaitForReceipt'],
    ]);
  });

  it.each(Object.keys(WAITS))('%s ends quietly when the return has ended', (name) => {
    expect(state(name).Catch[0]).toMatchObject({ ErrorEquals: ENDINGS, Next: 'ReturnEnded' });
    expect(state('ReturnEnded').Type).toBe('Succeed');
  });

  it.each([...Object.keys(WAITS), 'ValidateRefund', 'CloseReturn'])(
    '%s that fails is told to a person by its name, and tried again',
    (name) => {
      const all = state(name).Catch.find(({ ErrorEquals }: { ErrorEquals: string[] }) =>
        ErrorEquals.includes('States.ALL'),
      );
      expect(state(all.Next)).toMatchObject({ Type: 'Pass', Result: name, ResultPath: '$.at', Next: 'Escalate' });
      expect(state('TryStepAgain').Choices).toContainEqual({ Variable: '$.at', StringEquals: name, Next: name });
    },
  );

  it('is given up only when a person was told', () => {
    expect(state('Escalate').Parameters.Payload).toEqual({
      'returnKey.$': '$.returnKey',
      step: 'escalate',
      'at.$': '$.at',
      'error.$': '$.failure.Error',
    });
    expect(state('IsStepTriedAgain').Default).toBe('GivenUp');
    expect(successors('PauseBeforeStep')).toEqual(['TryStepAgain']);
  });

  it('pauses for as long as the answer says', () => {
    expect(state('PauseBeforeStep').SecondsPath).toBe('$.escalation.pauseSeconds');
    expect(state('Escalate').ResultSelector['pauseSeconds.$']).toBe('$.Payload.pauseSeconds');
  });
});

describe('the rules for state machines', () => {
  const without = (name: string, errors: readonly string[]) =>
    state(name).Catch.filter(
      ({ ErrorEquals }: { ErrorEquals: string[] }) => !errors.some((error) => ErrorEquals.includes(error)),
    );

  it.each<[string, Asl, string]>([
    ['a task without time-out', changed('WaitForReceipt', { TimeoutSeconds: undefined }), 'has no TimeoutSeconds'],
    ['a task without retry', changed('ValidateRefund', { Retry: undefined }), 'has no Retry'],
    [
      'a wait without heartbeat',
      changed('MoveStock', { HeartbeatSeconds: undefined }),
      'waits without HeartbeatSeconds',
    ],
    [
      'errors that nobody catches',
      changed('CloseReturn', { Catch: without('CloseReturn', ['States.ALL']) }),
      'does not catch States.ALL',
    ],
    [
      'time-outs by one name',
      changed('MoveStock', { Catch: without('MoveStock', ['States.HeartbeatTimeout']) }),
      'does not catch States.HeartbeatTimeout',
    ],
    ['a choice without default', changed('TryStepAgain', { Default: undefined }), 'has no Default'],
    ['the whole input as payload', changed('CloseReturn', { Parameters: undefined }), 'passes its whole input on'],
    [
      'a personal field',
      changed('CloseReturn', { Parameters: { Payload: { 'email.$': '$.email' } } }),
      'passes "email"',
    ],
    ['a machine without time-out', { ...asl, TimeoutSeconds: undefined } as never, 'the machine has no TimeoutSeconds'],
    ['a container', changed('CloseReturn', { Type: 'Map' }), 'is a container'],
  ])('find %s', (_what, faulty, fault) => {
    expect(aslFaults(faulty).join('\n')).toContain(fault);
  });
});
