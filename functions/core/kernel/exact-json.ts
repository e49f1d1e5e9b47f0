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
  // Before parsing: the parser recurses, and a body of brackets alone could exhaust the stack.
  const scanned = scan(decode(bytes), limits.maxDepth);
  if (scanned === 'too-deep') {
    throw new PoisonError('BODY_TOO_DEEP', `the body nests deeper than ${limits.maxDepth} levels`);
  }
  try {
    if (scanned !== 'broken') return withNumbers(JSON.parse(scanned.text), scanned.numbers);
  } catch {
    // The parser's message quotes the body, which may hold personal data.
  }
  throw new PoisonError('BODY_NOT_JSON', `the body (${bytes.byteLength} bytes) is not one JSON document`);
}

const UTF8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
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
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** RFC 8259, section 6. */
const JSON_NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** What would go on with a number and can't, such as the second zero of "00". */
const NUMBER_GOES_ON = /[\d.eE+-]/y;

type Scanned = { readonly text: string; readonly numbers: readonly string[] };

/**
 * One pass over the text, which puts in place of each number how many came before it: the parser reads those without loss,
 * and a reviver, which gets the source of each number, would take ten times as long. A text is JSON after it if, and only
 * if, it was before.
 */
function scan(text: string, maxDepth: number): Scanned | 'too-deep' | 'broken' {
  const numbers: string[] = [];
  let numbered = '';
  let copied = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = closingQuote(text, at + 1);
    } else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      depth += 1;
      if (depth > maxDepth) return 'too-deep';
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) {
      depth -= 1;
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      JSON_NUMBER.lastIndex = at;
      const [number] = JSON_NUMBER.exec(text) ?? [];
      if (number === undefined) return 'broken';
      const end = at + number.length;
      NUMBER_GOES_ON.lastIndex = end;
      if (NUMBER_GOES_ON.test(text)) return 'broken';
      numbered += text.slice(copied, at) + numbers.length;
      numbers.push(number);
      copied = end;
      at = end - 1;
    }
  }
  return { text: numbered + text.slice(copied), numbers };
}

/** Where a text that began before `from` ends; beyond the end when it does not. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (at - escapes > from && text.charCodeAt(at - escapes - 1) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}

/** Puts the numbers back as they were written. Changes what it is given, which nobody else has. */
function withNumbers(value: unknown, numbers: readonly string[]): ExactJson {
  if (typeof value === 'number') return new ExactNumber(numbers[value] as string);
  if (typeof value !== 'object' || value === null) return value as ExactJson;
  const members = value as Record<string, unknown>;
  for (const key of Object.keys(members)) {
    const member = members[key];
    if (typeof member === 'number' || typeof member === 'object') members[key] = withNumbers(member, numbers);
  }
  return value as ExactJson;
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
