/** How a file writes decimals: 1,234.56 or 1.234,56. */
export type DecimalStyle = 'point' | 'comma';

const POINT = 46;
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;

/**
 * Minor units of a decimal text, or NaN for a text that is none: digits, in groups of three where they are grouped (nothing
 * that begins with zero is), and decimals after one mark. Decimals beyond the currency's are taken only when they are zeros, so that nothing is rounded.
 * It goes by characters because it runs for every line of a file.
 */
export function minorUnits(text: string, style: DecimalStyle, exponent: number): number {
  const { length } = text;
  const negative = text.charCodeAt(0) === MINUS;
  const group = style === 'point' ? COMMA : POINT;
  let at = negative ? 1 : 0;
  let value = 0;
  let run = 0;
  let groups = 0;
  for (; at < length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      run += 1;
    } else if (digit + ZERO === group && run > 0 && (groups === 0 ? value > 0 && run <= 3 : run === 3)) {
      groups += 1;
      run = 0;
    } else break;
  }
  if (run === 0 || (groups > 0 && run !== 3)) return Number.NaN;
  const scaled = at === length ? scale(value, exponent) : withDecimals(text, at, value, style, exponent);
  // What has once grown beyond exact numbers stays beyond them.
  if (!(scaled <= Number.MAX_SAFE_INTEGER)) return Number.NaN;
  return negative && scaled !== 0 ? -scaled : scaled;
}

function withDecimals(text: string, markAt: number, whole: number, style: DecimalStyle, exponent: number): number {
  if (text.charCodeAt(markAt) !== (style === 'point' ? POINT : COMMA) || markAt === text.length - 1) return Number.NaN;
  let value = whole;
  let decimals = 0;
  for (let at = markAt + 1; at < text.length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    if (decimals < exponent) {
      value = value * 10 + digit;
      decimals += 1;
    } else if (digit !== 0) return Number.NaN;
  }
  return scale(value, exponent - decimals);
}

function scale(value: number, digits: number): number {
  let scaled = value;
  for (let left = digits; left > 0; left--) scaled *= 10;
  return scaled;
}

/**
 * What one amount tells of its file's style: one of both, `either` when it reads the same in both, `ambiguous` when it
 * reads differently ("1.230": 1.23 or 1230), undefined when it is an amount in neither.
 */
export function styleOf(text: string, exponent: number): DecimalStyle | 'either' | 'ambiguous' | undefined {
  const point = minorUnits(text, 'point', exponent);
  const comma = minorUnits(text, 'comma', exponent);
  if (Number.isNaN(point)) return Number.isNaN(comma) ? undefined : 'comma';
  if (Number.isNaN(comma)) return 'point';
  return point === comma ? 'either' : 'ambiguous';
}
