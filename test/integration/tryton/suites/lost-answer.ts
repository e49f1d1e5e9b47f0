import { beforeAll, expect, it } from 'vitest';
import type { Operation } from '#core/operations/operation.ts';
import { amountOf } from '../../../../bin/local/erp/rpc.ts';
import type { Connector, Erp } from '../support/erp.ts';
import { type Fate, FaultyWire } from '../support/faulty-wire.ts';
import {
  applied,
  booking,
  creditMemo,
  itemReceipt,
  salesOrder,
  stockMove,
  tenPercent,
  webIdOf,
  within,
} from '../support/operations.ts';

/** The first call of a method, and every call after it, when the wire is cut for good. */
const only = (method: string, fate: Fate) => (called: string, nth: number) =>
  called === method && nth === 1 ? fate : 'deliver';

/** The wire breaks at every step: nothing is done twice, and nothing is lost. */
export function lostAnswers(running: () => Erp): void {
  let erp: Erp;
  let direct: Connector;

  beforeAll(() => {
    erp = running();
    direct = erp.connector();
  });

  /** Carries the operation out over a wire with this fate, then asks and executes over a sound one. */
  async function overBrokenWire(operation: Operation, fate: FaultyWire['fate']) {
    const wire = await FaultyWire.to(erp.url);
    try {
      wire.fate = fate;
      const outcome = await erp.connector({ url: wire.url }).executor.execute(operation, within());
      const probe = await direct.executor.probe(operation, within());
      const settled = probe.kind === 'found' ? probe : await direct.executor.execute(operation, within());
      return { outcome: outcome.kind, probe: probe.kind, settled };
    } finally {
      await wire.close();
    }
  }

  const salesOf = (operation: Operation) =>
    erp.desk.find('sale.sale', [['web_id', '=', webIdOf(operation)]], ['state', 'shipments', 'invoices']);

  async function expectBookedOnce(operation: Operation) {
    const sales = await salesOf(operation);
    expect(sales).toHaveLength(1);
    expect(sales[0]).toMatchObject({ state: 'processing' });
    expect(sales[0]?.shipments).toHaveLength(1);
  }

  it.each([
    // Of the last step, the whole work is done; of an earlier one, a part.
    ['model.sale.sale.confirm', 'found'],
    ['model.sale.sale.quote', 'absent'],
    ['model.sale.sale.create', 'absent'],
  ])('to %s: unknown, then %s, and one sale with one shipment in the end', async (method, probed) => {
    const order = salesOrder(booking());
    const { outcome, probe, settled } = await overBrokenWire(order, only(method, 'lose-answer'));
    expect({ outcome, probe }).toEqual({ outcome: 'unknown', probe: probed });
    expect(settled).toMatchObject({ facts: { total: 3650 } });
    await expectBookedOnce(order);
  });

  it.each(['model.sale.sale.create', 'model.sale.sale.confirm'])(
    'because %s never arrived: unknown just the same, then absent, then booked once',
    async (method) => {
      const order = salesOrder(booking());
      const { outcome, probe } = await overBrokenWire(order, only(method, 'lose-request'));
      expect({ outcome, probe }).toEqual({ outcome: 'unknown', probe: 'absent' });
      await expectBookedOnce(order);
    },
  );

  it('and everything after the sale was created too: a half-made sale is taken up where it stands', async () => {
    const order = salesOrder(booking());
    let cut = false;
    const { outcome, probe } = await overBrokenWire(order, (method) => {
      if (cut) return 'lose-request';
      cut = method === 'model.sale.sale.create';
      return 'deliver';
    });
    expect({ outcome, probe }).toEqual({ outcome: 'unknown', probe: 'absent' });
    await expectBookedOnce(order);
  });

  it('between a quotation at another total and its comparison: it is never confirmed as it is', async () => {
    // The ERP rounds the tax of these three over the document, to a cent less than the channel charged.
    const cents = (lineId: string) => ({ lineId, sku: 'MUG-BLUE', quantity: 1, net: 5, taxes: [tenPercent(1)] });
    const order = salesOrder(booking({ lines: [cents('L1'), cents('L2'), cents('L3')], total: 18 }));
    let cut = false;
    const { outcome, settled } = await overBrokenWire(order, (method) => {
      if (cut) return 'lose-request';
      cut = method === 'model.sale.sale.quote';
      return 'deliver';
    });
    expect({ outcome, settled }).toMatchObject({ outcome: 'unknown', settled: { facts: { total: 18 } } });
    const [sale] = await erp.desk.find('sale.sale', [['web_id', '=', webIdOf(order)]], ['total_amount']);
    expect(amountOf(sale?.total_amount)).toBe('0.18');
    await expectBookedOnce(order);
  });

  it('to a read before any write: nothing happened, so nothing is unknown', async () => {
    const order = salesOrder(booking());
    const { outcome } = await overBrokenWire(order, only('model.sale.sale.search_read', 'lose-answer'));
    expect(outcome).toBe('unavailable');
  });

  it('to a read after a write: the write makes the outcome unknown', async () => {
    const order = salesOrder(booking());
    const afterQuote = (method: string, nth: number): Fate =>
      method === 'model.sale.sale.search_read' && nth === 3 ? 'lose-answer' : 'deliver';
    const { outcome } = await overBrokenWire(order, afterQuote);
    expect(outcome).toBe('unknown');
    await expectBookedOnce(order);
  });

  it('of each step of a return: one return document, one credit memo, one put-away', async () => {
    const order = salesOrder(booking());
    const booked = applied(await direct.executor.execute(order, within()));
    const receipt = itemReceipt(order, booked, {
      lines: [{ lineId: 'L1', sku: 'TSHIRT-M', quantity: 1, net: 1234, taxes: [tenPercent(123)] }],
      total: 1357,
    });
    const RETURN = 'model.stock.shipment.out.return';
    const received = await overBrokenWire(receipt, only(`${RETURN}.receive`, 'lose-answer'));
    expect(received).toMatchObject({ outcome: 'unknown', probe: 'found' });
    const ref = (received.settled as { ref: string }).ref;

    const memo = creditMemo(receipt, ref, 1357);
    const posted = await overBrokenWire(memo, only('model.account.invoice.post', 'lose-answer'));
    expect(posted).toMatchObject({ outcome: 'unknown', probe: 'found', settled: { facts: { total: 1357 } } });

    const before = await erp.desk.stock('TSHIRT-M', 'QUA');
    const move = stockMove(receipt, ref, [{ sku: 'TSHIRT-M', quantity: 1, disposition: 'quarantine' }]);
    expect(await overBrokenWire(move, only(`${RETURN}.done`, 'lose-answer'))).toMatchObject({
      outcome: 'unknown',
      probe: 'found',
    });
    expect(await erp.desk.stock('TSHIRT-M', 'QUA')).toBe(before + 1);
    const [sale] = await salesOf(receipt);
    expect(sale?.invoices).toHaveLength(1);
  });
}
