import './support.ts';
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { documentsOver } from '#platform/aws/document-client.ts';
import { passing } from '#platform/aws/failures.ts';
import { EventBridgePublisher } from '#platform/aws/publisher.ts';
import { SqsOperationQueue } from '#platform/aws/queues.ts';
import { SecretsManagerSource, secretPart, secretValues } from '#platform/aws/secrets.ts';
import { DynamoStore } from '#platform/aws/state-store.ts';
import { DynamoWaits } from '#platform/aws/timer-store.ts';
import { executionName, StepFunctionsEngine } from '#platform/aws/workflow.ts';
import { aCommit, aMark, anEvent, anOperation } from '../../contract/ports/given.ts';

const named = (name: string, rest: object = {}) => Object.assign(new Error(name), { name }, rest);

describe('the publisher', () => {
  const bus = mockClient(EventBridgeClient);
  beforeEach(() => {
    bus.reset();
    process.env.EVENT_BUS_NAME = 'crossdock';
  });
  const publisher = () => new EventBridgePublisher(new EventBridgeClient({}));
  const calls = () => bus.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries ?? []);

  it('answers the event that the bus refused in a call that it took', async () => {
    bus.on(PutEventsCommand).resolves({
      FailedEntryCount: 1,
      Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }, { EventId: '3' }],
    });
    const events = [anEvent(1), anEvent(2), anEvent(3)];
    expect(await publisher().publish(events)).toEqual([events[1]]);
  });

  it('answers all events of a call that failed', async () => {
    bus.on(PutEventsCommand).rejects(named('InternalException'));
    const events = [anEvent(1), anEvent(2)];
    expect(await publisher().publish(events)).toEqual(events);
  });

  it('writes type, source and envelope where rules look for them', async () => {
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    await publisher().publish([anEvent(1)]);
    expect(calls()[0]?.[0]).toEqual({
      EventBusName: 'crossdock',
      Source: 'crossdock.order',
      DetailType: 'order.captured.v1',
      Detail: JSON.stringify(anEvent(1).envelope),
      Time: new Date('2026-11-20T10:00:00.000Z'),
    });
  });

  it('keeps each call within ten events and 256 KB', async () => {
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    const large = Array.from({ length: 4 }, (_one, index) => anEvent(index + 1, 'ä'.repeat(50_000)));
    const small = Array.from({ length: 11 }, (_one, index) => anEvent(index + 10));
    await publisher().publish([...large, ...small]);
    expect(calls().map((entries) => entries.length)).toEqual([2, 10, 3]);
    for (const entries of calls()) {
      const bytes = entries.reduce((sum, { Detail = '' }) => sum + Buffer.byteLength(Detail), 0);
      expect(bytes).toBeLessThan(256 * 1024);
    }
  });
});

describe('the operation queue', () => {
  const sqs = mockClient(SQSClient);
  const target = { connector: 'tryton', account: 'main' };
  beforeEach(() => {
    sqs.reset();
    process.env.OPERATION_QUEUE_URLS = JSON.stringify({ tryton: 'https://sqs.us-east-1.amazonaws.com/0/tryton' });
  });
  const queue = () => new SqsOperationQueue(new SQSClient({}));

  it('answers the entries that failed in a batch that was taken, and the batches that were not', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({ Successful: [], Failed: [{ Id: '3', Code: 'InternalError', SenderFault: false }] })
      .rejects(named('ServiceUnavailable'));
    const keys = Array.from({ length: 12 }, (_one, index) => `key-${index}`);
    expect(await queue().send(target, keys)).toEqual(['key-3', 'key-10', 'key-11']);
  });

  it('holds messages back for as long as SQS can', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
    await queue().send(target, ['key'], 5_000);
    expect(sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input.Entries).toEqual([
      { Id: '0', MessageBody: '{"key":"key"}', DelaySeconds: 900 },
    ]);
  });

  it('names a connector that it has no queue of', async () => {
    await expect(queue().send({ connector: 'other', account: 'main' }, ['key'])).rejects.toThrow('no queue of other');
  });
});

describe('the store', () => {
  const dynamo = mockClient(DynamoDBDocumentClient);
  beforeEach(() => {
    dynamo.reset();
    Object.assign(process.env, {
      STATE_TABLE_NAME: 'state',
      OPERATIONS_TABLE_NAME: 'operations',
      INBOX_TABLE_NAME: 'inbox',
    });
  });
  const store = () => new DynamoStore(documentsOver(new DynamoDBClient({})));
  const cancelled = (...codes: string[]) =>
    new TransactionCanceledException({
      message: 'cancelled',
      $metadata: {},
      CancellationReasons: codes.map((Code) => ({ Code })),
    });
  const commit = aCommit({ operations: [anOperation()] }, { inbox: aMark() });

  it('writes what an order takes in four rows', async () => {
    dynamo.on(TransactWriteCommand).resolves({});
    await store().commit(commit);
    const { TransactItems = [] } = dynamo.commandCalls(TransactWriteCommand)[0]?.args[0].input ?? {};
    expect(TransactItems.map(({ Put }) => Put?.TableName)).toEqual(['state', 'state', 'operations', 'inbox']);
  });

  it('keeps personal data in an attribute of its own', async () => {
    dynamo.on(TransactWriteCommand).resolves({});
    await store().commit(aCommit({ state: { status: 'captured', personal: { email: 'bob@mail.example.com' } } }));
    const { Item } = dynamo.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems?.[0]?.Put ?? {};
    expect(Item).toMatchObject({ personal: { email: 'bob@mail.example.com' }, state: { status: 'captured' } });
    expect(Item?.state).not.toHaveProperty('personal');
  });

  it.each([
    ['a row that another transaction holds', ['TransactionConflict', 'None', 'None', 'None'], { kind: 'conflict' }],
    [
      'a version and an operation',
      ['ConditionalCheckFailed', 'None', 'ConditionalCheckFailed', 'None'],
      { kind: 'conflict' },
    ],
    [
      'all at once',
      ['ConditionalCheckFailed', 'None', 'ConditionalCheckFailed', 'ConditionalCheckFailed'],
      { kind: 'seen' },
    ],
    [
      'an operation',
      ['None', 'None', 'ConditionalCheckFailed', 'None'],
      { kind: 'operation-exists', key: anOperation().key },
    ],
  ])('reads a transaction that was cancelled for %s', async (_what, codes, result) => {
    dynamo.on(TransactWriteCommand).rejects(cancelled(...codes));
    expect(await store().commit(commit)).toEqual(result);
  });

  it('tells throttling from what will never pass', async () => {
    dynamo.on(TransactWriteCommand).rejects(cancelled('ThrottlingError', 'None', 'None', 'None'));
    await expect(store().commit(commit)).rejects.toMatchObject({ kind: 'transient' });
    dynamo.on(TransactWriteCommand).rejects(cancelled('ValidationError'));
    await expect(store().commit(commit)).rejects.toBeInstanceOf(TransactionCanceledException);
    dynamo.on(TransactWriteCommand).rejects(named('ProvisionedThroughputExceededException'));
    await expect(store().commit(commit)).rejects.toMatchObject({ kind: 'transient' });
    dynamo.on(TransactWriteCommand).rejects(named('AccessDeniedException'));
    await expect(store().commit(commit)).rejects.toThrow('AccessDeniedException');
  });

  it('reads the state as it is now', async () => {
    dynamo.on(GetCommand).resolves({});
    await store().load('ORDER#1');
    expect(dynamo.commandCalls(GetCommand)[0]?.args[0].input.ConsistentRead).toBe(true);
  });
});

describe('failures of AWS', () => {
  it.each([
    ['a reset connection', Object.assign(new Error('socket'), { code: 'ECONNRESET' }), true],
    [
      'one that lies deeper',
      new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ENOTFOUND' }) }),
      true,
    ],
    ['a 500', named('Whatever', { $metadata: { httpStatusCode: 500 } }), true],
    ['a missing permission', named('AccessDeniedException', { $metadata: { httpStatusCode: 400 } }), false],
    ['a bug', new TypeError('x is undefined'), false],
    ['no error at all', 'text', false],
  ])('know whether %s passes', (_what, error, expected) => expect(passing(error)).toBe(expected));
});

describe('secrets', () => {
  const manager = mockClient(SecretsManagerClient);
  let now: number;
  beforeEach(() => {
    manager.reset();
    now = 0;
    let reads = 0;
    manager.on(GetSecretValueCommand).callsFake(() => ({ SecretString: JSON.stringify({ token: `read-${++reads}` }) }));
  });
  const source = () => new SecretsManagerSource(new SecretsManagerClient({}), () => now);

  it('are read once in five minutes', async () => {
    const secrets = source();
    expect(await secrets.get('s')).toEqual({ token: 'read-1' });
    now = 5 * 60_000 - 1;
    expect(await secrets.get('s')).toEqual({ token: 'read-1' });
    now += 1;
    expect(await secrets.get('s')).toEqual({ token: 'read-2' });
  });

  it('are read anew on demand, but not for every forged message', async () => {
    const secrets = source();
    await secrets.get('s');
    expect(await secrets.refresh('s')).toBeUndefined();
    now = 30_000;
    expect(await secrets.refresh('s')).toEqual({ token: 'read-2' });
    expect(await secrets.refresh('s')).toBeUndefined();
    expect(await secrets.get('s')).toEqual({ token: 'read-2' });
  });

  it('are not kept as the deployment made them: whoever sets one need not wait', async () => {
    const secrets = source();
    manager.on(GetSecretValueCommand).resolvesOnce({ SecretString: '{"unset":"x7Gq"}' }).resolves({
      SecretString: '{"token":"read-1"}',
    });
    expect(await secrets.get('s')).toEqual({ unset: 'x7Gq' });
    expect(await secrets.get('s')).toEqual({ token: 'read-1' });
  });

  it('say what they lack and how to set it, and never what they hold', async () => {
    manager.on(GetSecretValueCommand).resolves({ SecretString: 'hunter2' });
    const error = await source()
      .get('crossdock/dev/shopify/main')
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ kind: 'transient', code: 'SECRET_INCOMPLETE' });
    expect(error.message).not.toContain('hunter2');
    expect(() => secretPart('s', { unset: 'x' }, 'token')).toThrow(
      'secret s lacks "token"; set it with "aws secretsmanager',
    );
    expect(() => secretValues('s', { hooks: [] }, 'hooks')).toThrow('lacks "hooks"');
    expect(secretValues('s', { hooks: ['new', 'old', 'older'] }, 'hooks')).toEqual(['new', 'old']);
    expect(secretValues('s', { hooks: 'one' }, 'hooks')).toEqual(['one']);
  });
});

describe('the workflow engine', () => {
  const sfn = mockClient(SFNClient);
  beforeEach(() => {
    sfn.reset();
    process.env.RETURN_WORKFLOW_ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:return-to-refund';
  });

  it('takes a run that is under way already for started', async () => {
    sfn.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists({ message: 'exists', $metadata: {} }));
    await new StepFunctionsEngine(new SFNClient({})).start('RETURN#generic#main#R1', { returnKey: 'RETURN#1' });
    expect(sfn.commandCalls(StartExecutionCommand)).toHaveLength(1);
  });

  it('names a run so that AWS takes it and no other run has it', () => {
    expect(executionName('return-1')).toBe('return-1');
    const names = ['RETURN#a#1', 'RETURN#a_1', 'RETURN_a_1', `RETURN#${'x'.repeat(90)}1`, `RETURN#${'x'.repeat(90)}2`];
    const made = names.map(executionName);
    expect(new Set(made).size).toBe(names.length);
    for (const name of made) expect(name).toMatch(/^[A-Za-z0-9_.-]{1,80}$/);
    expect(names.map(executionName)).toEqual(made);
  });
});

describe('waits', () => {
  it('from before they told their patience have an hour', async () => {
    const dynamo = mockClient(DynamoDBDocumentClient);
    dynamo
      .on(GetCommand)
      .resolves({ Item: { pk: 'R1', sk: 'WAIT#receipt', token: 't', since: '2026-11-20T10:00:00Z' } });
    const waits = new DynamoWaits(documentsOver(new DynamoDBClient({})));
    expect(await waits.get('R1', 'receipt')).toMatchObject({ token: 't', patienceSeconds: 3_600 });
  });
});
