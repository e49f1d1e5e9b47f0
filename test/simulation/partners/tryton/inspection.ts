import { scaled } from './amounts.ts';
import { invoiceAmounts, invoicesOf, saleAmounts, shipmentsOf } from './documents.ts';
import type { Erp } from './erp.ts';
import { SUM_DIGITS, sums } from './postings.ts';
import type { Invoice, JournalLine, ReturnShipment, Sale, Shipment } from './rows.ts';
import type { Row } from './table.ts';
import type { WireDate } from './wire.ts';

/** The ERP's books as an auditor reads them: plain values, for the simulation's invariants. Amounts are minor units. */

export type SaleSeen = {
  readonly id: number;
  readonly webId: string | null;
  readonly number: string | null;
  readonly state: Sale['state'];
  readonly total: number;
  /** Key of the sale that this document takes goods back of. */
  readonly returnOf?: string;
  readonly shipments: number;
  readonly invoices: number;
};

export type CreditNoteSeen = {
  readonly id: number;
  readonly number: string | null;
  readonly state: Invoice['state'];
  /** Negative. */
  readonly total: number;
  /** Key of the return document. */
  readonly webId: string | null;
  /** The day that it is dated on (YYYY-MM-DD); none while it is a draft without. */
  readonly date?: string;
};

export type Units = { readonly sku: string; readonly quantity: number; readonly location: string | null };

export type ReceiptSeen = {
  readonly number: string;
  readonly state: ReturnShipment['state'];
  readonly webId: string | null;
  readonly returnOf?: string;
  /** Where the units are, or are to go. */
  readonly units: readonly Units[];
};

export type ShipmentSeen = {
  readonly number: string;
  readonly state: Shipment['state'];
  readonly webId: string | null;
  readonly units: readonly Units[];
};

/** Debit and credit in minor units of the company's currency. */
export type JournalMoveSeen = {
  readonly id: number;
  /** Begins with the operation's key where a settlement was posted. */
  readonly description: string | null;
  readonly state: 'draft' | 'posted';
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Id of the entry that it refers to. */
  readonly refersTo?: number;
  /** When it was made and last written (which posting is), milliseconds of the epoch. */
  readonly madeAt: number;
  readonly writtenAt: number;
  /** By the account's code; a debit is above zero, minor units of the company's currency. */
  readonly lines: readonly { readonly account: string | null; readonly amount: number }[];
  readonly debit: number;
  readonly credit: number;
};

function lineSeen(erp: Erp, line: JournalLine): JournalMoveSeen['lines'][number] {
  const { digits } = [...erp.table<Row & { digits: number }>('currency.currency').all()][0] ?? { digits: 2 };
  const account = erp.table<Row & { code: string | null }>('account.account').at(line.account).code;
  return { account, amount: scaled(line.debit.decimal, digits) - scaled(line.credit.decimal, digits) };
}

const isoDate = ({ year, month, day }: WireDate): string =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** Sales and return documents. */
export function sales(erp: Erp): SaleSeen[] {
  return [...erp.sales.all()].map((sale) => ({
    id: sale.id,
    webId: sale.web_id,
    number: sale.number,
    state: sale.state,
    total: saleAmounts(erp, sale).total,
    ...returnOf(erp, sale),
    shipments: shipmentsOf(erp, sale, 'stock.shipment.out').length,
    invoices: invoicesOf(erp, sale).length,
  }));
}

export function creditNotes(erp: Erp): CreditNoteSeen[] {
  return [...erp.invoices.all()].flatMap((invoice) => {
    const { total } = invoiceAmounts(erp, invoice);
    const sale = saleOfInvoice(erp, invoice);
    if (invoice.type !== 'out' || total > 0 || sale?.origin === null) return [];
    const { id, number, state, invoice_date: day } = invoice;
    return [{ id, number, state, total, webId: sale?.web_id ?? null, ...(day && { date: isoDate(day) }) }];
  });
}

export function receipts(erp: Erp): ReceiptSeen[] {
  return [...erp.returns.all()].map((shipment) => {
    const link = `stock.shipment.out.return,${shipment.id}`;
    const moves = erp.moves.by('shipment', link);
    const sale = saleOfLine(erp, moves.find(({ origin }) => origin?.startsWith('sale.line,'))?.origin);
    const away = moves.filter(({ from_location: from }) => from === shipment.warehouse_input);
    const last = away.length > 0 ? away : moves;
    const units = last.filter(({ state }) => state !== 'cancelled').map((move) => unitsOf(erp, move));
    const { number, state } = shipment;
    return { number, state, webId: sale?.web_id ?? null, ...(sale && returnOf(erp, sale)), units };
  });
}

export function shipments(erp: Erp): ShipmentSeen[] {
  return [...erp.shipments.all()].map((shipment) => {
    const moves = erp.moves.by('shipment', `stock.shipment.out,${shipment.id}`);
    const leaving = moves.filter(({ from_location: from }) => from === shipment.warehouse_output);
    const { number, state } = shipment;
    const webId = saleOfLine(erp, leaving[0]?.origin)?.web_id ?? null;
    return { number, state, webId, units: leaving.map((move) => unitsOf(erp, move)) };
  });
}

export function journalMoves(erp: Erp): JournalMoveSeen[] {
  return [...erp.journalMoves.all()].map(({ id, state, description, date, origin, create_date, write_date }) => {
    const own = erp.journalLines.by('move', id);
    const { debit, credit } = sums(own);
    const [model, refersTo] = origin?.split(',') ?? [];
    return {
      ...{ id, description, state, date: isoDate(date) },
      ...{ madeAt: create_date, writtenAt: write_date ?? create_date },
      ...(model === 'account.move' && { refersTo: Number(refersTo) }),
      lines: own.map((line) => lineSeen(erp, line)),
      ...{ debit: debit / 10 ** (SUM_DIGITS - 2), credit: credit / 10 ** (SUM_DIGITS - 2) },
    };
  });
}

/** Units of a product in one location. Throws when there is no such SKU or location. */
export function stockOf(erp: Erp, sku: string, location: string): number {
  const [product] = erp.products.by('code', sku);
  const place = [...erp.locations.all()].find(({ code }) => code === location);
  if (!product || !place) throw new Error(`the ERP has no ${product ? `location ${location}` : `product ${sku}`}`);
  return erp.levels.at(product.id, place.id);
}

function returnOf(erp: Erp, { origin }: Sale): { returnOf: string } | undefined {
  const order = origin?.startsWith('sale.sale,') ? erp.sales.get(Number(origin.slice('sale.sale,'.length))) : undefined;
  return order?.web_id ? { returnOf: order.web_id } : undefined;
}

function saleOfInvoice(erp: Erp, invoice: Invoice): Sale | undefined {
  return saleOfLine(erp, erp.invoiceLines.by('invoice', invoice.id)[0]?.origin);
}

function saleOfLine(erp: Erp, origin: string | null | undefined): Sale | undefined {
  if (!origin?.startsWith('sale.line,')) return undefined;
  return erp.sales.get(erp.saleLines.at(Number(origin.slice('sale.line,'.length))).sale);
}

const unitsOf = (erp: Erp, move: { product: number; quantity: number; to_location: number }): Units => ({
  sku: erp.products.at(move.product).code,
  quantity: move.quantity,
  location: erp.locations.at(move.to_location).code,
});
