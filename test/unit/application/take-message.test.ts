import { describe, expect, it } from 'vitest';
import { takeMessage } from '#application/intake/take-message.ts';
import { orderAggregate } from '#application/orders/order-aggregate.ts';
import { takeFulfillment, takeOrder } from '#application/orders/take-order.ts';
import type { Translation } from '#application/ports/connector.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { envelopeOf } from '#events/envelope.ts';
import { contractOf } from '#events/registry.ts';
import { MemoryLog, noFaults } from '#platform/memory/runtime.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { anOrder } from '../../support/orders.ts';

const NOW = '2026-11-20T10:00:00.000Z';

function intake(translation: Translation | (() => Translation)) {
  const store = new MemoryStore();
  const log = new MemoryLog();
  const orders = orderAggregate({
    orderRouting: () => ({ erp: { connector: 'tryton', account: 'main' }, channelTakesFulfillments: true }),
  });
  const takers = { order: takeOrder({ store, orders }), 'channel-fulfillment': takeFulfillment({ store, orders }) };
  const translator = { translate: () => (typeof translation === 'function' ? translation() : translation) };
  const take = (deliveryId: string) =>
    takeMessage(
      { store, translator, takers, faults: noFaults, log },
      {
        message: { connector: 'shopify', account: 'main', headers: {}, body: new Uint8Array(), receivedAt: NOW },
        deliveryId,
        topic: 'orders/create',
        cause: { now: NOW, correlationId: 'c-1', causationId: deliveryId },
      },
    );
  return { store, take, log };
}

describe('taking a message', () => {
  it('commits what it asks for, with its inbox mark, and plans the booking', async () => {
    const { store, take } = intake({ kind: 'commands', commands: [{ kind: 'order', order: anOrder() }] });
    expect(await take('d-1')).toEqual([{ kind: 'committed', subject: 'ORDER#shopify#main#5001' }]);
    expect(await store.seen('shopify#main', 'd-1')).toMatchObject({
      outcome: 'applied',
      subject: 'ORDER#shopify#main#5001',
    });
    const [row] = store.journal;
    expect(row?.operations).toEqual([
      { key: 'erp/sales-order/shopify/main/5001', connector: 'tryton', account: 'main' },
    ]);
    expect(row?.events.map(({ type }) => type)).toEqual(['order.captured.v1']);
  });

  it('takes a delivery once, and another delivery of the same order as seen before', async () => {
    const { store, take } = intake({ kind: 'commands', commands: [{ kind: 'order', order: anOrder() }] });
    await take('d-1');
    expect(await take('d-1')).toMatchObject([{ kind: 'seen' }]);
    expect(await take('d-2')).toMatchObject([{ kind: 'ignored', why: 'seen before' }]);
    expect(await store.seen('shopify#main', 'd-2')).toMatchObject({ outcome: 'ignored', why: 'seen before' });
    expect(store.journal).toHaveLength(1);
  });

  it('marks what there is nothing to do about', async () => {
    const { store, take } = intake({ kind: 'ignored', why: 'a refund without money' });
    expect(await take('d-1')).toMatchObject([{ kind: 'ignored', why: 'a refund without money' }]);
    expect(await store.seen('shopify#main', 'd-1')).toMatchObject({ outcome: 'ignored' });
    expect(await take('d-1')).toMatchObject([{ kind: 'seen' }]);
  });

  it('hands what the core refuses to a person, and leaves no mark behind', async () => {
    const { store, take } = intake({ kind: 'commands', commands: [{ kind: 'order', order: anOrder({ total: 1 }) }] });
    await expect(take('d-1')).rejects.toMatchObject({ name: 'PoisonError', code: 'TOTALS_DISAGREE', kind: 'poison' });
    expect(await store.seen('shopify#main', 'd-1')).toBeUndefined();
    expect(store.keys).toEqual([]);
  });

  it('passes on what a translator can not read', async () => {
    const { take } = intake(() => {
      throw new PoisonError('BODY_NOT_JSON', 'line 1');
    });
    await expect(take('d-1')).rejects.toMatchObject({ code: 'BODY_NOT_JSON' });
  });

  it('refuses a kind of command that the partner is not set up for', async () => {
    const progress = { type: 'cancelled', occurredAt: NOW } as const;
    const returnId = { platform: 'generic', account: 'main', returnId: 'R1' };
    const { take } = intake({ kind: 'commands', commands: [{ kind: 'return-progress', returnId, progress }] });
    await expect(take('d-1')).rejects.toMatchObject({ code: 'COMMAND_NOT_TAKEN' });
  });

  it('tells retail operations of units that were fulfilled outside the ERP, until the ERP has shipped them', async () => {
    const fulfillment = {
      channelFulfillmentId: 'F1',
      status: 'success',
      lines: [{ lineId: 'L1', quantity: 2 }],
      updatedAt: NOW,
    };
    const { store, take } = intake({
      kind: 'commands',
      commands: [
        { kind: 'order', order: anOrder() },
        { kind: 'channel-fulfillment', orderId: anOrder().id, fulfillment },
      ],
    });
    await take('d-1');
    expect(await store.cases.listOpen({ limit: 10 })).toMatchObject([
      { code: 'FULFILLED_OUTSIDE_ERP', owner: 'retail-operations' },
    ]);
  });

  it('publishes nothing that its contract does not name, and no personal data', async () => {
    const { store, take, log } = intake({
      kind: 'commands',
      commands: [{ kind: 'order', order: anOrder({ cancelledAt: NOW }) }],
    });
    await take('d-1');
    const events = store.journal.flatMap((row) => row.events);
    expect(events.map(({ type }) => type)).toEqual(['order.captured.v1', 'order.cancelled.v1']);
    for (const { type, envelope } of events)
      expect(envelopeOf(contractOf(type)).safeParse(envelope).error).toBeUndefined();
    for (const text of [JSON.stringify(store.journal), JSON.stringify(log.lines)]) {
      expect(text).not.toMatch(/norman|example\.com|chestnut|louisville/i);
    }
  });
});
