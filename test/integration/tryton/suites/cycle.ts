import { beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '#core/operations/operation.ts';
import { amountOf } from '../../../../bin/local/erp/rpc.ts';
import type { Connector, Erp } from '../support/erp.ts';
import { FaultyWire } from '../support/faulty-wire.ts';
import {
  applied,
  booking,
  creditMemo,
  freshId,
  itemReceipt,
  salesOrder,
  stockMove,
  tenPercent,
  webIdOf,
  within,
} from '../support/operations.ts';

/** Order to cash, and back again: every operation, each probed before and after. */
export function cycle(running: () => Erp): void {
  let erp: Erp;
  let connector: Connector;

  beforeAll(() => {
    erp = running();
    connector = erp.connector();
  });

  /** Probe says absent, execute applies, probe finds the same: each operation's own little cycle. */
  async function carriedOut(operation: Operation) {
    const { executor } = connector;
    expect(await executor.probe(operation, within())).toEqual({ kind: 'absent' });
    const outcome = applied(await executor.execute(operation, within()));
    const { kind: _kind, ...made } = outcome;
    expect(await executor.probe(operation, within())).toEqual({ kind: 'found', ...made });
    expect(await executor.execute(operation, within())).toEqual(outcome);
    return outcome;
  }

  describe('an order of 36.50 and the return of one of its two t-shirts to quarantine', () => {
    it('is booked, shipped, taken back, credited with −13.57 and put away, each once', async () => {
      const { desk } = erp;
      const before = { STO: await desk.stock('TSHIRT-M', 'STO'), QUA: await desk.stock('TSHIRT-M', 'QUA') };

      const order = salesOrder(booking());
      const booked = await carriedOut(order);
      expect(booked.facts).toMatchObject({ total: 3650 });
      const sale = await desk.one(
        'sale.sale',
        [['web_id', '=', webIdOf(order)]],
        ['state', 'number', 'total_amount', 'reference', 'shipments'],
      );
      expect(sale).toMatchObject({
        id: Number(booked.ref),
        state: 'processing',
        number: booked.facts?.number,
        reference: '#1001',
      });
      expect(amountOf(sale.total_amount)).toBe('36.50');
      expect(sale.shipments).toHaveLength(1);

      await desk.ship(sale.id);
      expect(await desk.stock('TSHIRT-M', 'STO')).toBe(before.STO - 2);

      const receipt = itemReceipt(order, booked, {
        lines: [{ lineId: 'L1', sku: 'TSHIRT-M', quantity: 1, net: 1234, taxes: [tenPercent(123)] }],
        total: 1357,
      });
      const received = await carriedOut(receipt);
      expect(await desk.stock('TSHIRT-M', 'STO'), 'received goods are not sellable yet').toBe(before.STO - 2);
      expect(await desk.stock('TSHIRT-M', 'QUA')).toBe(before.QUA);
      const back = await desk.one('sale.sale', [['web_id', '=', webIdOf(receipt)]], ['id', 'origin', 'invoices']);
      expect(back).toMatchObject({ id: Number(received.ref), origin: `sale.sale,${sale.id}` });

      const credited = await carriedOut(creditMemo(receipt, received.ref, 1357));
      const memo = await desk.one(
        'account.invoice',
        [['id', '=', Number(credited.ref)]],
        ['state', 'number', 'untaxed_amount', 'tax_amount', 'total_amount', 'move'],
      );
      expect(memo).toMatchObject({ state: 'posted', number: credited.facts?.number });
      expect(back.invoices).toEqual([memo.id]);
      expect([memo.untaxed_amount, memo.tax_amount, memo.total_amount].map(amountOf)).toEqual([
        '-12.34',
        '-1.23',
        '-13.57',
      ]);
      const entry = await desk.find('account.move.line', [['move', '=', memo.move]], ['debit', 'credit']);
      const sides = entry.map(({ debit, credit }) => `${Number(amountOf(debit))} ${Number(amountOf(credit))}`);
      expect(sides.sort(), 'revenue and tax against what the customer owes').toEqual(['0 13.57', '1.23 0', '12.34 0']);

      const moved = await carriedOut(
        stockMove(receipt, received.ref, [{ sku: 'TSHIRT-M', quantity: 1, disposition: 'quarantine' }]),
      );
      expect(await desk.stock('TSHIRT-M', 'QUA')).toBe(before.QUA + 1);
      expect(await desk.stock('TSHIRT-M', 'STO')).toBe(before.STO - 2);
      const shipment = await desk.one('stock.shipment.out.return', [['number', '=', moved.ref]], ['state']);
      expect(shipment.state).toBe('done');

      expect(await connector.executor.execute(order, within()), 'a booked order stays booked').toMatchObject({
        kind: 'applied',
        ref: booked.ref,
      });
    });

    it('parts the units of one line by their disposition', async () => {
      const { desk } = erp;
      const before = { STO: await desk.stock('TSHIRT-M', 'STO'), QUA: await desk.stock('TSHIRT-M', 'QUA') };
      // 10.00 for three does not divide evenly, so the line stands in the ERP as two, and so do its moves.
      const content = booking({
        lines: [{ lineId: 'L1', sku: 'TSHIRT-M', quantity: 3, net: 1000, taxes: [] }],
        total: 1000,
      });
      const order = salesOrder(content);
      const booked = await carriedOut(order);
      await desk.ship(Number(booked.ref));
      const receipt = itemReceipt(order, booked, { lines: [...content.lines], total: 1000 });
      const received = await carriedOut(receipt);
      await carriedOut(
        stockMove(receipt, received.ref, [
          { sku: 'TSHIRT-M', quantity: 1, disposition: 'restock' },
          { sku: 'TSHIRT-M', quantity: 1, disposition: 'quarantine' },
          { sku: 'TSHIRT-M', quantity: 1, disposition: 'dispose' },
        ]),
      );
      expect(await desk.stock('TSHIRT-M', 'STO')).toBe(before.STO - 3 + 1);
      expect(await desk.stock('TSHIRT-M', 'QUA')).toBe(before.QUA + 2);
      const credited = await carriedOut(creditMemo(receipt, received.ref, 1000));
      expect(credited.facts).toMatchObject({ total: 1000 });
    });

    it('takes back what is no longer in the range', async () => {
      const { desk } = erp;
      const sku = `OLD-${freshId()}`;
      await desk.copyProduct('MUG-BLUE', sku);
      const line = { lineId: 'L1', sku, quantity: 1, net: 900, taxes: [] };
      const order = salesOrder(booking({ lines: [line], total: 900 }));
      const booked = await carriedOut(order);

      const product = await desk.one('product.product', [['code', '=', sku]], ['template']);
      await desk.insist('product.product', 'write', [[product.id], { active: false }]);
      await desk.call('product.template', 'write', [[product.template], { salable: false }]);
      connector = erp.connector();
      expect(
        await connector.executor.execute(salesOrder(booking({ lines: [line], total: 900 })), within()),
      ).toMatchObject({ kind: 'rejected', reason: { code: 'SKU_UNKNOWN' } });

      const receipt = itemReceipt(order, booked, { lines: [line], total: 900 });
      const { ref } = await carriedOut(receipt);
      await carriedOut(stockMove(receipt, ref, [{ sku, quantity: 1, disposition: 'return-to-vendor' }]));
    });

    it('refuses a credit memo whose journal entry is not balanced', async () => {
      const order = salesOrder(booking());
      const booked = await carriedOut(order);
      const line = { lineId: 'L2', sku: 'MUG-BLUE', quantity: 1, net: 850, taxes: [tenPercent(85)] };
      const receipt = itemReceipt(order, booked, { lines: [line], total: 935 });
      const { ref } = await carriedOut(receipt);
      const memo = creditMemo(receipt, ref, 935);
      const wire = await FaultyWire.to(erp.url);
      wire.tamper = (method, body) =>
        method === 'model.account.move.line.search_read' ? body.replace(/"9\.35"/, '"9.36"') : body;
      try {
        const { executor } = erp.connector({ url: wire.url });
        const refused = { kind: 'rejected', reason: { code: 'JOURNAL_UNBALANCED' } };
        expect(await executor.execute(memo, within())).toMatchObject(refused);
        expect(await executor.probe(memo, within())).toEqual({ kind: 'absent' });
      } finally {
        await wire.close();
      }
    });

    it('refuses to put away other units than were received, and moves nothing', async () => {
      const order = salesOrder(booking());
      const booked = await carriedOut(order);
      const receipt = itemReceipt(order, booked, {
        lines: [{ lineId: 'L2', sku: 'MUG-BLUE', quantity: 1, net: 850, taxes: [tenPercent(85)] }],
        total: 935,
      });
      const received = await carriedOut(receipt);
      const wrong = stockMove(receipt, received.ref, [{ sku: 'MUG-BLUE', quantity: 2, disposition: 'restock' }]);
      expect(await connector.executor.execute(wrong, within())).toMatchObject({
        kind: 'rejected',
        reason: { code: 'QUANTITY_MISMATCH' },
      });
      expect(await connector.executor.probe(wrong, within())).toEqual({ kind: 'absent' });
    });
  });
}
