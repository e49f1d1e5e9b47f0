import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Case } from '#core/cases/case.ts';
import { PartnerConfigurationError, PoisonError, TransientError } from '#core/kernel/errors.ts';
import { SqsQueueControl } from '#platform/aws/queue-control.ts';
import type { QueueControl } from '#platform/handlers/queue-control.ts';
import { MemoryQueueControl } from '#platform/memory/queue-control.ts';
import { MemoryClock } from '#platform/memory/runtime.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { sqsRecord, withAttributes } from '../../unit/platform/support.ts';
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
  /** Copies that the queue holds back. */
  readonly delayed: () => Promise<number>;
  /** Messages that were received and would come again. */
  readonly left: () => Promise<number>;
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

  it('sends a copy in the place of one that is put off, whatever it was received for', async () => {
    await place.control.putOff(await place.receive('anew'), BUSY, ABOUT);
    expect(await place.delayed()).toBe(1);
    expect(await place.parked()).toBeUndefined();
    expect(await openCases()).toEqual([]);
  });

  it('lets a message go before its batch has ended', async () => {
    await place.control.letGo(await place.receive('done with'));
    expect(await place.left()).toBe(0);
  });

  it('tells of the fourth time it is put off, until its copy is taken', async () => {
    const third = { ...(await place.receive('put off')), ...withAttributes({ deferrals: '3' }) };
    await place.control.putOff(third, BUSY, ABOUT);
    const [told] = await openCases();
    expect(told).toMatchObject({ code: 'MESSAGE_PUT_OFF#delivery-1', owner: 'integration' });
    expect(told?.subject).toContain(`QUEUE#${QUEUE}`);
    await place.control.done(carrying(told));
    expect(await openCases()).toEqual([]);
  });

  it('tells at once of what a person has to mend, and puts a parked message in its place', async () => {
    const refused = new PartnerConfigurationError('ERP_LOGIN_REFUSED', 'tryton/main refuses the user');
    await place.control.putOff(await place.receive('refused'), refused as TransientError, ABOUT);
    const [told] = await openCases();
    expect(told).toMatchObject({ code: 'MESSAGE_PUT_OFF#delivery-1' });
    await place.control.park(carrying(told), WRONG, ABOUT);
    expect(await openCases()).toMatchObject([{ code: 'MESSAGE_PARKED#delivery-1' }]);
  });

  it('puts it in front of a person after a day', async () => {
    const record = await place.receive('at last');
    await place.control.putOff({ ...record, ...withAttributes({ deferrals: '96' }) }, BUSY, ABOUT);
    expect((await place.parked())?.messageAttributes.code?.stringValue).toBe('RETRIES_EXHAUSTED');
    expect(await openCases()).toMatchObject([{ code: 'MESSAGE_PARKED#delivery-1' }]);
  });
});

/** A message that knows its case, as the copy of one that was put off does. */
const carrying = (told: Case | undefined): SQSRecord =>
  sqsRecord('copy', 'body', withAttributes({ caseSubject: told?.subject ?? '', caseCode: told?.code ?? '' }));

async function inMemory(): Promise<Place> {
  const store = new MemoryStore();
  const control = new MemoryQueueControl({ cases: store.cases, clock: new MemoryClock() });
  const received = new Set<string>();
  return {
    control,
    store,
    receive: async (body) => {
      received.add('m1');
      return sqsRecord('m1', body);
    },
    parked: async () => {
      const [first] = control.parked;
      return first && sqsRecord('parked', first.body, withAttributes(first.attributes));
    },
    delayed: async () => control.sentAnew.length,
    left: async () => [...received].filter((id) => !control.letGone.includes(id)).length,
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
  const count = async (attribute: QueueAttributeName): Promise<number> => {
    const asked = new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: [attribute] });
    return Number((await client.send(asked)).Attributes?.[attribute]);
  };
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
    delayed: () => count('ApproximateNumberOfMessagesDelayed'),
    async left() {
      // Longer than the queue's own time-out: what was not let go shows again.
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      return count('ApproximateNumberOfMessages');
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
