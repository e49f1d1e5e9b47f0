import type { Model } from './model.ts';

/** A record. Moments are epoch milliseconds; all else is as it travels. */
export type Row = { readonly id: number; readonly create_date: number; readonly write_date: number | null };

/** What a table needs of its database: the time, and a place to note how a change is taken back. */
export type Host = { readonly now: number; undoable(undo: () => void): void };

type Values = Readonly<Record<string, unknown>>;
type Loose = Record<string, unknown> & { id: number; write_date: number | null };

/** Records of one model with their indexes. Each change notes its own undoing with the host. */
export class Table<T extends Row = Row> {
  readonly model: Model;
  readonly #host: Host;
  readonly #rows = new Map<number, T>();
  readonly #indexes: ReadonlyMap<string, Map<unknown, Set<number>>>;
  /** (moment, id) of changes in order of time; an entry counts while its record has that moment. */
  #changes: { readonly at: number; readonly id: number }[] = [];
  #nextId: number;

  constructor(model: Model, host: Host, firstId: number) {
    this.model = model;
    this.#host = host;
    this.#nextId = firstId;
    this.#indexes = new Map(model.indexed.map((field) => [field, new Map()]));
  }

  get size(): number {
    return this.#rows.size;
  }

  get(id: number): T | undefined {
    return this.#rows.get(id);
  }

  /** The record, which must be there: ids that the ERP itself keeps never lead nowhere. */
  at(id: number | null): T {
    const row = id === null ? undefined : this.#rows.get(id);
    if (row) return row;
    throw new Error(`${this.model.name} has no record ${id}`);
  }

  all(): Iterable<T> {
    return this.#rows.values();
  }

  indexes(field: string): boolean {
    return this.#indexes.has(field);
  }

  /** How many records have this value in an indexed field. */
  count(field: string, value: unknown): number {
    return this.#bucket(field, value)?.size ?? 0;
  }

  /** Records with this value in an indexed field, by id. */
  by(field: string, value: unknown): T[] {
    const found: T[] = [];
    let sorted = true;
    for (const id of this.#bucket(field, value) ?? []) {
      sorted &&= (found.at(-1)?.id ?? 0) < id;
      found.push(this.at(id));
    }
    return sorted ? found : found.sort((a, b) => a.id - b.id);
  }

  /** Records in the order of their last change, from a moment on. */
  *changedSince(moment: number): Iterable<T> {
    let low = 0;
    for (let high = this.#changes.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle]?.at ?? 0) < moment) low = middle + 1;
      else high = middle;
    }
    const told = new Set<number>();
    for (let place = low; place < this.#changes.length; place++) {
      const { at, id } = this.#changes[place] as { at: number; id: number };
      const row = this.#rows.get(id);
      if (row?.write_date !== at || told.has(id)) continue;
      told.add(id);
      yield row;
    }
  }

  insert(values: Values): T {
    const id = this.#nextId++;
    const row = { ...this.model.defaults, ...values, id, create_date: this.#host.now, write_date: null } as Loose;
    this.#put(row);
    this.#host.undoable(() => this.#drop(row));
    return row as unknown as T;
  }

  update(row: T, changes: Values): void {
    const loose = row as unknown as Loose;
    const before: Record<string, unknown> = { write_date: loose.write_date };
    for (const field in changes) before[field] = loose[field];
    this.#assign(loose, changes);
    this.#touch(loose);
    this.#host.undoable(() => this.#assign(loose, before));
  }

  remove(row: T): void {
    const loose = row as unknown as Loose;
    this.#drop(loose);
    this.#host.undoable(() => this.#put(loose));
  }

  #bucket(field: string, value: unknown): Set<number> | undefined {
    const index = this.#indexes.get(field);
    if (!index) throw new Error(`${this.model.name}.${field} has no index`);
    return index.get(value ?? null);
  }

  #put(row: Loose): void {
    this.#rows.set(row.id, row as unknown as T);
    for (const [field, index] of this.#indexes) enter(index, row[field] ?? null, row.id);
  }

  #drop(row: Loose): void {
    this.#rows.delete(row.id);
    for (const [field, index] of this.#indexes) leave(index, row[field] ?? null, row.id);
  }

  #assign(row: Loose, changes: Values): void {
    for (const field in changes) {
      const index = this.#indexes.get(field);
      if (index && row[field] !== changes[field]) {
        leave(index, row[field] ?? null, row.id);
        enter(index, changes[field] ?? null, row.id);
      }
      row[field] = changes[field];
    }
  }

  #touch(row: Loose): void {
    const at = this.#host.now;
    if (row.write_date === at) return;
    row.write_date = at;
    if (!this.model.byChange) return;
    let place = this.#changes.length;
    while (place > 0 && (this.#changes[place - 1]?.at ?? 0) > at) place--;
    if (place === this.#changes.length) this.#changes.push({ at, id: row.id });
    else this.#changes.splice(place, 0, { at, id: row.id });
    if (this.#changes.length > 1000 && this.#changes.length > 4 * this.#rows.size) {
      this.#changes = this.#changes.filter((change) => this.#rows.get(change.id)?.write_date === change.at);
    }
  }
}

function enter(index: Map<unknown, Set<number>>, value: unknown, id: number): void {
  const bucket = index.get(value);
  if (bucket) bucket.add(id);
  else index.set(value, new Set([id]));
}

function leave(index: Map<unknown, Set<number>>, value: unknown, id: number): void {
  const bucket = index.get(value);
  bucket?.delete(id);
  if (bucket?.size === 0) index.delete(value);
}
