import { PRICE_DIGITS, scaled } from './amounts.ts';
import type { Erp } from './erp.ts';
import { userError } from './errors.ts';
import type {
  Account,
  Invoice,
  InvoiceLine,
  JournalLine,
  JournalMove,
  Period,
  Sale,
  SaleLine,
  StockMove,
} from './rows.ts';
import type { Row } from './table.ts';
import { dayNumber, type WireDecimal } from './wire.ts';

/** What the ERP adds to new records, and what it refuses, in the texts of its English catalogue. */

type Values = Readonly<Record<string, unknown>>;

/** A new record's values with those that the ERP gives itself. */
export function completed(erp: Erp, model: string, values: Values): Values {
  switch (model) {
    case 'stock.shipment.out':
      return { number: erp.next('shipment'), ...values };
    case 'stock.shipment.out.return':
      return { number: erp.next('return shipment'), ...values };
    case 'account.move':
      return { number: erp.next('journal entry'), ...values };
    default:
      return values;
  }
}

/** Whether these values may be given to a new record (`row` undefined) or to this one. */
export function checkChange(erp: Erp, model: string, row: Row | undefined, values: Values): void {
  switch (model) {
    case 'sale.sale': {
      const sale = row as Sale | undefined;
      const key = values.web_id;
      if (typeof key !== 'string' || key === '' || key === sale?.web_id) return;
      if (erp.sales.count('web_id', key) > 0) throw userError('The web ID on the sale must be unique.');
      return;
    }
    case 'sale.line': {
      if (row) return;
      const sale = erp.sales.at(values.sale as number);
      if (sale.state !== 'draft') {
        throw userError(
          `You cannot add lines to sale "${sale.number ?? sale.id}" because it is no longer in a draft state.`,
        );
      }
      return;
    }
    case 'stock.move': {
      const move = row as StockMove | undefined;
      if (move?.state === 'done' || move?.state === 'cancelled') {
        throw userError(`You cannot modify stock move "${move.id}" because it is ${move.state}.`);
      }
      return;
    }
    case 'account.invoice':
      if (row) checkInvoice(row as Invoice, `You cannot modify invoice`);
      return;
    case 'account.move':
      if (row) checkDraft(row as JournalMove, `You cannot modify posted move "${row.id}".`);
      return;
    case 'account.move.line': {
      const move = (row as JournalLine | undefined)?.move ?? (values.move as number);
      checkDraft(erp.journalMoves.at(move), `You cannot modify line "${row?.id ?? ''}" from posted move "${move}".`);
      return;
    }
    case 'account.invoice.line':
      if (row) checkInvoice(erp.invoices.at((row as InvoiceLine).invoice), `You cannot modify the lines of invoice`);
      return;
    default:
      return;
  }
}

/** Whether a record is sound once all of its values are in place. */
export function checkRow(erp: Erp, model: string, row: Row): void {
  switch (model) {
    case 'sale.sale': {
      const { web_shop: shop, web_id: key, id, invoice_method, shipment_method } = row as Sale;
      checkOption(INVOICE_METHODS, invoice_method, 'Invoice Method', id);
      checkOption(SHIPMENT_METHODS, shipment_method, 'Shipment Method', id);
      if (shop !== null && !key) throw userError(`A value is required for field "Web ID" in "${id}" of "Sale".`);
      return;
    }
    case 'sale.line': {
      const line = row as SaleLine;
      checkQuantity(line.quantity, 'Sale Line', line.id);
      checkPrice(line.unit_price);
      const { template, code } = erp.products.at(line.product);
      if (line.quantity < 0 || erp.templates.at(template).salable) return;
      throw userError(
        `The value "${code}" for field "Product" in "${line.id}" of "Sale Line" is not valid according to its domain.`,
      );
    }
    case 'account.invoice.line':
      checkPrice((row as InvoiceLine).unit_price);
      return;
    case 'account.move':
      checkPeriod(erp, row as JournalMove);
      return;
    case 'account.move.line':
      checkJournalLine(erp, row as JournalLine);
      return;
    case 'stock.move': {
      const { quantity, id } = row as StockMove;
      checkQuantity(quantity, 'Stock Move', id);
      if (quantity < 0) throw userError('Move quantity must be positive.');
      return;
    }
    default:
      return;
  }
}

export function checkRemoval(erp: Erp, model: string, row: Row): void {
  if (model === 'account.move') checkDraft(row as JournalMove, `You cannot modify posted move "${row.id}".`);
  if (model !== 'sale.line') return;
  const sale = erp.sales.at((row as SaleLine).sale);
  if (sale.state === 'draft' || sale.state === 'cancelled') return;
  const name = sale.number ?? sale.id;
  throw userError(`To delete line "${row.id}" you must cancel or reset to draft sale "${name}".`);
}

function checkDraft({ state }: JournalMove, refusal: string): void {
  if (state === 'posted') throw userError(refusal);
}

/** A draft's period is open and holds its day. */
function checkPeriod(erp: Erp, { id, state, date, period: of }: JournalMove): void {
  const period = erp.table<Period>('account.period').at(of);
  const day = dayNumber(date);
  const within = dayNumber(period.start_date) <= day && day <= dayNumber(period.end_date);
  if (within && (state === 'posted' || !erp.isClosed(period))) return;
  throw userError(
    `The value "${period.name}" for field "Period" in "${id}" of "Account Move" is not valid according to its domain.`,
  );
}

/** A line in an account of parties names one, and a line in any other names none; it has one side. */
function checkJournalLine(erp: Erp, { id, account: of, party, debit, credit }: JournalLine): void {
  const account = erp.table<Account>('account.account').at(of);
  const refused = (what: string) => userError(`To create a line on account "${account.name}", you must ${what}.`);
  if (account.closed) throw refused('set a type or unclose it');
  if (account.party_required && party === null) throw refused(`set a party on line "${id}"`);
  if (!account.party_required && party !== null) throw refused(`remove the party on line "${id}"`);
  if (Number(debit.decimal) * Number(credit.decimal) !== 0) {
    throw userError('You cannot set both debit and credit on the line.');
  }
}

function checkInvoice({ state, number, id }: Invoice, refusal: string): void {
  if (state !== 'posted' && state !== 'paid' && state !== 'cancelled') return;
  throw userError(`${refusal} "${number ?? id}" because it is posted, paid or cancelled.`);
}

/** The company sells in whole units. */
function checkQuantity(quantity: number, label: string, id: number): void {
  if (Number.isSafeInteger(quantity)) return;
  throw userError(
    `The number of digits in the value "${quantity}" for field "Quantity" in "${id}" of "${label}" exceeds the limit of "0".`,
  );
}

// As series 7.0 names them.
const INVOICE_METHODS: readonly string[] = ['manual', 'order', 'shipment'];
const SHIPMENT_METHODS: readonly string[] = ['manual', 'order', 'invoice'];

function checkOption(options: readonly string[], value: string, field: string, id: number): void {
  if (options.includes(value)) return;
  throw userError(`The value "${value}" for field "${field}" in "${id}" of "Sale" is not one of the allowed options.`);
}

/** Prices have four decimals at most: a text with more is refused as it is read. */
const checkPrice = ({ decimal }: WireDecimal): unknown => scaled(decimal, PRICE_DIGITS);
