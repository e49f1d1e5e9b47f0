import { beforeAll, expect, it } from 'vitest';
import type { Connector, Erp } from '../support/erp.ts';
import { applied, booking, salesOrder, within } from '../support/operations.ts';

const soon = () => AbortSignal.timeout(30_000);

/** What the house reads: the state of an order, and shipments as they leave. */
export function reads(running: () => Erp): void {
  let erp: Erp;
  let connector: Connector;

  beforeAll(() => {
    erp = running();
    connector = erp.connector();
  });

  it('of an order: unknown, open, then shipped by SKU', async () => {
    const order = salesOrder(booking());
    expect(await connector.reader.orderStatus(order.subject, soon())).toBeUndefined();
    const { ref, facts } = applied(await connector.executor.execute(order, within()));
    const open = await connector.reader.orderStatus(order.subject, soon());
    expect(open).toMatchObject({ ref, number: facts?.number, state: 'open', shippedBySku: {} });
    await erp.desk.ship(Number(ref));
    expect(await connector.reader.orderStatus(order.subject, soon())).toMatchObject({
      shippedBySku: { 'TSHIRT-M': 2, 'MUG-BLUE': 1 },
    });
  });

  it('of shipments: once done, by order line, and again from the same cursor', async () => {
    const { cursor } = await connector.reader.shipmentsSince(undefined, soon());
    // Two lines of one SKU, one of which does not divide evenly: three lines in the ERP, two in the order.
    const content = booking({
      lines: [
        { lineId: 'gid://shopify/LineItem/1', sku: 'MUG-BLUE', quantity: 3, net: 1000, taxes: [] },
        { lineId: 'L2', sku: 'MUG-BLUE', quantity: 1, net: 850, taxes: [] },
      ],
      shipping: { net: 500, taxes: [] },
      total: 2350,
    });
    const order = salesOrder(content);
    const { ref } = applied(await connector.executor.execute(order, within()));
    const ours = async (from: string | undefined) =>
      (await connector.reader.shipmentsSince(from, soon())).shipments.filter(
        ({ orderKey }) => orderKey === order.subject,
      );
    expect(await ours(cursor), 'a shipment that waits is not told').toEqual([]);

    const [number] = await erp.desk.ship(Number(ref), '1Z999AA10123456784');
    const told = await ours(cursor);
    expect(told).toEqual([
      {
        shipmentId: number,
        orderKey: order.subject,
        shippedAt: expect.stringContaining(new Date().toISOString().slice(0, 10)),
        trackingNumber: '1Z999AA10123456784',
        lines: expect.arrayContaining([
          { lineId: 'gid://shopify/LineItem/1', sku: 'MUG-BLUE', quantity: 3 },
          { lineId: 'L2', sku: 'MUG-BLUE', quantity: 1 },
        ]),
      },
    ]);
    expect(told[0]?.lines).toHaveLength(2);

    const next = await connector.reader.shipmentsSince(cursor, soon());
    expect(next.cursor > cursor).toBe(true);
    expect(await ours(next.cursor), 'reads overlap, because slow transactions show up late').toEqual(told);
  });

  it('of shipments long before the cursor: nothing', async () => {
    const later = new Date(Date.now() + 3_600_000).toISOString();
    expect(await connector.reader.shipmentsSince(later, soon())).toEqual({ shipments: [], cursor: later });
  });

  it('of nothing while it is down: reads are transient, and writes unavailable', async () => {
    const { reader, executor } = erp.connector({ url: 'http://127.0.0.1:9' });
    const order = salesOrder(booking());
    await expect(reader.orderStatus(order.subject, soon())).rejects.toMatchObject({
      kind: 'transient',
      code: 'ERP_UNAVAILABLE',
    });
    expect(await executor.execute(order, within())).toMatchObject({ kind: 'unavailable' });
    expect(await executor.probe(order, within())).toMatchObject({ kind: 'unavailable' });
  });
}
