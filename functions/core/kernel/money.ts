/**
 * Money as integers. An amount is a whole number of minor units (cents, yen, fils) of one ISO 4217 currency; there is no
 * float anywhere, and two currencies never meet in one sum.
 */

export type Money = { readonly minor: number; readonly currency: string };

/** A given amount or currency is not usable. Thrown at the edges, where partners' texts become money. */
export class MoneyError extends Error {
  override readonly name = 'MoneyError';
}

// ISO 4217 (list one, 2026): every active currency has two decimals unless it is named here.
const EXPONENTS: Readonly<Record<string, number>> = {
  ...exponent(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...exponent(2, 'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY'),
  ...exponent(2, 'COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF'),
  ...exponent(2, 'IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR'),
  ...exponent(2, 'MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG'),
  ...exponent(2, 'SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES'),
  ...exponent(2, 'WST XCD XCG YER ZAR ZMW ZWG'),
  ...exponent(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...exponent(4, 'CLF UYW'),
};

function exponent(digits: number, codes: string): Record<string, number> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, digits]));
}

/** Decimal places of a currency. Throws MoneyError for a code that ISO 4217 does not list. */
export function currencyExponent(currency: string): number {
  const digits = Object.hasOwn(EXPONENTS, currency) ? EXPONENTS[currency] : undefined;
  if (digits === undefined) throw new MoneyError(`"${currency}" is not an ISO 4217 currency: send a code such as USD`);
  return digits;
}

/** Whether ISO 4217 lists the code. */
export function isCurrency(currency: string): boolean {
  return Object.hasOwn(EXPONENTS, currency);
}

/** Money from a whole number of minor units. Throws MoneyError when it is not a safe integer. */
export function money(minor: number, currency: string): Money {
  currencyExponent(currency);
  if (!Number.isSafeInteger(minor))
    throw new MoneyError(`${minor} is not a whole number of minor units of ${currency}`);
  return { minor: minor === 0 ? 0 : minor, currency };
}

const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,12}))?$/;

/**
 * Money from a decimal text such as "12.34" or "-3", exactly. More decimals than the currency has are refused unless they
 * are zeros, so that nothing is ever rounded on the way in.
 */
export function parseMoney(text: string, currency: string): Money {
  const digits = currencyExponent(currency);
  const match = DECIMAL.exec(text);
  if (!match) throw new MoneyError(`"${text}" is not an amount: send a decimal text such as "12.34"`);
  const [, sign, whole, fraction = ''] = match;
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  if (/[1-9]/.test(fraction.slice(digits))) {
    throw new MoneyError(`"${text}" has more decimals than ${currency} allows (${digits})`);
  }
  return money(Number(`${sign}${whole}${kept}`), currency);
}

/** The decimal text of an amount with all decimals of its currency: 1234 USD → "12.34", 5 JPY → "5". */
export function formatMoney({ minor, currency }: Money): string {
  const digits = currencyExponent(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const sign = minor < 0 ? '-' : '';
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Sum of amounts in one currency; the currency is given so that an empty sum has one too. */
export function sum(currency: string, amounts: Iterable<Money>): Money {
  let minor = 0;
  for (const amount of amounts) {
    if (amount.currency !== currency) throw new MoneyError(`${amount.currency} can't be added to ${currency}`);
    minor += amount.minor;
  }
  return money(minor, currency);
}

export const add = (a: Money, b: Money): Money => sum(a.currency, [a, b]);
export const negate = (a: Money): Money => money(-a.minor, a.currency);
export const subtract = (a: Money, b: Money): Money => add(a, negate(b));
export const sameMoney = (a: Money, b: Money): boolean => a.minor === b.minor && a.currency === b.currency;

/**
 * Splits a whole number of minor units in proportion to weights by largest remainder: the parts sum to the total exactly,
 * each part is within one unit of its exact share, and ties go to the earlier part so that the same input always splits
 * the same way.
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  if (!Number.isSafeInteger(total)) throw new MoneyError(`${total} is not a whole number of minor units`);
  if (weights.length === 0 || !weights.every((w) => Number.isSafeInteger(w) && w >= 0)) {
    throw new MoneyError('weights must be whole numbers, none negative, at least one');
  }
  const all = weights.reduce((sumSoFar, weight) => sumSoFar + BigInt(weight), 0n);
  if (all === 0n) throw new MoneyError('at least one weight must be above zero');
  const sign = total < 0 ? -1n : 1n;
  const amount = BigInt(Math.abs(total));
  const shares = weights.map((weight, index) => {
    const exact = amount * BigInt(weight);
    return { index, floor: exact / all, remainder: exact % all };
  });
  let left = amount - shares.reduce((sumSoFar, share) => sumSoFar + share.floor, 0n);
  const byRemainder = [...shares].sort((a, b) => compare(b.remainder, a.remainder) || a.index - b.index);
  for (const share of byRemainder) {
    if (left === 0n) break;
    share.floor += 1n;
    left -= 1n;
  }
  return shares.map((share) => Number(sign * share.floor));
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * What `count` units starting at unit `from` (0-based) of a line of `quantity` units are worth. Odd minor units lie on the
 * last units of the line: what comes back first is never paid more than its exact share, and whatever partial returns a
 * line sees, all its units sum to the total.
 */
export function unitsShare(total: number, quantity: number, from: number, count: number): number {
  if (from < 0 || count < 0 || from + count > quantity) {
    throw new MoneyError(`units ${from} to ${from + count} lie outside a line of ${quantity}`);
  }
  if (quantity === 0) return 0;
  const each = Math.trunc(total / quantity);
  const odd = total - each * quantity;
  const firstOdd = quantity - Math.abs(odd);
  const upTo = (units: number): number => each * units + Math.sign(odd) * Math.max(0, units - firstOdd);
  return upTo(from + count) - upTo(from);
}
