import { buttonOf, copyTemplate, hasOwnTransactions } from './buttons.ts';
import type { Erp } from './erp.ts';
import { concurrencyException, HttpFailure, unforeseen } from './errors.ts';
import type { Context } from './model.ts';
import { createRow, deleteRow, readRows, rowsOf, writeRow } from './records.ts';
import type { Template } from './rows.ts';
import { type Domain, search } from './search.ts';
import type { Table } from './table.ts';

/** Methods of models, as `model.<model>.<method>` calls them: the last parameter is the user's context. */

type Values = Readonly<Record<string, unknown>>;
type Order = readonly (readonly [string, string])[] | null;

const CHANGES = new Set(['create', 'write', 'delete', 'copy', 'skip']);

/** Does a call of a logged-in user and answers its result. Throws what travels as the call's error. */
export function callModel(erp: Erp, rpcMethod: string, params: readonly unknown[]): unknown {
  const dot = rpcMethod.lastIndexOf('.');
  const model = rpcMethod.slice('model.'.length, dot);
  const method = rpcMethod.slice(dot + 1);
  if (model === 'res.user' && method === 'get_preferences') return preferences(erp);
  const table = erp.tableNamed(model);
  if (!table) throw unforeseen(`'${model}'`);
  const { errorInside200: trouble } = erp.switches;
  if (trouble && (trouble.only?.has(rpcMethod) ?? true)) throw unforeseen(trouble.message);
  const context = (params.at(-1) ?? {}) as Context;
  if (method === 'search_read' || method === 'read') return read(erp, table, method, params, context);
  return change(erp, table, method, params);
}

function read(
  erp: Erp,
  table: Table,
  method: 'search_read' | 'read',
  params: readonly unknown[],
  context: Context,
): unknown {
  if (method === 'read') {
    const [ids, names] = params as [unknown[], string[]];
    return readRows(erp, table, rowsOf(table, ids, 'read'), names, context);
  }
  const [domain, offset, limit, order, names] = params as [Domain, number, number | null, Order, string[]];
  return readRows(erp, table, search(erp, table, { domain, offset, limit, order }), names, context);
}

function change(erp: Erp, table: Table, method: string, params: readonly unknown[]): unknown {
  const button = buttonOf(table.model.name, method);
  if (!button && !CHANGES.has(method)) throw new HttpFailure(403);
  const { busy } = erp.switches;
  if (busy === 'concurrency' && method !== 'create') throw concurrencyException();
  if (busy === 'locked') throw unforeseen('database is locked');
  const work = () => {
    if (!button) return changeRecords(erp, table, method, params);
    for (const row of rowsOf(table, params[0] as unknown[], 'read')) button(erp, row);
    return null;
  };
  const result = hasOwnTransactions(table.model.name, method) ? work() : erp.transaction(work);
  if (busy === 'committed') throw unforeseen('server closed the connection unexpectedly');
  return result;
}

function changeRecords(erp: Erp, table: Table, method: string, params: readonly unknown[]): unknown {
  const model = table.model.name;
  const [first, second] = params;
  switch (method) {
    case 'create':
      return (first as Values[]).map((values) => createRow(erp, model, values).id);
    case 'write':
      for (const row of rowsOf(table, first as unknown[], 'write to')) writeRow(erp, model, row, second as Values);
      return null;
    case 'delete':
      for (const row of rowsOf(table, first as unknown[], 'delete')) deleteRow(erp, model, row);
      return null;
    case 'copy': {
      if (model !== 'product.template') throw new HttpFailure(403);
      const templates = rowsOf(table, first as unknown[], 'read') as Template[];
      return templates.map((template) => copyTemplate(erp, template, second as Values));
    }
    default: {
      if (model !== 'res.user.warning') throw new HttpFailure(403);
      createRow(erp, model, { user: erp.user, name: first, always: second ?? false });
      return null;
    }
  }
}

function preferences(erp: Erp): object {
  const user = erp.table('res.user').at(erp.user) as unknown as { company: number };
  return { language: 'en', company: user.company };
}
