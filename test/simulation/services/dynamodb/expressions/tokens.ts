import { invalid } from '../errors.ts';
import { RESERVED_WORDS } from './reserved-words.ts';

/** Which of a request's expressions is read: its name in error texts. */
export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

/** Steps from an item to a value in it: names, or placeholders of names (`#name`), and places in lists. */
export type Path = readonly (string | number)[];

const TOKEN = /\s*(?:([#:]?[A-Za-z_0-9]+)|(<>|<=|>=|[=<>()[\],.+-]))\s*/y;

/** An expression's text, token by token; notes the placeholders that it uses. */
export class Tokens {
  readonly kind: ExpressionKind;
  readonly names = new Set<string>();
  /** First steps of the paths. */
  readonly roots = new Set<string>();
  readonly values = new Set<string>();
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(kind: ExpressionKind, text: string) {
    this.kind = kind;
    this.#tokens = split(kind, text);
  }

  get end(): boolean {
    return this.#next >= this.#tokens.length;
  }

  peek(ahead = 0): string {
    return this.#tokens[this.#next + ahead] ?? '';
  }

  /** Takes a sign or a keyword if it comes next. Keywords may be written large or small. */
  takes(wanted: string): boolean {
    if (this.peek().toUpperCase() !== wanted) return false;
    this.#next++;
    return true;
  }

  expect(wanted: string): void {
    if (!this.takes(wanted)) throw this.wrong(`expected ${wanted}`);
  }

  /** `:value`, if that comes next. */
  placeholder(): string | undefined {
    const token = this.peek();
    if (!token.startsWith(':')) return undefined;
    this.#next++;
    this.values.add(token);
    return token;
  }

  path(): Path {
    const root = this.#name();
    this.roots.add(root);
    const steps: (string | number)[] = [root];
    for (;;) {
      if (this.takes('.')) steps.push(this.#name());
      else if (this.takes('[')) {
        steps.push(this.#place());
        this.expect(']');
      } else return steps;
    }
  }

  /** All of the parts that stand with commas between them. */
  list<T>(part: () => T): T[] {
    const parts = [part()];
    while (this.takes(',')) parts.push(part());
    return parts;
  }

  wrong(why: string): Error {
    return invalid(`Invalid ${this.kind}: Syntax error; token: "${this.peek() || '<EOF>'}", ${why}`);
  }

  #name(): string {
    const token = this.peek();
    if (!/^(#|[A-Za-z])\w*$/.test(token)) throw this.wrong('expected a name');
    if (RESERVED_WORDS.has(token.toUpperCase())) {
      throw invalid(`Invalid ${this.kind}: Attribute name is a reserved keyword; reserved keyword: ${token}`);
    }
    this.#next++;
    if (token.startsWith('#')) this.names.add(token);
    return token;
  }

  #place(): number {
    const token = this.peek();
    if (!/^\d+$/.test(token)) throw this.wrong('expected a place in a list');
    this.#next++;
    return Number(token);
  }
}

function split(kind: ExpressionKind, text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw invalid(`Invalid ${kind}: Syntax error; token: "${text[from]}"`);
    tokens.push(match[1] ?? match[2] ?? '');
  }
  return tokens;
}
