import type { Loop } from '../kernel/loop.ts';

/** Everything that people are still going to do: a run is not at rest while something stands on it. */
export class Agenda {
  readonly #loop: Loop;
  #open = 0;

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  /** Things that are planned or under way. */
  get open(): number {
    return this.#open;
  }

  /** Plans something, so many milliseconds from now; it may plan more. */
  later(wait: number, act: () => void): void {
    const done = this.begun();
    this.#loop.after(wait, () => {
      done();
      act();
    });
  }

  /** Something that somebody waits for, until what this answers is called. */
  begun(): () => void {
    this.#open++;
    return () => {
      this.#open--;
    };
  }
}
