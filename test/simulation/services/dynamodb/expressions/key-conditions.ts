import { invalid, notSimulated } from '../errors.ts';
import { compareText, type Value } from '../values.ts';
import { type Bindings, nameOf } from './bindings.ts';
import { type Condition, type Operand, refuseBounds } from './conditions.ts';

/** Developer Guide, "Key condition expressions for the Query operation in DynamoDB". */
export type KeyRange = { readonly partition: string; readonly before: Test; readonly after: Test };

/** Whether a sort key lies before the range, or after it. */
type Test = (sortKey: string) => boolean;

const never: Test = () => false;

/** What a key condition asks for: one partition, and a range of its sort keys. */
export function keyRange(condition: Condition, pk: string, sk: string | undefined, bindings: Bindings): KeyRange {
  const parts = condition.kind === 'and' ? [condition.left, condition.right] : [condition];
  const ofPartition = parts.find(
    (part) => part.kind === 'compare' && part.by === '=' && names(part.left, pk, bindings),
  );
  if (ofPartition?.kind !== 'compare') throw invalid(`Query condition missed key schema element: ${pk}`);
  const partition = text(ofPartition.right, bindings);
  const ofSort = parts.find((part) => part !== ofPartition);
  if (!ofSort) return { partition, before: never, after: never };
  return { partition, ...sortRange(ofSort, sk, bindings) };
}

function sortRange(condition: Condition, sk: string | undefined, bindings: Bindings): Omit<KeyRange, 'partition'> {
  switch (condition.kind) {
    case 'compare': {
      refuseOther(condition.left, sk, bindings);
      const bound = text(condition.right, bindings);
      const below: Test = (key) => compareText(key, bound) < 0;
      const above: Test = (key) => compareText(key, bound) > 0;
      if (condition.by === '=') return { before: below, after: above };
      if (condition.by === '<') return { before: never, after: (key) => !below(key) };
      if (condition.by === '<=') return { before: never, after: above };
      if (condition.by === '>') return { before: (key) => !above(key), after: never };
      if (condition.by === '>=') return { before: below, after: never };
      break;
    }
    case 'between': {
      refuseOther(condition.operand, sk, bindings);
      const [low, high] = [text(condition.low, bindings), text(condition.high, bindings)];
      refuseBounds(low, high);
      return { before: (key) => compareText(key, low) < 0, after: (key) => compareText(key, high) > 0 };
    }
    case 'begins-with': {
      refuseOther(condition.operand, sk, bindings);
      const part = text(condition.part, bindings);
      const before: Test = (key) => compareText(key, part) < 0;
      return { before, after: (key) => !before(key) && !key.startsWith(part) };
    }
  }
  throw invalid('Invalid KeyConditionExpression: a sort key takes =, <, <=, >, >=, BETWEEN or begins_with alone');
}

function refuseOther(operand: Operand, sk: string | undefined, bindings: Bindings): void {
  if (sk === undefined || !names(operand, sk, bindings)) {
    throw invalid(`Query key condition not supported: it names something else than the keys`);
  }
}

function names(operand: Operand, attribute: string, bindings: Bindings): boolean {
  if (typeof operand === 'string') throw notSimulated('a key condition that begins with a value');
  return operand.length === 1 && nameOf(operand[0] as string, bindings) === attribute;
}

function text(operand: Operand, { values }: Bindings): string {
  const value: Value | undefined = typeof operand === 'string' ? values[operand] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw invalid('Invalid KeyConditionExpression: a key is compared with a text that is given and not empty');
}
