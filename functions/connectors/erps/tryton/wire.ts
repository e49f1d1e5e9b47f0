import * as z from 'zod/mini';
import { decimalFromMinor } from './decimal.ts';

/**
 * Tryton's JSON: plain JSON where numbers that must stay exact and dates are objects named by `__class__`
 * (trytond/protocols/jsonrpc.py). One2many and many2many fields are written as lists of commands.
 */

export type WireDecimal = { readonly __class__: 'Decimal'; readonly decimal: string };
export type WireDate = {
  readonly __class__: 'date';
  readonly year: number;
  readonly month: number;
  readonly day: number;
};
export type WireDateTime = Omit<WireDate, '__class__'> & {
  readonly __class__: 'datetime';
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
};

export const decimalOf = (minor: number, currency: string): WireDecimal => ({
  __class__: 'Decimal',
  decimal: decimalFromMinor(minor, currency),
});

/** The day of an ISO instant, in UTC. */
export function dateOf(instant: string): WireDate {
  const at = parsed(instant);
  return { __class__: 'date', year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

/** An ISO instant as the server's own times: UTC without a zone. */
export function dateTimeOf(instant: string): WireDateTime {
  const at = parsed(instant);
  return {
    ...dateOf(instant),
    __class__: 'datetime',
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    microsecond: at.getUTCMilliseconds() * 1000,
  };
}

/** ISO instant of a server time, to the millisecond below. */
export const instantOf = (at: WireDateTime): string =>
  new Date(
    Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second, Math.floor(at.microsecond / 1000)),
  ).toISOString();

export const dayOf = ({ year, month, day }: WireDate): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

function parsed(instant: string): Date {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) throw new RangeError(`"${instant}" is not an ISO 8601 instant`);
  return at;
}

// Fields of rows as `read` and `search_read` answer them; unknown fields are left alone.
export const id = z.int().check(z.positive());
export const ids = z.array(id);
export const decimal = z.object({ __class__: z.literal('Decimal'), decimal: z.string().check(z.maxLength(64)) });
export const date = z.object({ __class__: z.literal('date'), year: z.int(), month: z.int(), day: z.int() });
export const dateTime = z.object({
  __class__: z.literal('datetime'),
  year: z.int(),
  month: z.int(),
  day: z.int(),
  hour: z.int(),
  minute: z.int(),
  second: z.int(),
  microsecond: z.int(),
});
/** Tryton keeps quantities as floats; the house sells whole units, so anything else is an error and not rounded. */
export const quantity = z.int();
/** `"sale.line,12"`: a link to a record of one of several models. */
export const reference = z.nullable(z.string());

/** The id in a reference to a record of `model`, undefined for another model's or none. */
export function idIn(link: string | null, model: string): number | undefined {
  const [name, text] = (link ?? '').split(',');
  const number = Number(text);
  return name === model && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
