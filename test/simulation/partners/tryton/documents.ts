import { type Amounts, amountsOf } from './amounts.ts';
import type { Erp } from './erp.ts';
import type { Invoice, Sale } from './rows.ts';

/** What a document comes to, and which documents came of a sale. */

/** Once confirmed a sale keeps the amounts it had. */
export function saleAmounts(erp: Erp, sale: Sale): Pick<Amounts, 'untaxed' | 'tax' | 'total'> {
  if (sale.fixed !== null) return sale.fixed;
  const digits = erp.currencyDigits(sale.currency);
  return amountsOf(erp.saleLines.by('sale', sale.id), (tax) => erp.taxRate(tax), digits);
}

export const invoiceAmounts = (erp: Erp, invoice: Invoice): Amounts =>
  amountsOf(
    erp.invoiceLines.by('invoice', invoice.id),
    (tax) => erp.taxRate(tax),
    erp.currencyDigits(invoice.currency),
  );

/** Ids of the sale's invoices and credit notes. */
export function invoicesOf(erp: Erp, sale: Sale): number[] {
  const found = new Set<number>();
  for (const { id } of erp.saleLines.by('sale', sale.id)) {
    for (const line of erp.invoiceLines.by('origin', `sale.line,${id}`)) found.add(line.invoice);
  }
  return ascending(found);
}

/** Ids of the sale's shipments, or of its return shipments. */
export function shipmentsOf(erp: Erp, sale: Sale, model: 'stock.shipment.out' | 'stock.shipment.out.return'): number[] {
  const found = new Set<number>();
  for (const { id } of erp.saleLines.by('sale', sale.id)) {
    for (const { shipment } of erp.moves.by('origin', `sale.line,${id}`)) {
      const comma = shipment?.indexOf(',') ?? -1;
      if (comma === model.length && shipment?.startsWith(model)) found.add(Number(shipment.slice(comma + 1)));
    }
  }
  return ascending(found);
}

const ascending = (ids: ReadonlySet<number>): number[] => (ids.size < 2 ? [...ids] : [...ids].sort((a, b) => a - b));
