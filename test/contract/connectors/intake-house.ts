import type { APIGatewayProxyEvent, SQSRecord } from 'aws-lambda';
import { orderAggregate } from '#application/orders/order-aggregate.ts';
import { takeFulfillment, takeOrder } from '#application/orders/take-order.ts';
import type { FaultPoint } from '#application/ports/runtime.ts';
import { refundAggregate } from '#application/refunds/refund-aggregate.ts';
import { takeChannelRefund } from '#application/refunds/take-channel-refund.ts';
import { takeReturnProgress } from '#application/returns/record-return-progress.ts';
import { returnAggregate } from '#application/returns/return-aggregate.ts';
import { webhookHandler } from '#platform/handlers/http.ts';
import { intakeHandler } from '#platform/handlers/intake.ts';
import { MemoryArchive } from '#platform/memory/archive.ts';
import { MemoryQueueControl } from '#platform/memory/queue-control.ts';
import { MemoryClock, MemoryIds } from '#platform/memory/runtime.ts';
import { MemorySecrets } from '#platform/memory/secrets.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { context, sqsRecord, withAttributes, writtenDuring } from '../../unit/platform/support.ts';
import type { Sample, Signed, Signing, WebhookSubject } from './under-test.ts';

export const NOW = '2026-07-01T12:00:07.000Z';
export const ROUTING = {
  orderRouting: () => ({ erp: { connector: 'tryton', account: 'main' }, channelTakesFulfillments: true }),
};
const ACCOUNT = 'main';
const SECRET_NAME = 'crossdock/test/partner/main';

/** The house as a partner's messages meet it: the real receiving and intake handlers and use cases, over stores in memory. */
export class IntakeHouse {
  readonly store = new MemoryStore();
  readonly clock = new MemoryClock(NOW);
  readonly control = new MemoryQueueControl({ cases: this.store.cases, clock: this.clock });
  /** Bodies that the receiving handler has put on the intake queue. */
  readonly queued: string[] = [];
  /** A fault point at which the next invocation breaks off, once. */
  breaksAt: FaultPoint | undefined;
  readonly #subject: WebhookSubject;
  readonly #secrets = new Map<string, string>();
  readonly #receive: ReturnType<typeof webhookHandler>;
  readonly #intake: ReturnType<typeof intakeHandler>;
  #deliveries = 0;

  constructor(subject: WebhookSubject) {
    this.#subject = subject;
    const { manifest, verifier, webhook } = subject;
    const { current, previous } = webhook.secrets;
    this.holds(current, previous);
    const archive = new MemoryArchive();
    const basis = { archive, clock: this.clock, faults: { at: async (point: FaultPoint) => this.#breakAt(point) } };
    this.#receive = webhookHandler({
      manifest,
      verifier,
      secretPart: webhook.secretPart,
      keepHeaders: webhook.keepHeaders,
      ids: new MemoryIds(),
      ports: () => ({
        ...basis,
        account: (connector, account) =>
          account === ACCOUNT ? { connector, account, secretName: SECRET_NAME, settings: webhook.settings } : undefined,
        secrets: new MemorySecrets(this.#secrets, () => Date.parse(this.clock.now())),
        enqueue: async (body) => void this.queued.push(body),
      }),
    });
    this.#intake = intakeHandler(() => ({ ...basis, ...this.#intakePorts(), control: this.control }), new MemoryIds());
  }

  #intakePorts() {
    const { store } = this;
    const ports = {
      store,
      orders: orderAggregate(ROUTING),
      returns: returnAggregate(ROUTING),
      refunds: refundAggregate,
    };
    return {
      store,
      translator: this.#subject.webhook.translator ?? this.#subject.translator,
      takers: {
        order: takeOrder(ports),
        'channel-fulfillment': takeFulfillment(ports),
        'channel-refund': takeChannelRefund(ports),
        'return-progress': takeReturnProgress(ports),
      },
    };
  }

  #breakAt(point: FaultPoint): void {
    if (point !== this.breaksAt) return;
    this.breaksAt = undefined;
    throw new Error(`the process ends at ${point}`);
  }

  /** Opens a house in which the partner's messages find what they refer to. */
  static async prepared(subject: WebhookSubject): Promise<IntakeHouse> {
    const house = new IntakeHouse(subject);
    await subject.webhook.prepare?.(house.store, house.clock.now());
    return house;
  }

  /** Sets the active secrets of the account. */
  holds(...secrets: readonly string[]): void {
    this.#secrets.set(SECRET_NAME, JSON.stringify({ [this.#subject.webhook.secretPart]: secrets }));
  }

  signed(sample: Sample, changes: Partial<Signing> & { readonly body?: Uint8Array } = {}): Signed {
    const { webhook } = this.#subject;
    const body = changes.body ?? Buffer.from(JSON.stringify(sample.body));
    const at = changes.at ?? Date.parse(this.clock.now()) / 1000;
    this.#deliveries += 1;
    const delivery = changes.delivery ?? `delivery-${this.#deliveries}`;
    const headers = webhook.sign(sample, body, {
      secret: changes.secret ?? webhook.secrets.current,
      delivery,
      at: Math.floor(at),
    });
    return { headers: { ...sample.headers, ...headers }, body };
  }

  /** What the sender of a request is answered. */
  async receive({ headers, body }: Signed, { account = ACCOUNT, base64 = true } = {}): Promise<number> {
    const event = {
      headers,
      body: Buffer.from(body).toString(base64 ? 'base64' : 'utf8'),
      isBase64Encoded: base64,
      pathParameters: { connector: this.#subject.manifest.id, account },
    } as unknown as APIGatewayProxyEvent;
    return (await writtenDuring(() => this.#receive(event, context))).result.statusCode;
  }

  /** Takes messages off the queue in one batch; answers how many must come again. */
  async take(...bodies: readonly string[]): Promise<number> {
    return this.#takeRecords(bodies.map((body, index) => sqsRecord(`m${index}`, body)));
  }

  async #takeRecords(Records: SQSRecord[]): Promise<number> {
    const { result } = await writtenDuring(() => this.#intake({ Records }, context));
    return result.batchItemFailures.length;
  }

  /** All the way: signed, received, and taken off the queue. Answers the queued body. */
  async deliver(sample: Sample, changes: Partial<Signing> = {}): Promise<string> {
    const before = this.queued.length;
    const status = await this.receive(this.signed(sample, changes));
    const body = this.queued[before];
    if (body === undefined) throw new Error(`${sample.topic} was answered ${status} and not queued`);
    await this.take(body);
    return body;
  }

  /** Redrives what was parked, once each, oldest first. */
  async redrive(): Promise<void> {
    const parked = this.control.parked.splice(0);
    for (const { body, attributes } of parked) {
      await this.#takeRecords([sqsRecord('redriven', body, withAttributes(attributes))]);
    }
  }

  openCases() {
    return this.store.cases.listOpen({ limit: 100 });
  }

  /** States and versions of all aggregates, and what is planned: what a message without effect leaves as it is. */
  async snapshot() {
    const states = await Promise.all(this.store.keys.map(async (key) => [key, await this.store.load(key)] as const));
    return {
      states: Object.fromEntries(states),
      journal: this.store.journal.length,
      operations: this.store.operations.all,
    };
  }
}
