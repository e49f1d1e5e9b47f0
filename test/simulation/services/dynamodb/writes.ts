import { conditionReason, invalid, notSimulated, type Reason } from './errors.ts';
import { type Bindings, bind, type WithBindings } from './expressions/bindings.ts';
import { type Condition, holds } from './expressions/conditions.ts';
import { condition, type Parsed, update } from './expressions/parsed.ts';
import { targetsOf, updated } from './expressions/updates.ts';
import { type Place, placeAt, placeOf } from './keys.ts';
import type { Change, Table } from './table.ts';
import { copyIn, type Item } from './values.ts';

type Conditional = WithBindings & {
  readonly ConditionExpression?: string | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
};
type WithItem = Conditional & { readonly Item: Readonly<Record<string, unknown>> | undefined };
type WithKey = Conditional & { readonly Key: Readonly<Record<string, unknown>> | undefined };
type WithUpdate = WithKey & { readonly UpdateExpression?: string | undefined };

/** A write of one row as it was asked for: where it goes, and what it will do there, which may still be refused. */
export type Write = { readonly table: Table; readonly place: Place; readonly plan: () => Plan };

/** What a write changes, or why its condition refuses it. */
export type Plan = { readonly change?: Change; readonly refused?: Reason };

const NO_ROW: Item = {};

export function putWrite(table: Table, request: WithItem): Write {
  const { bindings, test } = conditionOf(request);
  const item = copyIn(request.Item ?? {});
  const place = placeOf(table.spec, item);
  return { table, place, plan: () => planned(table, place, test, request, bindings, () => table.checked(item)) };
}

export function deleteWrite(table: Table, request: WithKey): Write {
  const { bindings, test } = conditionOf(request);
  const place = placeOfKey(table, request);
  return { table, place, plan: () => planned(table, place, test, request, bindings, () => undefined) };
}

/** Checks a condition and leaves the row as it is. */
export function checkWrite(table: Table, request: WithKey): Write {
  const { bindings, test } = conditionOf(request);
  if (!test) throw invalid('The ConditionCheck of a transaction needs a ConditionExpression');
  const place = placeOfKey(table, request);
  return { table, place, plan: () => planned(table, place, test, request, bindings, (before) => before) };
}

export function updateWrite(table: Table, request: WithUpdate): Write {
  if (request.UpdateExpression === undefined) throw notSimulated('an update without an UpdateExpression');
  const change = update(request.UpdateExpression);
  const { bindings, test } = conditionOf(request, change);
  const key = copyIn(request.Key ?? {});
  const place = placeAt(table.spec, key);
  const targets = targetsOf(change.tree, bindings);
  const keyPart = targets.find(([name]) => table.isKey(name))?.[0];
  if (keyPart) {
    throw invalid(
      `One or more parameter values were invalid: Cannot update attribute ${keyPart}. This attribute is part of the key`,
    );
  }
  const make = (before: Item | undefined): Item =>
    table.checked(updated(before ?? key, change.tree, targets, bindings));
  return { table, place, plan: () => planned(table, place, test, request, bindings, make) };
}

function conditionOf(request: Conditional, other?: Parsed<unknown>) {
  const { ConditionExpression: text } = request;
  const test = text === undefined ? undefined : condition(text);
  return { test, bindings: bind(request, [test, other]) };
}

const placeOfKey = (table: Table, { Key }: WithKey): Place => placeAt(table.spec, copyIn(Key ?? {}));

function planned(
  table: Table,
  place: Place,
  test: Parsed<Condition> | undefined,
  { ReturnValuesOnConditionCheckFailure: returns }: Conditional,
  bindings: Bindings,
  make: (before: Item | undefined) => Item | undefined,
): Plan {
  const before = table.rows.get(place.id);
  if (test && !holds(test.tree, before ?? NO_ROW, bindings)) {
    return { refused: conditionReason(returns === 'ALL_OLD' ? before : undefined) };
  }
  return { change: { table, place, before, after: make(before) } };
}
