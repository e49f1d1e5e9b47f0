import type { ShopPayout } from '../../../bin/local/partners/shopify/payouts.ts';
import {
  depositOf,
  netOf,
  type Payout,
  payoutExport,
  payoutFile,
  ShopBalance,
  type Transaction,
} from '../partners/shopify/payouts.ts';
import type { SimShop } from '../partners/shopify/sim-shop.ts';
import { TABLES } from '../services/account.ts';
import { rowId } from '../services/dynamodb/keys.ts';
import type { Simulation } from '../simulation.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A word of the newer API's that no rule knows. */
const STRANGE = 'merchant_goodwill_credit';
const FETCHED = /^settlements\/shopify\/main\/shopify-payouts\/collected-(\d+)\.json$/;

/** A payout as the shop knows it: what it says of it now, and whether the books can take that. */
export type KnownPayout = {
  readonly payout: Payout;
  /** Every content that was laid down whole, in that order; `readable` when a rule knows all of its words. */
  readonly told: readonly { readonly payout: Payout; readonly readable: boolean }[];
};

type Ports = {
  readonly simulation: Simulation;
  readonly shop: SimShop;
  readonly currency: string;
  /** Crossdock fetches them; else somebody lays their files down. */
  readonly fetched: boolean;
  readonly later: (wait: number, act: () => void) => void;
};

/**
 * The shop's payouts, and somebody who fetches their files and lays them into the drop: once, twice, cut off, off by a cent, of no
 * day, with a word that nobody knows, and again days later when the shop has changed what it says.
 */
export class Settlements {
  readonly #ports: Ports;
  readonly #balance = new ShopBalance();
  readonly #known = new Map<string, KnownPayout>();
  /** Everything that the shop has shown of a payout, for those that are fetched. */
  readonly #shown = new Map<string, Payout[]>();
  readonly #notImported = new Set<string>();
  #laidDown = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
    const { simulation } = ports;
    simulation.awaitsPayouts = () => this.#awaitsPayouts();
    simulation.onDropped = (key, text) => this.#fetched(key, text);
  }

  get payouts(): readonly KnownPayout[] {
    return [...this.#known.values()];
  }

  /** Whether the shop has forgotten a refund: nobody can know before it has had its time to settle it. */
  get owesRefunds(): boolean {
    return this.#balance.forgotten > 0;
  }

  /** A payout every day or so, each collected again two days later and after a week. */
  begin(days: number): void {
    const { later, simulation } = this.#ports;
    for (let day = 0; day < days; day++) {
      later(day * DAY + simulation.random.fork(`payout/${day}`).int(12, 20) * HOUR, () => this.pay(false));
    }
  }

  /** Pays out what the balance holds; all of it when `last`. */
  pay(last: boolean): void {
    const { simulation, shop, currency, later } = this.#ports;
    const { loop, random, dice } = simulation;
    const own = random.fork(`payouts/${loop.now}`);
    const holds = (): boolean => !last && dice.strikes('channel.settles-later');
    const forgets = (): boolean => !last && dice.strikes('channel.forgets-refund');
    const found = this.#balance.collect(shop.orders(), shop.refunds(), loop.now, holds, forgets);
    const transactions = [...found, ...(last ? [] : this.#others(own))];
    if (transactions.length === 0) return;
    const date = new Date(loop.now).toISOString().slice(0, 10);
    const payoutId = String(623_000_000 + this.#known.size + 1);
    const payout: Payout = { payoutId, currency, date, transactions };
    this.#known.set(payoutId, { payout, told: [] });
    if (this.#ports.fetched) {
      this.#issue(payout, own, last);
      return;
    }
    this.#deliver(payout, own, last);
    if (last) return;
    for (const days of [2, 7]) later(days * DAY + own.wait(HOUR), () => this.#again(payoutId, own));
  }

  /** What belongs to no order of ours. */
  #others(own: Simulation['random']): Transaction[] {
    const { simulation, fetched } = this.#ports;
    const { loop, dice } = simulation;
    const at = `${new Date(loop.now).toISOString().slice(0, 19)}Z`;
    const line = (given: Omit<Transaction, 'id' | 'at'>, on = at) => this.#balance.transaction({ ...given, at: on });
    return [
      ...(own.chance(0.3) ? [line({ type: 'adjustment', amount: -own.int(1, 900), fee: 0 })] : []),
      ...(own.chance(0.3)
        ? [
            line({
              type: fetched ? 'reserved_funds' : 'reserve',
              amount: own.pick([-1, 1]) * own.int(100, 5_000),
              fee: 0,
            }),
          ]
        : []),
      // A month that is long over in New York, and not yet in Honolulu.
      ...(own.chance(0.4)
        ? [line({ type: fetched ? 'adjustment' : 'credit', amount: own.int(1, 900), fee: 0 }, '2026-10-31T23:30:00Z')]
        : []),
      ...(dice.strikes('channel.settles-unknown-order')
        ? [line({ type: 'charge', amount: own.int(500, 9_000), fee: 40, orderId: `99${own.int(1, 9)}` })]
        : []),
    ];
  }

  /** Shown by the shop, paid out some hours later, and changed since or not when it is to be collected again. */
  #issue(payout: Payout, own: Simulation['random'], last: boolean): void {
    const { simulation, later } = this.#ports;
    const { payoutId, transactions } = payout;
    const odd = !last && simulation.dice.strikes('channel.word-unknown');
    const [first, ...rest] = transactions;
    const shown = odd && first ? { ...payout, transactions: [{ ...first, type: STRANGE }, ...rest] } : payout;
    this.#notImported.add(payoutId);
    this.#show(shown, 'SCHEDULED');
    // Days of banks: others that were issued later may be paid out before.
    const paid = last ? 1 : own.int(0, 60);
    later(paid * HOUR, () => this.#show(shown, own.pick(['PAID', 'PAID', 'PAID', 'FAILED', 'CANCELED'])));
    if (odd) later((paid + 30) * HOUR, () => this.#show(payout, 'PAID'));
    if (last) return;
    for (const hours of [36, 90]) later((paid + hours) * HOUR, () => this.#show(this.#changed(payoutId, own), 'PAID'));
    // It is collected again after a week.
    later(7 * DAY + 8 * HOUR, () => undefined);
  }

  #show(payout: Payout, status: ShopPayout['status']): void {
    const { simulation, shop } = this.#ports;
    const { payoutId, currency, date, transactions } = payout;
    simulation.trace.say(`the shop shows payout ${payoutId} as ${status}`);
    const before = this.#shown.get(payoutId) ?? [];
    if (before.at(-1) !== payout) this.#shown.set(payoutId, [...before, payout]);
    shop.issuePayout({ payoutId, currency, issuedAt: `${date}T05:00:00Z`, status, transactions });
  }

  /** What Crossdock has fetched is something that the shop has shown, to the letter. */
  #fetched(key: string, text: string): void {
    const payoutId = FETCHED.exec(key)?.[1];
    if (payoutId === undefined) return;
    const shown = this.#shown.get(payoutId) ?? [];
    const told = (one: Payout) => payoutFile({ ...one, date: `${one.date}T05:00:00.000Z` }, depositOf(one));
    const payout = shown.find((one) => told(one) === text);
    if (!payout) throw new Error(`${key} was laid down, and the shop has never shown such a payout: ${text}`);
    this.#heard(
      payout,
      payout.transactions.every(({ type }) => type !== STRANGE),
    );
  }

  #awaitsPayouts(): boolean {
    const state = this.#ports.simulation.dynamo.tables.get(TABLES.state);
    for (const payoutId of this.#notImported) {
      if (!state?.has(rowId(`SETTLEMENT#shopify#main#${payoutId}`, 'STATE'))) return true;
      this.#notImported.delete(payoutId);
    }
    return false;
  }

  /** The file as the shop gives it out now: as before, or changed since. */
  #again(payoutId: string, own: Simulation['random']): void {
    this.#deliver(this.#changed(payoutId, own), own, false);
  }

  #changed(payoutId: string, own: Simulation['random']): Payout {
    const { dice, trace } = this.#ports.simulation;
    const payout = this.#shown.get(payoutId)?.at(-1) ?? this.#known.get(payoutId)?.payout;
    if (!payout) throw new Error(`the shop has no payout ${payoutId}`);
    if (!dice.strikes('channel.changes-lines')) return payout;
    const at = own.int(0, payout.transactions.length - 1);
    // Another fee: the shop has booked more of it by itself, or more has been paid out.
    const more = own.pick([-7, 13, 250]);
    const paysOut = own.chance(0.5);
    trace.say(`the shop changes payout ${payoutId}`);
    return {
      ...payout,
      transactions: payout.transactions.map((one, index) =>
        index === at ? { ...one, fee: one.fee + more, amount: one.amount + (paysOut ? 0 : more) } : one,
      ),
    };
  }

  #deliver(payout: Payout, own: Simulation['random'], last: boolean): void {
    const { later, simulation } = this.#ports;
    const { dice } = simulation;
    const deposit = depositOf(payout);
    const { payoutId, transactions } = payout;
    if (!last && dice.strikes('channel.file-cut-off'))
      this.#lay(payoutId, payoutFile(payout, deposit).slice(0, -own.int(2, 200)));
    if (!last && dice.strikes('channel.file-lacks-lines') && transactions.length > 1)
      this.#lay(payoutId, payoutFile({ ...payout, transactions: transactions.slice(1).filter(isSomething) }, deposit));
    if (!last && dice.strikes('channel.total-off-by-a-cent'))
      this.#lay(payoutId, payoutFile(payout, deposit + own.pick([-1, 1])));
    if (!last && dice.strikes('channel.date-is-none'))
      this.#lay(payoutId, payoutFile({ ...payout, date: own.pick(['n/a', '11/02/2026', '']) }, deposit));
    if (!last && dice.strikes('channel.word-unknown')) {
      const [first, ...rest] = transactions;
      if (first) this.#tell({ ...payout, transactions: [{ ...first, type: 'goodwill_gesture' }, ...rest] }, false);
    }
    // Whoever was given a file that is wrong fetches it again.
    later(own.wait(20 * MINUTE), () => {
      this.#tell(payout, true);
      if (own.chance(0.3)) later(own.wait(10 * MINUTE), () => this.#tell(payout, true));
    });
  }

  /** Lays down a whole file: what the shop says of the payout from now on. */
  #tell(payout: Payout, readable: boolean): void {
    this.#heard(payout, readable);
    const deposit = depositOf(payout);
    // Whoever fetches it takes the answers of the API, or the export of the admin's pages.
    const exported = this.#ports.simulation.random.fork(`form/${this.#laidDown}`).chance(0.25);
    if (exported) this.#lay(payout.payoutId, payoutExport(payout, deposit, this.#numberOf), 'csv');
    else this.#lay(payout.payoutId, payoutFile(payout, deposit));
  }

  /** Orders that the shop does not have are called something too. */
  readonly #numberOf = (orderId: string): string => this.#ports.shop.order(orderId)?.number ?? `#${orderId}`;

  #heard(payout: Payout, readable: boolean): void {
    const known = this.#known.get(payout.payoutId);
    this.#known.set(payout.payoutId, { payout, told: [...(known?.told ?? []), { payout, readable }] });
  }

  #lay(payoutId: string, text: string, form: 'json' | 'csv' = 'json'): void {
    const { simulation } = this.#ports;
    const name = `payout-${payoutId}-${String(++this.#laidDown).padStart(4, '0')}.${form}`;
    simulation.trace.say(`somebody lays down ${name}`);
    simulation.drop(`settlements/shopify/main/shopify-payouts/${name}`, Buffer.from(text));
  }
}

const isSomething = (one: Transaction): boolean => netOf(one) !== 0;
