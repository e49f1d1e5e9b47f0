import type { Erp } from './erp.ts';
import { unforeseen } from './errors.ts';
import type { Row, Table } from './table.ts';
import { comparable } from './wire.ts';

/** Tryton's search: domains of clauses, with dots that lead to other records, over the best index there is. */
export type Domain = readonly unknown[];
type Clause = readonly [path: string, operator: string, value: unknown, model?: string];
export type Query = {
  readonly domain: Domain;
  readonly offset: number;
  readonly limit: number | null;
  readonly order: readonly (readonly [string, string])[] | null;
};

export function search(erp: Erp, table: Table, { domain, offset, limit, order }: Query): Row[] {
  checkFields(table, domain);
  const clauses = topClauses(domain);
  const wholeRange = withoutInactive(table, domain) ? [domain, ['active', '=', true]] : domain;
  const young =
    table.model.name === 'sale.sale' && clauses.some(([path]) => path === 'web_id') ? lagOf(erp) : undefined;
  const matches = (row: Row): boolean =>
    (young === undefined || row.create_date <= young) && holds(erp, table, row, wholeRange);

  if (table.model.byChange && order?.[0]?.[0] === 'write_date' && order[0][1] === 'ASC') {
    return inOrderOfChange(table, domain, matches, offset, limit);
  }
  const found = [...candidates(table, clauses)].filter(matches);
  if (order) found.sort(by(order));
  return offset === 0 && limit === null ? found : found.slice(offset, limit === null ? undefined : offset + limit);
}

/** Reads along the changes from the earliest that can match, and no farther than the page that was asked for. */
function inOrderOfChange(
  table: Table,
  domain: Domain,
  matches: (row: Row) => boolean,
  offset: number,
  limit: number | null,
): Row[] {
  const end = limit === null ? Number.POSITIVE_INFINITY : offset + limit;
  const found: Row[] = [];
  for (const row of table.changedSince(earliest(domain) ?? Number.NEGATIVE_INFINITY)) {
    // Records of one moment stand in any order, so a page ends only where a new moment begins.
    if (found.length >= end && row.write_date !== found.at(-1)?.write_date) break;
    if (matches(row)) found.push(row);
  }
  found.sort((a, b) => (a.write_date ?? 0) - (b.write_date ?? 0) || a.id - b.id);
  return found.slice(offset, end);
}

/** Before this moment of change nothing matches; undefined where the domain sets no such bound. */
function earliest(domain: Domain): number | undefined {
  if (isClause(domain)) {
    const [path, operator, value] = domain;
    const bounds = path === 'write_date' && (operator === '>' || operator === '>=' || operator === '=');
    return bounds && value !== null ? (comparable(value) as number) : undefined;
  }
  const parts = partsOf(domain).map((part) => earliest(part));
  if (domain[0] === 'OR') {
    return parts.every((part) => part !== undefined) && parts.length > 0 ? Math.min(...parts) : undefined;
  }
  return parts.reduce(
    (most, part) => (part !== undefined && (most === undefined || part > most) ? part : most),
    undefined,
  );
}

/** The fewest records that can match, by the clauses that all of them must meet. */
function candidates(table: Table, clauses: readonly Clause[]): Iterable<Row> {
  let best: { count: number; rows: () => Row[] } | undefined;
  for (const [field, operator, value] of clauses) {
    const values = operator === '=' ? [value] : operator === 'in' && Array.isArray(value) ? value : undefined;
    if (!values) continue;
    if (field === 'id') return [...new Set(values)].sort(ascending).flatMap((id) => table.get(id as number) ?? []);
    if (!table.indexes(field)) continue;
    const distinct = new Set(values.map((one) => one ?? null));
    let count = 0;
    for (const one of distinct) count += table.count(field, one);
    if (best && best.count <= count) continue;
    const rows = () => [...distinct].flatMap((one) => table.by(field, one));
    best = { count, rows: distinct.size > 1 ? () => rows().sort((a, b) => a.id - b.id) : rows };
  }
  return best?.rows() ?? table.all();
}

function topClauses(domain: Domain): Clause[] {
  if (isClause(domain)) return [domain];
  if (domain[0] === 'OR') return [];
  return partsOf(domain).flatMap(topClauses);
}

const partsOf = (domain: Domain): Domain[] =>
  (domain[0] === 'OR' || domain[0] === 'AND' ? domain.slice(1) : domain) as Domain[];

const isClause = (domain: Domain): domain is Clause =>
  typeof domain[0] === 'string' && domain[0] !== 'OR' && domain[0] !== 'AND';

function withoutInactive(table: Table, domain: Domain): boolean {
  return 'active' in table.model.fields && !mentions(domain, 'active');
}

/** An unknown field fails the search even where there is nothing to find. */
function checkFields(table: Table, domain: Domain): void {
  if (!isClause(domain)) {
    for (const part of partsOf(domain)) checkFields(table, part);
    return;
  }
  const [path] = domain;
  const dot = path.indexOf('.');
  const name = dot < 0 ? path : path.slice(0, dot);
  if (!table.model.fields[name]) throw unforeseen(`'${name}'`);
}

const mentions = (domain: Domain, field: string): boolean =>
  isClause(domain) ? domain[0] === field : partsOf(domain).some((part) => mentions(part, field));

const lagOf = ({ switches, now }: Erp): number | undefined =>
  switches.readLagMs > 0 ? now - switches.readLagMs : undefined;

function holds(erp: Erp, table: Table, row: Row, domain: Domain): boolean {
  if (isClause(domain)) return meets(erp, table, row, domain[0].split('.'), 0, domain);
  if (domain[0] === 'OR') return partsOf(domain).some((part) => holds(erp, table, row, part));
  return partsOf(domain).every((part) => holds(erp, table, row, part));
}

/** Follows the path from field to field; where it leads to many records, one that meets the clause is enough. */
function meets(erp: Erp, table: Table, row: Row, path: readonly string[], at: number, clause: Clause): boolean {
  const name = path[at] as string;
  const field = table.model.fields[name];
  if (!field) throw unforeseen(`'${name}'`);
  const last = at === path.length - 1;
  const value =
    field.kind === 'computed' ? field.read(erp, row, {}) : (row as unknown as Record<string, unknown>)[name];
  switch (field.kind) {
    case 'one': {
      if (last) break;
      const next = erp.table(field.model);
      const target = typeof value === 'number' ? next.get(value) : undefined;
      return target !== undefined && meets(erp, next, target, path, at + 1, clause);
    }
    case 'reference': {
      if (last) break;
      const [model, id] = typeof value === 'string' ? value.split(',') : [];
      if (model === undefined || model !== clause[3]) return false;
      const next = erp.table(model);
      const target = next.get(Number(id));
      return target !== undefined && meets(erp, next, target, path, at + 1, clause);
    }
    case 'many': {
      const next = erp.table(field.model);
      const rows = next.by(field.by, field.reference ? `${table.model.name},${row.id}` : row.id);
      return rows.some((target) =>
        last ? compare(clause, target.id) : meets(erp, next, target, path, at + 1, clause),
      );
    }
    default:
      break;
  }
  return compare(clause, value);
}

function compare([, operator, wanted]: Clause, value: unknown): boolean {
  const has = comparable(value);
  switch (operator) {
    case '=':
      return has === comparable(wanted);
    case '!=':
      return has !== comparable(wanted);
    case 'in':
      return (wanted as unknown[]).some((one) => has === comparable(one));
    case 'not in':
      return !(wanted as unknown[]).some((one) => has === comparable(one));
    case 'like':
      return typeof has === 'string' && like(wanted as string).test(has);
    default:
      break;
  }
  const bound = comparable(wanted);
  if (has === null || bound === null) return false;
  switch (operator) {
    case '<':
      return (has as number) < (bound as number);
    case '<=':
      return (has as number) <= (bound as number);
    case '>':
      return (has as number) > (bound as number);
    case '>=':
      return (has as number) >= (bound as number);
    default:
      throw unforeseen(`operator ${operator}`);
  }
}

/** A pattern of SQL: `%` is any text, `_` any character, and a character behind `\` is itself, as on PostgreSQL. */
function like(pattern: string): RegExp {
  const wildcards: Readonly<Record<string, string>> = { '%': '.*', _: '.' };
  const parts = pattern.split(/(\\.|[%_])/s).map((part) => wildcards[part] ?? RegExp.escape(part.replace(/^\\/, '')));
  return new RegExp(`^${parts.join('')}$`, 's');
}

const by =
  (order: readonly (readonly [string, string])[]) =>
  (a: Row, b: Row): number => {
    for (const [field, direction] of order) {
      const [one, other] = [a, b].map((row) => comparable((row as unknown as Record<string, unknown>)[field]));
      const difference = ascending(one, other);
      if (difference !== 0) return direction.startsWith('DESC') ? -difference : difference;
    }
    return 0;
  };

function ascending(a: unknown, b: unknown): number {
  if (a === b) return 0;
  return (a as number) < (b as number) ? -1 : 1;
}
