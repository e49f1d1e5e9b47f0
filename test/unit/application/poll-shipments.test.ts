import { describe, expect, it } from 'vitest';
import { type PollShipmentsPorts, pollShipments } from '#application/orders/poll-shipments.ts';
import type { ErpShipment } from '#application/ports/connector.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import { MemoryIds, MemoryLog } from '#platform/memory/runtime.ts';
import { aHouse } from '../../support/house.ts';

const KEY = 'ORDER#shopify#main#5001';
const shipment = (changes: Partial<ErpShipment> = {}): ErpShipment => ({
  shipmentId: 'OUT1',
  orderKey: KEY,
  shippedAt: '2026-11-21T09:00:00.000Z',
  lines: [
    { sku: 'TSHIRT-M', quantity: 2 },
    { sku: 'MUG-BLUE', quantity: 1 },
  ],
  ...changes,
});

async function polling(...shipments: ErpShipment[]) {
  const house = await aHouse();
  const asked: (string | undefined)[] = [];
  const ports: PollShipmentsPorts = {
    store: house.store,
    cases: house.store.cases,
    cursors: house.store.cursors,
    orders: house.orders,
    erp: {
      orderStatus: async () => undefined,
      shipmentsSince: async (cursor) => {
        asked.push(cursor);
        return { shipments, cursor: `after-${asked.length}` };
      },
      accountingPeriod: async () => ({ state: 'missing' }),
    },
    clock: house.clock,
    ids: new MemoryIds(),
    log: new MemoryLog(),
  };
  const poll = () => pollShipments(ports, 'tryton/main', new AbortController().signal);
  const order = async () => (await house.store.load<OpenOrder>(KEY))?.state;
  return { ...house, poll, asked, order };
}

describe('polling shipments', () => {
  it('tells the order, which tells its channel, and moves the cursor', async () => {
    const { poll, asked, order, store } = await polling(shipment({ carrier: 'UPS', trackingNumber: '1Z999' }));
    expect(await poll()).toEqual({ read: 1, recorded: 1, refused: 0 });
    expect(await order()).toMatchObject({ status: 'shipped' });
    expect(await store.operations.get('channel/fulfillment/shopify/main/5001/OUT1')).toMatchObject({
      target: { connector: 'shopify', account: 'main' },
      content: {
        trackingNumber: '1Z999',
        carrier: 'UPS',
        lines: [
          { lineId: 'L1', quantity: 2 },
          { lineId: 'L2', quantity: 1 },
        ],
      },
    });
    await poll();
    expect(asked).toEqual([undefined, 'after-1']);
  });

  it('takes a shipment that is read again for known', async () => {
    const { poll, store } = await polling(shipment());
    await poll();
    const rows = store.journal.length;
    expect(await poll()).toEqual({ read: 1, recorded: 0, refused: 0 });
    expect(store.journal).toHaveLength(rows);
  });

  it.each([
    ['a SKU that the order lacks', { lines: [{ sku: 'LAMP-01', quantity: 1 }] }],
    ['more units than were ordered', { lines: [{ sku: 'TSHIRT-M', quantity: 3 }] }],
    ['nothing', { lines: [] }],
    ['an order that never arrived', { orderKey: 'ORDER#shopify#main#9999' }],
  ])('puts a shipment of %s in front of a person', async (_what, changes) => {
    const { poll, openCases } = await polling(shipment(changes));
    expect(await poll()).toEqual({ read: 1, recorded: 0, refused: 1 });
    expect(await openCases()).toMatchObject([{ code: 'SHIPMENT_UNMATCHED#OUT1', owner: 'erp' }]);
  });

  it('spreads units of one SKU over its lines, as far as each has units left', async () => {
    const { poll, order } = await polling(
      shipment({ lines: [{ sku: 'TSHIRT-M', quantity: 1 }] }),
      shipment({
        shipmentId: 'OUT2',
        lines: [
          { lineId: 'L1', sku: 'TSHIRT-M', quantity: 1 },
          { sku: 'MUG-BLUE', quantity: 1 },
        ],
      }),
    );
    expect(await poll()).toMatchObject({ recorded: 2 });
    expect(await order()).toMatchObject({ status: 'shipped', lines: [{ shipped: 2 }, { shipped: 1 }] });
  });
});
