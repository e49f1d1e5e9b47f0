import { type Cause, handle } from '#application/aggregate.ts';
import { orderAggregate } from '#application/orders/order-aggregate.ts';
import type { ErpOrderStatus, ErpReader } from '#application/ports/connector.ts';
import { refundAggregate } from '#application/refunds/refund-aggregate.ts';
import type { AuthorizePorts } from '#application/returns/authorize-return.ts';
import { changeReturn } from '#application/returns/change-return.ts';
import { returnAggregate } from '#application/returns/return-aggregate.ts';
import type { WorkflowPorts } from '#application/workflow/ports.ts';
import type { ReturnStepPorts } from '#application/workflow/run-return-step.ts';
import type { Operation } from '#core/operations/operation.ts';
import type { OrderCommand } from '#core/orders/decider.ts';
import type { ChannelOrder } from '#core/orders/order.ts';
import { orderKey } from '#core/orders/order.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import type { OpenRefund } from '#core/refunds/refund.ts';
import type { ReturnCommand } from '#core/returns/decider.ts';
import { MARKETPLACE_REASONS } from '#core/returns/reasons.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { MemoryClock, MemoryIds, MemoryLog, noFaults } from '#platform/memory/runtime.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { MemoryWorkflowEngine } from '#platform/memory/workflow.ts';
import { zones } from '#platform/zones.ts';
import { anOrder } from '../../support/orders.ts';
import { NOW, ORDER_KEY, POLICY, REFUND_KEY, RETURN_KEY, SHIPPED_AT } from './samples.ts';

const ROUTING = {
  orderRouting: () => ({ erp: { connector: 'tryton', account: 'main' }, channelTakesFulfillments: true }),
};

export const SHIPPED_ALL: ErpOrderStatus = {
  ref: '7',
  number: 'S0007',
  state: 'done',
  shippedBySku: { 'TSHIRT-M': 2, 'MUG-BLUE': 1 },
  asOf: '2026-11-25T09:59:59.000Z',
};

/** An ERP that answers this of every order. */
export const erpAnswering = (orderStatus: ErpReader['orderStatus']): ErpReader => ({
  orderStatus,
  shipmentsSince: async () => ({ shipments: [], cursor: '' }),
  accountingPeriod: async () => ({ state: 'missing' }),
});

/** Everything that returns and refunds work with, on stores in memory. */
export class House {
  readonly store = new MemoryStore();
  readonly engine = new MemoryWorkflowEngine();
  readonly log = new MemoryLog();
  readonly clock = new MemoryClock(NOW);
  readonly ports: AuthorizePorts & WorkflowPorts & ReturnStepPorts = {
    store: this.store,
    waits: this.store.waits,
    engine: this.engine,
    log: this.log,
    clock: this.clock,
    ids: new MemoryIds(),
    faults: noFaults,
    orders: orderAggregate(ROUTING),
    returns: returnAggregate(ROUTING),
    refunds: refundAggregate,
    policy: POLICY,
    pauseSeconds: 300,
    reasons: MARKETPLACE_REASONS,
    zones,
    erp: erpAnswering(async () => SHIPPED_ALL),
    erpDeadline: () => new AbortController().signal,
  };

  get cause(): Cause {
    return { now: this.clock.now(), correlationId: 'corr-1', causationId: 'cause-1' };
  }

  async order(command: OrderCommand, key = ORDER_KEY): Promise<void> {
    const handled = await handle(this.store, this.ports.orders, key, command, this.cause);
    if (handled.kind !== 'committed') throw new Error(`${command.type} was ${JSON.stringify(handled)}`);
  }

  /** Takes an order, and has it booked and shipped in full. */
  async shippedOrder(changes: Partial<ChannelOrder> = {}): Promise<void> {
    const order = anOrder(changes);
    const key = orderKey(order.id);
    await this.order({ type: 'take-channel-order', order }, key);
    await this.order({ type: 'record-booking', erpAccount: 'tryton/main', ref: '7', number: 'S0007' }, key);
    const lines = order.lines.map(({ lineId, quantity }) => ({ lineId, quantity }));
    await this.order({ type: 'record-shipment', shipmentId: 'OUT1', shippedAt: SHIPPED_AT, lines }, key);
  }

  async return(...commands: readonly ReturnCommand[]): Promise<void> {
    for (const command of commands) {
      const handled = await changeReturn(this.ports, RETURN_KEY, () => command, this.cause);
      if (handled.kind !== 'committed') throw new Error(`${command.type} was ${JSON.stringify(handled)}`);
    }
  }

  async theOrder(key = ORDER_KEY): Promise<OpenOrder> {
    return (await this.store.load<OpenOrder>(key))?.state as OpenOrder;
  }

  async theReturn(key = RETURN_KEY): Promise<OpenReturn> {
    return (await this.store.load<OpenReturn>(key))?.state as OpenReturn;
  }

  async theRefund(key = REFUND_KEY): Promise<OpenRefund> {
    return (await this.store.load<OpenRefund>(key))?.state as OpenRefund;
  }

  async operation(key: string): Promise<Operation> {
    const row = await this.store.operations.get(key);
    if (!row) throw new Error(`no operation ${key}`);
    return row;
  }

  async openCases(): Promise<string[]> {
    return (await this.store.cases.listOpen({ limit: 100 })).map(({ code }) => code).sort();
  }

  get published() {
    return this.store.journal.flatMap(({ events }) => events);
  }

  types(prefix: string): string[] {
    return this.published.map(({ type }) => type).filter((type) => type.startsWith(prefix));
  }
}
