import { App, CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { ACKNOWLEDGEMENTS } from '../../lib/guardrails/acknowledgements.ts';
import { CrossdockChecks } from '../../lib/guardrails/checks.ts';
import { covers, findings, ReviewedChecks } from '../../lib/guardrails/reviewed-checks.ts';
import { synthesize } from './support/synth.ts';

/** Rules broken by one stack that `build` fills. */
function broken(build: (stack: Stack) => void, { retain = false } = {}): string[] {
  const app = new App();
  const stack = new Stack(app, 'CrossdockState-test');
  build(stack);
  return new CrossdockChecks({ retain }).validate({ appConstruct: app }).violations.map(({ ruleName }) => ruleName);
}

const inline = { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('exports.handler = 1') };

describe('the rules of the house catch', () => {
  it.each<[string, string, (stack: Stack) => void]>([
    ['a function of another construct', 'Crossdock-Function', (stack) => new LambdaFunction(stack, 'F', inline)],
    ['a plain queue', 'Crossdock-Queue', (stack) => new Queue(stack, 'Q')],
    [
      'a fixed name',
      'Crossdock-PhysicalName',
      (stack) =>
        new Table(stack, 'T', { tableName: 'orders', partitionKey: { name: 'pk', type: AttributeType.STRING } }),
    ],
    ['a log that is kept for ever', 'Crossdock-LogRetention', (stack) => new CfnLogGroup(stack, 'L')],
    [
      'a custom resource',
      'Crossdock-CustomResource',
      (stack) => new CfnResource(stack, 'C', { type: 'Custom::Thing' }),
    ],
    [
      'a schedule that emulators never run',
      'Crossdock-CustomResource',
      (stack) => new CfnResource(stack, 'S', { type: 'AWS::Scheduler::Schedule' }),
    ],
    [
      'a state machine without time-out',
      'Crossdock-StateMachine',
      (stack) => {
        const wait = new Wait(stack, 'W', { time: WaitTime.duration(Duration.seconds(1)) });
        new StateMachine(stack, 'M', { definitionBody: DefinitionBody.fromChainable(wait) });
      },
    ],
  ])('%s', (_what, rule, build) => expect(broken(build)).toContain(rule));

  it('data that goes with its stack, where data is to be kept', () => {
    const table = (stack: Stack) =>
      new Table(stack, 'T', {
        partitionKey: { name: 'pk', type: AttributeType.STRING },
        removalPolicy: RemovalPolicy.DESTROY,
      });
    expect(broken(table, { retain: true })).toContain('Crossdock-KeepsData');
    expect(broken(table, { retain: false })).not.toContain('Crossdock-KeepsData');
  });
});

/** The dev stage with a client that signs with AWS credentials. */
function withAwsClient() {
  const { stage } = synthesize('dev').crossdock;
  const iam = { roleArn: 'arn:aws:iam::123456789012:role/returns-platform' };
  const generic = [{ account: 'main', settings: { api: { iam } } }];
  return synthesize('dev', { stages: { dev: { ...stage, accounts: { ...stage.accounts, generic } } } }).crossdock.app;
}

describe('findings of cdk-nag', () => {
  const dev = synthesize('dev').crossdock.app;
  const local = synthesize('local').crossdock.app;
  const found = [dev, local, withAwsClient()].flatMap(findings);

  it('are all acknowledged, or the synth would have failed', () => {
    expect(found.filter((one) => !ACKNOWLEDGEMENTS.some((known) => covers(known, one)))).toEqual([]);
  });

  it('stop the synth when they are not', () => {
    const { success, violations } = new ReviewedChecks([]).validate({ appConstruct: dev });
    expect(success).toBe(false);
    expect(violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-APIG4');
  });

  it.each(ACKNOWLEDGEMENTS.map((one) => [`${one.rule} ${one.finding ?? ''} at ${one.scope}`, one] as const))(
    '%s: is still needed, in date and says why',
    (_name, known) => {
      expect(found.some((one) => covers(known, one))).toBe(true);
      expect(Date.parse(known.expires)).toBeGreaterThan(Date.now());
      expect(Date.parse(known.since)).toBeLessThan(Date.parse(known.expires));
      expect(known.reason.length).toBeGreaterThan(40);
      // A resource or a kind of them, never all that a stack holds.
      expect(known.scope).toMatch(/^Crossdock(State|Core|Operations)\/.+\/Resource$/);
    },
  );

  it('in the stage that takes no plain HTTP are not excused by the one that does', () => {
    const queue = { rule: 'AwsSolutions-SQS4', path: 'CrossdockCore/queue-relay-retry/Queue/Resource' };
    const excused = (stage: string) => ACKNOWLEDGEMENTS.some((known) => covers(known, { ...queue, stage }));
    expect([excused('local'), excused('dev')]).toEqual([true, false]);
  });

  it('of a wildcard do not excuse another', () => {
    const [xray] = ACKNOWLEDGEMENTS.filter(({ finding }) => finding === 'Resource::*');
    const other = {
      rule: 'AwsSolutions-IAM5',
      path: 'CrossdockCore/shopify-receive/Role/DefaultPolicy/Resource',
      stage: 'dev',
    };
    expect(xray && covers(xray, { ...other, finding: 'Resource::*' })).toBe(true);
    expect(xray && covers(xray, { ...other, finding: 'Action::s3:*' })).toBe(false);
  });
});
