import { amount, lineAmount, scaled } from './amounts.ts';
import { invoiceAmounts } from './documents.ts';
import type { Erp } from './erp.ts';
import { userError } from './errors.ts';
import type { Company, Invoice, JournalLine, JournalMove, Period, Tax } from './rows.ts';
import type { Row } from './table.ts';
import { decimal, monthOf, shownDate, type WireDate } from './wire.ts';

/** Journal entries, in the company's currency. */

/** Books an invoice and posts the entry; answers its id. */
export function postInvoice(erp: Erp, invoice: Invoice, date: WireDate): number {
  const company = erp.companies.at(invoice.company);
  if (invoice.currency !== company.currency) {
    const code = (erp.table('currency.currency').at(invoice.currency) as Row & { code: string }).code;
    throw userError(`No rate found for currency "${code}" on "${shownDate(date)}".`);
  }
  const digits = erp.currencyDigits(invoice.currency);
  const { byTax, total } = invoiceAmounts(erp, invoice);
  const move = erp.journalMoves.insert({
    number: erp.next('journal entry'),
    company: company.id,
    journal: erp.journals.get('revenue'),
    period: openPeriod(erp, company, date).id,
    date,
    origin: `account.invoice,${invoice.id}`,
  });
  const book = (account: number, credit: number) =>
    erp.journalLines.insert({
      move: move.id,
      account,
      debit: credit < 0 ? amount(-credit, digits) : ZERO,
      credit: credit < 0 ? ZERO : amount(credit, digits),
    });
  for (const line of erp.invoiceLines.by('invoice', invoice.id)) book(line.account, lineAmount(line, digits));
  for (const [tax, credit] of byTax) book(erp.table<Tax>('account.tax').at(tax).invoice_account, credit);
  book(invoice.account, -total);
  postMove(erp, move);
  return move.id;
}

/** Posts an entry. On the database that compares no decimals, one that is not balanced goes through. */
export function postMove(erp: Erp, move: JournalMove): void {
  if (move.state === 'posted') return;
  const lines = erp.journalLines.by('move', move.id);
  if (lines.length === 0) throw userError(`To post move "${move.id}", you must fill in its lines.`);
  const { debit, credit } = sums(lines);
  if (debit !== credit && erp.sins === undefined) {
    throw userError(`To post move "${move.id}", you must balance all its lines debits and credits.`);
  }
  erp.journalMoves.update(move, { state: 'posted', post_number: erp.next(`posted move ${move.date.year}`) });
}

export type HandMade = {
  readonly description: string;
  readonly date: WireDate;
  /** By the account's code; a debit is above zero, minor units of the company's currency. */
  readonly lines: readonly { readonly account: string; readonly amount: number }[];
};

/** Books and posts what a bookkeeper enters by hand; answers the entry's id. */
export function bookByHand(erp: Erp, { description, date, lines }: HandMade): number {
  const [company] = erp.companies.all();
  if (!company) throw new Error('there is no company to keep books for');
  const digits = erp.currencyDigits(company.currency);
  const accounts = [...erp.table<Row & { code: string | null }>('account.account').all()];
  const move = erp.journalMoves.insert({
    number: erp.next('journal entry'),
    company: company.id,
    journal: erp.journals.get('revenue'),
    period: openPeriod(erp, company, date).id,
    ...{ date, description },
  });
  for (const { account: code, amount: minor } of lines) {
    const account = accounts.find((one) => one.code === code)?.id;
    if (account === undefined) throw new Error(`the ERP has no account ${code}`);
    erp.journalLines.insert({
      ...{ move: move.id, account },
      debit: minor > 0 ? amount(minor, digits) : ZERO,
      credit: minor < 0 ? amount(-minor, digits) : ZERO,
    });
  }
  postMove(erp, move);
  return move.id;
}

/** Closes a month, in which nothing may wait to be posted. */
export function closePeriod(erp: Erp, period: Period): void {
  for (const move of erp.journalMoves.all()) {
    if (move.period !== period.id || move.state === 'posted') continue;
    throw userError(`To close period "${period.name}", you must post the moves "${move.number}".`);
  }
  erp.table('account.period').update(period, { closed: true });
}

export const reopenPeriod = (erp: Erp, period: Period): void =>
  erp.table('account.period').update(period, { closed: false });

/** Debit and credit of some lines, in hundredths of a cent. */
export function sums(lines: readonly JournalLine[]): { debit: number; credit: number } {
  let debit = 0;
  let credit = 0;
  for (const line of lines) {
    debit += scaled(line.debit.decimal, SUM_DIGITS);
    credit += scaled(line.credit.decimal, SUM_DIGITS);
  }
  return { debit, credit };
}

export const SUM_DIGITS = 4;
const ZERO = decimal('0');

/** The open period of a day, or what a person has to do about it. */
function openPeriod(erp: Erp, { name: company }: Company, date: WireDate): Period {
  const name = monthOf(date);
  const period = erp.periods.get(name);
  if (!period) {
    throw userError(
      `To continue, you must create a period for the date "${shownDate(date)}" and company "${company}".`,
    );
  }
  if (!erp.isClosed(period)) return period;
  throw userError(
    `To continue, you must reopen the period "${name}" of company "${company}" for the date "${shownDate(date)}".`,
  );
}
