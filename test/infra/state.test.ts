import { describe, expect, it } from 'vitest';
import { crossdockTables } from '../simulation/services/dynamodb/table-spec.ts';
import { synthesize } from './support/synth.ts';

const { crossdock, template } = synthesize('dev');
const state = template('State');
const tableAt = (name: string) => state.at(`${name}/Resource`).resource;
const keys = (schema: { AttributeName: string }[]) => schema.map(({ AttributeName }) => AttributeName);

describe('state', () => {
  it('outlives its stack and a wrong deployment', () => {
    const kept = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret'].flatMap(
      state.ofType,
    );
    expect(kept.length).toBeGreaterThanOrEqual(8);
    for (const { DeletionPolicy, UpdateReplacePolicy } of kept) {
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    }
    for (const { Properties } of state.ofType('AWS::DynamoDB::Table')) {
      expect(Properties.DeletionProtectionEnabled).toBe(true);
      expect(Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
    }
  });

  it('of the local stage goes with its stack', () => {
    const local = synthesize('local').template('State');
    for (const { DeletionPolicy } of local.ofType('AWS::DynamoDB::Table')) expect(DeletionPolicy).toBe('Delete');
  });

  it('is encrypted with a key of ours that turns by itself, usable through tables and archive alone', () => {
    const { id, resource } = state.at('Key/Resource');
    expect(resource.Properties.EnableKeyRotation).toBe(true);
    for (const { Properties } of state.ofType('AWS::DynamoDB::Table')) {
      expect(Properties.SSESpecification.KMSMasterKeyId).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
    }
    const [, shared, ...more] = resource.Properties.KeyPolicy.Statement;
    expect(more).toEqual([]);
    expect(shared.Condition.StringEquals['kms:CallerAccount']).toEqual({ Ref: 'AWS::AccountId' });
    expect(JSON.stringify(shared.Condition.StringEquals['kms:ViaService'])).toMatch(/dynamodb\..*s3\./);
  });

  it('has the keys and sparse indexes that the stores read', () => {
    expect(keys(tableAt('State').Properties.KeySchema)).toEqual(['pk', 'sk']);
    expect(keys(tableAt('Operations').Properties.KeySchema)).toEqual(['key']);
    expect(keys(tableAt('Inbox').Properties.KeySchema)).toEqual(['mailbox', 'deliveryId']);
    const indexes = [
      ...tableAt('State').Properties.GlobalSecondaryIndexes,
      ...tableAt('Operations').Properties.GlobalSecondaryIndexes,
    ];
    expect(
      indexes.map(({ IndexName, KeySchema, Projection }) => [IndexName, ...keys(KeySchema), Projection.ProjectionType]),
    ).toEqual([
      ['foreignId', 'foreignId', 'pk', 'KEYS_ONLY'],
      ['openCases', 'openOwner', 'lastSeenAt', 'KEYS_ONLY'],
      ['due', 'dueShard', 'dueAt', 'KEYS_ONLY'],
      ['due', 'dueShard', 'dueAt', 'KEYS_ONLY'],
    ]);
  });

  it('has the tables that the simulation runs on', () => {
    const schema = (parts: { AttributeName: string }[]) => {
      const [pk, sk] = keys(parts);
      return { pk, ...(sk && { sk }) };
    };
    const tables = ['State', 'Operations', 'Inbox'].map((name) => {
      const {
        KeySchema,
        GlobalSecondaryIndexes: indexes,
        StreamSpecification,
        AttributeDefinitions,
      } = tableAt(name).Properties;
      expect(new Set(AttributeDefinitions.map((one: { AttributeType: string }) => one.AttributeType))).toEqual(
        new Set(['S']),
      );
      const specs = indexes?.map((index: { IndexName: string; KeySchema: { AttributeName: string }[] }) => ({
        name: index.IndexName,
        ...schema(index.KeySchema),
        projection: 'keys-only',
      }));
      return {
        name,
        ...schema(KeySchema),
        ...(specs && { indexes: specs }),
        ...(StreamSpecification && { stream: true }),
      };
    });
    expect(tables).toEqual(crossdockTables({ state: 'State', operations: 'Operations', inbox: 'Inbox' }));
  });

  it('streams new rows of the state table, and forgets nothing but deliveries', () => {
    expect(tableAt('State').Properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_IMAGE' });
    expect(tableAt('Inbox').Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
    expect(tableAt('State').Properties.TimeToLiveSpecification).toBeUndefined();
    expect(tableAt('Operations').Properties.TimeToLiveSpecification).toBeUndefined();
  });

  it('archives raw messages in private, over TLS, for thirty days', () => {
    const { Properties } = state.at('Archive/Resource').resource;
    expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    expect(Properties.LifecycleConfiguration.Rules).toMatchObject([
      { Prefix: 'raw/', ExpirationInDays: 30, Status: 'Enabled' },
    ]);
    const denied = state.at('Archive/Policy/Resource').resource.Properties.PolicyDocument.Statement;
    expect(denied.every(({ Effect }: { Effect: string }) => Effect === 'Deny')).toBe(true);
    expect(denied.map(({ Condition }: { Condition: unknown }) => Condition)).toContainEqual({
      Bool: { 'aws:SecureTransport': 'false' },
    });
  });
});

describe('the drop', () => {
  const { Properties } = state.at('Drop/Resource').resource;

  it('is private, over TLS, and forgets files after thirty days but not what their columns mean', () => {
    expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    expect(Properties.LifecycleConfiguration.Rules).toMatchObject([
      { Prefix: 'settlements/', ExpirationInDays: 30, Status: 'Enabled' },
    ]);
    const denied = state.at('Drop/Policy/Resource').resource.Properties.PolicyDocument.Statement;
    expect(denied.every(({ Effect }: { Effect: string }) => Effect === 'Deny')).toBe(true);
  });

  it('tells the bus of each file, by the template alone', () => {
    expect(Properties.NotificationConfiguration).toEqual({ EventBridgeConfiguration: { EventBridgeEnabled: true } });
  });

  it('is not the archive, whose lines of settlements nothing forgets', () => {
    const { Rules } = state.at('Archive/Resource').resource.Properties.LifecycleConfiguration;
    expect(Rules.map(({ Prefix }: { Prefix: string }) => Prefix)).toEqual(['raw/']);
    expect(state.at('Archive/Resource').resource.Properties.NotificationConfiguration).toBeUndefined();
  });
});

describe('secrets', () => {
  const FRAUD_KEYS = 'crossdock/dev/fraud/keys';
  const secrets = state.ofType('AWS::SecretsManager::Secret').map(({ Properties }) => Properties);
  const ofAccounts = secrets.filter(({ Name }) => Name !== FRAUD_KEYS);

  it('are made empty, one per account, by the name that functions look for', () => {
    const names = ofAccounts.map(({ Name }) => Name);
    expect(names).toEqual(['crossdock/dev/shopify/main', 'crossdock/dev/generic/main', 'crossdock/dev/tryton/main']);
  });

  it('are generated from what never changes: another template would overwrite what a person has set', () => {
    for (const { GenerateSecretString } of ofAccounts) {
      expect(GenerateSecretString).toEqual({
        SecretStringTemplate: '{}',
        GenerateStringKey: 'unset',
        ExcludePunctuation: true,
      });
    }
    for (const { SecretString } of secrets) expect(SecretString).toBeUndefined();
  });

  it('have the first key that buyers are hashed with made for them, under a name of its own', () => {
    expect(secrets.find(({ Name }) => Name === FRAUD_KEYS)?.GenerateSecretString).toEqual({
      SecretStringTemplate: '{"current":"k1"}',
      GenerateStringKey: 'k1',
      PasswordLength: 64,
      ExcludePunctuation: true,
    });
  });

  it('come with the command that sets them', () => {
    expect(state.outputs.SetSecretTrytonMain?.Value).toContain(
      'put-secret-value --secret-id crossdock/dev/tryton/main',
    );
  });

  it('follow the accounts without tying the stacks: core imports none of them', () => {
    expect(JSON.stringify(template('Core').resources)).not.toMatch(/Fn::ImportValue":"[^"]*Secret/);
    expect(crossdock.core.dependencies).toEqual([crossdock.state]);
  });
});
