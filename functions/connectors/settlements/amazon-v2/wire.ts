import { isCurrency } from '#core/kernel/money.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { columnsOf } from '../kit/columns.ts';
import { type DateStyle, instantReader, isoDay } from '../kit/dates.ts';
import type { Row } from '../kit/rows.ts';

/**
 * Columns of GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2, as Amazon documents them. Columns that are not read (prices of
 * shipments, the marketplace's name) may come and go.
 */
export const REQUIRED = [
  'settlement-id',
  'settlement-start-date',
  'settlement-end-date',
  'deposit-date',
  'total-amount',
  'currency',
  'transaction-type',
  'order-id',
  'amount-type',
  'amount-description',
  'amount',
] as const;
const OPTIONAL = [
  'adjustment-id',
  'shipment-id',
  'posted-date',
  'posted-date-time',
  'order-item-code',
  'sku',
  'quantity-purchased',
] as const;

export type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];
export type Columns = Readonly<Record<Column, number>>;

export function columns(header: Row): Columns {
  const found = columnsOf<Column>(header, REQUIRED, OPTIONAL);
  if (found['posted-date'] < 0 && found['posted-date-time'] < 0) {
    const message = 'the header has neither "posted-date-time" nor "posted-date"';
    throw new SettlementRefused('SETTLEMENT_HEADER', header.line, message);
  }
  return found;
}

/** Both forms that Amazon writes, and the one that its ISO exports have: 10/31/26, 31.10.2026, 2026-10-31. */
const DATES: readonly DateStyle[] = ['iso', 'eu', 'us'];

export const instants = (): ((text: string) => string | undefined) => instantReader(DATES);

/** What the summary row says of its settlement; its total is read by the file's decimals. */
export type Summary = {
  readonly settlementId: string;
  readonly currency: string;
  readonly total: string;
  readonly periodStart?: string;
  readonly periodEnd?: string;
  /** A day, or an instant where a time stands with it. */
  readonly deposit?: string;
};

export function summary({ line, cells }: Row, at: Columns): Summary {
  const cell = (column: Column): string => cells[at[column]]?.trim() ?? '';
  const [settlementId, currency] = [cell('settlement-id'), cell('currency')];
  if (settlementId === '')
    throw new SettlementRefused('SETTLEMENT_SUMMARY', line, 'the summary row has no settlement-id');
  if (!isCurrency(currency)) {
    throw new SettlementRefused('SETTLEMENT_CURRENCY', line, `"${currency.slice(0, 20)}" is no currency of ISO 4217`);
  }
  const instant = instants();
  const read = (column: Column): string | undefined => {
    const text = cell(column);
    if (text === '') return undefined;
    const found = instant(text);
    if (found === undefined)
      throw new SettlementRefused('SETTLEMENT_DATE', line, `${column} is no date that is known here`);
    return found;
  };
  const [start, end] = [read('settlement-start-date'), read('settlement-end-date')];
  const deposit = isoDay(cell('deposit-date'), DATES) ?? read('deposit-date');
  return {
    settlementId,
    currency,
    total: cell('total-amount'),
    ...(start !== undefined && { periodStart: start }),
    ...(end !== undefined && { periodEnd: end }),
    ...(deposit !== undefined && { deposit }),
  };
}

/** 026-1234567-1234567. Settlements also carry ids of shipments and of other channels' orders in this column. */
export function isAmazonOrderId(text: string): boolean {
  if (text.length !== 19) return false;
  for (let at = 0; at < 19; at++) {
    const char = text.charCodeAt(at);
    const dash = at === 3 || at === 11;
    if (dash ? char !== 45 : char < 48 || char > 57) return false;
  }
  return true;
}
