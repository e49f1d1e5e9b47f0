import { describe, expect, it } from 'vitest';
import { FUNCTIONS, routesOf } from '../../functions/topology.ts';
import { synthesize } from './support/synth.ts';

type Statement = { readonly Action: string | string[]; readonly Resource: unknown; readonly Effect: string };

const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

const { template } = synthesize('dev');
const core = template('Core');

const statementsAt = (role: string): Statement[] =>
  core.at(`${role}/DefaultPolicy/Resource`).resource.Properties.PolicyDocument.Statement;
const statementsOf = (id: string): Statement[] => statementsAt(`${id.replace('/', '-')}/Role`);
const actionsOf = (id: string): string[] => statementsOf(id).flatMap(({ Action }) => list(Action));
const resourcesFor = (id: string, action: string): string =>
  JSON.stringify(
    statementsOf(id)
      .filter(({ Action }) => list(Action).includes(action))
      .map(({ Resource }) => Resource),
  );

/** What AWS gives no resource for. */
const WITHOUT_RESOURCE =
  /^(xray:Put(TraceSegments|TelemetryRecords)|xray:GetSampling(Rules|Targets)|states:SendTask(Success|Failure|Heartbeat)|logs:\w+(LogDelivery|LogDeliveries|ResourcePolicy|ResourcePolicies|LogGroups))$/;

describe('least privilege', () => {
  const policies = core.ofType('AWS::IAM::Policy');

  it('gives all resources only to actions that know none', () => {
    for (const { Properties } of policies) {
      for (const { Action, Resource } of Properties.PolicyDocument.Statement as Statement[]) {
        if (!list(Resource).includes('*')) continue;
        expect(list(Action).filter((action) => !WITHOUT_RESOURCE.test(action))).toEqual([]);
      }
    }
  });

  it('names every action', () => {
    const actions = policies.flatMap(({ Properties }) =>
      (Properties.PolicyDocument.Statement as Statement[]).flatMap(({ Action }) => list(Action)),
    );
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('gives every function a role of its own, without ready-made policies', () => {
    const roles = FUNCTIONS.map(({ id }) => core.at(`${id.replace('/', '-')}/Role/Resource`));
    expect(new Set(roles.map(({ id }) => id)).size).toBe(FUNCTIONS.length);
    for (const { resource } of roles) expect(resource.Properties.ManagedPolicyArns).toBeUndefined();
  });

  it('lets a receiver verify, store and answer, and nothing else', () => {
    expect(actionsOf('shopify/receive').sort()).toEqual([
      ...[
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        's3:PutObject',
        'secretsmanager:GetSecretValue',
        'sqs:SendMessage',
      ],
      ...['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    ]);
    expect(resourcesFor('shopify/receive', 'sqs:SendMessage')).toContain('queueshopifyintakeQueue');
    expect(resourcesFor('shopify/receive', 'sqs:SendMessage')).not.toContain('Dlq');
  });

  it.each(FUNCTIONS.map(({ id }) => [id] as const))('%s reads the secrets of its own connectors only', (id) => {
    const needs = FUNCTIONS.find((one) => one.id === id)?.needs;
    const wanted = Object.entries(needs?.accounts ?? {})
      .filter(([, access]) => access === 'secrets')
      .map(([connector]) => `crossdock/dev/${connector}/main`);
    if (needs?.configuration?.includes('fraud-rules')) wanted.push('crossdock/dev/fraud/keys');
    const granted = resourcesFor(id, 'secretsmanager:GetSecretValue');
    expect([...granted.matchAll(/crossdock\/[a-z/]+/g)].map(([name]) => name).sort()).toEqual(wanted.sort());
    // The six characters that Secrets Manager adds, and no more: `main` must not open `main-eu`.
    expect(granted.match(/-\?{6}"/g)?.length ?? 0).toBe(wanted.length);
  });

  it('publishes from the relay alone', () => {
    const may = FUNCTIONS.map(({ id }) => id).filter((id) => actionsOf(id).includes('events:PutEvents'));
    expect(may).toEqual(['core/relay-journal', 'core/relay-retry']);
  });

  it('scans and deletes no table', () => {
    const all = FUNCTIONS.flatMap(({ id }) => actionsOf(id));
    expect(all).not.toContain('dynamodb:Scan');
    expect(all).not.toContain('dynamodb:DeleteTable');
  });

  it('writes to tables only where the topology says so', () => {
    for (const { id, needs } of FUNCTIONS) {
      const tables = resourcesFor(id, 'dynamodb:PutItem');
      for (const [table, output] of [
        ['state', 'AttState'],
        ['operations', 'AttOperations'],
        ['inbox', 'AttInbox'],
      ] as const) {
        expect([id, table, tables.includes(output)]).toEqual([id, table, needs.tables?.[table] === 'write']);
      }
    }
  });

  it('reads indexes by name', () => {
    expect(resourcesFor('core/sweep-timers', 'dynamodb:Query')).toContain('/index/due');
    const indexes = FUNCTIONS.filter(({ id }) => resourcesFor(id, 'dynamodb:Query').includes('/index/')).map(
      ({ id }) => id,
    );
    expect(indexes).toEqual(FUNCTIONS.filter(({ needs }) => needs.indexes).map(({ id }) => id));
  });

  it('lets the workflow call its step and its queue, and nothing else of ours', () => {
    const own = statementsAt('ReturnToRefund/Machine/Role').filter(({ Resource }) => Resource !== '*');
    expect(own.map(({ Action }) => Action).sort()).toEqual(['lambda:InvokeFunction', 'sqs:SendMessage']);
    expect(JSON.stringify(own)).not.toContain(':*');
  });

  it('lets the API call each function by its routes, not by the test button of the console', () => {
    const allowed = core.ofType('AWS::Lambda::Permission').map(({ Properties }) => JSON.stringify(Properties));
    const byApi = allowed.filter((text) => text.includes('apigateway.amazonaws.com'));
    expect(byApi).toHaveLength(FUNCTIONS.flatMap(routesOf).length);
    expect(byApi.join()).not.toContain('test-invoke-stage');
  });

  it('lets one function read the drop and one lay files down, and those that keep lines of settlements at their prefix alone', () => {
    const reaching = (bucket: string) =>
      FUNCTIONS.map(({ id }) => id).filter((id) => resourcesFor(id, 's3:GetObject').includes(bucket));
    expect(reaching('AttDrop')).toEqual(['shopify/collect-payout', 'settlements/import']);
    expect(resourcesFor('shopify/collect-payout', 's3:GetObject')).not.toContain('mappings');
    expect(resourcesFor('settlements/import', 's3:GetObject')).toContain('/settlements/*');
    for (const { id, needs } of FUNCTIONS) {
      const writes = resourcesFor(id, 's3:PutObject');
      expect([id, writes.includes('/settlements/*')]).toEqual([
        id,
        needs.settlementLines === 'write' || needs.drop === 'write',
      ]);
      expect([id, writes.includes('/raw/*')]).toEqual([id, needs.archive === 'write']);
      expect([id, writes.includes('Drop')]).toEqual([id, needs.drop === 'write']);
      expect(writes).not.toContain('mappings');
    }
  });

  it('starts workflows from one function', () => {
    expect(FUNCTIONS.map(({ id }) => id).filter((id) => actionsOf(id).includes('states:StartExecution'))).toEqual([
      'returns/on-return-event',
    ]);
  });

  it('opens the state table to every function only where fault points are compiled in', () => {
    const stages = { local: { ...synthesize('local').crossdock.stage, faults: true } };
    const faulty = synthesize('local', { stages }).template('Core');
    const receive = faulty.at('shopify-receive/Role/DefaultPolicy/Resource').resource;
    expect(JSON.stringify(receive.Properties)).toContain('dynamodb:UpdateItem');
    expect(actionsOf('shopify/receive').join()).not.toContain('dynamodb');
  });
});
