import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignSuppliers } from '#application/claims/assign-suppliers.ts';
import { closeClaim } from '#application/claims/close-claim.ts';
import { collectLines } from '#application/claims/collect-lines.ts';
import type { Store } from '#application/ports/store.ts';
import { changeReturn } from '#application/returns/change-return.ts';
import type { ClaimLine, ClaimState } from '#core/claims/claim.ts';
import { claimLinesOf } from '#core/claims/lines.ts';
import { type SkuState, skuKey } from '#core/claims/sku.ts';
import { lastDayOf, monthIn, nextMonth } from '#core/kernel/calendar.ts';
import { TransientError } from '#core/kernel/errors.ts';
import type { ReturnProgress } from '#core/returns/return.ts';
import { House } from '../returns/house.ts';
import { authorize, inspected, RETURN_KEY, received, report, unit } from '../returns/samples.ts';

const SKUS = ['TSHIRT-M', 'MUG-BLUE'];
const SUPPLIERS = ['acme', 'bolt'] as const;
const monthOf = monthIn('UTC');

const units = fc.record({
  lineId: fc.constantFrom('L1', 'L2'),
  quantity: fc.integer({ min: 1, max: 2 }),
  maker: fc.boolean(),
});
const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      inspect: fc.array(units, { minLength: 1, maxLength: 2 }),
      id: fc.constantFrom('INS1', 'INS2'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ cancel: true as const }) },
  { weight: 3, arbitrary: fc.record({ assign: fc.constantFrom(...SUPPLIERS), sku: fc.constantFrom(...SKUS) }) },
  { weight: 3, arbitrary: fc.record({ close: fc.constantFrom(...SUPPLIERS) }) },
  { weight: 1, arbitrary: fc.constant({ again: true as const }) },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;
const days = fc.array(
  fc.record({ after: fc.integer({ min: 0, max: 25 }), together: fc.array(action, { minLength: 1, maxLength: 3 }) }),
  { minLength: 1, maxLength: 6 },
);

/** One return, and whoever changes, collects, names suppliers and closes claims at the same time. */
class Days {
  readonly house = new House();
  readonly #scheduler: fc.Scheduler;
  readonly #store: Store;

  constructor(scheduler: fc.Scheduler) {
    this.#scheduler = scheduler;
    const { store } = this.house;
    this.#store = {
      load: scheduler.scheduleFunction((key: string) => store.load(key)) as Store['load'],
      commit: scheduler.scheduleFunction((commit) => store.commit(commit)),
      seen: store.seen.bind(store),
    };
  }

  async begin(): Promise<void> {
    await this.house.shippedOrder();
    await this.house.return(authorize, report(received()));
  }

  async pass(after: number, together: readonly Action[]): Promise<void> {
    this.house.clock.advance(after * 86_400);
    await this.#scheduler.waitFor(Promise.all(together.map((one) => this.#do(one))));
  }

  /** What the return gives to claim for what has a supplier. */
  async due(): Promise<ClaimLine[]> {
    const known = new Set<string>();
    for (const sku of SKUS) {
      if ((await this.house.store.load<SkuState>(skuKey(sku)))?.state.supplier !== undefined) known.add(sku);
    }
    return claimLinesOf(await this.house.theReturn()).filter(({ sku }) => known.has(sku));
  }

  /** Net units by supplier and line, over all claims. */
  async claimed(): Promise<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const key of this.house.store.keys.filter((one) => one.startsWith('CLAIM#'))) {
      const state = (await this.house.store.load<ClaimState>(key))?.state;
      if (!state || state.status === 'none') continue;
      for (const line of state.lines) {
        const name = `${state.supplier} ${line.key}`;
        sums[name] = (sums[name] ?? 0) + line.quantity;
      }
    }
    return Object.fromEntries(Object.entries(sums).filter(([, net]) => net !== 0));
  }

  async #do(one: Action): Promise<void> {
    if ('again' in one) return this.#collect();
    if ('assign' in one) {
      const assignment = { sku: one.sku, supplier: one.assign };
      await again(() => assignSuppliers({ store: this.#store, monthOf }, [assignment], true, this.house.cause));
      return;
    }
    if ('close' in one) return this.#close(one.close);
    const occurredAt = this.house.clock.now();
    if ('cancel' in one) return this.#told({ type: 'cancelled', occurredAt });
    const lines = one.inspect.map(({ lineId, quantity, maker }) =>
      unit(lineId, quantity, 'opened', maker ? 'return-to-vendor' : 'restock'),
    );
    return this.#told({ ...inspected(lines, undefined, one.id), occurredAt });
  }

  async #told(progress: ReturnProgress): Promise<void> {
    await changeReturn(this.house.ports, RETURN_KEY, () => report(progress), this.house.cause);
    await this.#collect();
  }

  #collect = (): Promise<void> =>
    again(() => collectLines({ store: this.#store, monthOf }, RETURN_KEY, this.house.cause));

  /** Every month that is over. */
  async #close(supplier: string): Promise<void> {
    const { cause } = this.house;
    const ports = { store: this.#store, monthOf, erpOf: () => undefined };
    for (let period = '2026-11'; lastDayOf(period) < cause.now; period = nextMonth(period)) {
      await again(() => closeClaim(ports, { supplier, period }, { by: 'op-7', apply: true }, cause));
    }
  }
}

/** What was too busy comes again, as a message does. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
    }
  }
}

describe('whatever happens to a return, at once and over months', () => {
  it('all claims together hold each unit that it gives to claim once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.subarray(SKUS), days, async (scheduler, known, all) => {
        const it = new Days(scheduler);
        await it.begin();
        await it.pass(
          0,
          known.map((sku) => ({ assign: 'acme', sku })),
        );
        for (const { after, together } of all) {
          await it.pass(after, together);
          const due = await it.due();
          const claimed = Object.entries(await it.claimed()).map(([name, net]) => [name.split(' ')[1], net]);
          expect(claimed.sort()).toEqual(due.map(({ key, quantity }) => [key, quantity]).sort());
        }
      }),
      { numRuns: 120 },
    );
  });
});
