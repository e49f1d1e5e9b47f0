import type { Bindings } from './expressions/bindings.ts';
import { type Condition, holds } from './expressions/conditions.ts';
import { ByteCount, MOST_PAGE_BYTES } from './sizes.ts';
import type { Entry } from './sorted-entries.ts';
import { copyOut, type Item } from './values.ts';

/** One page of a query or a scan. */
export type Page = {
  readonly Items: Record<string, unknown>[];
  readonly Count: number;
  readonly ScannedCount: number;
  readonly LastEvaluatedKey?: Record<string, unknown>;
};

type Search = {
  /** The most rows that are looked at. */
  readonly most: number;
  /** How many rows there are to look at, and which they are. */
  readonly count: number;
  readonly entry: (place: number) => Entry;
  readonly item: (entry: Entry) => Item;
  readonly test: Condition | undefined;
  readonly bindings: Bindings;
  readonly project: (item: Item) => Item;
  readonly keys: (item: Item) => Item;
};

/**
 * Rows up to the limit or a megabyte, whichever comes first; the filter only says which of them are shown (Developer Guide,
 * "Paginating table query results in DynamoDB"). A page that ends at a limit says so even when nothing comes after it.
 */
export function pageOf({ most, count, entry, item, test, bindings, project, keys }: Search): Page {
  const Items: Record<string, unknown>[] = [];
  const bytes = new ByteCount(MOST_PAGE_BYTES);
  let looked = 0;
  let last: Item | undefined;
  while (looked < count && looked < most && !bytes.full) {
    last = item(entry(looked++));
    bytes.add(last);
    if (!test || holds(test, last, bindings)) Items.push(copyOut(project(last)));
  }
  const more = last && (looked < count || looked >= most);
  return {
    Items,
    Count: Items.length,
    ScannedCount: looked,
    ...(more && { LastEvaluatedKey: copyOut(keys(last as Item)) }),
  };
}
