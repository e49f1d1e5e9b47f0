import type { BatchGetCommandInput, BatchGetCommandOutput, GetCommandInput } from '@aws-sdk/lib-dynamodb';
import { invalid, notSimulated } from './errors.ts';
import { at, type Bindings, bind, nameOf } from './expressions/bindings.ts';
import { projection } from './expressions/parsed.ts';
import type { Path } from './expressions/tokens.ts';
import { placeAt } from './keys.ts';
import { known } from './requests.ts';
import { ByteCount, MOST_BATCH_BYTES } from './sizes.ts';
import type { Table } from './table.ts';
import { copyIn, copyOut, type Item } from './values.ts';

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

export const projectionOf = (text: string | undefined) => (text === undefined ? undefined : projection(text));

export function projected(item: Item, paths: readonly Path[] | undefined, bindings: Bindings): Item {
  if (!paths) return item;
  return Object.fromEntries(
    paths.flatMap((path) => {
      if (path.length > 1) throw notSimulated('a projection of a nested value');
      const value = at(item, path, bindings);
      return value === undefined ? [] : [[nameOf(path[0] as string, bindings), value]];
    }),
  );
}
