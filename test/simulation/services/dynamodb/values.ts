import { invalid, notSimulated } from './errors.ts';
import { keptOf } from './frozen.ts';

/** What an attribute holds, as the document client gives it. Stored values are never changed in place. */
export type Value =
  | string
  | number
  | boolean
  | null
  | ReadonlySet<string>
  | ReadonlySet<number>
  | readonly Value[]
  | Item;

export interface Item {
  readonly [name: string]: Value;
}

/** Developer Guide, "Quotas and limits": lists and maps may lie in each other 32 deep, and the item is the first of them. */
const DEEPEST = 31;

/**
 * A private copy of what a caller gave. As with the document client's options of ours, members that are undefined go away, and
 * what has no form in DynamoDB is an error.
 */
export function copyIn(given: object, depth = 0): Item {
  if (isKept(given, depth)) return given as Item;
  if (depth > DEEPEST) throw invalid('Nesting Levels have exceeded supported limits');
  // Copied whole first, which V8 does at once, then gone through.
  const item: Record<string, unknown> = { ...given };
  let absent = false;
  for (const name in item) {
    const value = item[name];
    if (typeof value === 'string' || typeof value === 'boolean') continue;
    if (isAbsent(value)) absent = true;
    else item[name] = valueIn(value, depth);
  }
  return (absent ? withoutAbsent(item) : item) as Item;
}

const isAbsent = (value: unknown): boolean => value === undefined || typeof value === 'function';

function withoutAbsent(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const left: Record<string, unknown> = {};
  for (const name in item) if (!isAbsent(item[name])) left[name] = item[name];
  return left;
}

function valueIn(given: unknown, depth: number): Value {
  switch (typeof given) {
    case 'string':
    case 'boolean':
      return given;
    case 'number':
      return numberIn(given);
    case 'object':
      return given === null ? null : containerIn(given, depth + 1);
    default:
      throw notSimulated(`an attribute of type ${typeof given}`);
  }
}

function numberIn(given: number): number {
  if (!(Math.abs(given) <= Number.MAX_SAFE_INTEGER)) {
    throw new Error(`the number ${given} can't be stored: the document client takes safe numbers only`);
  }
  // No negative zero.
  return given + 0;
}

/** Whether it is a part of what was stored before, which nobody can have changed. */
function isKept(given: object, depth: number): boolean {
  const kept = keptOf(given);
  return kept !== undefined && depth + kept.height - 1 <= DEEPEST;
}

function containerIn(given: object, depth: number): Value {
  if (Array.isArray(given)) {
    if (isKept(given, depth)) return given;
    if (depth > DEEPEST) throw invalid('Nesting Levels have exceeded supported limits');
    const list: Value[] = [];
    for (const value of given) {
      if (!isAbsent(value)) list.push(valueIn(value, depth));
    }
    return list;
  }
  if (given instanceof Set) return setIn(given);
  const maker = given.constructor;
  if (maker === Object || maker === undefined || maker.name === 'Object') return copyIn(given, depth);
  throw notSimulated(`an attribute that is a ${maker.name}`);
}

function setIn(given: ReadonlySet<unknown>): Value {
  const members = [...given].filter((member) => member !== undefined);
  if (members.length === 0) throw new Error('an empty set can not be stored: leave the attribute out');
  const [type] = members.map((member) => typeof member);
  if ((type !== 'string' && type !== 'number') || members.some((member) => typeof member !== type)) {
    throw notSimulated('a set of anything but texts alone or numbers alone');
  }
  return new Set(members as string[]);
}

/** What a caller gets: the thing itself where it is frozen (frozen.ts), and else a copy. */
export function copyOut(item: Item): Record<string, unknown> {
  if (Object.isFrozen(item)) return item as Record<string, unknown>;
  const out: Record<string, unknown> = { ...item };
  for (const name in out) {
    const value = out[name];
    if (typeof value === 'object' && value !== null) out[name] = containerOut(value);
  }
  return out;
}

const valueOut = (value: Value): unknown => (typeof value === 'object' && value !== null ? containerOut(value) : value);

function containerOut(value: object): unknown {
  if (Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return value.map(valueOut);
  return value instanceof Set ? new Set(value) : copyOut(value as Item);
}

export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Set || b instanceof Set) {
    return a instanceof Set && b instanceof Set && a.size === b.size && [...a].every((member) => b.has(member));
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((value, index) => equal(value, b[index]));
  }
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => equal((a as Item)[name], (b as Item)[name]));
}

// From the surrogates on, which alone stand elsewhere in UTF-8 than in UTF-16.
const HIGH = /[\ud800-\uffff]/;

/** Texts in the order of their bytes in UTF-8, as DynamoDB sorts them. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  if (!HIGH.test(a) || !HIGH.test(b)) return a < b ? -1 : 1;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x === y) continue;
    // What lies beyond the basic plane (surrogates) comes last in UTF-8; in UTF-16 it would stand before U+E000.
    return x >= 0xd800 && y >= 0xd800 ? lifted(x) - lifted(y) : x - y;
  }
  return a.length - b.length;
}

const lifted = (unit: number): number => (unit >= 0xe000 ? unit - 0x800 : unit + 0x2000);
