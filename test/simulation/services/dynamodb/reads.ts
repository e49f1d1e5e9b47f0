import type {
  BatchGetCommandInput,
  BatchGetCommandOutput,
  GetCommandInput,
  QueryCommandInput,
  ScanCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { invalid, notSimulated } from './errors.ts';
import { at, type Bindings, bind, nameOf } from './expressions/bindings.ts';
import { keyRange } from './expressions/key-conditions.ts';
import { filter, keyCondition, projection } from './expressions/parsed.ts';
import type { Path } from './expressions/tokens.ts';
import { keysOf, placeAt, rowId } from './keys.ts';
import { type Page, pageOf } from './pages.ts';
import { known } from './requests.ts';
import { ByteCount, MOST_BATCH_BYTES } from './sizes.ts';
import { compareEntries, type Entry, SortedEntries } from './sorted-entries.ts';
import type { Table } from './table.ts';
import { compareText, copyIn, copyOut, type Item } from './values.ts';

export type ReadOptions = {
  /** The most rows that one page looks at, whatever its request says. */
  readonly pageSize: number;
  /** Whether a query of an index is answered by what the index was a moment ago. */
  readonly staleIndexReads: (tableName: string, indexName: string) => boolean;
};

type Row = Record<string, unknown>;

export function getItem(table: Table, request: GetCommandInput): { Item?: Row } {
  const parsed = projectionOf(request.ProjectionExpression);
  const bindings = bind(request, [parsed]);
  const item = table.rows.get(placeAt(table.spec, copyIn(request.Key ?? {})).id);
  return item ? { Item: copyOut(projected(item, parsed?.tree, bindings)) } : {};
}

const MOST_KEYS = 100;

/** Rows of several tables. They come in another order than asked for: DynamoDB promises none. */
export function batchGet(
  { RequestItems }: BatchGetCommandInput,
  tableOf: (name: string) => Table,
): Pick<BatchGetCommandOutput, 'Responses' | 'UnprocessedKeys'> {
  const requests = Object.entries(RequestItems ?? {});
  const count = requests.reduce((sum, [, { Keys }]) => sum + (Keys?.length ?? 0), 0);
  if (count < 1 || count > MOST_KEYS)
    throw invalid(`Too many or no items requested for the BatchGetItem call: ${count}`);
  const Responses: Record<string, Row[]> = {};
  const UnprocessedKeys: NonNullable<BatchGetCommandOutput['UnprocessedKeys']> = {};
  const bytes = new ByteCount(MOST_BATCH_BYTES);
  for (const [name, request] of requests) {
    const parsed = projectionOf(known('BatchGetCommand.RequestItems', request).ProjectionExpression);
    const bindings = bind(request, [parsed]);
    const table = tableOf(name);
    const ids = (request.Keys ?? []).map((key) => placeAt(table.spec, copyIn(key)).id);
    if (new Set(ids).size < ids.length) throw invalid('Provided list of item keys contains duplicates');
    const rows: Row[] = [];
    const left: Row[] = [];
    for (const [index, id] of ids.entries()) {
      const item = table.rows.get(id);
      if (item) bytes.add(item);
      if (bytes.full) left.push((request.Keys as Row[])[index] as Row);
      else if (item) rows.unshift(copyOut(projected(item, parsed?.tree, bindings)));
    }
    Responses[name] = rows;
    if (left.length > 0) UnprocessedKeys[name] = { ...request, Keys: left };
  }
  return { Responses, UnprocessedKeys };
}

export function query(table: Table, request: QueryCommandInput, options: ReadOptions): Page {
  if (request.KeyConditionExpression === undefined) throw notSimulated('a query without a KeyConditionExpression');
  const index = request.IndexName === undefined ? undefined : table.index(request.IndexName);
  if (index && request.ConsistentRead) throw invalid('Consistent reads are not supported on global secondary indexes');
  const wanted = keyCondition(request.KeyConditionExpression);
  const test = request.FilterExpression === undefined ? undefined : filter(request.FilterExpression);
  const parsed = projectionOf(request.ProjectionExpression);
  const bindings = bind(request, [wanted, test, parsed]);
  const { pk, sk } = index?.spec ?? table.spec;
  const range = keyRange(wanted.tree, pk, sk, bindings);
  const entries = !index
    ? (table.partitions.get(range.partition) ?? new SortedEntries())
    : options.staleIndexReads(table.spec.name, index.spec.name)
      ? index.stale(range.partition)
      : index.current(range.partition);
  const forward = request.ScanIndexForward !== false;
  let from = entries.firstNot(({ sortKey }) => range.before(sortKey));
  let to = entries.firstNot(({ sortKey }) => !range.after(sortKey));
  if (request.ExclusiveStartKey) {
    const last = startEntry(table, request.ExclusiveStartKey, index?.spec);
    if (forward)
      from = Math.max(
        from,
        entries.firstNot((entry) => compareEntries(entry, last) <= 0),
      );
    else
      to = Math.min(
        to,
        entries.firstNot((entry) => compareEntries(entry, last) < 0),
      );
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
    keys: (item) => ({ ...keysOf(table.spec, item), ...(index && keysOf(index.spec, item)) }),
  });
}

/** Partitions come in an order of their own, the same for ever, which is not that of their keys or their making. */
export function scan(table: Table, request: ScanCommandInput, options: ReadOptions): Page {
  const test = request.FilterExpression === undefined ? undefined : filter(request.FilterExpression);
  const parsed = projectionOf(request.ProjectionExpression);
  const bindings = bind(request, [test, parsed]);
  const partitions = [...table.partitions.keys()].map((pk) => ({ pk, hash: hashOf(pk) })).sort(comparePartitions);
  let rows = partitions.flatMap(({ pk }) => (table.partitions.get(pk) as SortedEntries).list);
  if (request.ExclusiveStartKey) {
    const start = placeAt(table.spec, copyIn(request.ExclusiveStartKey));
    const at = { pk: start.pk, hash: hashOf(start.pk) };
    rows = partitions.flatMap((one) => {
      const order = comparePartitions(one, at);
      const { list } = table.partitions.get(one.pk) as SortedEntries;
      return order < 0 ? [] : order > 0 ? list : list.filter(({ sortKey }) => compareText(sortKey, start.sk) > 0);
    });
  }
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

const comparePartitions = (a: Partition, b: Partition): number => a.hash - b.hash || compareText(a.pk, b.pk);

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

function mostOf(limit: number | undefined, { pageSize }: ReadOptions): number {
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1)) {
    throw invalid(
      `Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
  }
  return Math.min(limit ?? pageSize, pageSize);
}

/** Where the page before ended. The row itself may be gone by now. */
function startEntry(table: Table, given: Row, index: { pk: string; sk?: string } | undefined): Entry {
  const key = copyIn(given);
  const expected = new Set([table.spec, ...(index ? [index] : [])].flatMap(({ pk, sk }) => (sk ? [pk, sk] : [pk])));
  const names = Object.keys(key);
  if (names.length !== expected.size || names.some((name) => !expected.has(name))) {
    throw invalid('The provided starting key is invalid');
  }
  const sortKey = index
    ? index.sk === undefined
      ? ''
      : key[index.sk]
    : table.spec.sk === undefined
      ? ''
      : key[table.spec.sk];
  const id = rowId(key[table.spec.pk] as string, table.spec.sk && (key[table.spec.sk] as string));
  return { sortKey: sortKey as string, id };
}

const projectionOf = (text: string | undefined) => (text === undefined ? undefined : projection(text));

function projected(item: Item, paths: readonly Path[] | undefined, bindings: Bindings): Item {
  if (!paths) return item;
  return Object.fromEntries(
    paths.flatMap((path) => {
      if (path.length > 1) throw notSimulated('a projection of a nested value');
      const value = at(item, path, bindings);
      return value === undefined ? [] : [[nameOf(path[0] as string, bindings), value]];
    }),
  );
}
