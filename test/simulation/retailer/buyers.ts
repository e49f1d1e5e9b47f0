import type { Random } from '../kernel/random.ts';
import type { SimShop } from '../partners/shopify/sim-shop.ts';
import type { Simulation } from '../simulation.ts';
import type { Agenda } from './agenda.ts';
import { drawPurchase } from './purchase.ts';
import type { ReturnRequests } from './return-requests.ts';
import type { ShopStaff } from './shop-staff.ts';
import type { Workload } from './workloads.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Ports = {
  readonly simulation: Simulation;
  readonly workload: Workload;
  readonly agenda: Agenda;
  readonly shop: SimShop;
  readonly staff: ShopStaff;
  readonly returns: ReturnRequests;
  readonly currency: string;
};

/**
 * The buyers, each with a plan of his own drawn from the seed, so that leaving one out changes nothing for the others: what he
 * orders, and what becomes of it at the shop.
 */
export class Buyers {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Lays out the day of these buyers, by number; of all when left out. */
  begin(only?: readonly number[]): void {
    const { simulation, workload, agenda } = this.#ports;
    for (let buyer = 0; buyer < workload.buyers; buyer++) {
      if (only && !only.includes(buyer)) continue;
      const own = simulation.random.fork(`buyer/${buyer}`);
      agenda.later(own.int(0, Math.round(workload.hours * HOUR)), () => this.#buy(own));
    }
  }

  #buy(own: Random): void {
    const { simulation, workload, shop, currency } = this.#ports;
    const { loop, trace } = simulation;
    const purchase = drawPurchase(own, workload, currency);
    if (own.chance(workload.cancelledBeforeCreate)) {
      trace.say(`a buyer orders ${shop.placeCancelled(purchase, loop.now).id} and cancels at once`);
      return;
    }
    const { id } = shop.placeOrder(purchase, loop.now);
    trace.say(`a buyer orders ${id}`);
    this.#plan(id, own);
  }

  /** What becomes of an order; each of these may happen to it, in whatever order they come. */
  #plan(orderId: string, own: Random): void {
    const { simulation, workload, agenda, shop, staff, returns } = this.#ports;
    const { loop } = simulation;
    const { cancelled, amended, fulfilledInShop, refundedInShop, returned } = workload;
    const perhaps = (share: number, wait: number, act: () => void) => own.chance(share) && agenda.later(wait, act);
    perhaps(cancelled, own.wait(40 * MINUTE), () => void shop.cancelOrder(orderId, loop.now));
    perhaps(amended, own.wait(30 * MINUTE), () => staff.amend(orderId, own));
    perhaps(fulfilledInShop, own.wait(30 * MINUTE), () => void shop.fulfilInShop(orderId, loop.now));
    perhaps(refundedInShop, own.wait(6 * HOUR), () => staff.refund(orderId, own));
    perhaps(0.05, own.wait(2 * HOUR), () => shop.touchOrder(orderId, loop.now));
    perhaps(returned, 2 * HOUR + own.wait(5 * HOUR), () => returns.ask(orderId, own));
    // Somebody sends one thing back, and then another.
    perhaps(returned * 0.4, 3 * HOUR + own.wait(6 * HOUR), () => returns.ask(orderId, own));
  }
}
