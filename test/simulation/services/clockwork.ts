import { FUNCTIONS } from '../../../functions/topology.ts';
import type { Dice } from '../kernel/faults.ts';
import type { Loop } from '../kernel/loop.ts';
import type { Random } from '../kernel/random.ts';
import type { SimLambda } from './lambda.ts';

const MINUTE = 60_000;
const EVERY_MINUTE = FUNCTIONS.filter(({ trigger }) => trigger.on === 'minute').map(({ id }) => id);

type Ports = {
  readonly loop: Loop;
  readonly dice: Dice;
  readonly random: Random;
  readonly lambda: SimLambda;
  /** When the next row falls due, if any does (epoch ms). */
  readonly nextDue: () => number | undefined;
};

/**
 * The rule that goes off every minute: late, twice, or not at all. Minutes in which nothing happens and nothing falls due are
 * left out, for a tick then finds nothing; so days of waiting cost nothing.
 */
export class Clockwork {
  readonly #ports: Ports;
  #stopped = false;
  /** Set while the next tick is the only thing that is planned. */
  #planned = false;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  start(): void {
    this.#plan();
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Has something to look at, at its next minute: called after whatever happens. */
  nudge(): void {
    if (!this.#stopped && !this.#planned) this.#plan();
  }

  #plan(): void {
    const { loop, nextDue } = this.#ports;
    const next = Math.min(nextDue() ?? Number.POSITIVE_INFINITY, loop.next ?? Number.POSITIVE_INFINITY);
    if (next === Number.POSITIVE_INFINITY) return;
    const from = Math.max(loop.now + 1, next);
    this.#planned = true;
    loop.at(Math.ceil(from / MINUTE) * MINUTE, () => this.#tick());
  }

  #tick(): void {
    const { dice, random, lambda, loop } = this.#ports;
    this.#planned = false;
    if (this.#stopped) return;
    for (const functionId of EVERY_MINUTE) {
      if (dice.strikes('tick.missed')) continue;
      const times = dice.strikes('tick.twice') ? 2 : 1;
      for (let time = 0; time < times; time++) {
        const late = dice.strikes('tick.late') ? random.int(1_000, 50_000) : random.int(0, 500);
        loop.after(late, () => void lambda.invoke(functionId, {}));
      }
    }
    this.#plan();
  }
}
