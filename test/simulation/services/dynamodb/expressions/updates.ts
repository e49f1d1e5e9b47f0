import { invalid, notSimulated } from '../errors.ts';
import type { Item, Value } from '../values.ts';
import { at, type Bindings, nameOf } from './bindings.ts';
import { type Operand, operandValue } from './conditions.ts';
import type { Path, Tokens } from './tokens.ts';

/** Developer Guide, "Using update expressions in DynamoDB". */
export type Update = {
  readonly set: readonly { readonly path: Path; readonly source: Source }[];
  readonly remove: readonly Path[];
  readonly add: readonly { readonly path: Path; readonly value: string }[];
  readonly delete: readonly { readonly path: Path; readonly value: string }[];
  /** All of the paths above. */
  readonly paths: readonly Path[];
};

type Source =
  | { readonly kind: 'operand'; readonly operand: Operand }
  | { readonly kind: 'if-not-exists'; readonly path: Path; readonly otherwise: Source }
  | { readonly kind: 'list-append' | '+' | '-'; readonly left: Source; readonly right: Source };

const CLAUSES = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;

export function parseUpdate(tokens: Tokens): Update {
  const found = {
    set: [] as Update['set'],
    remove: [] as Path[],
    add: [] as Update['add'],
    delete: [] as Update['add'],
  };
  const seen = new Set<string>();
  do {
    const clause = CLAUSES.find((one) => tokens.takes(one));
    if (!clause || seen.has(clause)) throw tokens.wrong('expected SET, REMOVE, ADD or DELETE, each once');
    seen.add(clause);
    if (clause === 'SET') found.set = tokens.list(() => parseAssignment(tokens));
    else if (clause === 'REMOVE') found.remove = tokens.list(() => target(tokens));
    else found[clause === 'ADD' ? 'add' : 'delete'] = tokens.list(() => parseMember(tokens));
  } while (!tokens.end);
  const paths = [...[...found.set, ...found.add, ...found.delete].map(({ path }) => path), ...found.remove];
  return { ...found, paths };
}

function target(tokens: Tokens): Path {
  const path = tokens.path();
  if (path.some((step) => typeof step === 'number')) throw notSimulated('a place in a list as target of an update');
  return path;
}

function parseAssignment(tokens: Tokens): Update['set'][number] {
  const path = target(tokens);
  tokens.expect('=');
  const left = parseSource(tokens);
  for (const kind of ['+', '-'] as const) {
    if (tokens.takes(kind)) return { path, source: { kind, left, right: parseSource(tokens) } };
  }
  return { path, source: left };
}

function parseMember(tokens: Tokens): Update['add'][number] {
  const path = target(tokens);
  const value = tokens.placeholder();
  if (!value) throw tokens.wrong('expected a value');
  return { path, value };
}

function parseSource(tokens: Tokens): Source {
  if (tokens.peek() === '(') throw notSimulated('a sum in parentheses');
  if (tokens.peek(1) !== '(') return { kind: 'operand', operand: tokens.placeholder() ?? tokens.path() };
  const name = tokens.peek();
  if (name !== 'if_not_exists' && name !== 'list_append') {
    throw notSimulated(`the function ${name} in an ${tokens.kind}`);
  }
  tokens.expect(name.toUpperCase());
  tokens.expect('(');
  const left = name === 'if_not_exists' ? tokens.path() : parseSource(tokens);
  tokens.expect(',');
  const right = parseSource(tokens);
  tokens.expect(')');
  if (Array.isArray(left)) return { kind: 'if-not-exists', path: left as Path, otherwise: right };
  return { kind: 'list-append', left: left as Source, right };
}

/** The item as an update makes it. All of its sources are read before anything is written. */
export function updated(before: Item, update: Update, paths: Targets, bindings: Bindings): Item {
  const values = update.set.map(({ source }) => evaluate(source, before, bindings));
  const after: Draft = { ...before };
  let next = 0;
  for (const value of values) put(after, paths[next++] as Targets[number], value);
  for (const { path, value } of update.add) {
    put(after, paths[next++] as Targets[number], sum(at(before, path, bindings), bindings.values[value] as Value));
  }
  for (const { path, value } of update.delete) {
    put(after, paths[next++] as Targets[number], without(at(before, path, bindings), bindings.values[value] as Value));
  }
  for (; next < paths.length; next++) put(after, paths[next] as Targets[number], undefined);
  // Copied once more where something was taken away: V8 keeps an object slow that it had to take apart.
  return update.remove.length > 0 ? { ...after } : after;
}

/** The paths that an update writes to, with their placeholders replaced. */
export type Targets = readonly (readonly [string, ...string[]])[];

export function targetsOf({ paths }: Update, bindings: Bindings): Targets {
  const targets = paths.map((path) => path.map((step) => nameOf(step as string, bindings)) as [string, ...string[]]);
  refuseOverlap(targets);
  return targets;
}

function refuseOverlap(paths: Targets): void {
  for (let i = 1; i < paths.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [paths[i] as Targets[number], paths[j] as Targets[number]];
      if (a[0] !== b[0]) continue;
      const shorter = a.length < b.length ? a : b;
      if (shorter.every((step, index) => a[index] === step && b[index] === step)) {
        throw invalid(
          'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these ' +
            `paths; path one: [${b.join(', ')}], path two: [${a.join(', ')}]`,
        );
      }
    }
  }
}

function evaluate(source: Source, item: Item, bindings: Bindings): Value {
  switch (source.kind) {
    case 'operand':
      return existing(operandValue(source.operand, item, bindings));
    case 'if-not-exists': {
      const found = at(item, source.path, bindings);
      return found === undefined ? evaluate(source.otherwise, item, bindings) : found;
    }
    case 'list-append': {
      const [left, right] = [evaluate(source.left, item, bindings), evaluate(source.right, item, bindings)];
      if (!Array.isArray(left) || !Array.isArray(right)) throw wrongOperand('list_append');
      return [...left, ...right];
    }
    default: {
      const [left, right] = [evaluate(source.left, item, bindings), evaluate(source.right, item, bindings)];
      if (typeof left !== 'number' || typeof right !== 'number') throw wrongOperand(source.kind);
      return whole(source.kind === '+' ? left + right : left - right);
    }
  }
}

function existing(value: Value | undefined): Value {
  if (value !== undefined) return value;
  throw invalid('The provided expression refers to an attribute that does not exist in the item');
}

const wrongOperand = (operator: string): Error =>
  invalid(`An operand in the update expression has an incorrect data type; operator or function: ${operator}`);

/** DynamoDB counts in decimals; here only whole numbers come out the same. */
function whole(result: number): number {
  if (!Number.isSafeInteger(result)) throw notSimulated(`arithmetic with other than whole numbers (${result})`);
  return result;
}

function sum(before: Value | undefined, added: Value): Value {
  if (typeof added === 'number' && (before === undefined || typeof before === 'number'))
    return whole((before ?? 0) + added);
  if (!(added instanceof Set) || (before !== undefined && !sameSets(before, added))) throw wrongOperand('ADD');
  return new Set([...((before ?? []) as Iterable<string>), ...(added as Iterable<string>)]);
}

/** A set without some of its members; nothing when none is left. */
function without(before: Value | undefined, taken: Value): Value | undefined {
  if (!(taken instanceof Set) || (before !== undefined && !sameSets(before, taken))) throw wrongOperand('DELETE');
  const left = [...((before ?? []) as Iterable<string>)].filter((member) => !taken.has(member as never));
  return left.length > 0 ? new Set(left) : undefined;
}

const sameSets = (a: Value, b: ReadonlySet<unknown>): boolean =>
  a instanceof Set && typeof [...a][0] === typeof [...b][0];

type Draft = Record<string, Value>;

/** Puts a value at a path; undefined takes away what lies there. Maps on the way are copied, for the old item keeps its own. */
function put(draft: Draft, [name, ...rest]: readonly string[], value: Value | undefined): void {
  const key = name as string;
  if (rest.length > 0) {
    const inner = draft[key];
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner) || inner instanceof Set) {
      throw invalid('The document path provided in the update expression is invalid for update');
    }
    const copy: Draft = { ...(inner as Item) };
    put(copy, rest, value);
    draft[key] = copy;
  } else if (value === undefined) delete draft[key];
  else draft[key] = value;
}
