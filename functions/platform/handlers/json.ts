import { PoisonError } from '#core/kernel/errors.ts';

/** Deeper than any message that we know of, and far from what would exhaust the stack of whoever walks it. */
const DEEPEST = 32;

/**
 * JSON from raw bytes. Throws PoisonError for what is not UTF-8, not JSON, nested too deeply, or names a member twice: of two
 * readers of such a text each may go by another one.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decoded(bytes);
  if (depthOf(text) > DEEPEST) throw new PoisonError('NESTED_TOO_DEEPLY', `send JSON of at most ${DEEPEST} levels`);
  const parsed = parsedText(text);
  if (repeatsMember(text)) throw new PoisonError('MEMBER_REPEATED', 'an object names a member twice: name it once');
  return parsed;
}

function parsedText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own text quotes the message.
    throw new PoisonError('NOT_JSON', 'the body is not JSON: send one JSON document');
  }
}

/** Texts, brackets and commas of what is JSON, as was seen before; the names of each open object are collected. */
function repeatsMember(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let naming = false;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ',' && naming) {
      const names = open.at(-1);
      const name = JSON.parse(token) as string;
      if (names?.has(name)) return true;
      names?.add(name);
    }
    naming = token === '{' || (token === ',' && open.at(-1) !== undefined);
  }
  return false;
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new PoisonError('NOT_UTF8', 'the body is not UTF-8: send JSON in UTF-8');
  }
}

/** Levels of brackets outside of texts. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted && char === '\\') at += 1;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '{' || char === '[')) deepest = Math.max(deepest, ++depth);
    else if (!quoted && (char === '}' || char === ']')) depth -= 1;
  }
  return deepest;
}
