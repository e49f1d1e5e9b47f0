import { beforeAll, expect, it } from 'vitest';
import type { Outcome } from '#core/operations/operation.ts';
import type { Connector, Erp } from '../support/erp.ts';
import { type Fate, FaultyWire } from '../support/faulty-wire.ts';
import { booking, salesOrder, webIdOf, within } from '../support/operations.ts';
import { ProtocolRun } from '../support/protocol.ts';

const lengthOf = (ids: unknown): number => (ids as number[]).length;

const five = <T>(make: (nth: number) => Promise<T>): Promise<T[]> => Promise.all([1, 2, 3, 4, 5].map(make));

/** Five at once, with the house's protocol and past it. */
export function concurrency(running: () => Erp): void {
  let erp: Erp;
  let connector: Connector;

  beforeAll(() => {
    erp = running();
    connector = erp.connector();
  });

  const salesOf = (operation: ReturnType<typeof salesOrder>) =>
    erp.desk.find('sale.sale', [['web_id', '=', webIdOf(operation)]], ['state', 'shipments']);

  it('executors with the same operation make one sale and one shipment', async () => {
    const order = salesOrder(booking());
    const run = new ProtocolRun(connector.executor);
    run.plan(order);
    const ended = await five(() => run.execute(order));
    expect(ended.map(({ status }) => status).sort()).toEqual(['applied', ...Array(4).fill('skipped')]);
    expect(run.row(order)).toMatchObject({ status: 'applied', attempts: 1, facts: { total: 3650 } });
    const sales = await salesOf(order);
    expect(sales).toHaveLength(1);
    expect(sales[0]?.shipments).toHaveLength(1);
  });

  it('a key that somebody else has just used is read as done, not as an error', async () => {
    const order = salesOrder(booking());
    const wire = await FaultyWire.to(erp.url);
    let first: Outcome | undefined;
    wire.fate = async (method): Promise<Fate> => {
      if (method === 'model.sale.sale.create') first = await connector.executor.execute(order, within());
      return 'deliver';
    };
    try {
      const second = await erp.connector({ url: wire.url }).executor.execute(order, within());
      expect(first).toMatchObject({ kind: 'applied' });
      expect(second).toEqual(first);
    } finally {
      await wire.close();
    }
    expect(await salesOf(order)).toHaveLength(1);
  });

  it('creations under one key make one sale, even without the lease', async () => {
    const order = salesOrder(booking());
    await five(() => connector.executor.execute(order, within()));
    expect(await salesOf(order)).toHaveLength(1);
  });

  it.each([
    ['goods alone', [], 'shipments'],
    ['goods and shipping', [{ kind: 'wrapping', net: 100 }], 'invoices'],
  ] as const)(
    'confirmations of one sale of %s, without the lease: what the ERP makes of them is proved, never believed',
    async (_name, fees, doubled) => {
      const { executor } = erp.connector({ products: { shipping: 'SHIPPING', fee: 'SHIPPING' } });
      const lines = [{ lineId: 'L1', sku: 'MUG-BLUE', quantity: 1, net: 850, taxes: [] }];
      const total = 850 + fees.reduce((sum, { net }) => sum + net, 0);
      const order = salesOrder(booking({ lines, fees, total }));
      // Asked for a cent more it is refused and left a draft; then it is quoted by hand and confirmed five times at once.
      await executor.execute({ ...order, content: { ...order.content, total: total + 1 } }, within());
      const draft = await erp.desk.one('sale.sale', [['web_id', '=', webIdOf(order)]], []);
      await erp.desk.call('sale.sale', 'quote', [[draft.id]]);
      await five(() => erp.desk.call('sale.sale', 'confirm', [[draft.id]]).catch(() => undefined));

      const sale = await erp.desk.one('sale.sale', [['id', '=', draft.id]], ['shipments', 'invoices']);
      const shipments = lengthOf(sale.shipments);
      const invoices = lengthOf(sale.invoices);
      const once = shipments === 1 && invoices === fees.length;
      // SQLite takes no lock, so there most trials make several; PostgreSQL locks the sale and makes one.
      console.log(`${erp.database}: five confirmations made ${shipments} shipment(s) and ${invoices} invoice(s)`);
      expect(shipments).toBeGreaterThanOrEqual(1);
      if (erp.database === 'postgresql') expect(once).toBe(true);

      const code = `DUPLICATE_${doubled.toUpperCase()}`;
      const outcome = once ? { kind: 'applied' } : { kind: 'rejected', reason: { code } };
      expect(await executor.execute(order, within())).toMatchObject(outcome);
      expect(await executor.probe(order, within())).toMatchObject({ kind: once ? 'found' : 'absent' });
    },
  );

  it('a second shipment for what was ordered once is refused, until somebody has cancelled it', async () => {
    const { executor } = erp.connector();
    const order = salesOrder(booking());
    const outcome = await executor.execute(order, within());
    expect(outcome.kind).toBe('applied');
    const sale = await erp.desk.one('sale.sale', [['web_id', '=', webIdOf(order)]], ['shipments', 'lines']);

    // What a lost race leaves behind: another shipment with a move for a line that is shipped already.
    const fields = ['customer', 'delivery_address', 'warehouse', 'warehouse_storage', 'warehouse_output', 'company'];
    const shipment = await erp.desk.one('stock.shipment.out', [['id', 'in', sale.shipments]], fields);
    const origin = [['origin', '=', `sale.line,${(sale.lines as number[])[0]}`]];
    const moveFields = [
      'product',
      'unit',
      'quantity',
      'from_location',
      'to_location',
      'company',
      'origin',
      'unit_price',
      'currency',
    ];
    const move = await erp.desk.one('stock.move', origin, moveFields);
    const { id: _shipment, ...header } = shipment;
    const { id: _move, ...values } = move;
    const [second] = (await erp.desk.call('stock.shipment.out', 'create', [
      [{ ...header, moves: [['create', [values]]] }],
    ])) as number[];

    expect(await executor.execute(order, within())).toMatchObject({
      kind: 'rejected',
      reason: { code: 'DUPLICATE_SHIPMENTS' },
    });
    expect(await executor.probe(order, within())).toEqual({ kind: 'absent' });
    await erp.desk.call('stock.shipment.out', 'cancel', [[second]]);
    expect(await executor.execute(order, within())).toEqual(outcome);
  });
}
