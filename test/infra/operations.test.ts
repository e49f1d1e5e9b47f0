import { describe, expect, it } from 'vitest';
import { caseOpenedV1 } from '#events/cases/case.ts';
import { FUNCTIONS, QUEUES } from '../../functions/topology.ts';
import { CONTEXT, synthesize } from './support/synth.ts';

const { crossdock, assembly, template } = synthesize('dev');
const operations = template('Operations');
const OWNERS = caseOpenedV1.data.shape.owner.options;

describe('operations', () => {
  it('can be taken away: no other stack refers to it', () => {
    expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual([
      ...['CrossdockState-dev', 'CrossdockCore-dev', 'CrossdockOperations-dev'],
    ]);
    expect([...crossdock.state.dependencies, ...crossdock.core.dependencies]).not.toContain(crossdock.operations);
  });

  it('is not made for the local stage', () => {
    expect(synthesize('local').assembly.stacks.map(({ stackName }) => stackName)).toEqual([
      ...['CrossdockState-local', 'CrossdockCore-local'],
    ]);
  });

  it.each(OWNERS)('tells %s of cases that open for them, in words', (owner) => {
    const rules = operations
      .ofType('AWS::Events::Rule')
      .filter(({ Properties }) => Properties.EventPattern.detail.data.owner.includes(owner));
    expect(rules.map(({ Properties }) => Properties.EventPattern)).toEqual([
      { source: ['crossdock.case'], 'detail-type': ['case.opened.v1'], detail: { data: { owner: [owner] } } },
    ]);
    const [target] = rules[0]?.Properties.Targets ?? [];
    expect(operations.resources[target.Arn.Ref]?.Type).toBe('AWS::SNS::Topic');
    expect(Object.values(target.InputTransformer.InputPathsMap).sort()).toEqual([
      ...['$.detail.data.code', '$.detail.data.message', '$.detail.data.suggestedFix', '$.detail.metadata.subject'],
    ]);
  });

  it('passes every alarm of a queue on', () => {
    const rules = operations
      .ofType('AWS::CloudWatch::CompositeAlarm')
      .map(({ Properties }) => JSON.stringify(Properties.AlarmRule));
    const alarms = Object.entries(template('Core').resources).filter(
      ([, { Type }]) => Type === 'AWS::CloudWatch::Alarm',
    );
    // Two of every queue, that on what relay-retry puts off, and two of the journal's stream.
    expect(alarms).toHaveLength(2 * QUEUES.length + 3);
    for (const [id] of alarms) expect(rules.join()).toContain(id);
    for (const { Properties } of operations.ofType('AWS::CloudWatch::CompositeAlarm')) {
      expect(Properties.AlarmActions).toHaveLength(1);
    }
  });

  it('counts the errors that each function logs', () => {
    const filters = operations.ofType('AWS::Logs::MetricFilter').map(({ Properties }) => Properties);
    expect(filters).toHaveLength(FUNCTIONS.length);
    for (const { FilterPattern } of filters) expect(FilterPattern).toBe('{ $.level = "ERROR" }');
  });

  it('tells when sweeps do not get to the end of what is due', () => {
    const [alarm] = operations
      .ofType('AWS::CloudWatch::Alarm')
      .filter(({ Properties }) => Properties.MetricName === 'TimersLeft');
    expect(alarm?.Properties).toMatchObject({
      Namespace: 'Crossdock',
      Dimensions: [{ Name: 'service', Value: 'core' }],
      Threshold: 1,
    });
    const composites = operations.ofType('AWS::CloudWatch::CompositeAlarm');
    expect(JSON.stringify(composites.map(({ Properties }) => Properties.AlarmRule))).toContain('TimersLeft');
  });

  it('keeps every event for replays', () => {
    expect(operations.ofType('AWS::Events::Archive')[0]?.Properties).toMatchObject({
      EventPattern: { source: [{ prefix: 'crossdock.' }] },
      RetentionDays: 90,
    });
  });

  it('has a dashboard for the business and one for the system', () => {
    expect(operations.ofType('AWS::CloudWatch::Dashboard')).toHaveLength(2);
  });

  it('lets the bus and the alarms use encrypted topics, over TLS', () => {
    const key = operations.at('TopicKey/Resource').resource;
    expect(JSON.stringify(key.Properties.KeyPolicy)).toContain('events.amazonaws.com');
    expect(JSON.stringify(key.Properties.KeyPolicy)).toContain('cloudwatch.amazonaws.com');
    for (const { Properties } of operations.ofType('AWS::SNS::Topic')) expect(Properties.KmsMasterKeyId).toBeDefined();
    expect(operations.ofType('AWS::SNS::Topic')).toHaveLength(OWNERS.length + 1);
  });

  it('sends mail where the stage names an address', () => {
    const { dev } = CONTEXT.stages as Record<string, object>;
    const stages = { dev: { ...dev, alarms: { email: 'operations@example.com' } } };
    const subscriptions = synthesize('dev', { stages }).template('Operations').ofType('AWS::SNS::Subscription');
    expect(subscriptions.map(({ Properties }) => Properties.Endpoint)).toEqual(
      Array.from({ length: OWNERS.length + 1 }, () => 'operations@example.com'),
    );
    expect(operations.ofType('AWS::SNS::Subscription')).toEqual([]);
  });
});
