import {
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { contentOf, describe as described, reasonsOf } from '../../../bin/commands/dlq/describe.ts';
import { deadLettersOf } from '../../../bin/commands/dlq/queues.ts';
import { redrive } from '../../../bin/commands/dlq/redrive.ts';
import { CopyRedrive } from '../../../bin/commands/dlq/redrive-by-copy.ts';
import { MoveTaskRedrive } from '../../../bin/commands/dlq/redrive-by-task.ts';
import { relayAgain, rowsIn, spanOf } from '../../../bin/commands/dlq/relay-again.ts';
import '../platform/support.ts';

const WAY = {
  dlqUrl: 'https://sqs.us-east-1.amazonaws.com/0/intake-dlq',
  sourceUrl: 'https://sqs.us-east-1.amazonaws.com/0/intake',
};
const ADAPTERS = { byTask: new MoveTaskRedrive(0), byCopy: new CopyRedrive() };
const quiet = (): void => {};

const attributes = (given: Record<string, string>): NonNullable<Message['MessageAttributes']> =>
  Object.fromEntries(
    Object.entries(given).map(([name, StringValue]) => [
      name,
      { DataType: 'String', StringValue, StringListValues: [] },
    ]),
  );

const parked = (id: string, code: string, Body = `body of ${id}`): Message => ({
  MessageId: id,
  ReceiptHandle: `handle-${id}`,
  Body,
  MessageAttributes: attributes({ code, reason: 'because', caseSubject: 'ORDER#1', caseCode: `MESSAGE_PARKED#${id}` }),
});

describe('a dead message', () => {
  const raw = {
    connector: 'shopify',
    account: 'main',
    deliveryId: 'orders/create:1',
    correlationId: 'corr-1',
    body: Buffer.from('{"email":"ada@mail.example.com"}').toString('base64'),
  };

  it('is told by its reason, its case and what it is about, without its content', () => {
    const message = {
      ...parked('m1', 'ORDER_UNKNOWN', JSON.stringify(raw)),
      Attributes: { SentTimestamp: '1795600000000' },
    };
    const told = described(message);
    expect(told).toMatchObject({
      code: 'ORDER_UNKNOWN',
      about: 'shopify/main/orders/create:1',
      correlationId: 'corr-1',
      case: 'ORDER#1 MESSAGE_PARKED#m1',
    });
    expect(JSON.stringify(told)).not.toContain('ada');
    expect(contentOf(message)).toBe('{"email":"ada@mail.example.com"}');
  });

  it.each([
    [
      'an event',
      { 'detail-type': 'refund.issued.v1', detail: { metadata: { id: 'REFUND#1/2' } } },
      'refund.issued.v1 REFUND#1/2',
    ],
    ['an operation', { key: 'erp/sales-order/a/b/1' }, 'erp/sales-order/a/b/1'],
    ['a journal row', { key: 'ORDER#1', row: 'EVENT#3' }, 'ORDER#1 EVENT#3'],
    ['a waiting step', { taskToken: 'secret', returnKey: 'RETURN#1', step: 'receipt' }, 'RETURN#1 receipt'],
  ])('knows %s', (_what, body, about) => {
    expect(described({ Body: JSON.stringify(body) })).toMatchObject({ about });
  });

  it("keeps a workflow's token to itself, and stands what is no JSON", () => {
    expect(contentOf({ Body: '{"taskToken": "secret", "step": "receipt"}' })).not.toContain('secret');
    expect(described({ Body: 'no json' }).about).toBeUndefined();
  });

  it('is counted by reason, the most frequent first', () => {
    const codes = ['A', 'B', 'B', undefined].map((code) => ({
      id: '',
      since: '',
      ...(code !== undefined && { code }),
    }));
    expect(reasonsOf(codes)).toEqual([
      { code: 'B', count: 2 },
      { code: 'A', count: 1 },
      { code: 'FAILED', count: 1 },
    ]);
  });
});

describe('a queue', () => {
  const stage = { output: (key: string) => `https://sqs.us-east-1.amazonaws.com/0/Crossdock-${key}` };

  it('is known by its own id and by the deployed names of it and its DLQ', () => {
    for (const name of ['shopify-intake', 'Crossdock-QueueShopifyIntake', 'Crossdock-DlqShopifyIntake']) {
      expect(deadLettersOf(stage, name).id).toBe('shopify-intake');
    }
    expect(() => deadLettersOf(stage, 'nobody')).toThrow(/shopify-intake, generic-intake/);
  });
});

describe('redriving', () => {
  const sqs = mockClient(SQSClient);
  let order: string[];
  beforeEach(() => {
    sqs.reset();
    order = [];
    sqs.on(SendMessageCommand).callsFake(({ MessageBody }) => void order.push(`send ${MessageBody}`));
    sqs.on(DeleteMessageCommand).callsFake(({ ReceiptHandle }) => void order.push(`delete ${ReceiptHandle}`));
    sqs.on(ChangeMessageVisibilityBatchCommand).resolves({});
    sqs.on(GetQueueAttributesCommand).callsFake(({ QueueUrl }) => ({
      Attributes: {
        QueueArn: `arn:aws:sqs:us-east-1:0:${QueueUrl.split('/').at(-1)}`,
        ApproximateNumberOfMessages: '2',
      },
    }));
  });
  const receives = (...batches: Message[][]) => {
    const left = [...batches];
    sqs.on(ReceiveMessageCommand).callsFake(() => ({ Messages: left.shift() ?? [] }));
  };
  const noTasks = () =>
    sqs.on(StartMessageMoveTaskCommand).rejects(Object.assign(new Error('no'), { name: 'InvalidAction' }));

  it('by copy sends each message with its attributes before it deletes it', async () => {
    receives([parked('m1', 'A')]);
    expect(await ADAPTERS.byCopy.move(WAY, {}, quiet)).toEqual({ moved: 1 });
    expect(order).toEqual(['send body of m1', 'delete handle-m1']);
    const sent = sqs.commandCalls(SendMessageCommand)[0]?.args[0].input;
    expect(sent?.MessageAttributes).toMatchObject({
      caseCode: { DataType: 'String', StringValue: 'MESSAGE_PARKED#m1' },
    });
    expect(JSON.stringify(sent)).not.toContain('ListValues');
  });

  it('by copy deletes nothing that was not sent', async () => {
    receives([parked('m1', 'A')]);
    sqs.on(SendMessageCommand).rejects(new Error('throttled'));
    await expect(ADAPTERS.byCopy.move(WAY, {}, quiet)).rejects.toThrow('throttled');
    expect(order).toEqual([]);
  });

  it('by copy leaves what was not asked for, and shows it to everybody again', async () => {
    receives([parked('m1', 'A'), parked('m2', 'B')]);
    expect(await redrive(ADAPTERS, WAY, { wanted: ({ code }) => code === 'B' }, quiet)).toEqual({ moved: 1 });
    expect(order).toEqual(['send body of m2', 'delete handle-m2']);
    const [put] = sqs.commandCalls(ChangeMessageVisibilityBatchCommand);
    expect(put?.args[0].input.Entries).toMatchObject([{ ReceiptHandle: 'handle-m1', VisibilityTimeout: 0 }]);
    expect(sqs.commandCalls(StartMessageMoveTaskCommand)).toHaveLength(0);
  });

  it('by copy moves no more than it was told', async () => {
    receives([parked('m1', 'A')], [parked('m2', 'A')]);
    expect(await redrive(ADAPTERS, WAY, { limit: 1 }, quiet)).toEqual({ moved: 1 });
    expect(sqs.commandCalls(ReceiveMessageCommand)[0]?.args[0].input.MaxNumberOfMessages).toBe(1);
  });

  it('by copy ends although a message is refused again while it works', async () => {
    const again = (id: string) => parked(id, 'A', 'the same poison');
    receives([again('m1')], [], [again('m2')], [], [again('m2')]);
    expect(await ADAPTERS.byCopy.move(WAY, {}, quiet)).toEqual({ moved: 1 });
    expect(order).toEqual(['send the same poison', 'delete handle-m1']);
  });

  it("goes by SQS's own task where all are meant, and names the destination", async () => {
    sqs.on(StartMessageMoveTaskCommand).resolves({ TaskHandle: 't1' });
    sqs
      .on(ListMessageMoveTasksCommand)
      .resolvesOnce({ Results: [{ Status: 'RUNNING', ApproximateNumberOfMessagesMoved: 1 }] })
      .resolves({ Results: [{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 2 }] });
    expect(await redrive(ADAPTERS, WAY, {}, quiet)).toEqual({ moved: 2 });
    expect(sqs.commandCalls(StartMessageMoveTaskCommand)[0]?.args[0].input).toEqual({
      SourceArn: 'arn:aws:sqs:us-east-1:0:intake-dlq',
      DestinationArn: 'arn:aws:sqs:us-east-1:0:intake',
    });
  });

  it('stops a task whose messages come back as fast as they go', async () => {
    sqs.on(StartMessageMoveTaskCommand).resolves({ TaskHandle: 't1' });
    sqs.on(CancelMessageMoveTaskCommand).resolves({});
    sqs
      .on(ListMessageMoveTasksCommand)
      .resolves({ Results: [{ Status: 'RUNNING', ApproximateNumberOfMessagesMoved: 3 }] });
    const { moved, trouble } = await redrive(ADAPTERS, WAY, {}, quiet);
    expect({ moved, trouble }).toEqual({ moved: 3, trouble: expect.stringContaining('come back') });
    expect(sqs.commandCalls(CancelMessageMoveTaskCommand)[0]?.args[0].input).toEqual({ TaskHandle: 't1' });
  });

  it('tells why a task failed', async () => {
    sqs.on(StartMessageMoveTaskCommand).resolves({ TaskHandle: 't1' });
    sqs.on(ListMessageMoveTasksCommand).resolves({ Results: [{ Status: 'FAILED', FailureReason: 'AccessDenied' }] });
    expect(await redrive(ADAPTERS, WAY, {}, quiet)).toMatchObject({
      moved: 0,
      trouble: expect.stringContaining('AccessDenied'),
    });
  });

  it('copies where SQS has no such tasks', async () => {
    noTasks();
    receives([parked('m1', 'A'), parked('m2', 'B')]);
    expect(await redrive(ADAPTERS, WAY, {}, quiet)).toEqual({ moved: 2 });
  });

  it('does not copy when it may not start a task', async () => {
    sqs.on(StartMessageMoveTaskCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    await expect(redrive(ADAPTERS, WAY, {}, quiet)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(order).toEqual([]);
  });
});

describe('what the stream relay gave up', () => {
  const sqs = mockClient(SQSClient);
  const tables = mockClient(DynamoDBDocumentClient);
  const rows = [{ key: 'ORDER#1', row: 'EVENT#1' }];
  const messages = [{ ReceiptHandle: 'h1' }];
  const relay = () => relayAgain(rows, WAY.sourceUrl, WAY.dlqUrl, messages);
  beforeEach(() => {
    process.env.STATE_TABLE_NAME = 'state';
    sqs.reset();
    tables.reset();
    sqs.on(DeleteMessageCommand).resolves({});
  });

  it('is a span of time, wider than any commit lasts', () => {
    const info = {
      approximateArrivalOfFirstRecord: '2026-11-25T10:00:00Z',
      approximateArrivalOfLastRecord: '2026-11-25T10:10:00Z',
    };
    expect(spanOf({ Body: JSON.stringify({ DDBStreamBatchInfo: info }) })).toEqual({
      from: '2026-11-25T09:55:00.000Z',
      to: '2026-11-25T10:15:00.000Z',
    });
    expect(spanOf({ Body: '{"key":"x"}' })).toBeUndefined();
    expect(spanOf({ Body: 'no json' })).toBeUndefined();
  });

  it('is found again in the journal, each row once however many spans have it', async () => {
    const page = (sk: string, more: boolean) => ({
      Items: [{ pk: 'ORDER#1', sk }],
      ...(more && { LastEvaluatedKey: { pk: 'ORDER#1', sk } }),
    });
    tables
      .on(ScanCommand)
      .callsFake(({ ExclusiveStartKey }) => page(ExclusiveStartKey ? 'EVENT#2' : 'EVENT#1', !ExclusiveStartKey));
    const spans = [1, 2].map((day) => ({ from: `2026-11-0${day}`, to: `2026-11-0${day + 1}` }));
    expect(await rowsIn(spans, quiet)).toEqual([
      { key: 'ORDER#1', row: 'EVENT#1' },
      { key: 'ORDER#1', row: 'EVENT#2' },
    ]);
    expect(tables.commandCalls(ScanCommand)[0]?.args[0].input.ExpressionAttributeValues).toEqual({
      ':prefix': 'EVENT#',
      ':from': '2026-11-01',
      ':to': '2026-11-02',
    });
  });

  it('goes to the relay by name, and its message only then', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
    expect(await relay()).toEqual({ relayed: 1 });
    expect(sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input).toMatchObject({
      QueueUrl: WAY.sourceUrl,
      Entries: [{ MessageBody: '{"key":"ORDER#1","row":"EVENT#1"}' }],
    });
    expect(sqs.commandCalls(DeleteMessageCommand)).toHaveLength(1);
  });

  it('stays where the relay did not take all of it', async () => {
    const failed = [{ Id: '0', Code: 'InternalError', SenderFault: false }];
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: failed });
    expect(await relay()).toMatchObject({ relayed: 0, trouble: expect.stringContaining('1 rows were not taken') });
    expect(sqs.commandCalls(DeleteMessageCommand)).toHaveLength(0);
  });
});
