import { webIdOfOrder } from '#connectors/erps/tryton/external-key.ts';
import { formatMoney } from '#core/kernel/money.ts';
import { orderKey } from '#core/orders/order.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import type { Stage } from '../../../lib/config/stage.ts';
import type { Held } from '../invariants/ground.ts';
import type { Random } from '../kernel/random.ts';
import { drawGoods, drawRequest } from '../partners/draw-return.ts';
import { SimReturnsPlatform } from '../partners/returns-platform.ts';
import { drawOrder } from '../partners/shopify/draw-order.ts';
import { SimShop } from '../partners/shopify/sim-shop.ts';
import { COMPANY } from '../partners/tryton/company.ts';
import { SimTryton } from '../partners/tryton/sim-tryton.ts';
import type { SimWebhook } from '../partners/webhook.ts';
import { ORIGINS, stageOf } from '../services/account.ts';
import type { Simulation } from '../simulation.ts';
import { DeepReturns, pendingRefund, wishOf } from './deep-returns.ts';
import { type Books, booksOf, houseRules } from './house-rules.ts';
import { FORGER_HABITS, PLATFORM_HABITS, Sender, SHOPIFY_HABITS } from './sender.ts';
import { Settlements } from './settlements.ts';
import type { Workload } from './workloads.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const SHOP = { shopDomain: 'simulated.myshopify.com', apiVersion: '2026-07' };
const ERP = {
  database: 'crossdock',
  user: 'crossdock',
  shop: COMPANY.shop,
  party: COMPANY.party,
  ...COMPANY.locations,
  taxes: COMPANY.taxes,
  products: { shipping: 'SHIPPING', collectedTax: 'TAX-COLLECTED' },
  settlements: COMPANY.settlements,
  supplierClaims: COMPANY.supplierClaims,
};
const SECRETS = {
  shop: 'the-app-client-secret',
  platform: `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`,
  erp: 'the-erp-password',
  token: 'shpat_simulated',
  fraud: 'a simulated key of thirty-two characters',
};

const CATALOGUE = COMPANY.products
  .filter(({ type }) => type === 'goods')
  .map(({ sku, name }, index) => ({ sku, title: name, price: 850 + 1_234 * index }));

/** The stage that a simulated retailer has deployed. */
export const townStage = ({ deepReturns, settlementDays }: Workload, random: Random): Stage =>
  stageOf({
    shop: { ...SHOP, endpoint: ORIGINS.shop },
    erp: { ...ERP, url: ORIGINS.erp },
    ...(settlementDays !== undefined && { settlements: booksOf(random).settlements }),
    ...(deepReturns && {
      returns: { settlement: houseRules(random), autoApproveUpTo: { USD: 12_000, JPY: 12_000, KWD: 36_000 } },
    }),
  });

/**
 * Everything around Crossdock: the shop and its buyers, the warehouse at the ERP, the returns platform and its parcels. Each
 * does what such people do, by a plan drawn from the seed; each buyer has a plan of his own, so that leaving one out changes
 * nothing for the others.
 */
export class Town {
  readonly shop: SimShop;
  readonly erp: SimTryton;
  readonly platform: SimReturnsPlatform;
  readonly fromShop: Sender;
  readonly fromPlatform: Sender;
  /** Somebody who does not know the secret. */
  readonly forged: Sender;
  readonly #simulation: Simulation;
  readonly #workload: Workload;
  readonly #replay: SimWebhook[] = [];
  readonly #forger: Simulation['random'];
  readonly #deep: DeepReturns;
  readonly #books: Books;
  readonly settlements: Settlements;
  /** Units that came back fit for sale, by article, as the inspections truly found them. */
  readonly fitForSale = new Map<string, number>();
  /** Things that people are still going to do. */
  #plans = 0;

  /** `rules`: the source of what the retailer has decided for itself, the one that its stage was drawn from. */
  constructor(simulation: Simulation, workload: Workload, rules: Random) {
    this.#simulation = simulation;
    this.#workload = workload;
    this.#books = workload.settlementDays === undefined ? DOLLARS : booksOf(rules);
    const { loop, dice, random, gateway, trace } = simulation;
    this.#forger = random.fork('forger');
    const ports = { loop, dice, gateway, trace: (line: string) => trace.say(line) };
    this.fromShop = new Sender({ ...ports, random: random.fork('from-shop') }, SHOPIFY_HABITS);
    this.fromPlatform = new Sender({ ...ports, random: random.fork('from-platform') }, PLATFORM_HABITS);
    this.forged = new Sender({ ...ports, random: random.fork('forger') }, FORGER_HABITS);
    this.shop = new SimShop({
      ...SHOP,
      emit: (webhook) => this.#fromShop(webhook),
      accessToken: SECRETS.token,
      webhookSecret: SECRETS.shop,
    });
    const { unitsOnSale } = workload;
    this.erp = new SimTryton({
      url: ORIGINS.erp,
      database: ERP.database,
      user: ERP.user,
      password: SECRETS.erp,
      company: companyOf(unitsOnSale, this.#books),
      // Every second retailer runs the ERP on SQLite, which takes no locks.
      ...(random.fork('erp').chance(0.5) && { sinful: { raceMs: 2_000 } }),
    });
    this.platform = new SimReturnsPlatform({ secret: SECRETS.platform });
    this.#deep = new DeepReturns({
      simulation,
      platform: this.platform,
      shop: this.shop,
      later: (wait, act) => this.#later(wait, act),
      tell: (webhook) => this.#fromPlatform(webhook),
      perhapsRush: (returnId, units, own) => this.#perhapsRush(returnId, units, own),
      fitForSale: (orderId, units) => this.#fit(orderId, units),
    });
    this.settlements = new Settlements({
      simulation,
      shop: this.shop,
      currency: this.#books.currency.code,
      later: (wait, act) => this.#later(wait, act),
    });
    simulation.serve(ORIGINS.shop, 'shop', this.shop);
    simulation.serve(ORIGINS.erp, 'erp', this.erp);
    simulation.setSecret('shopify', { webhookSecrets: [SECRETS.shop], accessToken: SECRETS.token });
    simulation.setSecret('generic', { webhookSecrets: [SECRETS.platform] });
    simulation.setSecret('tryton', { password: SECRETS.erp });
    simulation.setFraudKeys({ current: 'k1', k1: SECRETS.fraud });
  }

  /** Units of each article on the shelves at first, where the workload says. */
  get unitsOnSale(): number | undefined {
    return this.#workload.unitsOnSale;
  }

  /** Nothing that anybody still means to do, or still tells us. */
  get quiet(): boolean {
    return this.#plans === 0 && this.fromShop.open === 0 && this.fromPlatform.open === 0;
  }

  /** Lays out the day of these buyers (by number; all when left out) and of the warehouse. */
  begin(buyers?: readonly number[]): void {
    const { loop, random } = this.#simulation;
    const { buyers: count, hours, replayAfterHours } = this.#workload;
    for (let buyer = 0; buyer < count; buyer++) {
      if (buyers && !buyers.includes(buyer)) continue;
      const own = random.fork(`buyer/${buyer}`);
      this.#later(own.int(0, Math.round(hours * HOUR)), () => this.#buy(own));
    }
    this.#later(5 * MINUTE, () => this.#warehouse());
    if (replayAfterHours !== undefined) {
      this.#later((hours + replayAfterHours) * HOUR, () => {
        for (const webhook of this.#replay.slice()) this.#sendFromShop(webhook);
      });
    }
    if (this.#workload.settlementDays !== undefined) this.settlements.begin(this.#workload.settlementDays);
    this.#shopSettles(loop.now);
  }

  /** What people plan; `act` may plan more. */
  #later(wait: number, act: () => void): void {
    const { loop } = this.#simulation;
    this.#plans++;
    loop.after(wait, () => {
      this.#plans--;
      act();
    });
  }

  #fromShop(webhook: SimWebhook): void {
    if (this.#workload.replayAfterHours !== undefined) this.#replay.push(webhook);
    this.#sendFromShop(webhook);
  }

  #sendFromShop(webhook: SimWebhook): void {
    const { 'x-shopify-topic': topic = '', 'x-shopify-webhook-id': id = '' } = webhook.headers;
    const pending = pendingRefund(webhook);
    if (pending) {
      // Its word is lost, and the payment with it, before anybody asks.
      const { orderId, refundId } = pending;
      this.#later(20 * MINUTE, () => this.shop.settle(orderId, refundId, 'FAILURE', this.#simulation.loop.now));
      return;
    }
    this.fromShop.send({ id: `${topic}:${id}`, what: topic, request: () => webhook });
    if (!this.#forger.chance(0.05)) return;
    const body = webhook.body.replace(/\d(?=[^\d]*$)/, (digit) => String((Number(digit) + 1) % 10));
    this.forged.send({ id: `${topic}:${id}`, what: `forged ${topic}`, request: () => ({ ...webhook, body }) });
  }

  #fromPlatform(webhook: SimWebhook): void {
    const id = webhook.headers['webhook-id'] ?? '';
    this.fromPlatform.send({ id, what: 'return event', request: (now) => this.platform.again(webhook, now) });
  }

  /** Work that the shop does by itself later on (mutations that were slow). */
  #shopSettles(at: number): void {
    const { loop } = this.#simulation;
    loop.at(at, () => {
      this.shop.advance(loop.now);
      const next = this.shop.nextDueAt;
      if (next !== undefined) this.#shopSettles(next);
    });
  }

  #buy(own: Simulation['random']): void {
    const { loop, trace } = this.#simulation;
    const { cancelled, cancelledBeforeCreate, amended, refundedInShop, fulfilledInShop, returned, unitsOnSale } =
      this.#workload;
    const catalogue = unitsOnSale === undefined ? CATALOGUE : CATALOGUE.slice(0, 1);
    const { unknownArticle } = this.#workload;
    const wanted = own.chance(unknownArticle)
      ? [...catalogue, { sku: 'NOT-IN-ERP', title: 'Novelty', price: 1_990 }].slice(-1)
      : catalogue;
    const drawn = drawOrder(() => own.real(), { catalogue: wanted, currency: this.#books.currency.code });
    // A company buys for all its offices: a message that is too large for a queue.
    const spec = own.chance(0.003)
      ? {
          ...drawn,
          lines: Array.from({ length: 220 }, () => drawn.lines)
            .flat()
            .slice(0, 220),
        }
      : drawn;
    if (own.chance(cancelledBeforeCreate)) {
      trace.say(`a buyer orders ${this.shop.placeCancelled(spec, loop.now).id} and cancels at once`);
      return;
    }
    const { id } = this.shop.placeOrder(spec, loop.now);
    trace.say(`a buyer orders ${id}`);
    const perhaps = (share: number, wait: number, act: () => void) => own.chance(share) && this.#later(wait, act);
    perhaps(cancelled, own.wait(40 * MINUTE), () => void this.shop.cancelOrder(id, loop.now));
    perhaps(amended, own.wait(30 * MINUTE), () => this.#amend(id, own));
    perhaps(fulfilledInShop, own.wait(30 * MINUTE), () => void this.shop.fulfilInShop(id, loop.now));
    perhaps(refundedInShop, own.wait(6 * HOUR), () => this.#refundInShop(id, own));
    perhaps(0.05, own.wait(2 * HOUR), () => this.shop.touchOrder(id, loop.now));
    perhaps(returned, 2 * HOUR + own.wait(5 * HOUR), () => this.#sendBack(id, own, 0));
    // Somebody sends one thing back, and then another.
    perhaps(returned * 0.4, 3 * HOUR + own.wait(6 * HOUR), () => this.#sendBack(id, own, 0));
  }

  #amend(orderId: string, own: Simulation['random']): void {
    const { loop } = this.#simulation;
    const [line] = this.shop.order(orderId)?.lines ?? [];
    if (own.chance(0.5) && line) {
      this.shop.amendOrder(orderId, { remove: [{ lineId: line.id, quantity: 1 }] }, loop.now);
      return;
    }
    const { sku, title } = own.pick(CATALOGUE);
    this.shop.amendOrder(
      orderId,
      { add: [{ sku, title, quantity: 1, price: formatMoney({ minor: 999, currency: this.#books.currency.code }) }] },
      loop.now,
    );
  }

  #refundInShop(orderId: string, own: Simulation['random']): void {
    const { loop } = this.#simulation;
    const order = this.shop.order(orderId);
    const [line] = order?.lines ?? [];
    if (!order || !line) return;
    if (own.chance(0.5)) this.shop.refundInShop(orderId, { lines: [{ lineId: line.id, quantity: 1 }] }, loop.now);
    else this.shop.refundInShop(orderId, { amount: own.int(1, order.total) }, loop.now);
  }

  /** Every few minutes people in the warehouse send out what waits. */
  #warehouse(): void {
    const { loop, random, dice, trace } = this.#simulation;
    const own = random.fork(`warehouse/${loop.now}`);
    for (const webId of this.erp.ordersToShip()) {
      if (own.chance(0.3)) continue;
      const partial = dice.strikes('warehouse.ships-in-parts') ? this.#half(webId) : undefined;
      const numbers = this.erp.ship(webId, {
        now: loop.now,
        trackingNumber: `1Z${webId}`,
        ...(partial && { partial }),
      });
      this.#simulation.shipped();
      trace.say(`the warehouse ships ${numbers.join(', ') || 'nothing'} for ${webId}`);
    }
    if (!this.quiet || this.erp.ordersToShip().length > 0) this.#warehouseAgain();
  }

  #warehouseAgain(): void {
    if (this.#waitsForGoods()) return;
    this.#later(this.#simulation.random.int(10 * MINUTE, 40 * MINUTE), () => this.#warehouse());
  }

  /** Shelves are empty and nobody else has anything to do: nothing will come of waiting. */
  #waitsForGoods(): boolean {
    return this.#workload.unitsOnSale !== undefined && this.quiet;
  }

  #half(webId: string): Record<string, number> | undefined {
    const order = this.shop.orders().find((one) => webIdOfOrder(keyOf(one.orderId)) === webId);
    const [line] = order?.lines.filter(({ quantity }) => quantity > 1) ?? [];
    return line?.sku ? { [line.sku]: 1 } : undefined;
  }

  /** Asks the returns platform for a return, once the goods are there. */
  #sendBack(orderId: string, own: Simulation['random'], tries: number): void {
    const { loop } = this.#simulation;
    const sent = this.shop.fulfillments(orderId).flatMap(({ lines }) => lines);
    if (sent.length === 0) {
      if (tries < 4) this.#later(3 * HOUR, () => this.#sendBack(orderId, own, tries + 1));
      return;
    }
    const units = new Map<string, number>();
    for (const { lineId, quantity } of sent) units.set(lineId, (units.get(lineId) ?? 0) + quantity);
    const lines = drawRequest(
      () => own.real(),
      [...units].map(([lineId, quantity]) => ({ lineId, quantity })),
    );
    const wish = this.#workload.deepReturns ? wishOf(own) : {};
    const asked = { channel: 'shopify', account: 'main', orderId, lines, ...wish };
    const { returnId, request } = this.platform.ask(asked, loop.now);
    void this.#authorize(returnId, request, own, 0);
  }

  async #authorize(returnId: string, request: SimWebhook, own: Simulation['random'], tries: number): Promise<void> {
    const { gateway, loop, trace } = this.#simulation;
    this.#plans++;
    const { status, body } = await gateway.request(request);
    this.#plans--;
    trace.say(`→ authorization of ${returnId}: ${status}`);
    if (status >= 500 || status === 0) {
      if (tries < 8)
        this.#later(
          2 * MINUTE,
          () => void this.#authorize(returnId, this.platform.askAgain(returnId, loop.now), own, tries + 1),
        );
      return;
    }
    const { decision, lines = [] } = this.platform.answered(returnId, status, body).body as {
      decision?: string;
      lines?: { lineId: string; quantity: number; decision: string }[];
    };
    if (decision !== 'approved' && decision !== 'review') return;
    const authorized = lines
      .filter((line) => line.decision !== 'rejected')
      .map(({ lineId, quantity }) => ({ lineId, quantity }));
    const { request: asked } = this.platform.returns().find((one) => one.request.returnId === returnId) ?? {};
    if (this.#workload.deepReturns && asked) this.#deep.begin(returnId, asked.orderId, authorized, own);
    else if (asked) this.#parcel(returnId, asked.orderId, authorized, own);
  }

  /** The platform issues the store credit that returns are settled by, a moment later, or a round later. */
  issueCredits(returns: readonly Held<OpenReturn>[]): void {
    const { loop, random } = this.#simulation;
    for (const { state } of returns) {
      const { finance, refund, authorization, issued } = state;
      if (finance?.resolution !== 'store-credit' || refund?.status !== 'planned' || issued?.length) continue;
      const { currency, id } = authorization;
      const credit = (creditId: string, minor: number) =>
        this.#fromPlatform(
          this.platform.storeCreditIssued(id.returnId, loop.now, {
            creditId: `${id.returnId}-${creditId}`,
            currency,
            amount: formatMoney({ minor, currency }),
          }),
        );
      const own = random.fork(`credit/${id.returnId}/${loop.now}`);
      if (!own.chance(0.8)) continue;
      const first = own.chance(0.4) ? Math.ceil(finance.refund / 2) : finance.refund;
      credit('1', first);
      if (first < finance.refund) credit('2', finance.refund - first);
    }
  }

  #fit(orderId: string, { lineId, quantity }: { lineId: string; quantity: number }): void {
    const line = this.shop.order(orderId)?.lines.find(({ id }) => id === lineId);
    if (line?.sku) this.fitForSale.set(line.sku, (this.fitForSale.get(line.sku) ?? 0) + quantity);
  }

  #parcel(
    returnId: string,
    orderId: string,
    authorized: readonly { lineId: string; quantity: number }[],
    own: Simulation['random'],
  ): void {
    const { loop } = this.#simulation;
    if (authorized.length === 0 || own.chance(this.#workload.neverArrives)) return;
    if (own.chance(0.06)) {
      this.#later(own.wait(4 * HOUR), () => this.#fromPlatform(this.platform.cancelled(returnId, loop.now)));
      if (own.chance(0.7)) return;
    }
    const goods = drawGoods(() => own.real(), authorized);
    for (const { condition, disposition, ...units } of goods.inspected) {
      if (disposition === 'restock' && condition !== 'damaged') this.#fit(orderId, units);
    }
    if (own.chance(0.6))
      this.#later(own.wait(HOUR), () => this.#fromPlatform(this.platform.inTransit(returnId, loop.now)));
    this.#later(HOUR + own.wait(4 * HOUR), () => {
      this.#fromPlatform(this.platform.received(returnId, loop.now, goods.received));
      this.#later(own.wait(HOUR), () => {
        this.#fromPlatform(this.platform.inspected(returnId, loop.now, goods.inspected));
        this.#perhapsRush(returnId, authorized, own);
      });
    });
  }

  #perhapsRush(returnId: string, lines: readonly { lineId: string; quantity: number }[], own: Random): void {
    if (own.chance(this.#workload.staffRushes)) this.#later(own.int(4_000, 20_000), () => this.#rush(returnId, lines));
  }

  /** The shop's staff pays back by hand what the return is about to. */
  #rush(returnId: string, lines: readonly { lineId: string; quantity: number }[]): void {
    const { loop, trace } = this.#simulation;
    const orderId = this.platform.returns().find(({ request }) => request.returnId === returnId)?.request.orderId;
    if (orderId === undefined) return;
    trace.say(`the shop's staff pays back ${orderId} by hand`);
    this.shop.refundInShop(orderId, { lines }, loop.now);
  }
}

const keyOf = (orderId: string): string => orderKey({ channel: 'shopify', account: 'main', orderId });

const DOLLARS: Books = { currency: { code: 'USD', digits: 2 }, settlements: { timeZone: 'UTC' } };

function companyOf(units: number | undefined, { currency }: Books): typeof COMPANY {
  const products = COMPANY.products.map((one) =>
    one.type === 'goods' && units !== undefined ? { ...one, stock: units } : one,
  );
  return { ...COMPANY, currency, products };
}
