import type { OpenReturn } from '#core/returns/state.ts';
import type { Held } from '../invariants/ground.ts';
import type { Random } from '../kernel/random.ts';
import { SimReturnsPlatform } from '../partners/returns-platform.ts';
import { SimShop } from '../partners/shopify/sim-shop.ts';
import { SimTryton } from '../partners/tryton/sim-tryton.ts';
import type { SimWebhook } from '../partners/webhook.ts';
import { ORIGINS } from '../services/account.ts';
import type { Simulation } from '../simulation.ts';
import { Agenda } from './agenda.ts';
import { Buyers } from './buyers.ts';
import { DeepReturns, pendingRefund } from './deep-returns.ts';
import { FitForSale } from './fit-for-sale.ts';
import type { Books } from './house-rules.ts';
import { PlainReturns } from './plain-returns.ts';
import { Post } from './post.ts';
import { ReturnRequests } from './return-requests.ts';
import type { ReturnStory } from './return-story.ts';
import { Settlements } from './settlements.ts';
import { ShopStaff } from './shop-staff.ts';
import { booksIn, companyIn, ERP, fetchesPayouts, SECRETS, SHOP, setSecrets } from './stage.ts';
import { issueCredits } from './store-credit.ts';
import { Warehouse } from './warehouse.ts';
import type { Workload } from './workloads.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Everything around Crossdock: the shop with its buyers and staff, the warehouse at the ERP, the returns platform and its
 * parcels. Each does what such people do, by a plan drawn from the seed.
 */
export class Town {
  readonly shop: SimShop;
  readonly erp: SimTryton;
  readonly platform: SimReturnsPlatform;
  readonly post: Post;
  readonly settlements: Settlements;
  readonly fitForSale: FitForSale;
  readonly warehouse: Warehouse;
  readonly #simulation: Simulation;
  readonly #workload: Workload;
  readonly #agenda: Agenda;
  readonly #buyers: Buyers;

  /** `rules`: the source of what the retailer has decided for itself, the one that its stage was drawn from. */
  constructor(simulation: Simulation, workload: Workload, rules: Random) {
    this.#simulation = simulation;
    this.#workload = workload;
    this.#agenda = new Agenda(simulation.loop);
    const books = booksIn(workload, rules);
    this.platform = new SimReturnsPlatform({ secret: SECRETS.platform });
    this.post = new Post(simulation, { platform: this.platform, keeps: workload.replayAfterHours !== undefined });
    this.shop = this.#openShop();
    this.erp = this.#openErp(books);
    this.fitForSale = new FitForSale(this.shop);
    this.settlements = this.#settlements(books, fetchesPayouts(rules));
    this.#buyers = this.#people(books);
    this.warehouse = new Warehouse({ ...this.#surroundings, erp: this.erp, isQuiet: () => this.quiet });
    setSecrets(simulation);
  }

  /** Units of each article on the shelves at first, where the workload says. */
  get unitsOnSale(): number | undefined {
    return this.#workload.unitsOnSale;
  }

  /** Nothing that anybody still means to do, or still tells us. */
  get quiet(): boolean {
    return this.#agenda.open === 0 && this.post.open === 0;
  }

  /** Lays out the day of these buyers (by number; all when left out) and of everybody else. */
  begin(buyers?: readonly number[]): void {
    const { hours, replayAfterHours, settlementDays } = this.#workload;
    this.#buyers.begin(buyers);
    this.warehouse.begin();
    if (replayAfterHours !== undefined) this.#agenda.later((hours + replayAfterHours) * HOUR, () => this.post.replay());
    if (settlementDays !== undefined) this.settlements.begin(settlementDays);
    this.#shopWorks(this.#simulation.loop.now);
  }

  /** The platform looks for store credit that is to be issued. */
  issueCredits(returns: readonly Held<OpenReturn>[]): void {
    const { platform } = this;
    issueCredits(returns, {
      simulation: this.#simulation,
      platform,
      tell: (webhook) => this.post.platformTells(webhook),
    });
  }

  /** What everybody in town works with. */
  get #surroundings() {
    const { shop, platform } = this;
    return { simulation: this.#simulation, workload: this.#workload, agenda: this.#agenda, shop, platform };
  }

  #openShop(): SimShop {
    const shop = new SimShop({
      ...SHOP,
      emit: (webhook) => this.#shopSays(webhook),
      accessToken: SECRETS.token,
      webhookSecret: SECRETS.shop,
    });
    this.#simulation.serve(ORIGINS.shop, 'shop', shop);
    return shop;
  }

  /** What the shop has to say of a refund whose payment is pending gets lost, and the payment fails before anybody asks. */
  #shopSays(webhook: SimWebhook): void {
    const pending = pendingRefund(webhook);
    if (!pending) {
      this.post.shopTells(webhook);
      return;
    }
    const { orderId, refundId } = pending;
    const fails = () => this.shop.settle(orderId, refundId, 'FAILURE', this.#simulation.loop.now);
    this.#agenda.later(20 * MINUTE, fails);
  }

  #openErp(books: Books): SimTryton {
    const erp = new SimTryton({
      url: ORIGINS.erp,
      database: ERP.database,
      user: ERP.user,
      password: SECRETS.erp,
      company: companyIn(this.#workload, books),
      // Every second retailer runs the ERP on SQLite, which takes no locks.
      ...(this.#simulation.random.fork('erp').chance(0.5) && { sinful: { raceMs: 2_000 } }),
    });
    this.#simulation.serve(ORIGINS.erp, 'erp', erp);
    return erp;
  }

  #settlements({ currency }: Books, fetched: boolean): Settlements {
    return new Settlements({
      simulation: this.#simulation,
      shop: this.shop,
      currency: currency.code,
      fetched,
      later: (wait, act) => this.#agenda.later(wait, act),
    });
  }

  /** Buyers, with the shop's staff and the platform's returns that they turn to. */
  #people(books: Books): Buyers {
    const currency = books.currency.code;
    const staff = new ShopStaff({ ...this.#surroundings, currency });
    const returns = new ReturnRequests({ ...this.#surroundings, story: this.#returnStory(staff) });
    return new Buyers({ ...this.#surroundings, staff, returns, currency });
  }

  #returnStory(staff: ShopStaff): ReturnStory {
    const ports = {
      ...this.#surroundings,
      later: (wait: number, act: () => void) => this.#agenda.later(wait, act),
      tell: (webhook: SimWebhook) => this.post.platformTells(webhook),
      perhapsRush: (...about: Parameters<ShopStaff['perhapsRush']>) => staff.perhapsRush(...about),
      fitForSale: (...about: Parameters<FitForSale['add']>) => this.fitForSale.add(...about),
    };
    return this.#workload.deepReturns ? new DeepReturns(ports) : new PlainReturns(ports);
  }

  /** Work that the shop does by itself later on (mutations that were slow). */
  #shopWorks(at: number): void {
    const { loop } = this.#simulation;
    loop.at(at, () => {
      this.shop.advance(loop.now);
      const next = this.shop.nextDueAt;
      if (next !== undefined) this.#shopWorks(next);
    });
  }
}
