import { PoisonError } from './errors.ts';

/**
 * JSON from outside, with every number kept as it was written: `JSON.parse` alone turns 64-bit ids and amounts into floats
 * and loses digits of both.
 */

/** A number of a JSON text, as written there. Becomes a JavaScript number only where somebody asks for one. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The number as a safe integer; undefined when it has a fraction, an exponent or too many digits. */
  get integer(): number | undefined {
    const number = INTEGER.test(this.text) ? Number(this.text) : Number.NaN;
    return Number.isSafeInteger(number) ? number + 0 : undefined;
  }

  /** Plain decimal notation without exponent ("6e-2" is "0.06"); undefined for a number of more than forty digits. */
  get decimal(): string | undefined {
    return plainDecimal(this.text);
  }

  /** In a log or an error it looks as it came. */
  toJSON(): string {
    return this.text;
  }
}

export type ExactJson =
  | null
  | boolean
  | string
  | ExactNumber
  | readonly ExactJson[]
  | { readonly [key: string]: ExactJson };

export type JsonLimits = { readonly maxBytes: number; readonly maxDepth: number };

/** The deepest message that we know of has eight levels. */
export const DEFAULT_LIMITS: JsonLimits = { maxBytes: 5 * 1024 * 1024, maxDepth: 32 };

const INTEGER = /^-?\d{1,16}$/;

/**
 * Parses UTF-8 JSON. Of a repeated key the last one counts, as everywhere in JavaScript; a key such as `__proto__` becomes
 * a plain member of its object.
 *
 * Throws PoisonError: BODY_TOO_LARGE, BODY_NOT_UTF8, BODY_TOO_DEEP or BODY_NOT_JSON. None of them quotes the body.
 */
export function parseExactJson(bytes: Uint8Array, limits: JsonLimits = DEFAULT_LIMITS): ExactJson {
  if (bytes.byteLength > limits.maxBytes) {
    const message = `the body has ${bytes.byteLength} bytes; at most ${limits.maxBytes} are taken`;
    throw new PoisonError('BODY_TOO_LARGE', message);
  }
  const text = decode(bytes);
  // Before parsing: the parser recurses, and a body of brackets alone could exhaust the stack.
  if (deeperThan(limits.maxDepth, bytes)) {
    throw new PoisonError('BODY_TOO_DEEP', `the body nests deeper than ${limits.maxDepth} levels`);
  }
  try {
    return parseKeepingNumbers(text);
  } catch {
    // The parser's message quotes the body, which may hold personal data.
    throw new PoisonError('BODY_NOT_JSON', `the body (${bytes.byteLength} bytes) is not one JSON document`);
  }
}

/** TypeScript's library does not know the reviver's third argument yet (ES2026, JSON.parse source text access). */
type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

function parseKeepingNumbers(text: string): ExactJson {
  const keep: Reviver = (_key, value, { source }) =>
    typeof value === 'number' ? new ExactNumber(source ?? String(value)) : value;
  return JSON.parse(text, keep as Parameters<typeof JSON.parse>[1]) as ExactJson;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new PoisonError('BODY_NOT_UTF8', `the body (${bytes.byteLength} bytes) is not UTF-8`);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** One pass over the bytes: in UTF-8 none of these characters can be part of another one. */
function deeperThan(limit: number, bytes: Uint8Array): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (quoted) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
      depth += 1;
      if (depth > limit) return true;
    } else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth -= 1;
  }
  return false;
}

const NUMBER = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/;
const MOST_DIGITS = 40;

function plainDecimal(text: string): string | undefined {
  const match = NUMBER.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (point > MOST_DIGITS || digits.length - Math.min(point, 0) > MOST_DIGITS) return undefined;
  const left = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  const right = point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits;
  const integer = left.replace(/^0+(?=\d)/, '');
  return right === '' ? `${sign}${integer}` : `${sign}${integer}.${right}`;
}
