import { assignSuppliers } from '#application/claims/assign-suppliers.ts';
import { closeClaim } from '#application/claims/close-claim.ts';
import { clock } from '#platform/handlers/on-aws.ts';
import { claimPorts } from '../../../functions/handlers/wiring/claims.ts';
import type { Random } from '../kernel/random.ts';
import { operatorEnvironment } from '../services/account.ts';
import type { Simulation } from '../simulation.ts';
import { COMPANY } from './company.ts';

const SUPPLIERS = ['acme', 'bolt'] as const;
const SKUS = COMPANY.products.filter(({ type }) => type === 'goods').map(({ sku }) => sku);

type Named = Parameters<typeof assignSuppliers>[1];

/** People who buy the goods: they say who supplies what at what cost, change their minds, and close claims of months that are over. */
export class Purchasing {
  readonly #simulation: Simulation;
  readonly #random: Random;
  #cutOff: Named | undefined;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#random = simulation.random.fork('purchasing');
  }

  /** What was cut off is done again first: the command line said that it failed. */
  async doRounds(): Promise<void> {
    if (this.#cutOff) await this.#nameSuppliers(this.#cutOff);
    if (this.#random.chance(0.5)) await this.#nameSuppliers(this.#decide());
    if (this.#random.chance(0.3)) await this.#close(this.#random.pick(SUPPLIERS));
  }

  /** Of every second article; a cost is not always known. */
  #decide(): Named {
    return SKUS.filter(() => this.#random.chance(0.5)).map((sku) => ({
      ...{ sku, supplier: this.#random.pick(SUPPLIERS) },
      ...(this.#random.chance(0.7) && { unitCost: { minor: this.#random.int(100, 900), currency: 'USD' } }),
    }));
  }

  async #nameSuppliers(named: Named): Promise<void> {
    const done = await this.#at(`names suppliers of ${named.map(({ sku }) => sku).join(', ')}`, async () => {
      const cause = { now: clock.now(), correlationId: 'purchasing', causationId: 'operator/simulated' };
      await assignSuppliers(claimPorts(), named, true, cause);
    });
    this.#cutOff = done ? undefined : named;
  }

  #close(supplier: string): Promise<boolean> {
    const period = this.#random.pick(['2026-11', '2026-12']);
    return this.#at(`closes the claim against ${supplier} of ${period}`, async () => {
      const cause = { now: clock.now(), correlationId: 'purchasing', causationId: 'operator/simulated' };
      await closeClaim(claimPorts(), { supplier, period }, { by: 'operator-5', apply: true }, cause);
    });
  }

  async #at(what: string, work: () => Promise<void>): Promise<boolean> {
    const { lambda, trace, stage } = this.#simulation;
    const ran = { spec: { timeoutSeconds: 60 }, environment: operatorEnvironment(stage) };
    const ended = await lambda.run('operator', ran, work);
    trace.say(`purchasing ${what}: ${ended.kind === 'threw' ? ended.error.message : ended.kind}`);
    return ended.kind === 'returned';
  }
}
