import './support.ts';
import { DeleteMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { PoisonError, TransientError } from '#core/kernel/errors.ts';
import { SqsQueueControl } from '#platform/aws/queue-control.ts';
import { MemoryClock } from '#platform/memory/runtime.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { delayAfter } from '#platform/queue-policy.ts';
import { sqsRecord, withAttributes } from './support.ts';

const SOURCE = 'https://sqs.us-east-1.amazonaws.com/000000000000/shopify-intake';
const ABOUT = { id: 'delivery-1', contract: 'shopify:orders/create', correlationId: 'correlation-1' };
const BUSY = new TransientError('AWS_UNAVAILABLE', 'commit: throttled');

describe('what becomes of messages that are not taken', () => {
  const sqs = mockClient(SQSClient);
  let store: MemoryStore;
  let control: SqsQueueControl;
  beforeEach(() => {
    sqs.reset();
    process.env.PARK_QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/000000000000/shopify-intake-dlq';
    store = new MemoryStore();
    control = new SqsQueueControl({ cases: store.cases, clock: new MemoryClock(), random: () => 1 });
  });
  const sent = () => sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input);

  it('parks a copy with its reason, and opens a case for a person', async () => {
    const error = new PoisonError('CURRENCY_WRONG', '"EUX" is no currency', {
      context: { subject: 'ORDER#shopify#main#1' },
    });
    await control.park(sqsRecord('m1', 'the message'), error, ABOUT);
    const [copy] = sent();
    expect(copy).toMatchObject({ QueueUrl: process.env.PARK_QUEUE_URL, MessageBody: 'the message' });
    expect(Object.keys(copy?.MessageAttributes ?? {}).length).toBeLessThanOrEqual(10);
    expect(copy?.MessageAttributes).toMatchObject({
      code: { StringValue: 'CURRENCY_WRONG' },
      reason: { StringValue: '"EUX" is no currency' },
      contract: { StringValue: 'shopify:orders/create' },
      correlationId: { StringValue: 'correlation-1' },
      parkedFrom: { StringValue: 'shopify-intake' },
    });
    expect(await store.cases.listOpen({ limit: 5 })).toMatchObject([
      { subject: 'ORDER#shopify#main#1', code: 'MESSAGE_PARKED#delivery-1', owner: 'integration' },
    ]);
  });

  it('closes the case when the message comes back and is taken', async () => {
    await control.park(sqsRecord('m1', 'body'), new PoisonError('UNKNOWN_SKU', 'no such SKU'), ABOUT);
    const attributes = Object.fromEntries(
      Object.entries(sent()[0]?.MessageAttributes ?? {}).map(([name, { StringValue = '' }]) => [name, StringValue]),
    );
    expect(await store.cases.listOpen({ limit: 5 })).toMatchObject([{ subject: 'QUEUE#shopify-intake' }]);
    await control.done(sqsRecord('m2', 'body'));
    expect(await store.cases.listOpen({ limit: 5 })).toHaveLength(1);
    await control.done(sqsRecord('m2', 'body', withAttributes(attributes)));
    expect(await store.cases.listOpen({ limit: 5 })).toEqual([]);
  });

  it('puts a message off ever longer by copies, so that none of its receives are used up', async () => {
    for (const deferrals of ['', '1', '2', '3', '4']) {
      const attributes = { correlationId: 'correlation-1', ...(deferrals && { deferrals }) };
      await control.putOff(sqsRecord('m', 'body', withAttributes(attributes)), BUSY, ABOUT);
    }
    expect(sent().map(({ DelaySeconds }) => DelaySeconds)).toEqual([15, 60, 240, 900, 900]);
    expect(sent()[0]).toMatchObject({ QueueUrl: SOURCE, MessageBody: 'body' });
    expect(sent()[2]?.MessageAttributes).toMatchObject({
      deferrals: { StringValue: '3' },
      correlationId: { StringValue: 'correlation-1' },
    });
  });

  it('keeps the message when it can not be sent anew', async () => {
    sqs.on(SendMessageCommand).rejects(Object.assign(new Error('busy'), { name: 'ServiceUnavailable' }));
    await expect(control.putOff(sqsRecord('m', 'body'), BUSY, ABOUT)).rejects.toMatchObject({ kind: 'transient' });
  });

  it('lets a message go by the receipt of its latest receive', async () => {
    await control.letGo(sqsRecord('m', 'body'));
    const [removed] = sqs.commandCalls(DeleteMessageCommand).map(({ args }) => args[0].input);
    expect(removed).toEqual({ QueueUrl: SOURCE, ReceiptHandle: 'receipt-of-m' });
  });

  it('puts it in front of a person after a day', async () => {
    await control.putOff(sqsRecord('m', 'body', withAttributes({ deferrals: '96' })), BUSY, ABOUT);
    expect(sent()).toMatchObject([
      { QueueUrl: process.env.PARK_QUEUE_URL, MessageAttributes: { code: { StringValue: 'RETRIES_EXHAUSTED' } } },
    ]);
  });

  it('spreads tries by a fifth, and never comes before it was told to', () => {
    expect([delayAfter(0, 0, () => 0), delayAfter(0, 0, () => 1)]).toEqual([12, 15]);
    expect(delayAfter(0, 120, () => 0)).toBe(120);
    expect(delayAfter(9, 5_000, () => 0)).toBe(900);
  });
});
