/**
 * The discrete-event loop: virtual time, one event after another, ties in the order of their making. After each event all
 * promises it settled are followed to their end before the next begins, so the order of everything depends on the events
 * alone.
 */

/** An event that is to come; `cancel` makes it nothing. */
export type Handle = { cancelled: boolean };

type Event = { readonly at: number; readonly order: number; readonly run: () => void; readonly handle: Handle };

// Captured before anything can replace them by virtual time.
const realImmediate = setImmediate;
const realTick = process.nextTick;

/** Events between two looks of the process at its own affairs, such as its parent's end. */
const BREATH = 2_000;

export type Running = {
  readonly until?: number;
  readonly beforeEach?: (next: number | undefined) => void;
  readonly afterEach?: () => void;
};

export class Loop {
  /** Epoch milliseconds, virtual. */
  now: number;
  /** Events run so far. */
  steps = 0;
  readonly #heap: Event[] = [];
  #order = 0;
  #breathes = false;

  constructor(start: number) {
    this.now = start;
  }

  /** Runs something at an instant; one that has passed is now. */
  at(time: number, run: () => void): Handle {
    const handle: Handle = { cancelled: false };
    this.#push({ at: Math.max(time, this.now), order: this.#order++, run, handle });
    return handle;
  }

  after(milliseconds: number, run: () => void): Handle {
    return this.at(this.now + milliseconds, run);
  }

  /** When the next event is due; undefined when there is none. */
  get next(): number | undefined {
    while (this.#heap[0]?.handle.cancelled) this.#pop();
    return this.#heap[0]?.at;
  }

  get idle(): boolean {
    return this.next === undefined;
  }

  /**
   * Runs events until there is none left, or until `until` (epoch ms, included). `beforeEach` hears when the next one is due
   * and may add others before it; `afterEach` is called when all that an event set going has come to rest.
   */
  async run({ until = Number.POSITIVE_INFINITY, beforeEach, afterEach }: Running = {}): Promise<void> {
    for (;;) {
      beforeEach?.(this.next);
      const next = this.next;
      if (next === undefined || next > until) return;
      const { at, run } = this.#pop() as Event;
      this.now = at;
      this.steps++;
      run();
      await rest();
      if (this.#breathes || this.steps % BREATH === 0) await new Promise(realImmediate);
      this.#breathes = false;
      afterEach?.();
    }
  }

  /** What this event sets going goes on over more than one tick, as Node's own streams do: it comes to rest all the same. */
  breathe(): void {
    this.#breathes = true;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(event, heap[parent] as Event)) break;
      heap[index] = heap[parent] as Event;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child++;
      if (!before(heap[child] as Event, last)) break;
      heap[index] = heap[child] as Event;
      index = child;
    }
    heap[index] = last;
    return top;
  }
}

const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/**
 * When every promise that can go on has gone on: Node begins a tick only when no microtask is left. A turn of the whole event
 * loop would say the same at many times the cost, for nothing here waits for the outside.
 */
const rest = (): Promise<void> => new Promise(realTick);
