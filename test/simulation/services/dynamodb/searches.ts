import type { QueryCommandInput, ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { invalid, notSimulated } from './errors.ts';
import { type Bindings, bind, nameOf } from './expressions/bindings.ts';
import { type KeyRange, keyRange } from './expressions/key-conditions.ts';
import { filter, keyCondition, type Parsed } from './expressions/parsed.ts';
import { type KeySchema, keyNames, keysOf, placeAt, rowId } from './keys.ts';
import { type Page, pageOf } from './pages.ts';
import { projected, projectionOf } from './reads.ts';
import type { SecondaryIndex } from './secondary-index.ts';
import { compareEntries, type Entry, SortedEntries } from './sorted-entries.ts';
import type { Table } from './table.ts';
import { compareText, copyIn, type Item } from './values.ts';

export type SearchOptions = {
  /** The most rows that one page looks at, whatever its request says. */
  readonly pageSize: number;
  /** Whether a query of an index is answered by what the index was a moment ago. */
  readonly staleIndexReads: (tableName: string, indexName: string) => boolean;
};

const NO_ENTRIES = new SortedEntries();

export function query(table: Table, request: QueryCommandInput, options: SearchOptions): Page {
  if (request.KeyConditionExpression === undefined) throw notSimulated('a query without a KeyConditionExpression');
  const index = request.IndexName === undefined ? undefined : table.index(request.IndexName);
  if (index && request.ConsistentRead) throw invalid('Consistent reads are not supported on global secondary indexes');
  const keys = index?.spec ?? table.spec;
  const wanted = keyCondition(request.KeyConditionExpression);
  const { test, parsed } = filterAndProjection(request);
  const bindings = bind(request, [wanted, test, parsed]);
  refuseUnprojected(table, index, [test, parsed], bindings);
  refuseKeysInFilter(keys, test, bindings);
  const range = keyRange(wanted.tree, keys.pk, keys.sk, bindings);
  const entries = index ? viewOf(table, index, range, options) : (table.partitions.get(range.partition) ?? NO_ENTRIES);
  const forward = request.ScanIndexForward !== false;
  let from = entries.firstNot(({ sortKey }) => range.before(sortKey));
  let to = entries.firstNot(({ sortKey }) => !range.after(sortKey));
  if (request.ExclusiveStartKey) {
    const last = startEntry(table, index, copyIn(request.ExclusiveStartKey), range);
    if (forward) from = entries.firstNot((entry) => compareEntries(entry, last) <= 0);
    else to = entries.firstNot((entry) => compareEntries(entry, last) < 0);
  }
  return pageOf({
    most: mostOf(request.Limit, options),
    count: Math.max(0, to - from),
    entry: (place) => entries.list[forward ? from + place : to - 1 - place] as Entry,
    item: ({ id, item }) => {
      const row = item ?? (table.rows.get(id) as Item);
      return index ? index.project(row) : row;
    },
    test: test?.tree,
    bindings,
    project: (item) => projected(item, parsed?.tree, bindings),
    keys: (item) => index?.keysOf(item) ?? keysOf(table.spec, item),
  });
}

function viewOf(table: Table, index: SecondaryIndex, { partition }: KeyRange, options: SearchOptions): SortedEntries {
  const stale = options.staleIndexReads(table.spec.name, index.spec.name);
  return stale ? index.stale(partition) : index.current(partition);
}

/** Partitions come in an order of their own, the same for ever, which is not that of their keys or their making. */
export function scan(table: Table, request: ScanCommandInput, options: SearchOptions): Page {
  const { test, parsed } = filterAndProjection(request);
  const bindings = bind(request, [test, parsed]);
  const start = request.ExclusiveStartKey && placeAt(table.spec, copyIn(request.ExclusiveStartKey));
  const startsAt = start && partitionOf(start.pk);
  const rows = [...table.partitions.keys()]
    .map(partitionOf)
    .sort(comparePartitions)
    .flatMap((partition) => {
      const { list } = table.partitions.get(partition.pk) as SortedEntries;
      const order = startsAt ? comparePartitions(partition, startsAt) : 1;
      if (order !== 0) return order > 0 ? list : [];
      return list.filter(({ sortKey }) => compareText(sortKey, start?.sk as string) > 0);
    });
  return pageOf({
    most: mostOf(request.Limit, options),
    count: rows.length,
    entry: (place) => rows[place] as Entry,
    item: ({ id }) => table.rows.get(id) as Item,
    test: test?.tree,
    bindings,
    project: (item) => projected(item, parsed?.tree, bindings),
    keys: (item) => keysOf(table.spec, item),
  });
}

type Partition = { readonly pk: string; readonly hash: number };

function partitionOf(pk: string): Partition {
  let hash = 0x811c9dc5;
  for (let index = 0; index < pk.length; index++) hash = Math.imul(hash ^ pk.charCodeAt(index), 0x01000193);
  return { pk, hash: hash >>> 0 };
}

const comparePartitions = (a: Partition, b: Partition): number => a.hash - b.hash || compareText(a.pk, b.pk);

function filterAndProjection({ FilterExpression, ProjectionExpression }: QueryCommandInput | ScanCommandInput) {
  const test = FilterExpression === undefined ? undefined : filter(FilterExpression);
  return { test, parsed: projectionOf(ProjectionExpression) };
}

function mostOf(limit: number | undefined, { pageSize }: SearchOptions): number {
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1)) {
    throw invalid(`Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value of at least 1`);
  }
  return Math.min(limit ?? pageSize, pageSize);
}

function refuseUnprojected(
  table: Table,
  index: SecondaryIndex | undefined,
  expressions: readonly (Parsed<unknown> | undefined)[],
  bindings: Bindings,
): void {
  if (index?.spec.projection !== 'keys-only') return;
  const there = [...keyNames(table.spec), ...keyNames(index.spec)];
  const missing = expressions
    .flatMap((expression) => [...(expression?.roots ?? [])])
    .find((root) => !there.includes(nameOf(root, bindings)));
  if (missing) throw invalid(`Global secondary index ${index.spec.name} does not project ${nameOf(missing, bindings)}`);
}

function refuseKeysInFilter(keys: KeySchema, test: Parsed<unknown> | undefined, bindings: Bindings): void {
  const key = [...(test?.roots ?? [])].find((root) => keyNames(keys).includes(nameOf(root, bindings)));
  if (key) {
    throw invalid(`Filter Expression can only contain non-primary key attributes: ${nameOf(key, bindings)}`);
  }
}

/** Where the page before ended. The row itself may be gone by now. */
function startEntry(table: Table, index: SecondaryIndex | undefined, key: Item, range: KeyRange): Entry {
  const { pk, sk } = index?.spec ?? table.spec;
  const expected = new Set([...keyNames(table.spec), ...keyNames(index?.spec ?? table.spec)]);
  const names = Object.keys(key);
  if (names.length !== expected.size || names.some((name) => !expected.has(name))) {
    throw invalid('The provided starting key is invalid');
  }
  const sortKey = sk === undefined ? '' : (key[sk] as string);
  if (key[pk] !== range.partition || range.before(sortKey) || range.after(sortKey)) {
    throw invalid('The provided starting key does not match the range key predicate');
  }
  return { sortKey, id: rowId(key[table.spec.pk] as string, table.spec.sk && (key[table.spec.sk] as string)) };
}
