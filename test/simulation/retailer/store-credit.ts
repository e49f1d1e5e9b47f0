import { formatMoney } from '#core/kernel/money.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import type { Held } from '../invariants/ground.ts';
import type { SimReturnsPlatform } from '../partners/returns-platform.ts';
import type { SimWebhook } from '../partners/webhook.ts';
import type { Simulation } from '../simulation.ts';

type Ports = {
  readonly simulation: Simulation;
  readonly platform: SimReturnsPlatform;
  readonly tell: (webhook: SimWebhook) => void;
};

/** The platform issues the store credit that returns are settled by, a moment later, or a round later. */
export function issueCredits(returns: readonly Held<OpenReturn>[], { simulation, platform, tell }: Ports): void {
  const { loop, random } = simulation;
  for (const { state } of returns) {
    const { finance, refund, authorization, issued } = state;
    if (finance?.resolution !== 'store-credit' || refund?.status !== 'planned' || issued?.length) continue;
    const { currency, id } = authorization;
    const own = random.fork(`credit/${id.returnId}/${loop.now}`);
    if (!own.chance(0.8)) continue;
    const credit = (nth: number, minor: number): void => {
      const amount = formatMoney({ minor, currency });
      tell(platform.storeCreditIssued(id.returnId, loop.now, { creditId: `${id.returnId}-${nth}`, currency, amount }));
    };
    const first = own.chance(0.4) ? Math.ceil(finance.refund / 2) : finance.refund;
    credit(1, first);
    if (first < finance.refund) credit(2, finance.refund - first);
  }
}
