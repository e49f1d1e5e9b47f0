import { compareText, type Item } from './values.ts';

/** A row as it stands in a partition of a table or of an index. */
export type Entry = {
  readonly sortKey: string;
  /** Of the table's row; orders entries of an index that have the same keys. */
  readonly id: string;
  /** The row as an index saw it earlier; without, it is as the table has it now. */
  readonly item?: Item;
};

/** One partition, in the order of its sort keys. */
export class SortedEntries {
  readonly list: Entry[];

  constructor(list: Entry[] = []) {
    this.list = list.sort(compareEntries);
  }

  add(entry: Entry): void {
    const { list } = this;
    const last = list.at(-1);
    if (!last || compareEntries(last, entry) < 0) list.push(entry);
    else list.splice(this.#place(entry), 0, entry);
  }

  delete(entry: Entry): void {
    const place = this.#place(entry);
    if (this.list[place]?.id === entry.id) this.list.splice(place, 1);
  }

  /** The place of the first entry of which that does not hold. It must hold of all entries up to some place, and of none after. */
  firstNot(holds: (entry: Entry) => boolean): number {
    let [low, high] = [0, this.list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.list[middle] as Entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #place(entry: Entry): number {
    return this.firstNot((other) => compareEntries(other, entry) < 0);
  }
}

export const compareEntries = (a: Entry, b: Entry): number =>
  compareText(a.sortKey, b.sortKey) || compareText(a.id, b.id);
