import { type ExecutePorts, executeOperation } from '#application/operations/execute-operation.ts';
import { subjectsByKind } from '#application/operations/subjects.ts';
import { orderAggregate } from '#application/orders/order-aggregate.ts';
import { orderSubject } from '#application/orders/order-subject.ts';
import { takeOrder } from '#application/orders/take-order.ts';
import type { OperationExecutor } from '#application/ports/connector.ts';
import type { Outcome, ProbeAnswer, ProbePolicy } from '#core/operations/operation.ts';
import { DEFAULT_SETTINGS } from '#core/operations/protocol.ts';
import { MemoryOperationQueue } from '#platform/memory/queues.ts';
import { MemoryClock, MemoryIds, MemoryLog, MemoryMetrics, noFaults } from '#platform/memory/runtime.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { anOrder } from './orders.ts';

/** A partner that answers what it is told to and remembers what it was asked. */
export class ScriptedPartner implements OperationExecutor {
  readonly kinds = ['erp/sales-order'] as const;
  readonly calls: string[] = [];
  policy: ProbePolicy = { read: 'authoritative' };
  answers: (Outcome | Error)[] = [];
  probes: ProbeAnswer[] = [];
  maintenance: NonNullable<OperationExecutor['maintenance']> = [];

  probePolicy(): ProbePolicy {
    return this.policy;
  }

  async execute({ key }: { readonly key: string }): Promise<Outcome> {
    this.calls.push(`execute ${key}`);
    const answer = this.answers.shift() ?? { kind: 'applied', ref: '7', facts: { number: 'S0007' } };
    if (answer instanceof Error) throw answer;
    return answer;
  }

  async probe({ key }: { readonly key: string }): Promise<ProbeAnswer> {
    this.calls.push(`probe ${key}`);
    const answer = this.probes.shift();
    if (!answer) throw new Error('nobody scripted this probe');
    return answer;
  }
}

/** The house in memory with one captured order, whose booking in the ERP is planned. */
export async function aHouse() {
  const store = new MemoryStore();
  const orders = orderAggregate({
    orderRouting: () => ({ erp: { connector: 'tryton', account: 'main' }, channelTakesFulfillments: true }),
  });
  const partner = new ScriptedPartner();
  const clock = new MemoryClock();
  const queue = new MemoryOperationQueue();
  const ports: ExecutePorts = {
    operations: store.operations,
    subjects: subjectsByKind(
      { ORDER: orderSubject({ store, orders }) },
      { operations: store.operations, cases: store.cases },
    ),
    cases: store.cases,
    pauses: store.pauses,
    queue,
    executor: () => partner,
    settings: DEFAULT_SETTINGS,
    personal: async () => undefined,
    clock,
    ids: new MemoryIds(),
    log: new MemoryLog(),
    metrics: new MemoryMetrics(),
    faults: noFaults,
  };
  const order = anOrder();
  const cause = { now: clock.now(), correlationId: 'c-1', causationId: 'm-1' };
  await takeOrder({ store, orders })({ kind: 'order', order }, cause, undefined);
  const key = 'erp/sales-order/shopify/main/5001';
  return {
    store,
    orders,
    partner,
    clock,
    queue,
    ports,
    order,
    cause,
    key,
    execute: (signal = new AbortController().signal) => executeOperation(ports, key, signal),
    openCases: () => store.cases.listOpen({ limit: 100 }),
  };
}
