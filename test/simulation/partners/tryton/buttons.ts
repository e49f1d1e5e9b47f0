import type { Erp } from './erp.ts';
import { unforeseen } from './errors.ts';
import { post } from './invoices.ts';
import { closePeriod, postMove, reopenPeriod } from './postings.ts';
import { createRow } from './records.ts';
import type { Invoice, JournalMove, Period, ReturnShipment, Sale, Shipment, Template } from './rows.ts';
import * as sales from './sales.ts';
import * as shipments from './shipments.ts';
import type { Row } from './table.ts';

/** Methods of models that only these models have: the buttons of their workflows. */
type Button = (erp: Erp, row: Row) => void;

const on =
  <T extends Row>(work: (erp: Erp, row: T) => void): Button =>
  (erp, row) =>
    work(erp, row as T);

const BUTTONS: Readonly<Record<string, Button>> = {
  'sale.sale.quote': on<Sale>(sales.quote),
  'sale.sale.draft': on<Sale>(sales.draft),
  'sale.sale.confirm': on<Sale>(sales.confirm),
  'sale.sale.process': on<Sale>(sales.process),
  'sale.sale.cancel': on<Sale>(sales.cancel),
  'stock.shipment.out.assign_try': on<Shipment>(shipments.assignTry),
  'stock.shipment.out.pick': on<Shipment>(shipments.pick),
  'stock.shipment.out.pack': on<Shipment>(shipments.pack),
  'stock.shipment.out.done': on<Shipment>(shipments.ship),
  'stock.shipment.out.cancel': on<Shipment>(shipments.cancelShipment),
  'stock.shipment.out.return.receive': on<ReturnShipment>(shipments.receive),
  'stock.shipment.out.return.done': on<ReturnShipment>(shipments.putAway),
  'stock.shipment.out.return.cancel': on<ReturnShipment>(shipments.cancelReturn),
  'account.invoice.post': on<Invoice>(postInvoice),
  'account.move.post': on<JournalMove>(postMove),
  'account.period.close': on<Period>(closePeriod),
  'account.period.reopen': on<Period>(reopenPeriod),
};

export const buttonOf = (model: string, method: string): Button | undefined => BUTTONS[`${model}.${method}`];

/** Confirming ends one transaction and begins another, so it brings its own. */
export const hasOwnTransactions = (model: string, method: string): boolean =>
  model === 'sale.sale' && method === 'confirm';

/** A product under another code, with its variant; answers the new product's id. */
export function copyTemplate(erp: Erp, template: Template, changes: Readonly<Record<string, unknown>>): number {
  const [variant] = erp.products.by('template', template.id);
  if (!variant) throw unforeseen('the product has no variant');
  const { id: _id, create_date: _created, write_date: _written, ...values } = template;
  const copy = createRow(erp, 'product.template', { ...values, ...changes }) as Template;
  createRow(erp, 'product.product', { template: copy.id, code: copy.code });
  return copy.id;
}

function postInvoice(erp: Erp, invoice: Invoice): void {
  post(erp, invoice);
  if (invoice.state === 'paid') sales.processLater(erp, salesOfInvoice(erp, invoice));
}

function salesOfInvoice(erp: Erp, { id }: Invoice): Set<number> {
  const lines = erp.invoiceLines.by('invoice', id);
  return new Set(
    lines.flatMap(({ origin }) =>
      origin?.startsWith('sale.line,') ? erp.saleLines.at(Number(origin.slice('sale.line,'.length))).sale : [],
    ),
  );
}
