import type { Ground, Held } from './ground.ts';
import { checkSettled } from './liveness.ts';
import { checkBooks, checkChange, type Violation } from './safety.ts';

/** Which invariants of the design each kind of check speaks for. */
const OF_A_CHANGE = ['I5', 'I6', 'I7', 'I11', 'I15', 'I16', 'I17', 'I21'];
const OF_THE_BOOKS = ['I3', 'I7', 'I8', 'I9', 'I10'];
const WHEN_SETTLED = ['I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I11', 'I16', 'I17', 'I20', 'I22'];

/** Keeps watch over a run: what changed is checked after every event, the partners' books now and then, all of it at the end. */
export class Watch {
  readonly checks: Record<string, number> = {};
  readonly #ground: Ground;
  readonly #before = new Map<string, Held<unknown>>();
  readonly #changed: Held<unknown>[] = [];
  readonly #found: Violation[] = [];

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  get violations(): readonly Violation[] {
    return this.#found;
  }

  /** An aggregate's row was written. */
  changed(row: Held<unknown>): void {
    this.#changed.push(row);
  }

  afterEvent(): void {
    for (const after of this.#changed) {
      this.#count(OF_A_CHANGE);
      this.#add(checkChange(this.#ground, after.key, this.#before.get(after.key), after));
      this.#before.set(after.key, after);
    }
    this.#changed.length = 0;
  }

  lookIntoBooks(): void {
    this.#count(OF_THE_BOOKS);
    this.#add(checkBooks(this.#ground));
  }

  settled(): void {
    this.#count(WHEN_SETTLED);
    this.#add(checkSettled(this.#ground));
  }

  add(invariant: string, subject: string, message: string): void {
    this.#add([{ invariant, subject, message }]);
  }

  count(...invariants: string[]): void {
    this.#count(invariants);
  }

  #add(found: readonly Violation[]): void {
    for (const one of found) {
      const known = this.#found.some(
        ({ invariant, subject, message }) =>
          invariant === one.invariant && subject === one.subject && message === one.message,
      );
      if (!known) this.#found.push(one);
    }
  }

  #count(invariants: readonly string[]): void {
    for (const one of invariants) this.checks[one] = (this.checks[one] ?? 0) + 1;
  }
}
