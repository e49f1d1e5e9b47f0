import type { Random } from '../kernel/random.ts';
import type { SimReturnsPlatform } from '../partners/returns-platform.ts';
import type { SimShop } from '../partners/shopify/sim-shop.ts';
import type { SimWebhook } from '../partners/webhook.ts';
import type { Simulation } from '../simulation.ts';
import type { Workload } from './workloads.ts';

/** Units of a line of an order. */
export type Units = { readonly lineId: string; readonly quantity: number };

/** What becomes of returns once they are authorized. How late, how often and in what order it is reported is the sender's affair. */
export type ReturnStory = {
  /** `own`: the buyer's source of chance. */
  begin(returnId: string, orderId: string, units: readonly Units[], own: Random): void;
};

/** What a story of returns plays in. */
export type StoryPorts = {
  readonly simulation: Simulation;
  readonly workload: Workload;
  readonly platform: SimReturnsPlatform;
  readonly shop: SimShop;
  readonly later: (wait: number, act: () => void) => void;
  readonly tell: (webhook: SimWebhook) => void;
  /** Perhaps the shop's staff pays back by hand what a return is about to. */
  readonly perhapsRush: (returnId: string, units: readonly Units[], own: Random) => void;
  /** Units that stand on the platform's inspection as fit for sale. */
  readonly fitForSale: (orderId: string, units: Units) => void;
};
