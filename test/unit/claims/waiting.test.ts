import { describe, expect, it } from 'vitest';
import { handle } from '#application/aggregate.ts';
import { skuAggregate, waitingAggregate } from '#application/claims/aggregates.ts';
import { collectLines } from '#application/claims/collect-lines.ts';
import { allWaiting } from '#application/claims/waiting.ts';
import type { Store } from '#application/ports/store.ts';
import { type SkuState, skuDecider } from '#core/claims/sku.ts';
import { type WaitingState, waitingDecider } from '#core/claims/waiting.ts';
import { specify } from '../../support/given.ts';
import { RETURN_KEY, report } from '../returns/samples.ts';
import { FAULTY, inspectedAs, MUG } from './scene.ts';

describe('a SKU whose supplier is named while a return of it is collected', () => {
  it('is claimed from the supplier, and the return does not wait', async () => {
    const { house, ports, claim, assign } = await inspectedAs(FAULTY);
    let named = false;
    const load: Store['load'] = async <S>(key: string) => {
      const found = await house.store.load<S>(key);
      if (key === 'SKU#MUG-BLUE' && !named) {
        named = true;
        await assign(MUG);
      }
      return found;
    };
    const store: Store = { load, commit: (commit) => house.store.commit(commit), seen: async () => undefined };
    await collectLines({ ...ports, store }, RETURN_KEY, house.cause);
    expect((await claim())?.lines).toHaveLength(1);
    expect((await house.store.load<SkuState>('SKU#MUG-BLUE'))?.state.waiting).toEqual([]);
  });
});

describe('a SKU that has a supplier', () => {
  it('lets nobody wait', () => {
    const wait = { type: 'wait', sku: 'MUG-BLUE', returnKey: RETURN_KEY } as const;
    const { given } = specify(skuDecider);
    given().when(wait).thenEvents({ type: 'sku.waited-for' });
    given({ type: 'sku.assigned', sku: 'MUG-BLUE', supplier: 'acme' }).when(wait).thenIgnored();
  });
});

describe('more returns of a SKU that wait than a row has room for', () => {
  /** As many others as a row names wait already. */
  const crowded = async (rows = 0) => {
    const it = await inspectedAs(FAULTY);
    const { store, cause } = it.house;
    for (let n = 0; n < 500; n++) {
      const returnKey = `RETURN#loop#main#X${n}`;
      await handle(store, skuAggregate, 'SKU#MUG-BLUE', { type: 'wait', sku: 'MUG-BLUE', returnKey }, cause);
    }
    for (let n = 0; n < 500 * rows; n++) {
      const key = `WAITING#MUG-BLUE#${1 + Math.floor(n / 500)}`;
      await handle(store, waitingAggregate, key, { type: 'add', returnKey: `RETURN#loop#main#Y${n}` }, cause);
    }
    const beside = async () => (await store.load<WaitingState>(`WAITING#MUG-BLUE#${rows + 1}`))?.state.returns;
    const others = async () => {
      for (let n = 0; n < 500; n++) {
        const returnKey = `RETURN#loop#main#X${n}`;
        await handle(store, skuAggregate, 'SKU#MUG-BLUE', { type: 'collected', sku: 'MUG-BLUE', returnKey }, cause);
      }
    };
    await it.collect();
    await it.collect();
    expect(await beside()).toEqual([RETURN_KEY]);
    return { ...it, beside, others };
  };

  it('are all collected when its supplier is named', async () => {
    const { house, claim, assign, beside, others } = await crowded();
    await others();
    expect(await assign(MUG)).toMatchObject({ collected: 1 });
    expect((await claim())?.lines).toHaveLength(1);
    expect(await beside()).toEqual([]);
    expect(await house.openCases()).not.toContain('SUPPLIER_UNKNOWN');
  });

  it('wait no longer when they have nothing more to claim', async () => {
    const { house, collect, beside } = await crowded();
    await house.return(report({ type: 'cancelled', occurredAt: '2026-11-27T12:00:00.000Z' }));
    await collect();
    expect(await beside()).toEqual([]);
  });

  it('go on in as many rows as it takes', async () => {
    const { house } = await crowded(2);
    const all = await allWaiting(house.store, 'MUG-BLUE');
    expect(all).toHaveLength(1_501);
    expect(all).toContain(RETURN_KEY);
  });

  it('fill each row as far as they fill the first', () => {
    const { given } = specify(waitingDecider);
    const full = Array.from({ length: 500 }, (_, n) => ({ type: 'waiting.added', returnKey: `R${n}` }) as const);
    given(...full.slice(1))
      .when({ type: 'add', returnKey: 'new' })
      .thenEvents({ type: 'waiting.added', returnKey: 'new' });
    given(...full)
      .when({ type: 'add', returnKey: 'new' })
      .thenIgnored();
    given(...full)
      .when({ type: 'add', returnKey: 'R7' })
      .thenIgnored();
    given(...full)
      .when({ type: 'remove', returnKey: 'new' })
      .thenIgnored();
  });
});
