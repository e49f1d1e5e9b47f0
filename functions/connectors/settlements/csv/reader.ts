import type { ReadOptions, SettlementPart } from '#application/ports/settlements.ts';
import { currencyExponent, isCurrency } from '#core/kernel/money.ts';
import type { LineClass } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { columnsOf } from '../kit/columns.ts';
import { instantReader, isoDay } from '../kit/dates.ts';
import { minorUnits } from '../kit/decimal.ts';
import type { Row } from '../kit/rows.ts';
import { Settlements } from '../kit/settlements.ts';
import { sourceOf } from '../kit/words.ts';
import type { Mapping } from './mapping.ts';

/** Reads rows as a mapping declares them. */
export class CsvReader {
  readonly #mapping: Mapping;
  readonly #settlements: Settlements;
  readonly #classify: (source: string) => LineClass | undefined;
  readonly #instant: (text: string) => string | undefined;
  #at: Record<string, number> | undefined;

  constructor(mapping: Mapping, options: ReadOptions, classify: (source: string) => LineClass | undefined) {
    const { channel, told } = mapping;
    this.#mapping = mapping;
    this.#settlements = new Settlements({ id: 'csv', channel, told }, options);
    this.#classify = classify;
    this.#instant = instantReader([mapping.dates], mapping.timeZone);
  }

  parts(): SettlementPart[] {
    return this.#settlements.parts();
  }

  end(): SettlementPart[] {
    return this.#settlements.end();
  }

  row(row: Row): void {
    const at = this.#at;
    if (at === undefined) {
      this.#at = columnsOf<string>(row, namesIn(this.#mapping));
      return;
    }
    const cell = (column: string | undefined): string =>
      column === undefined ? '' : (row.cells[at[column] ?? -1]?.trim() ?? '');
    const { settlementId: id, currency: of, columns, control } = this.#mapping;
    const settlementId = 'value' in id ? id.value : cell(id.column);
    const currency = 'value' in of ? of.value : cell(of.column);
    const minor = (column: string): number => this.#minor(cell(column), currency, row.line, column);
    if (cell(columns.words[0]) === control.words) {
      const announced = minor(control.column) * (control.sign === 'paid-out' ? -1 : 1);
      const deposit = this.#deposit(cell(control.depositDate), row.line);
      this.#settlements.announce({ settlementId, currency, amount: announced, at: row.line, ...deposit });
      return;
    }
    const source = sourceOf(...columns.words.map(cell));
    const known = this.#classify(source);
    const { amount } = columns;
    const [orderId, orderLineId, sku] = [cell(columns.orderId), cell(columns.orderLineId), cell(columns.sku)];
    const [units, transactionId] = [cell(columns.quantity), cell(columns.transactionId)];
    this.#settlements.line(settlementId, currency, {
      at: row.line,
      ...(known && { class: known }),
      amount: typeof amount === 'string' ? minor(amount) : side(cell, minor, amount),
      postedAt: this.#posted(cell(columns.date), row.line),
      ...(orderId !== '' && { orderId }),
      ...(orderLineId !== '' && { orderLineId }),
      ...(sku !== '' && { sku }),
      ...(units !== '' && { quantity: unitsIn(units, row.line) }),
      ...(transactionId !== '' && { transactionId }),
      source,
    });
  }

  #minor(text: string, currency: string, line: number, column: string): number {
    if (!isCurrency(currency)) {
      throw new SettlementRefused('SETTLEMENT_CURRENCY', line, `"${currency.slice(0, 20)}" is no currency of ISO 4217`);
    }
    const amount = minorUnits(text, this.#mapping.decimals, currencyExponent(currency));
    if (!Number.isNaN(amount)) return amount;
    const message = `"${column}" holds "${text.slice(0, 30)}", no amount in ${currency} with a decimal ${this.#mapping.decimals}`;
    throw new SettlementRefused('SETTLEMENT_AMOUNT', line, message);
  }

  #deposit(text: string, line: number): { readonly deposit?: string } {
    return text === '' ? {} : { deposit: isoDay(text, [this.#mapping.dates]) ?? this.#posted(text, line) };
  }

  #posted(text: string, line: number): string {
    const instant = this.#instant(text);
    if (instant !== undefined) return instant;
    throw new SettlementRefused('SETTLEMENT_DATE', line, `the date is not of the form "${this.#mapping.dates}"`);
  }
}

/** Credit less debit, both given as magnitudes or signed; an empty cell is nothing. */
function side(
  cell: (column: string) => string,
  minor: (column: string) => number,
  { credit, debit }: { readonly credit: string; readonly debit: string },
): number {
  const of = (column: string): number => (cell(column) === '' ? 0 : Math.abs(minor(column)));
  return of(credit) - of(debit);
}

function unitsIn(text: string, line: number): number {
  const units = minorUnits(text, 'point', 0);
  if (Number.isNaN(units)) throw new SettlementRefused('SETTLEMENT_AMOUNT', line, 'the quantity is no whole number');
  return units;
}

function namesIn({ settlementId, currency, columns, control }: Mapping): string[] {
  const { amount, words, date, orderId, orderLineId, sku, quantity, transactionId } = columns;
  const names = [
    ...('column' in settlementId ? [settlementId.column] : []),
    ...('column' in currency ? [currency.column] : []),
    ...(typeof amount === 'string' ? [amount] : [amount.credit, amount.debit]),
    ...words,
    control.column,
    ...[date, control.depositDate, orderId, orderLineId, sku, quantity, transactionId].flatMap((one) => one ?? []),
  ];
  return [...new Set(names)];
}
