import { beforeEach, describe, expect, it } from 'vitest';
import { aCommit, anOperation, at } from './given.ts';
import { WORLDS, type World } from './worlds.ts';

describe.each(WORLDS)('the operation store ($name)', ({ open }) => {
  let world: World;
  beforeEach(async () => {
    world = await open();
  });

  it('gives back the row as it was planned', async () => {
    await world.store.commit(aCommit({ operations: [anOperation()] }));
    expect(await world.operations.get(anOperation().key)).toEqual(anOperation());
    expect(await world.operations.get('erp/sales-order/shopify/main/none')).toBeUndefined();
  });

  it('lets one of two writers of the same revision through', async () => {
    await world.store.commit(aCommit({ operations: [anOperation()] }));
    const mine = anOperation('5001', { revision: 2, status: 'attempting', lease: { owner: 'me', until: at(2) } });
    const theirs = { ...mine, lease: { owner: 'they', until: at(2) } };
    const results = await Promise.all([world.operations.save(mine, 1), world.operations.save(theirs, 1)]);
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await world.operations.get(mine.key)).toEqual(results[0] ? mine : theirs);
  });

  it('saves no row that was never planned', async () => {
    expect(await world.operations.save(anOperation(), 1)).toBe(false);
    expect(await world.operations.get(anOperation().key)).toBeUndefined();
  });

  it('lists what is due, oldest first, and no more than asked for', async () => {
    const operations = [5, 1, 3, 9, 2, 4].map((minutes) => anOperation(String(minutes), { dueAt: at(minutes) }));
    await world.store.commit(aCommit({ operations }));
    const due = await world.operations.due(at(5), 3);
    expect(due).toEqual([1, 2, 3].map((minutes) => ({ key: anOperation(String(minutes)).key, dueAt: at(minutes) })));
    expect(await world.operations.due(at(5), 50)).toHaveLength(5);
  });

  it('lists nothing that has ended', async () => {
    await world.store.commit(aCommit({ operations: [anOperation()] }));
    const { dueAt: _due, ...ended } = anOperation('5001', { status: 'applied', revision: 2, ref: '17' });
    expect(await world.operations.save(ended, 1)).toBe(true);
    expect(await world.operations.due(at(1_000), 10)).toEqual([]);
  });
});
