import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { PoisonError, TransientError } from '#core/kernel/errors.ts';
import { SqsQueueControl } from '#platform/aws/queue-control.ts';
import type { QueueControl } from '#platform/handlers/queue-control.ts';
import { MemoryQueueControl } from '#platform/memory/queue-control.ts';
import { MemoryClock } from '#platform/memory/runtime.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { SEND_ANEW_AT } from '#platform/queue-policy.ts';
import { receivedTimes, sqsRecord, withAttributes } from '../../unit/platform/support.ts';
import { clientOptions, fresh, oneOf } from './worlds.ts';

const QUEUE = 'shopify-intake';
const ABOUT = { id: 'delivery-1', contract: 'shopify:orders/create', correlationId: 'correlation-1' };
const BUSY = new TransientError('AWS_UNAVAILABLE', 'commit: throttled');
const WRONG = new PoisonError('CURRENCY_WRONG', '"EUX" is no currency', {
  context: { subject: 'ORDER#shopify#main#1' },
});

type Place = {
  readonly control: QueueControl;
  readonly store: MemoryStore;
  /** A message off the queue, as a function gets it. */
  readonly receive: (body: string) => Promise<SQSRecord>;
  /** What lies on the DLQ now. */
  readonly parked: () => Promise<SQSRecord | undefined>;
  /** Messages that the queue does not show for now: received ones held back, and copies with a delay. */
  readonly heldBack: () => Promise<{ readonly hidden: number; readonly delayed: number }>;
};

const PLACES = oneOf({ name: 'memory', open: inMemory }, { name: 'SQS', open: onEngine });

describe.each(PLACES)('what becomes of messages that are not taken ($name)', ({ open }) => {
  let place: Place;
  beforeEach(async () => {
    place = await open();
  });
  const openCases = () => place.store.cases.listOpen({ limit: 5 });

  it('parks a copy with its reason and opens a case, which its taking closes', async () => {
    await place.control.park(await place.receive('the message'), WRONG, ABOUT);
    const copy = await place.parked();
    expect(copy?.body).toBe('the message');
    const attributes = Object.entries(copy?.messageAttributes ?? {}).map(([name, { stringValue }]) => [
      name,
      stringValue,
    ]);
    expect(Object.fromEntries(attributes)).toEqual({
      code: 'CURRENCY_WRONG',
      reason: '"EUX" is no currency',
      contract: 'shopify:orders/create',
      correlationId: 'correlation-1',
      parkedFrom: expect.stringContaining(QUEUE),
      parkedAt: '2026-11-20T10:00:00.000Z',
      caseSubject: 'ORDER#shopify#main#1',
      caseCode: 'MESSAGE_PARKED#delivery-1',
    });
    expect(await openCases()).toMatchObject([
      { subject: 'ORDER#shopify#main#1', code: 'MESSAGE_PARKED#delivery-1', owner: 'integration' },
    ]);
    await place.control.done(await place.receive('another'));
    expect(await openCases()).toHaveLength(1);
    await place.control.done(copy as SQSRecord);
    expect(await openCases()).toEqual([]);
  });

  it('has the queue keep a message that is put off, and says so by throwing', async () => {
    const record = await place.receive('again');
    await expect(place.control.putOff(record, BUSY, ABOUT)).rejects.toBe(BUSY);
    expect(await place.heldBack()).toEqual({ hidden: 1, delayed: 0 });
    expect(await openCases()).toEqual([]);
  });

  it('sends a copy in its place before the count would move it to the DLQ', async () => {
    const record = await place.receive('anew');
    await place.control.putOff({ ...record, ...receivedTimes(SEND_ANEW_AT) }, BUSY, ABOUT);
    expect(await place.heldBack()).toMatchObject({ delayed: 1 });
    expect(await place.parked()).toBeUndefined();
  });

  it('puts it in front of a person after a day', async () => {
    const record = await place.receive('at last');
    await place.control.putOff({ ...record, ...withAttributes({ deferrals: '96' }) }, BUSY, ABOUT);
    expect((await place.parked())?.messageAttributes.code?.stringValue).toBe('RETRIES_EXHAUSTED');
    expect(await openCases()).toMatchObject([{ code: 'MESSAGE_PARKED#delivery-1' }]);
  });
});

async function inMemory(): Promise<Place> {
  const store = new MemoryStore();
  const control = new MemoryQueueControl({ cases: store.cases, clock: new MemoryClock() });
  return {
    control,
    store,
    receive: async (body) => sqsRecord('m1', body),
    parked: async () => {
      const [first] = control.parked;
      return first && sqsRecord('parked', first.body, withAttributes(first.attributes));
    },
    heldBack: async () => ({ hidden: control.hidden.size, delayed: control.sentAnew.length }),
  };
}

async function onEngine(): Promise<Place> {
  const client = new SQSClient({ ...clientOptions, useQueueUrlAsEndpoint: false });
  const name = `${QUEUE}-${fresh()}`;
  const create = async (QueueName: string) =>
    (await client.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '1' } }))).QueueUrl ?? '';
  const queue = await create(name);
  const dlq = await create(`${name}-dlq`);
  process.env.PARK_QUEUE_URL = dlq;
  const store = new MemoryStore();
  return {
    control: new SqsQueueControl({ cases: store.cases, clock: new MemoryClock(), client, random: () => 1 }),
    store,
    async receive(body) {
      await client.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: body }));
      const record = await receive(client, queue, name);
      if (!record) throw new Error('the message did not arrive');
      return record;
    },
    async parked() {
      const record = await receive(client, dlq, `${name}-dlq`);
      if (record) await client.send(new DeleteMessageCommand({ QueueUrl: dlq, ReceiptHandle: record.receiptHandle }));
      return record;
    },
    async heldBack() {
      // Longer than the queue's own time-out: only what was put off is still hidden.
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['All'] }),
      );
      return {
        hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
        delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed),
      };
    },
  };
}

async function receive(client: SQSClient, QueueUrl: string, name: string): Promise<SQSRecord | undefined> {
  const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1, MessageAttributeNames: ['All'] });
  const [message] = (await client.send(command)).Messages ?? [];
  if (!message) return undefined;
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([key, { StringValue = '' }]) => [
    key,
    StringValue,
  ]);
  return sqsRecord(message.MessageId ?? '', message.Body ?? '', {
    receiptHandle: message.ReceiptHandle ?? '',
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${name}`,
    ...withAttributes(Object.fromEntries(attributes)),
  });
}
