import type { Dice } from '../kernel/faults.ts';
import type { Loop } from '../kernel/loop.ts';
import type { Random } from '../kernel/random.ts';
import type { OutsideAnswer, OutsideRequest, SimGateway } from '../services/gateway.ts';

/** Something that a partner tells us; made anew for each try, for a signature may hold the time of the try. */
export type Outgoing = {
  /** What a redelivery repeats. */
  readonly id: string;
  readonly what: string;
  readonly request: (now: number) => OutsideRequest;
};

type Ports = {
  readonly loop: Loop;
  readonly dice: Dice;
  readonly random: Random;
  readonly gateway: SimGateway;
  readonly trace: (line: string) => void;
};

type Habits = {
  /** The faults by which this sender is late, sends twice, or out of order. */
  readonly twice: 'shop.webhook-twice' | 'platform.event-twice';
  readonly late: 'shop.webhook-late' | 'platform.event-late';
  readonly disordered?: 'shop.webhook-disordered';
  /** Milliseconds before each further try. */
  readonly retries: readonly number[];
};

const MINUTE = 60_000;

/** Eight tries over four hours (shopify.dev/changelog/updates-to-webhook-retry-mechanism). */
export const SHOPIFY_HABITS: Habits = {
  twice: 'shop.webhook-twice',
  late: 'shop.webhook-late',
  disordered: 'shop.webhook-disordered',
  retries: [1, 3, 8, 15, 30, 60, 60, 60].map((minutes) => minutes * MINUTE),
};

/** The schedule that Standard Webhooks suggests, without its longest waits (standard-webhooks/spec, "Deliverability"). */
export const PLATFORM_HABITS: Habits = {
  twice: 'platform.event-twice',
  late: 'platform.event-late',
  retries: [5 / 60, 5, 30, 120, 300, 600, 600].map((minutes) => minutes * MINUTE),
};

/** Tries once. */
export const FORGER_HABITS: Habits = { twice: 'shop.webhook-twice', late: 'shop.webhook-late', retries: [] };

/** Sends what partners tell us as partners do: late, twice, in any order, and again until it is taken. */
export class Sender {
  readonly #ports: Ports;
  readonly #habits: Habits;
  /** Ids of messages that were answered with 2xx. */
  readonly acknowledged = new Set<string>();
  /** Messages that nobody will send any more, and were never taken. */
  readonly givenUp: string[] = [];
  #open = 0;

  constructor(ports: Ports, habits: Habits) {
    this.#ports = ports;
    this.#habits = habits;
  }

  /** Messages that are still to be delivered. */
  get open(): number {
    return this.#open;
  }

  send(message: Outgoing): void {
    const { dice, random } = this.#ports;
    const copies = dice.strikes(this.#habits.twice) ? random.int(2, 5) : 1;
    for (let copy = 0; copy < copies; copy++) {
      let wait = random.int(200, 3_000);
      if (dice.strikes(this.#habits.late)) wait += random.int(10 * MINUTE, 12 * 60 * MINUTE);
      else if (this.#habits.disordered && dice.strikes(this.#habits.disordered)) wait += random.int(5_000, 10 * MINUTE);
      this.#try(message, 0, wait);
    }
  }

  #try(message: Outgoing, tries: number, wait: number): void {
    const { loop, gateway, trace } = this.#ports;
    this.#open++;
    loop.after(wait, async () => {
      const { status }: OutsideAnswer = await gateway.request(message.request(loop.now));
      this.#open--;
      trace(`→ ${message.what} ${message.id}: ${status}`);
      if (status >= 200 && status < 300) {
        this.acknowledged.add(message.id);
        return;
      }
      const next = this.#habits.retries[tries];
      if (next === undefined) this.givenUp.push(message.id);
      else this.#try(message, tries + 1, next);
    });
  }
}
