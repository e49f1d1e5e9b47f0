import { invalid } from './errors.ts';
import { freeze } from './frozen.ts';
import { type Place, refuseIndexKeys } from './keys.ts';
import { type IndexClock, SecondaryIndex } from './secondary-index.ts';
import { MOST_ITEM_BYTES, sizeOf } from './sizes.ts';
import { type Entry, SortedEntries } from './sorted-entries.ts';
import type { TableSpec } from './table-spec.ts';
import type { Item } from './values.ts';

/** What one write makes of one row. */
export type Change = {
  readonly table: Table;
  readonly place: Place;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
};

/** The rows of one table, its partitions in order, and its indexes. */
export class Table {
  readonly spec: TableSpec;
  /** By row id. */
  readonly rows = new Map<string, Item>();
  readonly partitions = new Map<string, SortedEntries>();
  readonly indexes: ReadonlyMap<string, SecondaryIndex>;

  constructor(spec: TableSpec, clock: IndexClock) {
    this.spec = spec;
    this.indexes = new Map(spec.indexes?.map((index) => [index.name, new SecondaryIndex(spec, index, clock)]));
  }

  index(name: string): SecondaryIndex {
    const index = this.indexes.get(name);
    if (!index) throw invalid(`The table does not have the specified index: ${name}`);
    return index;
  }

  isKey(attribute: string): boolean {
    return attribute === this.spec.pk || attribute === this.spec.sk;
  }

  /** An item that may be stored, unchangeable from now on. */
  checked(item: Item): Item {
    if (freeze(item) > MOST_ITEM_BYTES && sizeOf(item) > MOST_ITEM_BYTES)
      throw invalid('Item size has exceeded the maximum allowed size');
    for (const { spec } of this.indexes.values()) refuseIndexKeys(spec, item);
    return item;
  }

  carryOut({ place, before, after }: Change): void {
    const { id, pk, sk } = place;
    if (after) this.rows.set(id, after);
    else this.rows.delete(id);
    if (after && !before) this.#insert(pk, { sortKey: sk, id });
    if (before && !after) this.#remove(pk, { sortKey: sk, id });
    for (const index of this.indexes.values()) index.follow(id, before, after);
  }

  #insert(pk: string, entry: Entry): void {
    const partition = this.partitions.get(pk);
    if (partition) partition.add(entry);
    else this.partitions.set(pk, new SortedEntries([entry]));
  }

  #remove(pk: string, entry: Entry): void {
    const partition = this.partitions.get(pk);
    partition?.delete(entry);
    if (partition?.list.length === 0) this.partitions.delete(pk);
  }
}
