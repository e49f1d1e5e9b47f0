import { type Condition, parseCondition } from './conditions.ts';
import { type ExpressionKind, type Path, Tokens } from './tokens.ts';
import { parseUpdate, type Update } from './updates.ts';

/** An expression as it was read, with the placeholders that it uses and the first steps of its paths. */
export type Parsed<T> = {
  readonly tree: T;
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
  readonly roots: ReadonlySet<string>;
};

/** A reader of one kind of expression that reads each text once. */
function reader<T>(kind: ExpressionKind, parse: (tokens: Tokens) => T): (text: string) => Parsed<T> {
  const known = new Map<string, Parsed<T>>();
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const tokens = new Tokens(kind, text);
    const tree = parse(tokens);
    if (!tokens.end) throw tokens.wrong('expected the end');
    const { names, values, roots } = tokens;
    const parsed = { tree, names, values, roots };
    known.set(text, parsed);
    return parsed;
  };
}

export const condition: (text: string) => Parsed<Condition> = reader('ConditionExpression', parseCondition);
export const filter: (text: string) => Parsed<Condition> = reader('FilterExpression', parseCondition);
export const keyCondition: (text: string) => Parsed<Condition> = reader('KeyConditionExpression', parseCondition);
export const update: (text: string) => Parsed<Update> = reader('UpdateExpression', parseUpdate);
export const projection: (text: string) => Parsed<Path[]> = reader('ProjectionExpression', (tokens) => {
  const paths = tokens.list(() => tokens.path());
  if (new Set(paths.map(String)).size < paths.length) throw tokens.wrong('two document paths overlap');
  return paths;
});
