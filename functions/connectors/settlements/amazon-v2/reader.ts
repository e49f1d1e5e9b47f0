import type { ReadLine, ReadOptions, SettlementPart } from '#application/ports/settlements.ts';
import { currencyExponent } from '#core/kernel/money.ts';
import type { LineClass, SettlementHeader } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { ControlTotal } from '../kit/control.ts';
import { type DecimalStyle, minorUnits, styleOf } from '../kit/decimal.ts';
import type { Row } from '../kit/rows.ts';
import { sourceOf } from '../kit/words.ts';
import { type Column, type Columns, columns, instants, isAmazonOrderId, type Summary, summary } from './wire.ts';

/** Rows that wait for one that says how the file writes decimals. */
const MOST_HELD = 20_000;

type Open = Summary & {
  readonly announced: number;
  readonly line: number;
  readonly exponent: number;
  readonly control: ControlTotal;
};

/** Reads the rows of a V2 settlement report one after the other. */
export class AmazonReader {
  readonly #options: ReadOptions & { readonly channel: string };
  readonly #classify: (source: string) => LineClass | undefined;
  readonly #instant = instants();
  readonly #seen = new Set<string>();
  #columns: Columns | undefined;
  #style: DecimalStyle | undefined;
  /** Of the settlement that is being read, also while its total can't be read yet. */
  #exponent: number | undefined;
  #held: Row[] = [];
  #open: Open | undefined;
  #posted = { text: '', instant: '' };
  #parts: SettlementPart[] = [];
  #lines: ReadLine[] = [];

  constructor(
    options: ReadOptions & { readonly channel: string },
    classify: (source: string) => LineClass | undefined,
  ) {
    this.#options = options;
    this.#classify = classify;
  }

  row(row: Row): void {
    if (this.#columns === undefined) this.#columns = columns(row);
    else if (this.#style === undefined) this.#learn(row, this.#columns);
    else this.#accept(row, this.#columns, this.#style);
  }

  /** What the rows so far have come to. */
  parts(): SettlementPart[] {
    if (this.#open) this.#cut(this.#open);
    return this.#parts.splice(0);
  }

  /** Nothing more comes: the last settlement must be whole. */
  end(): void {
    const [held] = this.#held;
    if (held) {
      const message = 'no amount of the file says whether "1.230" is 1.23 or 1230: fetch it again in another language';
      throw new SettlementRefused('SETTLEMENT_DECIMALS_AMBIGUOUS', held.line, message);
    }
    if (this.#open === undefined) throw noSummary(2);
    this.#close(this.#open);
  }

  /** Files write decimals as their seller's language does; rows that read differently wait until one tells which it is. */
  #learn(row: Row, at: Columns): void {
    const total = isSummary(row, at);
    if (total) this.#exponent = currencyExponent(summary(row, at).currency);
    const text = cellOf(row, total ? at['total-amount'] : at.amount);
    const style = styleOf(text, this.#exponent ?? 2);
    if (style === 'ambiguous' || (style === 'either' && this.#held.length > 0)) {
      if (this.#held.push(row) > MOST_HELD) this.end();
      return;
    }
    // What reads the same in both styles tells nothing; what reads in neither is refused by either.
    if (style !== 'either') this.#style = style ?? 'point';
    for (const held of this.#held.splice(0)) this.#accept(held, at, this.#style ?? 'point');
    this.#accept(row, at, this.#style ?? 'point');
  }

  #accept(row: Row, at: Columns, style: DecimalStyle): void {
    if (isSummary(row, at)) this.#begin(row, at, style);
    else this.#belonging(row, at, style);
  }

  #belonging(row: Row, at: Columns, style: DecimalStyle): void {
    const open = this.#open;
    if (open === undefined) throw noSummary(row.line);
    if (cellOf(row, at['settlement-id']) !== open.settlementId) {
      const message = `the row is of another settlement than ${open.settlementId}, whose summary stands at line ${open.line}`;
      throw new SettlementRefused('SETTLEMENT_ROW', row.line, message);
    }
    this.#lines.push(this.#line(row, at, style, open));
  }

  #begin(row: Row, at: Columns, style: DecimalStyle): void {
    if (this.#open) this.#close(this.#open);
    const said = summary(row, at);
    if (this.#seen.has(said.settlementId)) {
      const message = `settlement ${said.settlementId} has a second summary row`;
      throw new SettlementRefused('SETTLEMENT_SUMMARY', row.line, message);
    }
    this.#seen.add(said.settlementId);
    const exponent = currencyExponent(said.currency);
    const announced = amountIn(said.total, row.line, 'total-amount', style, exponent, said.currency);
    this.#open = { ...said, announced, line: row.line, exponent, control: new ControlTotal(said.currency) };
    this.#parts.push({ kind: 'header', header: headerOf(said, announced, this.#options) });
  }

  #close(open: Open): void {
    this.#cut(open);
    open.control.prove(open.announced, open.line, open.settlementId);
  }

  #line(row: Row, at: Columns, style: DecimalStyle, { exponent, currency, control }: Open): ReadLine {
    const { line, cells } = row;
    const amount = amountIn(cellOf(row, at.amount), line, 'amount', style, exponent, currency);
    control.add(amount);
    const said = cellOf(row, at.currency);
    if (said !== '' && said !== currency) {
      throw new SettlementRefused('SETTLEMENT_CURRENCY', line, `the row is not in ${currency}, as its settlement is`);
    }
    const source = sourceOf(
      cells[at['transaction-type']] ?? '',
      cells[at['amount-type']] ?? '',
      cells[at['amount-description']] ?? '',
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
      amount,
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
    if (text === this.#posted.text && text !== '') return this.#posted.instant;
    const instant = this.#instant(text);
    if (instant === undefined) {
      throw new SettlementRefused('SETTLEMENT_DATE', row.line, 'the row has no date in a form that is known here');
    }
    this.#posted = { text, instant };
    return instant;
  }

  #cut({ settlementId, currency }: Open): void {
    if (this.#lines.length === 0) return;
    this.#parts.push({ kind: 'lines', settlementId, currency, lines: this.#lines });
    this.#lines = [];
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

function amountIn(
  text: string,
  line: number,
  column: Column,
  style: DecimalStyle,
  exponent: number,
  currency: string,
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

function headerOf(
  said: Summary,
  announced: number,
  { account, channel }: ReadOptions & { channel: string },
): SettlementHeader {
  const { settlementId, currency, total: _total, ...dates } = said;
  return {
    id: { channel, account, settlementId },
    format: 'amazon-v2',
    currency,
    ...dates,
    announced,
    told: 'by-part',
  };
}
