/** What happened, a line each with its virtual time; kept only when somebody wants to read it. */
export class Trace {
  readonly lines: string[] = [];
  readonly #now: () => number;
  readonly #on: boolean;

  constructor(now: () => number, on: boolean) {
    this.#now = now;
    this.#on = on;
  }

  say(line: string): void {
    if (this.#on) this.lines.push(`${new Date(this.#now()).toISOString()} ${line}`);
  }
}
