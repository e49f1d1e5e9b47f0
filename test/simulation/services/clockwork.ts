import { FUNCTIONS } from '../../../functions/topology.ts';
import type { Dice } from '../kernel/faults.ts';
import type { Loop } from '../kernel/loop.ts';
import type { Random } from '../kernel/random.ts';
import type { SimLambda } from './lambda.ts';

const MINUTE = 60_000;

type Ports = { readonly loop: Loop; readonly dice: Dice; readonly random: Random; readonly lambda: SimLambda };

/** What a function that runs every minute has to find. */
export type Interest = {
  /** When next (epoch ms); undefined while there is nothing. */
  next(): number | undefined;
  /** It has run to its end, having begun at this time. */
  done(began: number): void;
};

/**
 * The rule that goes off every minute: late, twice, or not at all. A minute in which none of its functions could find
 * anything is left out, for it would change nothing; so days of waiting cost nothing.
 */
export class Clockwork {
  readonly #ports: Ports;
  readonly #interests: readonly (readonly [functionId: string, interest: Interest])[];
  #planned = false;

  constructor(ports: Ports, interests: Readonly<Record<string, Interest>>) {
    this.#ports = ports;
    this.#interests = FUNCTIONS.filter(({ trigger }) => trigger.on === 'schedule').map(({ id }) => {
      const interest = interests[id];
      if (!interest) throw new Error(`say what ${id} finds every minute: the simulator leaves idle minutes out`);
      return [id, interest];
    });
  }

  /** Plans the next tick if it comes before the next event (undefined: there is none). Called before each event. */
  before(next: number | undefined): void {
    if (this.#planned) return;
    let earliest = Number.POSITIVE_INFINITY;
    for (const [, interest] of this.#interests)
      earliest = Math.min(earliest, interest.next() ?? Number.POSITIVE_INFINITY);
    if (earliest === Number.POSITIVE_INFINITY) return;
    const { loop } = this.#ports;
    const tick = Math.ceil(Math.max(earliest, loop.now + 1) / MINUTE) * MINUTE;
    if (next !== undefined && tick > next) return;
    this.#planned = true;
    loop.at(tick, () => this.#tick());
  }

  #tick(): void {
    const { dice, random, lambda, loop } = this.#ports;
    this.#planned = false;
    for (const [functionId, interest] of this.#interests) {
      if ((interest.next() ?? Number.POSITIVE_INFINITY) > loop.now || dice.strikes('tick.missed')) continue;
      const times = dice.strikes('tick.twice') ? 2 : 1;
      for (let time = 0; time < times; time++) {
        const late = dice.strikes('tick.late') ? random.int(1_000, 50_000) : random.int(0, 500);
        loop.after(late, async () => {
          const began = loop.now;
          const { kind } = await lambda.invoke(functionId, {});
          if (kind === 'returned') interest.done(began);
        });
      }
    }
  }
}
