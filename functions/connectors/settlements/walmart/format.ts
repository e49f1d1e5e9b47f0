import type { ReadOptions, SettlementFormat, SettlementPart } from '#application/ports/settlements.ts';
import { currencyExponent, isCurrency } from '#core/kernel/money.ts';
import type { LineClass } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { classifier } from '#core/settlements/rules.ts';
import { columnsOf } from '../kit/columns.ts';
import { instantReader, isoDay, NOON } from '../kit/dates.ts';
import { minorUnits } from '../kit/decimal.ts';
import { type Row, readRows } from '../kit/rows.ts';
import { Settlements } from '../kit/settlements.ts';
import { sourceOf } from '../kit/words.ts';
import { rules } from './rules.ts';

const REQUIRED = [
  'Period Start Date',
  'Period End Date',
  'Total Payable',
  'Currency',
  'Transaction Key',
  'Transaction Posted Timestamp',
  'Transaction Type',
  'Amount',
  'Amount Type',
  'Purchase Order #',
] as const;
const OPTIONAL = ['Purchase Order line #', 'Ship Qty', 'Partner Item Id'] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

const WALMART = { id: 'walmart', channel: 'walmart', told: 'by-part' } as const;
const SUMMARY = 'PaymentSummary';

/** Walmart's reconciliation report v1 as CSV: a PaymentSummary row, then a row an amount. */
export const walmart: SettlementFormat = {
  id: WALMART.id,
  label: 'Walmart reconciliation report v1 (CSV)',
  channel: WALMART.channel,
  mapping: 'none',
  rules,
  async *read(bytes, options) {
    const reader = new WalmartReader(options, classifier(options.rules ?? rules));
    for await (const _ of readRows(bytes, { delimiter: ',', quotes: true }, (row) => reader.row(row)))
      yield* reader.parts();
    yield* reader.end();
  },
};

type Open = { readonly settlementId: string; readonly currency: string };

class WalmartReader {
  readonly #settlements: Settlements;
  readonly #classify: (source: string) => LineClass | undefined;
  readonly #instant = instantReader(['us', 'iso']);
  #at: Record<Column, number> | undefined;
  #open: Open | undefined;

  constructor(options: ReadOptions, classify: (source: string) => LineClass | undefined) {
    this.#settlements = new Settlements(WALMART, options);
    this.#classify = classify;
  }

  parts(): SettlementPart[] {
    return this.#settlements.parts();
  }

  end(): SettlementPart[] {
    return this.#settlements.end();
  }

  row(row: Row): void {
    const { line, cells } = row;
    const at = this.#at;
    if (at === undefined) {
      this.#at = columnsOf<Column>(row, REQUIRED, OPTIONAL);
      return;
    }
    const cell = (column: Column): string => plain(cells[at[column]] ?? '');
    if (cell('Transaction Type') === SUMMARY) this.#summary(cell, line);
    else if (this.#open === undefined) throw noSummary(line);
    else this.#line(cell, line, this.#open);
  }

  /** The period names the settlement: the report has no id of its own. */
  #summary(cell: (column: Column) => string, at: number): void {
    const [start, end] = [this.#day(cell('Period Start Date'), at), this.#day(cell('Period End Date'), at)];
    const currency = cell('Currency');
    const settlementId = `${start}_${end}`;
    this.#open = { settlementId, currency };
    const dates = { periodStart: `${start}${NOON}`, periodEnd: `${end}${NOON}` };
    const amount = amountIn(cell('Total Payable'), currency, at, 'Total Payable');
    this.#settlements.announce({ settlementId, currency, amount, at, ...dates });
  }

  #line(cell: (column: Column) => string, at: number, { settlementId, currency }: Open): void {
    const source = sourceOf(cell('Transaction Type'), cell('Amount Type'));
    const known = this.#classify(source);
    const postedAt = this.#instant(cell('Transaction Posted Timestamp'));
    if (postedAt === undefined) throw noDate(at, 'Transaction Posted Timestamp');
    const [orderId, orderLineId] = [cell('Purchase Order #'), cell('Purchase Order line #')];
    const [sku, units, transactionId] = [cell('Partner Item Id'), cell('Ship Qty'), cell('Transaction Key')];
    this.#settlements.line(settlementId, cell('Currency') || currency, {
      at,
      ...(known && { class: known }),
      amount: amountIn(cell('Amount'), currency, at, 'Amount'),
      postedAt,
      ...(orderId !== '' && { orderId }),
      ...(orderLineId !== '' && { orderLineId }),
      ...(sku !== '' && { sku }),
      ...(units !== '' && { quantity: unitsIn(units, at) }),
      ...(transactionId !== '' && { transactionId }),
      source,
    });
  }

  #day(text: string, at: number): string {
    const day = isoDay(text.split(' ', 1)[0] ?? '', ['us', 'iso']);
    if (day === undefined) throw noDate(at, 'a period date');
    return day;
  }
}

/** Cells that hold nothing can come as the text of two quote marks. */
const plain = (text: string): string => {
  const trimmed = text.trim();
  return trimmed === '""' ? '' : trimmed;
};

const noSummary = (line: number) =>
  new SettlementRefused('SETTLEMENT_SUMMARY', line, 'the first row after the header must be the PaymentSummary');

const noDate = (line: number, column: string) =>
  new SettlementRefused('SETTLEMENT_DATE', line, `${column} is no date such as 10/31/2026 or 2026-10-31`);

function amountIn(text: string, currency: string, at: number, column: string): number {
  if (!isCurrency(currency)) {
    throw new SettlementRefused('SETTLEMENT_CURRENCY', at, `"${currency.slice(0, 20)}" is no currency of ISO 4217`);
  }
  const amount = minorUnits(text, 'point', currencyExponent(currency));
  if (!Number.isNaN(amount)) return amount;
  throw new SettlementRefused('SETTLEMENT_AMOUNT', at, `${column} "${text.slice(0, 30)}" is no amount in ${currency}`);
}

function unitsIn(text: string, at: number): number {
  const units = minorUnits(text, 'point', 0);
  if (Number.isNaN(units)) throw new SettlementRefused('SETTLEMENT_AMOUNT', at, 'Ship Qty is no whole number');
  return units;
}
