/**
 * Values as they travel in Tryton's JSON, and how they compare. Rows hold them in just this form, so that an answer is
 * written without converting anything. Shares no code with the connector.
 */
export type WireDecimal = { readonly __class__: 'Decimal'; readonly decimal: string };
export type WireDate = {
  readonly __class__: 'date';
  readonly year: number;
  readonly month: number;
  readonly day: number;
};

type Parts = { readonly year: number; readonly month: number; readonly day: number };
type TimeParts = Parts & {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
};

export const decimal = (text: string): WireDecimal => ({ __class__: 'Decimal', decimal: text });

/** The day of an instant, in UTC. */
export function dateAt(epochMs: number): WireDate {
  const at = new Date(epochMs);
  return { __class__: 'date', year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

export function dateTimeAt(epochMs: number): object {
  const at = new Date(epochMs);
  return {
    __class__: 'datetime',
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    microsecond: at.getUTCMilliseconds() * 1000,
  };
}

/** Days that compare as numbers: 20261130. */
export const dayNumber = ({ year, month, day }: Parts): number => (year * 100 + month) * 100 + day;

/** As the ERP's English catalogue writes a day: 11/30/2026. */
export const shownDate = ({ year, month, day }: Parts): string => `${two(month)}/${two(day)}/${year}`;

/** The month of a day as periods are named: 2026-11. */
export const monthOf = ({ year, month }: Parts): string => `${year}-${two(month)}`;

/** What a value is compared by. Moments are epoch milliseconds in rows and objects on the wire; both compare alike. */
export function comparable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value ?? null;
  switch ((value as { __class__?: unknown }).__class__) {
    case 'Decimal':
      return Number((value as WireDecimal).decimal);
    case 'date':
      return dayNumber(value as WireDate);
    case 'datetime': {
      const at = value as TimeParts;
      const day = Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second);
      return day + at.microsecond / 1000;
    }
    default:
      return value;
  }
}

const two = (number: number): string => (number < 10 ? `0${number}` : String(number));
