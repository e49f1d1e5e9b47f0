import { beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '#core/operations/operation.ts';
import { amountOf } from '../../../../bin/local/erp/rpc.ts';
import type { Connector, Erp } from '../support/erp.ts';
import {
  applied,
  booking,
  creditMemo,
  creditWithoutGoods,
  exchangeOrder,
  itemReceipt,
  salesOrder,
  tenPercent,
  webIdOf,
  within,
} from '../support/operations.ts';

/** Returns that end otherwise than by goods on a shelf and money back. */
export function outcomes(running: () => Erp): void {
  let erp: Erp;
  let connector: Connector;

  beforeAll(() => {
    erp = running();
    connector = erp.connector();
  });

  async function carriedOut(operation: Operation) {
    const { executor } = connector;
    expect(await executor.probe(operation, within())).toEqual({ kind: 'absent' });
    const outcome = applied(await executor.execute(operation, within()));
    const { kind: _kind, ...made } = outcome;
    expect(await executor.probe(operation, within())).toEqual({ kind: 'found', ...made });
    expect(await executor.execute(operation, within())).toEqual(outcome);
    return outcome;
  }

  const shirt = { lineId: 'L1', sku: 'TSHIRT-M', quantity: 1, net: 1234, taxes: [tenPercent(123)] };

  it('credits goods that the buyer keeps, with tax, and moves no stock', async () => {
    const { desk } = erp;
    const order = salesOrder(booking());
    const booked = await carriedOut(order);
    const before = await desk.stock('TSHIRT-M', 'STO');
    const memo = creditWithoutGoods(order, booked, { lines: [shirt], total: 1357 });
    const credited = await carriedOut(memo);
    expect(credited.facts).toMatchObject({ total: 1357 });

    const sale = await desk.one(
      'sale.sale',
      [['web_id', '=', webIdOf(memo)]],
      ['shipments', 'shipment_returns', 'invoices', 'origin'],
    );
    expect(sale).toMatchObject({ shipments: [], shipment_returns: [], origin: `sale.sale,${booked.ref}` });
    const invoice = await desk.one('account.invoice', [['id', '=', Number(credited.ref)]], ['state', 'total_amount']);
    expect(sale.invoices).toEqual([Number(credited.ref)]);
    expect(invoice.state).toBe('posted');
    expect(amountOf(invoice.total_amount)).toBe('-13.57');
    expect(await desk.stock('TSHIRT-M', 'STO')).toBe(before);
  });

  it('names the product that it lacks for such a credit', async () => {
    const order = salesOrder(booking());
    const booked = applied(await connector.executor.execute(order, within()));
    const memo = creditWithoutGoods(order, booked, { lines: [shirt], total: 1357 });
    const without = erp.connector({ products: { shipping: 'SHIPPING', collectedTax: 'TAX-COLLECTED' } });
    expect(await without.executor.execute(memo, within())).toMatchObject({
      kind: 'rejected',
      reason: { code: 'ALLOWANCE_NOT_MAPPED' },
    });
  });

  it('dates a credit memo as it is told', async () => {
    const { desk } = erp;
    const order = salesOrder(booking());
    const booked = await carriedOut(order);
    await desk.ship(Number(booked.ref));
    const receipt = itemReceipt(order, booked, { lines: [shirt], total: 1357 });
    const received = await carriedOut(receipt);
    const today = new Date().toISOString().slice(0, 10);
    const credited = await carriedOut(creditMemo(receipt, received.ref, 1357, today));
    const [year, month, day] = today.split('-').map(Number);
    const memo = await desk.one('account.invoice', [['id', '=', Number(credited.ref)]], ['invoice_date']);
    expect(memo.invoice_date).toMatchObject({ year, month, day });
  });

  describe('an exchange', () => {
    it('is sold once, to the party of the order that it replaces, and its shipment is none of the channel’s', async () => {
      const { desk } = erp;
      const order = salesOrder(booking());
      const booked = await carriedOut(order);
      const replacement = exchangeOrder(order, booked, {
        lines: [{ lineId: 'X1', sku: 'MUG-BLUE', quantity: 1, net: 850, taxes: [tenPercent(85)] }],
        total: 935,
      });
      const sold = await carriedOut(replacement);
      const fields = ['party', 'shipment_address', 'invoice_address', 'shipments', 'total_amount', 'state'];
      const first = await desk.one('sale.sale', [['id', '=', Number(booked.ref)]], fields);
      const second = await desk.one('sale.sale', [['id', '=', Number(sold.ref)]], fields);
      const { party, shipment_address, invoice_address } = first;
      expect(second).toMatchObject({ party, shipment_address, invoice_address, state: 'processing' });
      expect(amountOf(second.total_amount)).toBe('9.35');
      expect(second.shipments).toHaveLength(1);

      await desk.ship(Number(sold.ref));
      const { shipments } = await connector.reader.shipmentsSince(undefined, AbortSignal.timeout(60_000));
      expect(shipments.filter(({ orderKey }) => orderKey.includes(String(replacement.content.number)))).toEqual([]);
    });
  });
}
