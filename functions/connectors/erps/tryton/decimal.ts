import { currencyExponent } from '#core/kernel/money.ts';

/** An exact decimal number: `unscaled` × 10^-`scale`. Tryton sends amounts as decimal texts; no float ever holds one. */
export type Decimal = { readonly unscaled: bigint; readonly scale: number };

/** A text is no decimal, or has more decimals than its currency. */
export class DecimalError extends Error {
  override readonly name = 'DecimalError';
}

// What Python's str(Decimal) writes for a finite number: "12.34", "-0", "0E-8", "1E+3".
const TEXT = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?(?:E([+-]?\d{1,2}))?$/i;

/** Reads a decimal text exactly. Throws DecimalError for anything else ("NaN", "Infinity", "1,5"). */
export function parseDecimal(text: string): Decimal {
  const match = TEXT.exec(text);
  if (!match) throw new DecimalError(`"${text.slice(0, 40)}" is not a decimal number: expected a text such as "12.34"`);
  const [, sign, whole, fraction = '', exponent = '0'] = match;
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(`${sign}${whole}${fraction}`);
  return scale < 0 ? { unscaled: digits * 10n ** BigInt(-scale), scale: 0 } : { unscaled: digits, scale };
}

export const isDecimal = (text: string): boolean => TEXT.test(text);

/** Equal numbers have equal texts: "0.10" and "0.1" are both "0.1". */
export function canonicalDecimal(text: string): string {
  let { unscaled, scale } = parseDecimal(text);
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale -= 1;
  }
  return decimalText(unscaled, scale);
}

/** The exact sum. */
export function sumDecimals(texts: readonly string[]): Decimal {
  const parts = texts.map(parseDecimal);
  const scale = parts.reduce((most, part) => Math.max(most, part.scale), 0);
  return { unscaled: parts.reduce((sum, part) => sum + raise(part, scale), 0n), scale };
}

export function sameDecimal(a: Decimal, b: Decimal): boolean {
  const scale = Math.max(a.scale, b.scale);
  return raise(a, scale) === raise(b, scale);
}

/** Minor units of a currency from a decimal text. Throws DecimalError rather than round. */
export function minorFromDecimal(text: string, currency: string): number {
  const { unscaled, scale } = parseDecimal(text);
  const digits = currencyExponent(currency);
  if (scale <= digits) return safe(unscaled * 10n ** BigInt(digits - scale), text);
  const cut = 10n ** BigInt(scale - digits);
  if (unscaled % cut !== 0n) throw new DecimalError(`"${text}" has more decimals than ${currency} allows (${digits})`);
  return safe(unscaled / cut, text);
}

/** Decimal text of minor units with all decimals of the currency: 1234 USD → "12.34". */
export function decimalFromMinor(minor: number, currency: string): string {
  if (!Number.isSafeInteger(minor)) throw new DecimalError(`${minor} is not a whole number of minor units`);
  return decimalText(BigInt(minor), currencyExponent(currency));
}

/**
 * Whether `base` × `rate` rounds to `amount`, whichever way halves go: channels round half up, Tryton half even, and both
 * answers are within half a minor unit of the exact product.
 */
export function ratedAs(base: number, rate: string, amount: number): boolean {
  const { unscaled, scale } = parseDecimal(rate);
  const one = 10n ** BigInt(scale);
  const twice = 2n * (BigInt(base) * unscaled - BigInt(amount) * one);
  return twice <= one && twice >= -one;
}

const raise = ({ unscaled, scale }: Decimal, to: number): bigint => unscaled * 10n ** BigInt(to - scale);

function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function safe(minor: bigint, text: string): number {
  const number = Number(minor);
  if (!Number.isSafeInteger(number)) throw new DecimalError(`"${text}" is too large for an amount`);
  return number;
}
