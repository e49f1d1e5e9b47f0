type Due = { readonly at: string; readonly ms: number; readonly id: string };

/** The earliest of many due times that change all the time: kept in a heap, and what has changed since is skipped. */
export class DueTimes {
  readonly #heap: Due[] = [];
  readonly #now = new Map<string, string>();

  /** A row has a due time (ISO 8601), or none any more. */
  set(id: string, at: string | undefined): void {
    if (this.#now.get(id) === at) return;
    if (at === undefined) {
      this.#now.delete(id);
      return;
    }
    this.#now.set(id, at);
    this.#push({ at, ms: Date.parse(at), id });
  }

  /** Epoch milliseconds. */
  get earliest(): number | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (this.#now.get(top.id) === top.at) return top.ms;
      this.#pop();
    }
    return undefined;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if ((heap[parent] as Due).at <= due.at) break;
      heap[index] = heap[parent] as Due;
      index = parent;
    }
    heap[index] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as Due).at < (heap[child] as Due).at) child++;
      if ((heap[child] as Due).at >= last.at) break;
      heap[index] = heap[child] as Due;
      index = child;
    }
    heap[index] = last;
  }
}
