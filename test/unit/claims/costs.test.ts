import { describe, expect, it } from 'vitest';
import { unit } from '../returns/samples.ts';
import { FAULTY, inspectedAs, MUG, MUG_FAULTY } from './scene.ts';

const { unitCost: _untold, ...MUG_WITHOUT_COST } = MUG;
const dollars = (minor: number) => ({ minor, currency: 'USD' });
const TWO_SHIRTS = [unit('L1', 2, 'opened', 'return-to-vendor')];
const SHIRT = { sku: 'TSHIRT-M', supplier: 'acme', unitCost: dollars(500) };

describe('a cost', () => {
  it('that is told after the supplier stands on the lines of the open claim', async () => {
    const { collect, claim, assign } = await inspectedAs(FAULTY);
    await assign(MUG_WITHOUT_COST);
    await collect();
    expect(await assign(MUG)).toEqual({ read: 1, changed: 1, collected: 1 });
    expect((await claim())?.lines).toMatchObject([{ unitCost: MUG.unitCost }]);
    expect(await assign(MUG)).toEqual({ read: 1, changed: 0, collected: 0 });
  });

  it('that was told, and did not get to the claims, gets there when it is told again', async () => {
    const { house, ports, collect, claim, assign } = await inspectedAs(FAULTY);
    await assign(MUG_WITHOUT_COST);
    await collect();
    const { commit } = ports.store;
    ports.store.commit = async (given) => {
      if (given.aggregates.some(({ key }) => key.startsWith('CLAIM#'))) throw new Error('cut off');
      return commit.call(house.store, given);
    };
    await expect(assign(MUG)).rejects.toThrow('cut off');
    ports.store.commit = commit;
    expect(await assign(MUG)).toEqual({ read: 1, changed: 0, collected: 1 });
    expect((await claim())?.lines).toMatchObject([{ unitCost: MUG.unitCost }]);
  });

  it('reaches claims of earlier months that are open still, and leaves closed ones', async () => {
    const { house, collect, claim, assign, close } = await inspectedAs(FAULTY);
    await assign(MUG);
    await collect();
    house.clock.advance(70 * 86_400);
    await assign({ ...MUG, unitCost: dollars(350) });
    expect((await claim())?.lines).toMatchObject([{ unitCost: dollars(350) }]);
    await close(house.clock.now());
    expect(await assign({ ...MUG, unitCost: dollars(400) })).toMatchObject({ collected: 0 });
    expect((await claim())?.lines).toMatchObject([{ unitCost: dollars(350) }]);
  });

  it('of a new supplier is not asked of the former', async () => {
    const { collect, claim, assign } = await inspectedAs(FAULTY);
    await assign(MUG);
    await collect();
    await assign({ ...MUG, supplier: 'bolt', unitCost: dollars(999) });
    await collect();
    expect((await claim())?.lines).toMatchObject([{ unitCost: MUG.unitCost }]);
  });

  it('goes on to what its supplier is asked for beside goods that it no longer supplies', async () => {
    const { collect, claim, assign } = await inspectedAs([...TWO_SHIRTS, MUG_FAULTY]);
    await assign(MUG, SHIRT);
    await collect();
    await assign({ ...MUG, supplier: 'bolt' }, { ...SHIRT, unitCost: dollars(550) });
    expect((await claim())?.lines.map(({ sku, unitCost }) => [sku, unitCost?.minor])).toEqual([
      ['TSHIRT-M', 550],
      ['MUG-BLUE', 300],
    ]);
  });

  it('of what is taken back is the one that was claimed', async () => {
    const { house, inspect, collect, claim, assign, close } = await inspectedAs(TWO_SHIRTS);
    await assign(SHIRT);
    await collect();
    await close();
    house.clock.advance(10 * 86_400);
    await assign({ ...SHIRT, unitCost: dollars(700) });
    await inspect([unit('L1', 1, 'opened', 'return-to-vendor'), unit('L1', 1)], '2026-12-04T12:00:00.000Z');
    await collect();
    expect((await claim('2026-12'))?.lines).toMatchObject([{ quantity: -1, unitCost: dollars(500) }]);
    expect(await assign({ ...SHIRT, unitCost: dollars(900) })).toMatchObject({ collected: 0 });
  });
});
