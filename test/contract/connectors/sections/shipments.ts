import { afterEach, beforeEach, expect, it } from 'vitest';
import { orderAggregate } from '#application/orders/order-aggregate.ts';
import { pollShipments } from '#application/orders/poll-shipments.ts';
import { takeOrder } from '#application/orders/take-order.ts';
import type { ErpReader } from '#application/ports/connector.ts';
import { PartnerConfigurationError } from '#core/kernel/errors.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import { MemoryClock, MemoryIds, MemoryLog } from '#platform/memory/runtime.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { anOrder } from '../../../support/orders.ts';
import { ROUTING } from '../intake-house.ts';
import type { ShipmentPartner, ShipmentsUnderTest } from '../under-test.ts';

const START = Date.parse('2026-07-01T08:00:00.000Z');
const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
const POLL = 'partner/main';

/** Shipments are read page by page from a partner that does not stand still: each is told, whatever moves meanwhile. */
export function shipments({ partner, open, ...under }: ShipmentsUnderTest): void {
  let erp: ShipmentPartner;
  let reader: ErpReader;
  beforeEach(async () => {
    erp = await partner();
    reader = open(erp.url, new MemoryClock(at(10_000)));
  });
  afterEach(() => erp.close());

  const signal = new AbortController().signal;
  const many = Array.from({ length: under.morePages }, (_one, index) => String(index + 1));
  const shipMany = (timeOf: (index: number) => string): void => {
    for (const [index, id] of many.entries()) erp.ship(id, timeOf(index));
  };
  const orderOf = (key: string): string => key.slice(key.lastIndexOf('#') + 1);

  /** Orders told in one read, and the pages it took. */
  async function read(cursor?: string) {
    let pages = 0;
    const before = erp.onPage;
    erp.onPage = (page) => {
      pages += 1;
      before(page);
    };
    const told = await reader.shipmentsSince(cursor, signal);
    erp.onPage = before;
    return { ids: told.shipments.map(({ orderKey }) => orderOf(orderKey)), cursor: told.cursor, pages, told };
  }

  it('are told with their order, line and units', async () => {
    erp.ship('5001', at(0));
    const { told } = await read();
    expect(told.shipments).toEqual([
      {
        shipmentId: expect.stringContaining('5001'),
        orderKey: 'ORDER#shopify#main#5001',
        shippedAt: at(0),
        lines: [{ lineId: 'L1', sku: 'MUG-BLUE', quantity: 1 }],
      },
    ]);
  });

  it('are none of a stranger’s', async () => {
    erp.ship('stranger', at(0));
    erp.ship('5001', at(1));
    expect((await read()).ids).toEqual(['5001']);
  });

  it('are all told, over more pages than one', async () => {
    shipMany(at);
    const { ids, pages } = await read();
    expect(pages).toBeGreaterThan(1);
    expect(ids.sort()).toEqual([...many].sort());
  });

  it('are all told when all bear one time', async () => {
    shipMany(() => at(0));
    expect(new Set((await read()).ids)).toEqual(new Set(many));
  });

  it('are all told when some move to the end, or come, while the pages are turned', async () => {
    shipMany(at);
    erp.onPage = (page) => {
      if (page !== 2) return;
      // From the page that was read, which draws up the next one; from pages that were not; and a new one.
      for (const id of ['1', '2', '3', many.at(-2) ?? '']) erp.touch(id, at(5_000 + Number(id)));
      erp.ship('new', at(6_000));
    };
    const first = await read();
    erp.onPage = () => undefined;
    const second = await read(first.cursor);
    expect(new Set([...first.ids, ...second.ids])).toEqual(new Set([...many, 'new']));
  });

  it('that show up late, behind the newest one, are told by the next read', async () => {
    erp.ship('early', at(1_000));
    const { cursor } = await read();
    erp.ship('late', at(1_000 - under.overlapSeconds + 1));
    expect((await read(cursor)).ids).toContain('late');
  });

  it('move the cursor on, and never back', async () => {
    const none = await read();
    expect((await read(none.cursor)).cursor).toBe(none.cursor);
    erp.ship('5001', at(0));
    const one = await read(none.cursor);
    expect(one.cursor > none.cursor).toBe(true);
    expect((await read(at(5_000))).cursor).toBe(at(5_000));
  });

  /** A house that has the orders, and polls for what left it. */
  async function polling(...orderIds: readonly string[]) {
    const store = new MemoryStore();
    const clock = new MemoryClock(at(10_000));
    const orders = orderAggregate(ROUTING);
    const cause = { now: clock.now(), correlationId: 'kit', causationId: 'kit' };
    for (const orderId of orderIds) {
      const { lines, ...order } = anOrder();
      const [line] = lines;
      const mug = { ...line, lineId: 'L1', sku: 'MUG-BLUE', quantity: 1, net: 850, discount: 0, taxes: [] };
      await takeOrder({ store, orders })(
        { kind: 'order', order: { ...order, id: { ...order.id, orderId }, lines: [mug], total: 850 } },
        cause,
        undefined,
      );
    }
    const { cases, cursors } = store;
    const ports = { store, cases, cursors, orders, erp: reader, clock, ids: new MemoryIds(), log: new MemoryLog() };
    return { store, poll: () => pollShipments(ports, POLL, signal) };
  }

  it('are recorded once, however often they are read, and one of an order that nobody knows has a case', async () => {
    const { store, poll } = await polling('1', '2');
    for (const [index, id] of ['1', '2', 'nobody'].entries()) erp.ship(id, at(index));
    expect(await poll()).toEqual({ read: 3, recorded: 2, refused: 1 });
    expect(await poll()).toMatchObject({ recorded: 0 });
    expect((await store.load<OpenOrder>('ORDER#shopify#main#1'))?.state.shipments).toHaveLength(1);
    expect(await store.cases.listOpen({ limit: 9 })).toMatchObject([{ code: expect.stringContaining('nobody') }]);
  });

  it('are read again from where they were when the partner throttles in the middle', async () => {
    const { store, poll } = await polling();
    shipMany(at);
    erp.onPage = (page) => {
      if (page === 2) erp.failNextPage(under.throttled(37));
    };
    await expect(poll()).rejects.toMatchObject({ kind: 'transient', retryAfterSeconds: 37 });
    expect(await store.cursors.get(POLL)).toBeUndefined();
    expect(await poll()).toMatchObject({ read: many.length });
  });

  it('are read again from where they were when the connection breaks in the middle', async () => {
    const { store, poll } = await polling();
    shipMany(at);
    erp.onPage = (page) => {
      if (page === 2) erp.failNextPage({ breaks: 'before-answer' });
    };
    await expect(poll()).rejects.toMatchObject({ kind: 'transient' });
    expect(await store.cursors.get(POLL)).toBeUndefined();
    expect(await poll()).toMatchObject({ read: many.length });
  });

  it('are all told when the credentials expire in the middle, or a person must mend them', async () => {
    shipMany(at);
    erp.onPage = (page) => {
      if (page === 2) erp.failNextPage(under.refused);
    };
    if (under.renewsCredentials) expect(new Set((await read()).ids)).toEqual(new Set(many));
    else await expect(read()).rejects.toThrow(PartnerConfigurationError);
  });
}
