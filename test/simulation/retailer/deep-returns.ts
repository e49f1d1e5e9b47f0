import { formatMoney } from '#core/kernel/money.ts';
import type { InspectedUnits } from '../../../bin/local/partners/return-messages.ts';
import type { Random } from '../kernel/random.ts';
import type { SimWebhook } from '../partners/webhook.ts';
import type { ReturnStory, StoryPorts, Units } from './return-story.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** So late that it is another month, for every return of a run. */
const MONTH = 12 * 24 * HOUR;

type Of = { readonly returnId: string; readonly orderId: string };

/** Every way that a return can go: each is one that warehouses, carriers and platforms tell of. */
export class DeepReturns implements ReturnStory {
  readonly #ports: StoryPorts;

  constructor(ports: StoryPorts) {
    this.#ports = ports;
  }

  begin(returnId: string, orderId: string, units: readonly Units[], own: Random): void {
    const { simulation, later, tell, platform } = this.#ports;
    const { loop, dice } = simulation;
    if (units.length === 0) return;
    this.#choose(returnId, orderId, units, own);
    if (own.chance(0.05)) {
      later(own.wait(4 * HOUR), () => tell(platform.cancelled(returnId, loop.now)));
      if (own.chance(0.5)) return;
    }
    if (own.chance(0.12)) {
      later(own.wait(2 * HOUR), () => tell(platform.keepItem(returnId, loop.now)));
      // The buyer sends it all the same.
      if (own.chance(0.8)) return;
    }
    if (own.chance(0.75)) later(own.wait(HOUR), () => tell(platform.inTransit(returnId, loop.now)));
    if (dice.strikes('carrier.parcel-lost')) {
      later(2 * HOUR + own.wait(HOUR), () => tell(platform.carrier('lost', returnId, loop.now)));
      if (own.chance(0.7)) return;
    }
    if (dice.strikes('buyer.sends-nothing')) return;
    // Receipts are waited for one day: some parcels come after it.
    const wait = dice.strikes('carrier.parcel-late') ? 24 * HOUR + own.wait(3 * HOUR) : HOUR + own.wait(4 * HOUR);
    if (own.chance(0.4)) later(wait - 30 * MINUTE, () => tell(platform.carrier('delivered', returnId, loop.now)));
    if (dice.strikes('warehouse.receives-in-parts')) this.#inParts({ returnId, orderId }, units, wait, own);
    else
      later(wait, () =>
        this.#arrives({ returnId, orderId }, dice.strikes('buyer.sends-more') ? oneMore(units) : units, own),
      );
  }

  /** One unit of each line at first; the rest later, or never. */
  #inParts(of: Of, units: readonly Units[], wait: number, own: Random): void {
    const { later } = this.#ports;
    const first = units.map(({ lineId, quantity }) => ({ lineId, quantity: Math.ceil(quantity / 2) }));
    const rest = units
      .map(({ lineId, quantity }) => ({ lineId, quantity: Math.floor(quantity / 2) }))
      .filter(({ quantity }) => quantity > 0);
    later(wait, () => this.#arrives(of, first, own));
    if (rest.length > 0 && own.chance(0.6))
      later(wait + 2 * HOUR + own.wait(6 * HOUR), () => this.#arrives(of, rest, own));
  }

  #arrives({ returnId, orderId }: Of, units: readonly Units[], own: Random): void {
    const { simulation, later, tell, platform, fitForSale, perhapsRush } = this.#ports;
    const { loop } = simulation;
    tell(platform.received(returnId, loop.now, units));
    const found = units.map((line): InspectedUnits => ({ ...line, ...this.#findings(own) }));
    for (const { lineId, quantity, condition, disposition, rejected } of found) {
      if (disposition === 'restock' && !rejected && (condition === 'new' || condition === 'opened'))
        fitForSale(orderId, { lineId, quantity });
    }
    const secondLooks = own.fork('second-looks');
    later(own.wait(HOUR), () => {
      const report = platform.nextReport;
      tell(platform.inspected(returnId, loop.now, found));
      perhapsRush(returnId, units, own);
      this.#looksAgain({ returnId, report }, found, secondLooks);
    });
  }

  /** In the month after, what is not for sale turns out to be its maker's fault, or not; and then it does not, or does. */
  #looksAgain(of: { returnId: string; report: string }, found: readonly InspectedUnits[], own: Random): void {
    const { simulation, later, tell, platform } = this.#ports;
    const { loop } = simulation;
    const otherwise = (): InspectedUnits[] =>
      found.map((line) =>
        line.disposition === 'restock' ? line : { ...line, disposition: own.pick(['return-to-vendor', 'quarantine']) },
      );
    if (own.chance(0.4)) later(MONTH, () => tell(platform.inspected(of.returnId, loop.now, otherwise(), of.report)));
    if (own.chance(0.3)) {
      later(MONTH + own.wait(HOUR), () => {
        const report = platform.nextReport;
        tell(platform.inspected(of.returnId, loop.now, otherwise()));
        if (own.chance(0.6)) later(HOUR, () => tell(platform.inspected(of.returnId, loop.now, otherwise(), report)));
      });
    }
  }

  #findings(own: Random): Omit<InspectedUnits, 'lineId' | 'quantity'> {
    const { dice } = this.#ports.simulation;
    if (dice.strikes('buyer.sends-something-else')) return { condition: 'wrong-item', disposition: 'quarantine' };
    if (dice.strikes('buyer.sends-an-empty-box')) return { condition: 'empty', disposition: 'dispose' };
    if (dice.strikes('warehouse.restocks-damaged')) return { condition: 'damaged', disposition: 'restock' };
    if (own.chance(0.06)) return { condition: 'opened', disposition: 'quarantine', rejected: true };
    const disposition = own.weighted({
      restock: 10,
      quarantine: 2,
      refurbish: 2,
      'return-to-vendor': 2,
      dispose: 1,
    });
    return { condition: disposition === 'restock' ? own.pick(['new', 'opened']) : 'damaged', disposition };
  }

  /** Some buyers want other goods, or credit, in place of their money. */
  #choose(returnId: string, orderId: string, units: readonly Units[], own: Random): void {
    const { simulation, later, tell, platform, shop } = this.#ports;
    const { loop } = simulation;
    const order = shop.order(orderId);
    const [unit] = units;
    const line = order?.lines.find(({ id }) => id === unit?.lineId);
    if (!order || !line?.sku) return;
    const { currency } = order;
    const net = formatMoney({ minor: own.int(500, 3_000), currency });
    const wish = own.weighted({ money: 8, goods: 1, credit: 1 });
    if (wish === 'goods') {
      const lines = [{ lineId: 'X1', sku: line.sku, quantity: 1, net }];
      later(own.wait(HOUR), () => tell(platform.exchangeRequested(returnId, loop.now, currency, lines)));
    } else if (wish === 'credit') {
      later(own.wait(HOUR), () => tell(platform.storeCreditRequested(returnId, loop.now)));
    }
  }
}

/** Some ask for an exchange at once, and leave open what for. */
export const wishOf = (own: Random): { readonly resolution?: 'exchange' } =>
  own.chance(0.12) ? { resolution: 'exchange' } : {};

/** A refund whose payment is pending, in the shop's word on it. */
export function pendingRefund({ headers, body }: SimWebhook): { orderId: string; refundId: string } | undefined {
  if (headers['x-shopify-topic'] !== 'refunds/create' || !body.includes('"status":"pending"')) return undefined;
  const { id, order_id: orderId } = JSON.parse(body) as { id: number; order_id: number };
  return { orderId: String(orderId), refundId: String(id) };
}

const oneMore = (units: readonly Units[]): Units[] =>
  units.map((line, index) => (index === 0 ? { ...line, quantity: line.quantity + 1 } : line));
