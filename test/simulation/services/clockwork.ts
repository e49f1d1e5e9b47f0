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
 * The rule that goes off every minute: late, twice, or not at all. Minutes in which nothing has changed and nothing falls due
 * are left out, for a tick then finds nothing; so days of waiting cost nothing.
 */
export class Clockwork {
  readonly #ports: Ports;
  #planned = false;
  #touched = true;
  #due: number | undefined;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Something was written, here or at a partner: the next minute has something to look at. */
  touched(): void {
    this.#touched = true;
  }

  /** Plans the next tick if it comes before the next event (undefined: there is none). Called before each event. */
  before(next: number | undefined): void {
    if (this.#planned) return;
    const at = this.#touched ? this.#ports.loop.now : this.#due;
    if (at === undefined) return;
    const tick = Math.ceil((Math.max(at, this.#ports.loop.now) + 1) / MINUTE) * MINUTE;
    if (!this.#touched && next !== undefined && tick > next) return;
    this.#planned = true;
    this.#ports.loop.at(tick, () => this.#tick());
  }

  #tick(): void {
    const { dice, random, lambda, loop } = this.#ports;
    this.#planned = false;
    this.#touched = false;
    for (const functionId of EVERY_MINUTE) {
      if (dice.strikes('tick.missed')) {
        this.#touched = true;
        continue;
      }
      const times = dice.strikes('tick.twice') ? 2 : 1;
      for (let time = 0; time < times; time++) {
        const late = dice.strikes('tick.late') ? random.int(1_000, 50_000) : random.int(0, 500);
        loop.after(late, () => void lambda.invoke(functionId, {}).then(() => this.#lookAhead()));
      }
    }
  }

  #lookAhead(): void {
    this.#due = this.#ports.nextDue();
  }
}
