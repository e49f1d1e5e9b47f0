import { invalid } from '../errors.ts';
import { copyIn, type Item, type Value } from '../values.ts';
import type { Parsed } from './parsed.ts';
import type { Path } from './tokens.ts';

/** What the placeholders of a request's expressions stand for. */
export type Bindings = { readonly names: Readonly<Record<string, string>>; readonly values: Item };

export type WithBindings = {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
};

const NOTHING = {};

/** The placeholders of a request. Each that an expression uses must be given, and each that is given must be used. */
export function bind(request: WithBindings, expressions: readonly (Parsed<unknown> | undefined)[]): Bindings {
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: given } = request;
  const values = given ? copyIn(given) : NOTHING;
  for (const expression of expressions) {
    if (!expression) continue;
    for (const name of expression.names) if (names?.[name] === undefined) throw undefinedPlaceholder('name', name);
    for (const value of expression.values) if (!(value in values)) throw undefinedPlaceholder('value', value);
  }
  if (names) allUsed('ExpressionAttributeNames', names, (name) => expressions.some((one) => one?.names.has(name)));
  if (given) allUsed('ExpressionAttributeValues', values, (name) => expressions.some((one) => one?.values.has(name)));
  return { names: names ?? NOTHING, values };
}

const undefinedPlaceholder = (what: string, placeholder: string): Error =>
  invalid(`An expression attribute ${what} used in expression is not defined; attribute ${what}: ${placeholder}`);

function allUsed(what: string, given: object, used: (placeholder: string) => boolean): void {
  let any = false;
  for (const placeholder in given) {
    any = true;
    if (!used(placeholder)) throw invalid(`Value provided in ${what} unused in expressions: keys: {${placeholder}}`);
  }
  if (!any) throw invalid(`${what} must not be empty`);
}

/** A path's step with its placeholder replaced. */
export const nameOf = (step: string, { names }: Bindings): string =>
  step.startsWith('#') ? (names[step] as string) : step;

/** What lies at a path; undefined when nothing does. */
export function at(item: Item, path: Path, bindings: Bindings): Value | undefined {
  let value: Value | undefined = item;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || value instanceof Set) return undefined;
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = Array.isArray(value) ? undefined : own(value as Item, nameOf(step, bindings));
  }
  return value;
}

const own = (item: Item, name: string): Value | undefined => (Object.hasOwn(item, name) ? item[name] : undefined);
