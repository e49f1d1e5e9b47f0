import { beforeEach, describe, expect, it } from 'vitest';
import { aCommit, anEvent, anOperation, aWrite, KEY, NOW } from './given.ts';
import { WORLDS, type World } from './worlds.ts';

const RETURN_KEY = 'RETURN#generic#main#R1';

describe.each(WORLDS)('the journal ($name)', ({ open }) => {
  let world: World;
  beforeEach(async () => {
    world = await open();
  });

  it('gives one row by its name, and the rows of a subject oldest first', async () => {
    await world.store.commit(aCommit({ sequence: 1, events: [anEvent(1)], operations: [anOperation()] }));
    await world.store.commit(aCommit({ expectedVersion: 1, sequence: 2, events: [anEvent(2)] }));
    await world.store.commit({
      now: NOW,
      aggregates: [aWrite({ key: RETURN_KEY, sequence: 1, events: [anEvent(1)] })],
    });
    const rows = await world.journal.history(KEY);
    expect(rows.map(({ row }) => row)).toEqual(['EVENT#000000000001', 'EVENT#000000000002']);
    expect(await world.journal.row(KEY, 'EVENT#000000000001')).toEqual(rows[0]);
    expect(await world.journal.row(KEY, 'EVENT#000000000003')).toBeUndefined();
    expect(await world.journal.row('ORDER#shopify#main#none', 'EVENT#000000000001')).toBeUndefined();
  });

  it('leads from somebody else’s id to the subjects, each once', async () => {
    const [order, theReturn] = [anEvent(1), anEvent(1)];
    await world.store.commit(aCommit({ sequence: 1, events: [order], foreignId: 'S0007' }));
    await world.store.commit(aCommit({ expectedVersion: 1, sequence: 2, events: [anEvent(2)], foreignId: 'S0007' }));
    const other = aWrite({ key: RETURN_KEY, sequence: 1, events: [theReturn], foreignId: 'S0007' });
    await world.store.commit({ now: NOW, aggregates: [other] });
    expect((await world.journal.subjectsOf('S0007')).sort()).toEqual([KEY, RETURN_KEY]);
    expect(await world.journal.subjectsOf('S0008')).toEqual([]);
  });

  it('keeps no id of a commit that has nothing to tell', async () => {
    await world.store.commit(aCommit({ foreignId: 'S0009' }));
    expect(await world.journal.subjectsOf('S0009')).toEqual([]);
  });
});
