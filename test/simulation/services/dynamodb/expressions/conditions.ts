import { invalid, notSimulated } from '../errors.ts';
import { compareText, equal, type Item, type Value } from '../values.ts';
import { at, type Bindings } from './bindings.ts';
import type { Path, Tokens } from './tokens.ts';

/** Developer Guide, "Condition and filter expressions, operators, and functions in DynamoDB". */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'compare'; readonly by: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'exists'; readonly path: Path; readonly wanted: boolean }
  | { readonly kind: 'begins-with' | 'contains'; readonly operand: Operand; readonly part: Operand };

/** A path into the item, or the name of a given value. */
export type Operand = Path | string;

export const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='] as const;
export type Comparator = (typeof COMPARATORS)[number];

/** Weakest first: OR, AND, NOT. */
export function parseCondition(tokens: Tokens): Condition {
  let left = parseAnd(tokens);
  while (tokens.takes('OR')) left = { kind: 'or', left, right: parseAnd(tokens) };
  return left;
}

function parseAnd(tokens: Tokens): Condition {
  let left = parseNot(tokens);
  while (tokens.takes('AND')) left = { kind: 'and', left, right: parseNot(tokens) };
  return left;
}

function parseNot(tokens: Tokens): Condition {
  if (tokens.takes('NOT')) return { kind: 'not', inner: parseNot(tokens) };
  if (!tokens.takes('(')) return tokens.peek(1) === '(' ? parseFunction(tokens) : parseComparison(tokens);
  const inner = parseCondition(tokens);
  tokens.expect(')');
  if (inParentheses.has(inner)) throw invalid(`Invalid ${tokens.kind}: The expression has redundant parentheses`);
  inParentheses.add(inner);
  return inner;
}

const inParentheses = new WeakSet<Condition>();

function parseFunction(tokens: Tokens): Condition {
  const name = tokens.peek();
  tokens.expect(name.toUpperCase());
  tokens.expect('(');
  const found = parseArguments(name, tokens);
  tokens.expect(')');
  return found;
}

/** Names of functions are written small. */
function parseArguments(name: string, tokens: Tokens): Condition {
  if (name === 'attribute_exists') return { kind: 'exists', path: tokens.path(), wanted: true };
  if (name === 'attribute_not_exists') return { kind: 'exists', path: tokens.path(), wanted: false };
  if (name !== 'begins_with' && name !== 'contains') throw notSimulated(`the function ${name} in a ${tokens.kind}`);
  const operand = parseOperand(tokens);
  tokens.expect(',');
  return { kind: name === 'contains' ? name : 'begins-with', operand, part: parseOperand(tokens) };
}

function parseComparison(tokens: Tokens): Condition {
  const left = parseOperand(tokens);
  if (tokens.takes('BETWEEN')) {
    const low = parseOperand(tokens);
    tokens.expect('AND');
    return { kind: 'between', operand: left, low, high: parseOperand(tokens) };
  }
  if (tokens.takes('IN')) {
    tokens.expect('(');
    const list = tokens.list(() => parseOperand(tokens));
    tokens.expect(')');
    return { kind: 'in', operand: left, list };
  }
  const by = COMPARATORS.find((sign) => tokens.takes(sign));
  if (!by) throw tokens.wrong('expected a comparison');
  const right = parseOperand(tokens);
  if (String(left) === String(right))
    throw invalid(`Invalid ${tokens.kind}: The first operand must be distinct: ${left}`);
  return { kind: 'compare', by, left, right };
}

const parseOperand = (tokens: Tokens): Operand => tokens.placeholder() ?? tokens.path();

export const operandValue = (operand: Operand, item: Item, bindings: Bindings): Value | undefined =>
  typeof operand === 'string' ? bindings.values[operand] : at(item, operand, bindings);

/** Whether a condition holds of an item; of one that does not exist, ask with an empty one. */
export function holds(condition: Condition, item: Item, bindings: Bindings): boolean {
  const value = (operand: Operand): Value | undefined => operandValue(operand, item, bindings);
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item, bindings) && holds(condition.right, item, bindings);
    case 'or':
      return holds(condition.left, item, bindings) || holds(condition.right, item, bindings);
    case 'not':
      return !holds(condition.inner, item, bindings);
    case 'exists':
      return (at(item, condition.path, bindings) !== undefined) === condition.wanted;
    case 'compare': {
      const [left, right] = [value(condition.left), value(condition.right)];
      if (condition.by !== '=' && condition.by !== '<>') {
        if (typeof condition.left === 'string' && !ordered(left)) throw wrongOperand(condition.by, left);
        if (typeof condition.right === 'string' && !ordered(right)) throw wrongOperand(condition.by, right);
      }
      return compare(left, condition.by, right);
    }
    case 'between': {
      const [operand, low, high] = [value(condition.operand), value(condition.low), value(condition.high)];
      if (typeof condition.low === 'string' && typeof condition.high === 'string') refuseBounds(low, high);
      return compare(operand, '>=', low) && compare(operand, '<=', high);
    }
    case 'in': {
      const operand = value(condition.operand);
      return condition.list.some((one) => compare(operand, '=', value(one)));
    }
    case 'begins-with': {
      const [text, part] = [value(condition.operand), value(condition.part)];
      if (typeof condition.part === 'string' && typeof part !== 'string') throw wrongOperand('begins_with', part);
      return typeof text === 'string' && typeof part === 'string' && text.startsWith(part);
    }
    case 'contains':
      return contains(value(condition.operand), value(condition.part));
  }
}

const ordered = (value: Value | undefined): boolean => typeof value === 'string' || typeof value === 'number';

const wrongOperand = (operator: string, value: Value | undefined): Error =>
  invalid(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand: ${typeof value}`,
  );

/** Bounds that are given must be of one type, and the right way round. */
export function refuseBounds(low: Value | undefined, high: Value | undefined): void {
  if (compare(low, '<=', high)) return;
  throw invalid(
    'The BETWEEN operator requires upper bound to be greater than or equal to lower bound, of the same type',
  );
}

/** Values of different types have no order and are not equal. */
function compare(left: Value | undefined, by: Comparator, right: Value | undefined): boolean {
  if (by === '<>') return !compare(left, '=', right);
  if (left === undefined || right === undefined) return false;
  if (by === '=') return equal(left, right);
  const order = orderOf(left, right);
  if (order === undefined) return false;
  if (by === '<') return order < 0;
  if (by === '<=') return order <= 0;
  return by === '>' ? order > 0 : order >= 0;
}

function orderOf(left: Value, right: Value): number | undefined {
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  return typeof left === 'number' && typeof right === 'number' ? left - right : undefined;
}

function contains(whole: Value | undefined, part: Value | undefined): boolean {
  if (part === undefined) return false;
  if (typeof whole === 'string') return typeof part === 'string' && whole.includes(part);
  if (whole instanceof Set) return whole.has(part as never);
  return Array.isArray(whole) && whole.some((member) => equal(member, part));
}
