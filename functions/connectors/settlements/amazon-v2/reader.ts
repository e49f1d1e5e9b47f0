import type { ReadLine, ReadOptions, SettlementPart } from '#application/ports/settlements.ts';
import { currencyExponent } from '#core/kernel/money.ts';
import type { LineClass } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { type DecimalStyle, minorUnits } from '../kit/decimal.ts';
import { LearnDecimals } from '../kit/learn-decimals.ts';
import type { Row } from '../kit/rows.ts';
import { Settlements } from '../kit/settlements.ts';
import { sourceOf } from '../kit/words.ts';
import { type Column, type Columns, columns, instants, isAmazonOrderId, type Summary, summary } from './wire.ts';

/** The settlement that rows belong to: that of the last summary row. */
type Open = Summary & { readonly line: number; readonly exponent: number };

/** Reads the rows of a V2 settlement report one after the other. */
export class AmazonReader {
  readonly #settlements: Settlements;
  readonly #classify: (source: string) => LineClass | undefined;
  readonly #instant = instants();
  readonly #decimals = new LearnDecimals((row, style) => this.#accept(row, style));
  #at: Columns | undefined;
  #exponent = 2;
  #open: Open | undefined;
  #posted = { text: '', instant: '' };

  constructor(options: ReadOptions, classify: (source: string) => LineClass | undefined) {
    this.#settlements = new Settlements({ id: 'amazon-v2', channel: 'amazon', told: 'by-part' }, options);
    this.#classify = classify;
  }

  row(row: Row): void {
    const at = this.#at;
    if (at === undefined) this.#at = columns(row);
    else if (this.#decimals.known !== undefined) this.#accept(row, this.#decimals.known);
    else {
      const total = isSummary(row, at);
      if (total) this.#exponent = currencyExponent(summary(row, at).currency);
      this.#decimals.row(row, cellOf(row, total ? at['total-amount'] : at.amount), this.#exponent);
    }
  }

  /** What the rows so far have come to. */
  parts(): SettlementPart[] {
    return this.#settlements.parts();
  }

  /** Nothing more comes: every settlement must be whole. */
  end(): SettlementPart[] {
    this.#decimals.end();
    return this.#settlements.end();
  }

  #accept(row: Row, style: DecimalStyle): void {
    const at = this.#at;
    if (at === undefined) return;
    if (isSummary(row, at)) {
      const { total, ...said } = summary(row, at);
      const exponent = currencyExponent(said.currency);
      this.#open = { ...said, total, line: row.line, exponent };
      const amount = amountIn(total, row.line, 'total-amount', style, this.#open);
      this.#settlements.announce({ ...said, amount, at: row.line });
      return;
    }
    const open = this.#open;
    if (open === undefined) throw noSummary(row.line);
    const { settlementId, currency } = open;
    this.#settlements.line(settlementId, currency, this.#line(row, at, style, open));
  }

  #line(row: Row, at: Columns, style: DecimalStyle, open: Open): ReadLine {
    const { line } = row;
    belongs(row, at, open);
    const source = sourceOf(
      cellOf(row, at['transaction-type']),
      cellOf(row, at['amount-type']),
      cellOf(row, at['amount-description']),
    );
    const known = this.#classify(source);
    const orderId = cellOf(row, at['order-id']);
    const orderLineId = cellOf(row, at['order-item-code']);
    const sku = cellOf(row, at.sku);
    const units = cellOf(row, at['quantity-purchased']);
    const transactionId = cellOf(row, at['adjustment-id']) || cellOf(row, at['shipment-id']);
    return {
      at: line,
      ...(known && { class: known }),
      amount: amountIn(cellOf(row, at.amount), line, 'amount', style, open),
      postedAt: this.#postedAt(row, at),
      ...(isAmazonOrderId(orderId) && { orderId }),
      ...(orderLineId !== '' && { orderLineId }),
      ...(sku !== '' && { sku }),
      ...(units !== '' && { quantity: unitsIn(units, line) }),
      ...(transactionId !== '' && { transactionId }),
      source,
    };
  }

  #postedAt(row: Row, at: Columns): string {
    const text = cellOf(row, at['posted-date-time']) || cellOf(row, at['posted-date']);
    // Rows of one transaction stand together and have one time.
    if (text === this.#posted.text && text !== '') return this.#posted.instant;
    const instant = this.#instant(text);
    if (instant === undefined) {
      throw new SettlementRefused('SETTLEMENT_DATE', row.line, 'the row has no date in a form that is known here');
    }
    this.#posted = { text, instant };
    return instant;
  }
}

const cellOf = ({ cells }: Row, place: number): string => (place < 0 ? '' : (cells[place] ?? ''));

const isSummary = (row: Row, at: Columns): boolean =>
  cellOf(row, at['total-amount']) !== '' && cellOf(row, at['transaction-type']) === '';

const noSummary = (line: number) =>
  new SettlementRefused(
    'SETTLEMENT_SUMMARY',
    line,
    'the first row after the header must be the summary with total-amount',
  );

function belongs(row: Row, at: Columns, { settlementId, currency, line }: Open): void {
  if (cellOf(row, at['settlement-id']) !== settlementId) {
    const message = `the row is not of settlement ${settlementId}, whose summary stands above it at line ${line}`;
    throw new SettlementRefused('SETTLEMENT_ROW', row.line, message);
  }
  const said = cellOf(row, at.currency);
  if (said !== '' && said !== currency) {
    throw new SettlementRefused('SETTLEMENT_CURRENCY', row.line, `the row is not in ${currency}, as its settlement is`);
  }
}

function amountIn(
  text: string,
  line: number,
  column: Column,
  style: DecimalStyle,
  { exponent, currency }: Open,
): number {
  const amount = minorUnits(text, style, exponent);
  if (!Number.isNaN(amount)) return amount;
  const mark = style === 'point' ? '1,234.56' : '1.234,56';
  const message = `${column} "${text.slice(0, 30)}" is no amount in ${currency}; the file writes amounts as ${mark}`;
  throw new SettlementRefused('SETTLEMENT_AMOUNT', line, message);
}

function unitsIn(text: string, line: number): number {
  const units = minorUnits(text, 'point', 0);
  if (Number.isNaN(units))
    throw new SettlementRefused('SETTLEMENT_AMOUNT', line, 'quantity-purchased is no whole number');
  return units;
}
