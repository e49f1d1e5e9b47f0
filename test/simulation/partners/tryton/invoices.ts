import { invoiceAmounts } from './documents.ts';
import type { Erp } from './erp.ts';
import { userError } from './errors.ts';
import { postInvoice } from './postings.ts';
import type { Category, Invoice, Sale, SaleLine } from './rows.ts';
import { dateAt, dayNumber, shownDate } from './wire.ts';

/** Customer invoices and credit notes: an invoice of a return document is one of negative amount. */

type Planned = { readonly line: SaleLine; readonly quantity: number; readonly account: number };

/**
 * An invoice for what is to be invoiced and is not yet: at once where the sale is invoiced when ordered, else goods when
 * they have left and services at once. Says whether there was anything; with `again`, all that was invoiced is again.
 */
export function draftInvoice(erp: Erp, sale: Sale, { again = false } = {}): boolean {
  if (sale.invoice_method === 'manual') return false;
  const planned: Planned[] = [];
  for (const line of erp.saleLines.by('sale', sale.id)) {
    const quantity = again ? invoicedUnits(erp, line) : unitsToInvoice(erp, sale, line) - invoicedUnits(erp, line);
    if (quantity !== 0) planned.push({ line, quantity, account: revenueAccount(erp, line.product) });
  }
  if (planned.length === 0) return false;
  const invoice = erp.invoices.insert({
    company: sale.company,
    party: sale.party,
    currency: sale.currency,
    invoice_address: sale.invoice_address,
    payment_term: sale.payment_term,
    account: erp.parties.at(sale.party).account_receivable,
  });
  for (const { line, quantity, account } of planned) {
    const { product, unit, unit_price, taxes, note, description } = line;
    const values = { product, unit, unit_price, taxes, note, description, quantity, account };
    erp.invoiceLines.insert({ ...values, type: 'line', invoice: invoice.id, origin: `sale.line,${line.id}` });
  }
  return true;
}

/** Numbers, books and posts a draft. Nothing is posted into a closed month or before an invoice of a later day. */
export function post(erp: Erp, invoice: Invoice): void {
  if (invoice.state !== 'draft' && invoice.state !== 'validated') return;
  const today = dateAt(erp.now);
  const date = invoice.invoice_date ?? today;
  if (dayNumber(date) > dayNumber(today)) {
    const text = `The invoices "${nameOf(erp, invoice)}" have an invoice date in the future.`;
    erp.ask('invoice_date_future', 'account.invoice', [invoice.id], text);
  }
  const number = invoice.number ?? numbered(erp, invoice, date);
  const move = postInvoice(erp, invoice, date);
  // What asks for nothing is paid as soon as it is posted.
  const state = invoiceAmounts(erp, invoice).total === 0 ? 'paid' : 'posted';
  erp.invoices.update(invoice, { state, number, invoice_date: date, move });
}

/** The year's next number, which may not go to an earlier day than the last one. */
function numbered(erp: Erp, invoice: Invoice, date: NonNullable<Invoice['invoice_date']>): string {
  const sequence = `invoice ${date.year}`;
  const last = erp.lastNumbered.get(sequence);
  if (last && dayNumber(last.date) > dayNumber(date)) {
    throw userError(
      `To number the invoice "${nameOf(erp, invoice)}", you must set an invoice date after "${shownDate(last.date)}" because the sequence "Invoice ${date.year}" has already been used for invoice "${last.number}".`,
    );
  }
  const number = erp.next(sequence);
  erp.lastNumbered.set(sequence, { date, number });
  erp.undoable(() => (last ? erp.lastNumbered.set(sequence, last) : erp.lastNumbered.delete(sequence)));
  return number;
}

function unitsToInvoice(erp: Erp, sale: Sale, line: SaleLine): number {
  const { type } = erp.templates.at(erp.products.at(line.product).template);
  if (sale.invoice_method === 'order' || type === 'service') return line.quantity;
  let units = 0;
  for (const move of erp.moves.by('origin', `sale.line,${line.id}`)) {
    if (move.state !== 'done') continue;
    if (erp.locations.at(move.to_location).type === 'customer') units += move.quantity;
    else if (erp.locations.at(move.from_location).type === 'customer') units -= move.quantity;
  }
  return units;
}

function invoicedUnits(erp: Erp, { id }: SaleLine): number {
  let units = 0;
  for (const { quantity } of erp.invoiceLines.by('origin', `sale.line,${id}`)) units += quantity;
  return units;
}

function revenueAccount(erp: Erp, product: number): number {
  const { code, template } = erp.products.at(product);
  const { account_category: category, name } = erp.templates.at(template);
  if (category !== null) return erp.table<Category>('product.category').at(category).account_revenue;
  throw userError(`There is no "Account Category" defined for "[${code}] ${name}".`);
}

const nameOf = (erp: Erp, { id, number, party }: Invoice): string => number ?? `(${id}) ${erp.parties.at(party).name}`;
