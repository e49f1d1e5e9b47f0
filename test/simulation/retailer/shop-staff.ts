import { formatMoney } from '#core/kernel/money.ts';
import type { Random } from '../kernel/random.ts';
import type { SimReturnsPlatform } from '../partners/returns-platform.ts';
import type { SimShop } from '../partners/shopify/sim-shop.ts';
import type { Simulation } from '../simulation.ts';
import type { Agenda } from './agenda.ts';
import { CATALOGUE } from './purchase.ts';
import type { Units } from './return-story.ts';
import type { Workload } from './workloads.ts';

type Ports = {
  readonly simulation: Simulation;
  readonly workload: Workload;
  readonly agenda: Agenda;
  readonly shop: SimShop;
  readonly platform: SimReturnsPlatform;
  readonly currency: string;
};

/** People at the shop's own desk, who change orders and pay money back without asking Crossdock. */
export class ShopStaff {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Changes an order, and sometimes something that does not count, such as a tag, in the same moment. */
  amend(orderId: string, own: Random): void {
    const { simulation, shop } = this.#ports;
    if (simulation.dice.strikes('shop.changes-twice-at-once')) shop.touchOrder(orderId, simulation.loop.now);
    this.#change(orderId, own);
  }

  /** Takes a unit out of an order, or puts one in. */
  #change(orderId: string, own: Random): void {
    const { simulation, shop, currency } = this.#ports;
    const { loop } = simulation;
    const [line] = shop.order(orderId)?.lines ?? [];
    if (own.chance(0.5) && line) {
      shop.amendOrder(orderId, { remove: [{ lineId: line.id, quantity: 1 }] }, loop.now);
      return;
    }
    const { sku, title } = own.pick(CATALOGUE);
    const price = formatMoney({ minor: 999, currency });
    shop.amendOrder(orderId, { add: [{ sku, title, quantity: 1, price }] }, loop.now);
  }

  /** Pays back a unit of an order, or some amount. */
  refund(orderId: string, own: Random): void {
    const { simulation, shop } = this.#ports;
    const { loop } = simulation;
    const order = shop.order(orderId);
    const [line] = order?.lines ?? [];
    if (!order || !line) return;
    if (own.chance(0.5)) shop.refundInShop(orderId, { lines: [{ lineId: line.id, quantity: 1 }] }, loop.now);
    else shop.refundInShop(orderId, { amount: own.int(1, order.total) }, loop.now);
  }

  /** A buyer on the phone may get by hand, in a moment, what a return is about to pay. */
  perhapsRush(returnId: string, units: readonly Units[], own: Random): void {
    const { workload, agenda } = this.#ports;
    if (own.chance(workload.staffRushes)) agenda.later(own.int(4_000, 20_000), () => this.#rush(returnId, units));
  }

  #rush(returnId: string, lines: readonly Units[]): void {
    const { simulation, shop, platform } = this.#ports;
    const { loop, trace } = simulation;
    const orderId = platform.returns().find(({ request }) => request.returnId === returnId)?.request.orderId;
    if (orderId === undefined) return;
    trace.say(`the shop's staff pays back ${orderId} by hand`);
    shop.refundInShop(orderId, { lines }, loop.now);
  }
}
