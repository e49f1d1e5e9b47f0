import { handle } from '#application/aggregate.ts';
import type { OperatorPorts } from '#application/operations/retry-operation.ts';
import { subjectsByKind } from '#application/operations/subjects.ts';
import { orderAggregate } from '#application/orders/order-aggregate.ts';
import type { BatchTask } from '#application/ports/settlement-files.ts';
import type { SettlementFormat, Spool, SpoolSource } from '#application/ports/settlements.ts';
import { onOrderCaptured } from '#application/settlements/awaited-orders.ts';
import { dropFileOf } from '#application/settlements/drop-file.ts';
import { handOutBatches, onSettlementTimer } from '#application/settlements/follow-up.ts';
import { type FileOutcome, importFile } from '#application/settlements/import-file.ts';
import { reclassify } from '#application/settlements/reclassify.ts';
import { recordBatch } from '#application/settlements/record-batch.ts';
import { settlementAggregate } from '#application/settlements/settlement-aggregate.ts';
import { settlementSubject } from '#application/settlements/settlement-subject.ts';
import { amazonV2 } from '#connectors/settlements/amazon-v2/format.ts';
import type { Reason } from '#core/kernel/decision.ts';
import type { Outcome } from '#core/operations/operation.ts';
import { afterExecute, begin } from '#core/operations/protocol.ts';
import type { ChannelOrder } from '#core/orders/order.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import type { FeeAgreement } from '#core/settlements/fees.ts';
import type { PostingTerms } from '#core/settlements/journal.ts';
import type { OpenSettlement, SettlementState } from '#core/settlements/state.ts';
import {
  MemorySettlementDrop,
  MemorySettlementLines,
  MemorySettlementWork,
} from '#platform/memory/settlement-files.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { anOrder } from '../../support/orders.ts';
import { NOW } from './samples.ts';

const ERP = { connector: 'tryton', account: 'main' };

export const orderId = (number: number): string => `026-${String(number).padStart(7, '0')}-0000001`;

/** An order of 36.50 USD as Amazon brings it. */
export const amazonOrder = (number: number, changes: Partial<ChannelOrder> = {}): ChannelOrder =>
  anOrder({
    id: { channel: 'amazon', account: 'main', orderId: orderId(number) },
    number: orderId(number),
    ...changes,
  });

/** What Amazon pays for it: goods and tax, less 15 % of the goods. */
export const paid = (number: number) => [
  { orderId: orderId(number), words: 'Order/ItemPrice/Principal', minor: 3_318 },
  { orderId: orderId(number), words: 'Order/ItemPrice/Tax', minor: 332 },
  { orderId: orderId(number), words: 'Order/ItemFees/Commission', minor: -498 },
];

/** All that settlements need, in memory. */
export class SettlementHouse {
  readonly store = new MemoryStore();
  readonly drop = new MemorySettlementDrop();
  readonly lines = new MemorySettlementLines();
  readonly work = new MemorySettlementWork();
  /** What is deployed; a later version of rules is another format in its place. */
  formats: readonly SettlementFormat[] = [amazonV2];
  /** Whether the channel is asked for its settlements, or a person is. */
  collectsItself = false;
  now = NOW;
  #ids = 0;
  #heard = 0;

  readonly ports = {
    store: this.store,
    foreignIds: this.store.journalReader,
    cases: this.store.cases,
    orders: orderAggregate({ orderRouting: () => ({ erp: ERP, channelTakesFulfillments: false }) }),
    settlements: settlementAggregate(() => ({ erp: ERP, collectsItself: this.collectsItself })),
    drop: this.drop,
    lines: this.lines,
    work: this.work,
    spools: memorySpools,
    format: (name: string) => this.formats.find(({ id }) => id === name),
    terms: { timeZone: 'UTC', detail: 'summary' } as PostingTerms,
    agreements: (): readonly FeeAgreement[] => [],
    ids: { next: () => `id-${++this.#ids}` },
  } as const;

  /** What a person at the command line decides on. */
  get operating(): OperatorPorts {
    const subjects = subjectsByKind({ SETTLEMENT: settlementSubject(this.ports) }, this.store);
    const queue = { send: async (): Promise<string[]> => [] };
    return { operations: this.store.operations, subjects, queue, clock: { now: () => this.now } };
  }

  get cause() {
    return { now: this.now, correlationId: 'c', causationId: 'x' };
  }

  async order(order: ChannelOrder): Promise<void> {
    const { channel, account, orderId: id } = order.id;
    await handle(
      this.store,
      this.ports.orders,
      `ORDER#${channel}#${account}#${id}`,
      { type: 'take-channel-order', order },
      this.cause,
    );
  }

  orderState = async (number: number): Promise<OpenOrder> =>
    (await this.store.load<OpenOrder>(`ORDER#amazon#main#${orderId(number)}`))?.state as OpenOrder;

  settlement = async (settlementId: string): Promise<OpenSettlement> =>
    (await this.store.load<SettlementState>(`SETTLEMENT#amazon#main#${settlementId}`))?.state as OpenSettlement;

  /** Lays a file down and reads it. */
  async read(
    bytes: Uint8Array,
    { name = 'a.txt', at = '2026-11-20T09:00:00Z/1', of = 'amazon/main/amazon-v2' } = {},
  ): Promise<FileOutcome> {
    const key = `settlements/${of}/${name}`;
    this.drop.files.set(key, bytes);
    const file = dropFileOf(key);
    if (!file) throw new Error(`${key} is no key of the drop`);
    return importFile(this.ports, file, at, this.cause);
  }

  /** Tells the orders of every settlement that was imported. */
  async tellOrders(): Promise<void> {
    for (const key of this.store.keys.filter((one) => one.startsWith('SETTLEMENT#')))
      await handOutBatches(this.ports, key);
    await this.workOff();
  }

  async workOff(): Promise<void> {
    for (let task: BatchTask | undefined = this.work.tasks.shift(); task; task = this.work.tasks.shift()) {
      await recordBatch(this.ports, task, this.cause);
    }
  }

  /** What the bus tells of orders that were captured since it was asked last. */
  async hearOfOrders(): Promise<void> {
    const news = this.store.journal
      .slice(this.#heard)
      .flatMap(({ events }) => events.filter(({ type }) => type === 'order.captured.v1'));
    this.#heard = this.store.journal.length;
    for (const { envelope } of news) await onOrderCaptured(this.ports, envelope.metadata.subject, this.cause);
  }

  /** Does what due timers ask, as the sweep would, and the work that they hand over. */
  async sweep(now: string): Promise<void> {
    this.now = now;
    for (const timer of await this.store.timers.due(now, 99)) {
      const next = await onSettlementTimer(this.ports, timer, now);
      if (next === 'done') await this.store.timers.remove(timer);
      else await this.store.timers.postpone(timer, next.again);
    }
    for (const key of this.work.toReclassify.splice(0)) {
      const { kind } = await reclassify(this.ports, key, this.cause);
      if (kind === 'imported') await handOutBatches(this.ports, key);
    }
    await this.workOff();
  }

  /** The ERP posts what is planned. */
  post = (key: string, ref = '41'): Promise<void> =>
    this.#answer(key, { kind: 'applied', ref, facts: { number: `M${ref}` } });

  /** The ERP refuses it. */
  refuse = (key: string, reason: Reason): Promise<void> => this.#answer(key, { kind: 'rejected', reason });

  async #answer(key: string, outcome: Outcome): Promise<void> {
    const row = await this.store.operations.get(key);
    const beginning = row && begin(row, this.now, 'executor-1');
    if (beginning?.do !== 'execute') throw new Error(`${key} can't be carried out`);
    await this.store.operations.save(beginning.operation, row?.revision ?? 0);
    const ended = afterExecute(beginning.operation, outcome, { read: 'authoritative' }, this.now);
    await settlementSubject(this.ports).settle(ended, beginning.operation.revision, this.cause);
  }

  openCases = async (): Promise<string[]> =>
    (await this.store.cases.listOpen({ limit: 100 })).map(({ code }) => code).sort();
}

export const memorySpools: SpoolSource = {
  async open(partitions): Promise<Spool> {
    const all = Array.from({ length: partitions }, (): string[] => []);
    return {
      partitions,
      put: async (partition, text) => void all[partition]?.push(text),
      async *read(partition) {
        yield* all[partition] ?? [];
      },
      close: async () => void all.splice(0),
    };
  },
};
