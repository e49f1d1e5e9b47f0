import { invoicesOf, saleAmounts, shipmentsOf } from './documents.ts';
import type { Erp } from './erp.ts';
import { RpcFailure, userError } from './errors.ts';
import { draftInvoice } from './invoices.ts';
import type { Sale, SaleLine, SaleState } from './rows.ts';
import { draftReturn, draftShipment } from './sale-shipments.ts';
import { dateAt } from './wire.ts';

/**
 * The way of a sale (a return document is one with negative quantities) through its states. A button pressed in the wrong
 * state does nothing and says nothing.
 */
const FROM: Readonly<Record<'quotation' | 'confirmed' | 'draft' | 'cancelled', readonly SaleState[]>> = {
  quotation: ['draft'],
  confirmed: ['quotation'],
  draft: ['quotation', 'confirmed', 'cancelled'],
  cancelled: ['draft', 'quotation'],
};

export function quote(erp: Erp, sale: Sale): void {
  if (!FROM.quotation.includes(sale.state)) return;
  if (sale.invoice_address === null) throw userError(missing(sale, 'an invoice address'));
  if (erp.guests().has(sale.party)) {
    const [name, guest] = [nameOf(sale), erp.parties.at(sale.party).name];
    throw userError(`To process the sale "${name}" you must select another party instead of the guest "${guest}".`);
  }
  for (const line of erp.saleLines.by('sale', sale.id)) {
    if (!isGoods(erp, line)) continue;
    if (line.quantity >= 0 && sale.shipment_address === null) throw userError(missing(sale, 'a shipment address'));
    if (sale.warehouse === null) throw userError(missing(sale, 'a warehouse'));
  }
  erp.sales.update(sale, { state: 'quotation', number: sale.number ?? erp.next('sale') });
}

export function draft(erp: Erp, sale: Sale): void {
  if (FROM.draft.includes(sale.state)) erp.sales.update(sale, { state: 'draft', fixed: null });
}

export function cancel(erp: Erp, sale: Sale): void {
  if (FROM.cancelled.includes(sale.state)) erp.sales.update(sale, { state: 'cancelled' });
}

/**
 * Confirms in one transaction and processes in another, whose error goes to the ERP's log and not to the caller. On the
 * database that takes no locks, a confirmation that races another one processes the sale once more.
 */
export function confirm(erp: Erp, sale: Sale): void {
  if (FROM.confirmed.includes(sale.state)) {
    erp.transaction(() => {
      const fixed = saleAmounts(erp, sale);
      const sale_date = sale.sale_date ?? dateAt(erp.now);
      erp.sales.update(sale, { state: 'confirmed', fixed, sale_date, confirmedAt: erp.now });
    });
    if (!erp.switches.lazyProcessing) inTheBackground(erp, () => process(erp, sale));
  } else if (races(erp, sale)) {
    inTheBackground(erp, () => makeAgain(erp, sale));
  }
}

/** Makes the invoices and shipments that the sale calls for and does not have yet. */
export function process(erp: Erp, sale: Sale): void {
  if (sale.state !== 'confirmed' && sale.state !== 'processing' && sale.state !== 'done') return;
  draftInvoice(erp, sale);
  draftShipment(erp, sale);
  draftReturn(erp, sale);
  const state = isDone(erp, sale) ? 'done' : 'processing';
  if (sale.state !== state) erp.sales.update(sale, { state });
}

/** After its goods moved or its invoice was paid, the sale is looked through again. */
export function processLater(erp: Erp, sales: Iterable<number>): void {
  for (const sale of sales) inTheBackground(erp, () => process(erp, erp.sales.at(sale)));
}

/** Work whose failure changes nothing for the caller. */
function inTheBackground(erp: Erp, work: () => void): void {
  try {
    erp.transaction(work);
  } catch (error) {
    if (!(error instanceof RpcFailure)) throw error;
    erp.log.push(error.message);
  }
}

const races = ({ sins, now }: Erp, { confirmedAt, state }: Sale): boolean =>
  sins !== undefined && confirmedAt !== null && now - confirmedAt < sins.raceMs && state === 'processing';

/** The first write of a processing serialises the rest: where it makes an invoice, that is what is doubled. */
function makeAgain(erp: Erp, sale: Sale): void {
  if (!draftInvoice(erp, sale, { again: true })) draftShipment(erp, sale, { again: true });
}

function isDone(erp: Erp, sale: Sale): boolean {
  return invoicesOf(erp, sale).every((id) => erp.invoices.at(id).state === 'paid') && isSent(erp, sale);
}

function isSent(erp: Erp, sale: Sale): boolean {
  const lines = erp.saleLines.by('sale', sale.id).filter((line) => isGoods(erp, line));
  if (lines.length === 0) return true;
  const made =
    shipmentsOf(erp, sale, 'stock.shipment.out').length + shipmentsOf(erp, sale, 'stock.shipment.out.return').length;
  if (made === 0) return false;
  return lines.every((line) => {
    const done = erp.moves.by('origin', `sale.line,${line.id}`).filter(({ state }) => state === 'done');
    return done.reduce((units, { quantity }) => units + quantity, 0) >= Math.abs(line.quantity);
  });
}

const isGoods = (erp: Erp, { product }: SaleLine): boolean =>
  erp.templates.at(erp.products.at(product).template).type === 'goods';

const missing = (sale: Sale, what: string): string =>
  `To get a quote for sale "${nameOf(sale)}" you must enter ${what}.`;

const nameOf = ({ number, reference, id }: Sale): string => number ?? reference ?? `(${id})`;
