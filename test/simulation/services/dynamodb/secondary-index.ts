import { keyNames } from './keys.ts';
import { type Entry, SortedEntries } from './sorted-entries.ts';
import type { IndexSpec, TableSpec } from './table-spec.ts';
import { equal, type Item, type Value } from './values.ts';

/** What a row was before its latest change, as far as an index is concerned, and when it changed. */
type Change = { readonly before: Item | undefined; readonly at: number };

export type IndexClock = {
  /** Whether earlier versions are to be kept. */
  readonly keeps: boolean;
  readonly now: () => number;
  /** How long an index may follow its table, in milliseconds. */
  readonly lag: number;
};

const NONE = new SortedEntries();

/**
 * A global secondary index. Sparse: a row is in it while it has all of its key attributes. It follows its table by a moment
 * (Developer Guide, "Using Global Secondary Indexes in DynamoDB", "Data synchronization"): so it keeps of each row that
 * changed a moment ago what it was before.
 */
export class SecondaryIndex {
  readonly spec: IndexSpec;
  readonly #keys: readonly string[];
  readonly #clock: IndexClock;
  readonly #partitions = new Map<string, SortedEntries>();
  /** By row, the latest change last. */
  readonly #recent = new Map<string, Change>();

  constructor(table: TableSpec, spec: IndexSpec, clock: IndexClock) {
    this.spec = spec;
    this.#keys = [...new Set([...keyNames(table), ...keyNames(spec)])];
    this.#clock = clock;
  }

  /** Follows a change of a row. */
  follow(id: string, before: Item | undefined, after: Item | undefined): void {
    const from = before && this.#entryOf(id, before);
    const to = after && this.#entryOf(id, after);
    if (!from && !to) return;
    const moved = from?.partition !== to?.partition || from?.sortKey !== to?.sortKey;
    if (moved) {
      if (from) this.#remove(from.partition, from);
      if (to) this.#partition(to.partition).add(to);
    }
    if (this.#clock.keeps && (moved || (this.spec.projection === 'all' && !equal(before, after)))) {
      this.#remember(id, before);
    }
  }

  /** A partition as it is now. */
  current(partition: string): SortedEntries {
    return this.#partitions.get(partition) ?? NONE;
  }

  /** A partition as it was before the latest change of each row, of those that changed within the lag. */
  stale(partition: string): SortedEntries {
    this.#forget();
    const entries: Entry[] = this.current(partition).list.filter(({ id }) => !this.#recent.has(id));
    for (const [id, { before }] of this.#recent) {
      const entry = before && this.#entryOf(id, before);
      if (entry?.partition === partition) entries.push({ sortKey: entry.sortKey, id, item: before as Item });
    }
    return new SortedEntries(entries);
  }

  /** What a row shows of itself in this index. */
  project(item: Item): Item {
    return this.spec.projection === 'all' ? item : this.keysOf(item);
  }

  /** Its key attributes in the table and in this index. */
  keysOf(item: Item): Item {
    const keys: Record<string, Value> = {};
    for (const name of this.#keys) keys[name] = item[name] as Value;
    return keys;
  }

  #entryOf(id: string, item: Item): (Entry & { readonly partition: string }) | undefined {
    const partition = item[this.spec.pk];
    const sortKey = this.spec.sk === undefined ? '' : item[this.spec.sk];
    if (partition === undefined || sortKey === undefined) return undefined;
    return { partition: partition as string, sortKey: sortKey as string, id };
  }

  #partition(key: string): SortedEntries {
    const known = this.#partitions.get(key);
    if (known) return known;
    const made = new SortedEntries();
    this.#partitions.set(key, made);
    return made;
  }

  #remove(key: string, entry: Entry): void {
    const partition = this.#partitions.get(key);
    partition?.delete(entry);
    if (partition?.list.length === 0) this.#partitions.delete(key);
  }

  #remember(id: string, before: Item | undefined): void {
    this.#forget();
    this.#recent.delete(id);
    this.#recent.set(id, { before, at: this.#clock.now() });
  }

  #forget(): void {
    const past = this.#clock.now() - this.#clock.lag;
    for (const [id, { at }] of this.#recent) {
      if (at >= past) return;
      this.#recent.delete(id);
    }
  }
}
