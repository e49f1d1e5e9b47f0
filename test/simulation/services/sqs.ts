import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { QUEUES } from '../../../functions/topology.ts';
import type { Dice } from '../kernel/faults.ts';
import type { Loop } from '../kernel/loop.ts';
import type { Random } from '../kernel/random.ts';
import { invocation } from '../link/current.ts';
import type { Ended, SimLambda } from './lambda.ts';

export type Message = {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sentAt: number;
  /** Whoever takes it in hand dies of it, until its cause is mended. */
  deadly: boolean;
  visibleAt: number;
  receives: number;
  /** Of the latest receive; an older one may no longer delete or change it. */
  receipt: string;
};

type Consumer = {
  readonly functionId: string;
  readonly batchSize: number;
  readonly most: number;
  running: number;
};

type Queue = {
  readonly name: string;
  readonly visibilityMs: number;
  readonly messages: Map<string, Message>;
  readonly deadLetters?: { readonly queue: string; readonly receives: number };
  consumer?: Consumer;
  /** Every body that was ever put on it. */
  readonly everSent: string[];
};

type Ports = {
  readonly loop: Loop;
  readonly dice: Dice;
  readonly random: Random;
  readonly lambda: SimLambda;
  readonly trace: (line: string) => void;
  /** Whether the service answers nobody: whoever sends is refused (cloud.ts), and whoever polls is given nothing. */
  readonly isAway: () => boolean;
};

const HOST = 'https://sqs.us-east-1.amazonaws.com/000000000000/';
/** Messages under way at once where a mapping sets no limit: Lambda starts with five batches (…/lambda/latest/dg/services-sqs-scaling.html). */
const CONCURRENCY = 5;
const LONGEST_DELAY_SECONDS = 900;
/**
 * What a queue takes at most is its MaximumMessageSize, up to 1 MiB. The template leaves it alone, and 256 KiB has been what
 * it is then (…/APIReference/API_SetQueueAttributes.html): the least that any queue of ours may be made with.
 */
const MOST_BYTES = 262_144;

export const queueUrlOf = (name: string): string => `${HOST}${name}`;
export const dlqOf = (name: string): string => `${name}-dlq`;

/** SQS standard queues, and Lambda's event source mappings on them. */
export class SimSqs {
  readonly #ports: Ports;
  readonly #queues = new Map<string, Queue>();
  /** Messages that went to a DLQ because they were received too often: nothing that was parked on purpose. */
  readonly givenUp: string[] = [];
  #lastId = 0;

  constructor(ports: Ports, visibilityMs: (queue: string) => number) {
    this.#ports = ports;
    for (const { id, receives } of QUEUES) {
      this.#add(id, visibilityMs(id), { queue: dlqOf(id), receives });
      this.#add(dlqOf(id), 30_000);
    }
  }

  #add(name: string, visibilityMs: number, deadLetters?: Queue['deadLetters']): void {
    this.#queues.set(name, {
      name,
      visibilityMs,
      messages: new Map(),
      everSent: [],
      ...(deadLetters && { deadLetters }),
    });
  }

  consume(queue: string, functionId: string, batchSize: number, most = CONCURRENCY): void {
    this.#queue(queue).consumer = { functionId, batchSize, most, running: 0 };
  }

  /** Puts a message on a queue, with no chance of failure. Delay in seconds. */
  send(name: string, body: string, attributes: Readonly<Record<string, string>> = {}, delaySeconds = 0): string {
    const { loop, dice, random } = this.#ports;
    if (delaySeconds > LONGEST_DELAY_SECONDS) {
      throw named('InvalidParameterValue', `DelaySeconds ${delaySeconds} is above ${LONGEST_DELAY_SECONDS}`);
    }
    if (body.length * 3 > MOST_BYTES && Buffer.byteLength(body) > MOST_BYTES) {
      throw named('InvalidParameterValue', `a message of ${Buffer.byteLength(body)} bytes is above ${MOST_BYTES}`);
    }
    const queue = this.#queue(name);
    const late = dice.strikes('sqs.delivered-late') ? random.int(1_000, 120_000) : 0;
    const visibleAt = loop.now + delaySeconds * 1000 + random.int(2, 40) + late;
    const id = `m-${++this.#lastId}`;
    const sentAt = loop.now;
    queue.messages.set(id, { id, body, attributes, sentAt, deadly: false, visibleAt, receives: 0, receipt: '' });
    queue.everSent.push(body);
    this.#pumpAt(queue, visibleAt);
    return id;
  }

  /** A command of the SDK's client. */
  apply({
    constructor: { name },
    input,
  }: {
    readonly constructor: { readonly name: string };
    readonly input: unknown;
  }): unknown {
    const given = input as Record<string, never>;
    const queue = nameIn(given.QueueUrl ?? '');
    switch (name) {
      case 'SendMessageCommand': {
        const attributes = attributesIn(given.MessageAttributes);
        if (this.#ports.dice.strikes('sqs.sent-twice'))
          this.send(queue, given.MessageBody ?? '', attributes, given.DelaySeconds);
        return { MessageId: this.send(queue, given.MessageBody ?? '', attributes, given.DelaySeconds) };
      }
      case 'SendMessageBatchCommand': {
        const entries = given.Entries as unknown as { Id: string; MessageBody: string; DelaySeconds?: number }[];
        const refused = entries.filter(() => this.#ports.dice.strikes('sqs.entry-refused'));
        for (const one of entries) if (!refused.includes(one)) this.send(queue, one.MessageBody, {}, one.DelaySeconds);
        return { Successful: [], Failed: refused.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })) };
      }
      case 'DeleteMessageCommand':
        this.#delete(queue, given.ReceiptHandle ?? '');
        return {};
      default:
        throw new Error(`the simulated SQS does not know ${name}: teach it in services/sqs.ts`);
    }
  }

  /** Messages that lie on a queue. */
  messages(name: string): readonly Message[] {
    return [...this.#queue(name).messages.values()];
  }

  everSent(name: string): readonly string[] {
    return this.#queue(name).everSent;
  }

  get names(): string[] {
    return [...this.#queues.keys()];
  }

  /** Moves every message of a DLQ back, as a redrive does. Answers how many. */
  redrive(name: string): number {
    const dead = this.#queue(dlqOf(name));
    const all = [...dead.messages.values()];
    dead.messages.clear();
    for (const { body, attributes } of all) this.send(name, body, attributes);
    return all.length;
  }

  /** By an old receipt nothing is deleted, and SQS says so to nobody (…/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html). */
  #delete(name: string, receipt: string): void {
    const { messages } = this.#queue(name);
    const message = [...messages.values()].find((one) => one.receipt === receipt);
    if (message && !this.#ports.dice.strikes('sqs.delete-lost')) messages.delete(message.id);
  }

  /** Nothing dies of any message any more. */
  mend(): void {
    for (const { messages } of this.#queues.values()) for (const message of messages.values()) message.deadly = false;
  }

  /** The service answers again: what became visible meanwhile is handed out. */
  comeBack(): void {
    for (const queue of this.#queues.values()) this.#pumpAt(queue, this.#ports.loop.now);
  }

  #pumpAt(queue: Queue, time: number): void {
    if (queue.consumer) this.#ports.loop.at(time, () => this.#pump(queue));
  }

  /** Hands what is visible to the function, as far as it may run at once. */
  #pump(queue: Queue): void {
    const { loop, dice, random } = this.#ports;
    const { consumer } = queue;
    if (!consumer || this.#ports.isAway()) return;
    for (;;) {
      if (consumer.running >= consumer.most) return;
      const visible = [...queue.messages.values()].filter(({ visibleAt }) => visibleAt <= loop.now);
      if (visible.length === 0) return;
      const batch: Message[] = [];
      for (const message of visible.length > 1 ? random.shuffle(visible) : visible) {
        if (batch.length >= consumer.batchSize) break;
        if (this.#isDead(queue, message)) continue;
        message.receives++;
        message.receipt = `${message.id}/${message.receives}`;
        const visibility = dice.strikes('sqs.visibility-ends-early') ? random.int(5, 500) : queue.visibilityMs;
        message.visibleAt = loop.now + visibility;
        this.#pumpAt(queue, message.visibleAt);
        batch.push(message);
      }
      if (batch.length > 0) this.#work(queue, consumer, batch);
    }
  }

  #isDead(queue: Queue, message: Message): boolean {
    const { deadLetters } = queue;
    if (!deadLetters || message.receives < deadLetters.receives) return false;
    queue.messages.delete(message.id);
    // What functions die of belongs there; what was only beside it does not.
    if (!message.deadly) this.givenUp.push(`${queue.name}: ${message.body.slice(0, 120)}`);
    this.#ports.trace(`  ${queue.name}: ${message.id} goes to the DLQ after ${message.receives} receives`);
    this.send(deadLetters.queue, message.body, message.attributes);
    return true;
  }

  #work(queue: Queue, consumer: Consumer, batch: readonly Message[]): void {
    const { dice, random, loop } = this.#ports;
    const receipts = batch.map(({ receipt }) => receipt);
    if (batch.length > 1 && dice.strikes('lambda.dies-of-a-message')) random.pick(batch).deadly = true;
    consumer.running++;
    for (const { body, attributes } of batch) {
      if (dice.strikes('sqs.delivered-at-once'))
        loop.after(random.int(0, 40), () => this.send(queue.name, body, attributes));
    }
    const event = { Records: batch.map((message) => recordOf(queue.name, message)) };
    this.#ports.lambda.invoke(consumer.functionId, event).then((ended) => {
      consumer.running--;
      this.#settle(queue, batch, receipts, ended);
      for (const message of batch) {
        if (!dice.strikes('sqs.delivered-twice')) continue;
        const { body, attributes } = message;
        loop.after(random.int(10, 600_000), () => this.send(queue.name, body, attributes));
      }
      this.#pump(queue);
    });
  }

  #settle(queue: Queue, batch: readonly Message[], receipts: readonly string[], ended: Ended): void {
    // A batch whose function died or threw is left alone: its messages show again when their time is over.
    if (ended.kind !== 'returned') return;
    const { batchItemFailures } = (ended.value ?? { batchItemFailures: [] }) as SQSBatchResponse;
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const [index, message] of batch.entries()) {
      if (failed.has(message.id) || message.receipt !== receipts[index]) continue;
      if (!this.#ports.dice.strikes('sqs.delete-lost')) queue.messages.delete(message.id);
    }
  }

  #queue(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue) return queue;
    throw named('QueueDoesNotExist', `there is no queue ${name}`);
  }
}

function recordOf(queue: string, message: Message): SQSRecord {
  const { id, attributes, receives, receipt, sentAt } = message;
  return {
    messageId: id,
    receiptHandle: receipt,
    get body() {
      if (message.deadly) invocation()?.crash(`of ${id}`);
      return message.body;
    },
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(sentAt),
      SenderId: 'simulation',
      ApproximateFirstReceiveTimestamp: String(sentAt),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
    awsRegion: 'us-east-1',
  };
}

const nameIn = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

function attributesIn(given: unknown): Record<string, string> {
  const entries = Object.entries((given ?? {}) as Record<string, { StringValue?: string }>);
  return Object.fromEntries(entries.map(([name, { StringValue = '' }]) => [name, StringValue]));
}

/** An error as the SDK makes it of a service's answer. */
export function named(name: string, message: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}
