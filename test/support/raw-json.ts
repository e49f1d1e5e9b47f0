/**
 * Cuts values out of a JSON text as they are written there. Parsing and printing again would rewrite numbers (`10.0`
 * becomes `10`) and spaces, and signatures and decimal texts are about exactly these. For valid JSON only.
 */

/** Members of an object's text: key to the value's own text. */
export function members(object: string): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = nextToken(object, 1); object[at] !== '}'; ) {
    const keyEnd = endOfValue(object, at);
    const start = nextToken(object, object.indexOf(':', keyEnd) + 1);
    const end = endOfValue(object, start);
    found.set(JSON.parse(object.slice(at, keyEnd)) as string, object.slice(start, end));
    at = nextToken(object, end);
  }
  return found;
}

/** Elements of an array's text, each as its own text. */
export function elements(array: string): string[] {
  const found: string[] = [];
  for (let at = nextToken(array, 1); array[at] !== ']'; ) {
    const end = endOfValue(array, at);
    found.push(array.slice(at, end));
    at = nextToken(array, end);
  }
  return found;
}

/** Past spaces and commas. */
function nextToken(text: string, from: number): number {
  let at = from;
  while (/[\s,]/.test(text.charAt(at))) at += 1;
  if (at >= text.length) throw new Error('the JSON text ends in the middle of a value');
  return at;
}

const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /[^\s,\]}]+/y;

function endOfValue(text: string, start: number): number {
  const first = text.charAt(start);
  if (first !== '{' && first !== '[') return endOf(first === '"' ? STRING : SCALAR, text, start);
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') at = endOf(STRING, text, at) - 1;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    if (depth === 0) return at + 1;
  }
  throw new Error('the JSON text ends in the middle of a value');
}

function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  if (!pattern.test(text)) throw new Error(`no JSON value at character ${start}`);
  return pattern.lastIndex;
}
