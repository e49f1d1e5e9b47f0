import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EventPublisher, PublishableEvent } from '#application/ports/publisher.ts';
import type { OperationQueue } from '#application/ports/queues.ts';
import { EventBridgePublisher } from '#platform/aws/publisher.ts';
import { SqsOperationQueue } from '#platform/aws/queues.ts';
import { MemoryOperationQueue, MemoryPublisher } from '#platform/memory/queues.ts';
import { anEvent } from './given.ts';
import { clientOptions, fresh, oneOf } from './worlds.ts';

type Messaging = {
  readonly queue: OperationQueue;
  readonly publisher: EventPublisher;
  /** Keys of operations that arrived, until there are `count`. */
  readonly arrived: (count: number) => Promise<string[]>;
  readonly published: (count: number) => Promise<Pick<PublishableEvent, 'type' | 'source' | 'envelope'>[]>;
};

const PLACES = oneOf({ name: 'memory', open: inMemory }, { name: 'SQS and EventBridge', open: onEngine });

const TARGET = { connector: 'tryton', account: 'main' };

describe.each(PLACES)('messages ($name)', ({ open }) => {
  let place: Messaging;
  beforeAll(async () => {
    place = await open();
  });

  it('hands over more operations than one call takes, each once', async () => {
    const keys = Array.from({ length: 23 }, (_one, index) => `erp/sales-order/shopify/main/${index}`);
    expect(await place.queue.send(TARGET, keys)).toEqual([]);
    expect((await place.arrived(23)).sort()).toEqual([...keys].sort());
  });

  it('hands over nothing when there is nothing', async () => {
    expect(await place.queue.send(TARGET, [])).toEqual([]);
    expect(await place.publisher.publish([])).toEqual([]);
  });

  it('publishes more events than one call takes, as they are', async () => {
    const events = Array.from({ length: 12 }, (_one, index) =>
      anEvent(index + 1, { orderId: String(index), text: 'Zoë' }),
    );
    expect(await place.publisher.publish(events)).toEqual([]);
    const bySequence = (a: PublishableEvent, b: PublishableEvent) =>
      a.envelope.metadata.sequence - b.envelope.metadata.sequence;
    expect((await place.published(12)).sort(bySequence)).toEqual(events);
  });
});

async function inMemory(): Promise<Messaging> {
  const queue = new MemoryOperationQueue();
  const publisher = new MemoryPublisher();
  return {
    queue,
    publisher,
    arrived: async () => queue.sent.map(({ key }) => key),
    published: async () => publisher.published,
  };
}

async function onEngine(): Promise<Messaging> {
  const suffix = fresh();
  const sqs = new SQSClient({ ...clientOptions, useQueueUrlAsEndpoint: false });
  const bus = new EventBridgeClient(clientOptions);
  const create = async (name: string) =>
    (await sqs.send(new CreateQueueCommand({ QueueName: `${name}-${suffix}` }))).QueueUrl ?? '';
  const operations = await create('tryton-operations');
  const events = await create('events');
  const EventBusName = `crossdock-${suffix}`;
  await bus.send(new CreateEventBusCommand({ Name: EventBusName }));
  await bus.send(
    new PutRuleCommand({
      Name: `all-${suffix}`,
      EventBusName,
      EventPattern: JSON.stringify({ source: ['crossdock.order'] }),
    }),
  );
  const Arn = `arn:aws:sqs:us-east-1:000000000000:events-${suffix}`;
  await bus.send(new PutTargetsCommand({ Rule: `all-${suffix}`, EventBusName, Targets: [{ Id: 'events', Arn }] }));
  process.env.OPERATION_QUEUE_URLS = JSON.stringify({ tryton: operations });
  process.env.EVENT_BUS_NAME = EventBusName;
  return {
    queue: new SqsOperationQueue(sqs),
    publisher: new EventBridgePublisher(bus),
    arrived: async (count) => (await receive(sqs, operations, count)).map((body) => JSON.parse(body).key),
    published: async (count) =>
      (await receive(sqs, events, count)).map((body) => {
        const { source, 'detail-type': type, detail } = JSON.parse(body);
        return { type, source, envelope: detail };
      }),
  };
}

async function receive(sqs: SQSClient, QueueUrl: string, count: number): Promise<string[]> {
  const bodies: string[] = [];
  for (let poll = 0; poll < 20 && bodies.length < count; poll++) {
    const read = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    bodies.push(...((await sqs.send(read)).Messages ?? []).map(({ Body = '' }) => Body));
  }
  return bodies;
}
