import type { Erp } from './erp.ts';
import { unforeseen, userError } from './errors.ts';
import type { Context, Field, Model } from './model.ts';
import { checkChange, checkRemoval, checkRow, completed } from './rules.ts';
import type { Row, Table } from './table.ts';
import { dateTimeAt } from './wire.ts';

/** Reading, creating, writing and deleting records of any model, as every client of Tryton does. */

type Values = Readonly<Record<string, unknown>>;

/** Fields of some records; `product.code` asks for a field of the record that a field points to. */
export function readRows(
  erp: Erp,
  table: Table,
  rows: readonly Row[],
  names: readonly string[],
  context: Context,
): Values[] {
  return rows.map((row) => {
    const answer: Record<string, unknown> = { id: row.id };
    for (const name of names) {
      const dot = name.indexOf('.');
      if (dot < 0) answer[name] = fieldValue(erp, table, row, name, context);
      else readRelated(erp, table, row, name.slice(0, dot), name.slice(dot + 1), answer);
    }
    return answer;
  });
}

/** Records by id. Refused when one does not exist. */
export function rowsOf(table: Table, ids: readonly unknown[], verb: 'read' | 'write to' | 'delete'): Row[] {
  return ids.map((id) => {
    if (typeof id !== 'number') {
      throw unforeseen(`int() argument must be a string, a bytes-like object or a real number, not '${typeof id}'`);
    }
    const row = table.get(id);
    if (row) return row;
    throw userError(
      `You are trying to ${verb} records "${ids.join(', ')}" of "${table.model.label}" that don't exist.`,
    );
  });
}

/** Creates a record with what hangs on it, and answers it. */
export function createRow(erp: Erp, model: string, values: Values): Row {
  const table = erp.table(model);
  const { own, children } = divided(erp, table.model, completed(erp, model, values));
  checkChange(erp, model, undefined, own);
  const row = table.insert(own);
  for (const [field, commands] of children) command(erp, table.model, row, field, commands);
  for (const name of table.model.required) {
    if ((row as unknown as Values)[name] ?? null) continue;
    if ((row as unknown as Values)[name] === 0) continue;
    throw userError(`A value is required for field "${name}" in "${row.id}" of "${table.model.label}".`);
  }
  checkRow(erp, model, row);
  return row;
}

export function writeRow(erp: Erp, model: string, row: Row, values: Values): void {
  const table = erp.table(model);
  const { own, children } = divided(erp, table.model, values);
  checkChange(erp, model, row, own);
  table.update(row, own);
  for (const [field, commands] of children) command(erp, table.model, row, field, commands);
  checkRow(erp, model, row);
}

export function deleteRow(erp: Erp, model: string, row: Row): void {
  checkRemoval(erp, model, row);
  const table = erp.table(model);
  for (const field of Object.values(table.model.fields)) {
    if (field.kind !== 'many' || field.reference) continue;
    for (const child of erp.table(field.model).by(field.by, row.id)) deleteRow(erp, field.model, child);
  }
  table.remove(row);
}

function fieldValue(erp: Erp, table: Table, row: Row, name: string, context: Context): unknown {
  const field = table.model.fields[name];
  if (!field) throw unforeseen(`'${name}'`);
  switch (field.kind) {
    case 'many':
      return erp
        .table(field.model)
        .by(field.by, field.reference ? `${table.model.name},${row.id}` : row.id)
        .map(({ id }) => id);
    case 'computed':
      return field.read(erp, row, context);
    case 'moment': {
      const at = (row as unknown as Values)[name] as number | null;
      return at === null ? null : dateTimeAt(at);
    }
    default:
      return (row as unknown as Values)[name] ?? null;
  }
}

function readRelated(
  erp: Erp,
  table: Table,
  row: Row,
  field: string,
  rest: string,
  answer: Record<string, unknown>,
): void {
  const to = table.model.fields[field];
  if (to?.kind !== 'one') throw unforeseen(`'${field}'`);
  const target = erp.table(to.model);
  const related = target.get((row as unknown as Record<string, number>)[field] ?? 0);
  const key = `${field}.`;
  if (!related) {
    answer[key] = null;
    return;
  }
  const [read] = readRows(erp, target, [related], [rest], {});
  answer[key] = { ...(answer[key] as object | undefined), ...read };
}

/** Values of the record itself, and commands for the records that hang on it. */
function divided(
  erp: Erp,
  model: Model,
  values: Values,
): { own: Record<string, unknown>; children: [Field, unknown][] } {
  const own: Record<string, unknown> = {};
  const children: [Field, unknown][] = [];
  for (const name in values) {
    const field = model.fields[name];
    if (!field) throw unforeseen(`'${name}'`);
    const value = values[name];
    if (field.kind === 'many') children.push([field, value]);
    else if (field.kind === 'computed') {
      const proxy = field.proxy === undefined ? undefined : model.fields[field.proxy];
      if (!proxy) throw unforeseen(`NotImplementedError: setter of '${name}'`);
      children.push([proxy, value]);
    } else own[name] = field.kind === 'links' ? linked(value) : value;
    if (field.kind === 'one' && value !== null && !erp.table(field.model).get(value as number)) {
      throw userError(`The value "${value}" for field "${name}" in "${model.label}" does not exist.`);
    }
  }
  return { own, children };
}

/** Many2many: only whole lists are given, as `[["add", [ids]]]`. */
function linked(value: unknown): number[] {
  const commands = (value ?? []) as [string, number[]][];
  return commands.flatMap(([name, ids]) => {
    if (name === 'add') return ids;
    throw unforeseen(`NotImplementedError: ${name} of a many2many`);
  });
}

function command(erp: Erp, model: Model, row: Row, field: Field, commands: unknown): void {
  if (field.kind !== 'many') throw new Error(`commands for a field of kind ${field.kind}`);
  const parent = { [field.by]: field.reference ? `${model.name},${row.id}` : row.id };
  const table = erp.table(field.model);
  for (const [name, first, values] of commands as [string, unknown[], Values][]) {
    switch (name) {
      case 'create':
        for (const one of first) createRow(erp, field.model, { ...(one as Values), ...parent });
        break;
      case 'write':
        for (const one of rowsOf(table, first, 'write to')) writeRow(erp, field.model, one, values);
        break;
      case 'delete':
        for (const one of rowsOf(table, first, 'delete')) deleteRow(erp, field.model, one);
        break;
      case 'add':
        for (const one of rowsOf(table, first, 'write to')) writeRow(erp, field.model, one, parent);
        break;
      default:
        throw unforeseen(`NotImplementedError: ${name} of a one2many`);
    }
  }
}
