import { unforeseen, userError } from './errors.ts';
import { decimal, type WireDecimal } from './wire.ts';

/**
 * The ERP's arithmetic, in whole numbers: prices have four decimals, amounts those of their currency, halves go to the
 * even neighbour, and tax is rounded over all lines of a document that bear the same taxes.
 */
export const PRICE_DIGITS = 4;

/** A rate as a fraction of whole numbers. */
export type Rate = { readonly numerator: number; readonly denominator: number };

export type PricedLine = {
  readonly quantity: number;
  readonly unit_price: WireDecimal;
  readonly taxes: readonly number[];
};

/** Minor units of the document's currency. */
export type Amounts = {
  readonly untaxed: number;
  readonly tax: number;
  readonly total: number;
  readonly byTax: ReadonlyMap<number, number>;
};

const TEXT = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Decimal text in units of 10^-digits. */
export function scaled(text: string, digits: number): number {
  const match = TEXT.exec(text);
  if (!match) throw unforeseen(`[<class 'decimal.ConversionSyntax'>] ${text}`);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > digits) {
    throw userError(`The number of digits in the value "${text}" exceeds the limit of "${digits}".`);
  }
  return safe(Number(`${match[1]}${match[2]}${fraction.padEnd(digits, '0')}`));
}

/** Decimal of so many minor units, with all decimals of the currency. */
export function amount(minor: number, digits: number): WireDecimal {
  if (digits === 0) return decimal(String(minor));
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  return decimal(`${minor < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`);
}

export function rateOf({ decimal: text }: WireDecimal): Rate {
  const digits = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  return { numerator: scaled(text, digits), denominator: 10 ** digits };
}

/** A line's amount in minor units. */
export const lineAmount = ({ quantity, unit_price }: PricedLine, digits: number): number =>
  halfEven(safe(quantity * scaled(unit_price.decimal, PRICE_DIGITS)), 10 ** (PRICE_DIGITS - digits));

/** What a sale or invoice comes to. */
export function amountsOf(lines: readonly PricedLine[], rate: (tax: number) => Rate, digits: number): Amounts {
  let untaxed = 0;
  const groups = new Map<string, { taxes: readonly number[]; base: number }>();
  for (const line of lines) {
    untaxed += lineAmount(line, digits);
    if (line.taxes.length === 0) continue;
    const key = line.taxes.join();
    const base = safe(line.quantity * scaled(line.unit_price.decimal, PRICE_DIGITS));
    const group = groups.get(key);
    if (group) group.base += base;
    else groups.set(key, { taxes: line.taxes, base });
  }
  const byTax = new Map<number, number>();
  let tax = 0;
  for (const { taxes, base } of groups.values()) {
    for (const one of taxes) {
      const { numerator, denominator } = rate(one);
      const rounded = halfEven(safe(base * numerator), denominator * 10 ** (PRICE_DIGITS - digits));
      byTax.set(one, (byTax.get(one) ?? 0) + rounded);
      tax += rounded;
    }
  }
  return { untaxed, tax, total: untaxed + tax, byTax };
}

/** A fraction as the nearest whole number, halves to the even one. */
export function halfEven(numerator: number, denominator: number): number {
  const below = Math.floor(numerator / denominator);
  const twice = 2 * (numerator - below * denominator);
  const up = twice > denominator || (twice === denominator && below % 2 !== 0);
  // Adding zero turns −0, which JSON would not tell from 0, into 0.
  return (up ? below + 1 : below) + 0;
}

function safe(number: number): number {
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError(`${number} is not a whole number that can be counted exactly: simulate smaller amounts`);
}
