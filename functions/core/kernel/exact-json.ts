import { PoisonError } from './errors.ts';

/**
 * JSON from outside, with its numbers as they were written: a float would lose cents and the digits of long ids. Limits
 * come before the parser, so that no text can exhaust it.
 */

/** A JSON number by its text. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
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
  | NumberText
  | readonly ExactJson[]
  | { readonly [key: string]: ExactJson };

const MAX_DEPTH = 64;

/** Parses UTF-8 bytes. Throws PoisonError BODY_NOT_UTF8, BODY_TOO_DEEP or BODY_NOT_JSON; never quotes the text. */
export function parseExactJson(bytes: Uint8Array, maxDepth = MAX_DEPTH): ExactJson {
  const text = decode(bytes);
  const depth = depthOf(text);
  if (depth > maxDepth) {
    throw new PoisonError('BODY_TOO_DEEP', `the body nests ${depth} levels; ${maxDepth} are allowed`);
  }
  try {
    return JSON.parse(text, keepNumber as (key: string, value: unknown) => unknown) as ExactJson;
  } catch {
    // The parser's message quotes the text, which may hold personal data.
    throw new PoisonError('BODY_NOT_JSON', `the body (${bytes.byteLength} bytes) is not JSON`);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new PoisonError('BODY_NOT_UTF8', `the body (${bytes.byteLength} bytes) is not UTF-8`);
  }
}

/** The `source` that the reviver is given since ECMAScript 2026 is the number's text before it was rounded. */
function keepNumber(_key: string, value: unknown, context: { readonly source: string }): unknown {
  return typeof value === 'number' ? new NumberText(context.source) : value;
}

/** Deepest nesting of arrays and objects, counted outside of strings. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (inString) {
      if (char === BACKSLASH) at++;
      else if (char === QUOTE) inString = false;
    } else if (char === QUOTE) inString = true;
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) deepest = Math.max(deepest, ++depth);
    else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth--;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
