import { invalid } from './errors.ts';
import type { IndexSpec, TableSpec } from './table-spec.ts';
import type { Item } from './values.ts';

/** Where a row lies: its keys, and both as one text. */
export type Place = { readonly id: string; readonly pk: string; readonly sk: string };

export type KeySchema = { readonly pk: string; readonly sk?: string };

/** Names a row within its table. */
export const rowId = (pk: string, sk = ''): string => (sk === '' ? pk : `${pk}\n${sk}`);

/** The place that an item of a table belongs to. */
export function placeOf(spec: TableSpec, item: Item): Place {
  const pk = keyText(item, spec.pk, 2048);
  const sk = spec.sk === undefined ? '' : keyText(item, spec.sk, 1024);
  return { id: rowId(pk, sk), pk, sk };
}

/** The place that a request's `Key` names: all key attributes, and nothing else. */
export function placeAt(spec: TableSpec, key: Item): Place {
  const names = Object.keys(key);
  const wanted = spec.sk === undefined ? 1 : 2;
  if (names.length !== wanted || !(spec.pk in key)) {
    throw invalid(`The provided key element does not match the schema of ${spec.name}: ${names.join(', ')}`);
  }
  return placeOf(spec, key);
}

export const keyNames = ({ pk, sk }: KeySchema): string[] => (sk === undefined ? [pk] : [pk, sk]);

/** Its key attributes alone. */
export function keysOf({ pk, sk }: KeySchema, item: Item): Item {
  return sk === undefined ? { [pk]: item[pk] as string } : { [pk]: item[pk] as string, [sk]: item[sk] as string };
}

/** Developer Guide, "Quotas and limits": keys are never empty, and a partition's takes up to 2,048 bytes, a sort key 1,024. */
function keyText(item: Item, name: string, most: number): string {
  const value = item[name];
  if (value === undefined)
    throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`);
  if (typeof value !== 'string') {
    throw invalid(
      `One or more parameter values were invalid: Type mismatch for key ${name} expected: S actual: ${typeof value}`,
    );
  }
  if (value === '') {
    throw invalid(
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string ' +
        `value. Key: ${name}`,
    );
  }
  if (value.length * 3 > most && Buffer.byteLength(value) > most) {
    throw invalid(
      `One or more parameter values were invalid: Size of key ${name} has exceeded the size limit of ${most} bytes`,
    );
  }
  return value;
}

/** What an item's attributes must be for an index to take it: texts that are not empty, where they are there at all. */
export function refuseIndexKeys(index: IndexSpec, item: Item): void {
  for (const name of [index.pk, index.sk]) {
    const value = name === undefined ? undefined : item[name];
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw invalid(
        `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: S (not empty) Actual: ` +
          `${typeof value} IndexName: ${index.name}`,
      );
    }
  }
}
