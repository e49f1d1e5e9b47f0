import { beforeEach, describe, expect, it } from 'vitest';
import { aCommit, at, KEY, NOW } from './given.ts';
import { WORLDS, type World } from './worlds.ts';

describe.each(WORLDS)('timers, waits, cursors and pauses ($name)', ({ open }) => {
  let world: World;
  beforeEach(async () => {
    world = await open();
  });
  const setTimers = (...timers: [string, number][]) =>
    world.store.commit(aCommit({ timersToSet: timers.map(([name, minutes]) => ({ name, dueAt: at(minutes) })) }));

  it('show what is due, oldest first', async () => {
    await setTimers(['late', 9], ['second', 2], ['first', 1]);
    expect(await world.timers.due(at(5), 10)).toEqual([
      { subject: KEY, name: 'first', dueAt: at(1) },
      { subject: KEY, name: 'second', dueAt: at(2) },
    ]);
    expect(await world.timers.due(at(5), 1)).toHaveLength(1);
  });

  it('move a timer that is set again and forget one that is cleared', async () => {
    await setTimers(['moved', 1], ['cleared', 1], ['both', 1]);
    await world.store.commit(
      aCommit({
        expectedVersion: 1,
        timersToSet: [
          { name: 'moved', dueAt: at(3) },
          { name: 'both', dueAt: at(4) },
        ],
        timersToClear: ['cleared', 'both', 'never-set'],
      }),
    );
    expect((await world.timers.due(at(9), 10)).map(({ name, dueAt }) => [name, dueAt])).toEqual([
      ['moved', at(3)],
      ['both', at(4)],
    ]);
  });

  it('let one of two sweeps have a timer', async () => {
    await setTimers(['one', 1]);
    const timer = { subject: KEY, name: 'one', dueAt: at(1) };
    expect(await world.timers.postpone(timer, at(30))).toBe(true);
    expect(await world.timers.postpone(timer, at(60))).toBe(false);
    expect(await world.timers.remove(timer)).toBe(false);
    expect(await world.timers.due(at(29), 10)).toEqual([]);
    expect(await world.timers.remove({ ...timer, dueAt: at(30) })).toBe(true);
    expect(await world.timers.remove({ ...timer, dueAt: at(30) })).toBe(false);
  });

  it('keep a wait by its token, and show it among the timers', async () => {
    const wait = { step: 'receipt', token: 'token-1', since: NOW, patienceSeconds: 3_600 };
    await world.waits.put(KEY, wait, at(10));
    expect(await world.waits.get(KEY, 'receipt')).toEqual(wait);
    expect(await world.waits.get(KEY, 'inspection')).toBeUndefined();
    const [due] = await world.timers.due(at(10), 10);
    expect(due).toEqual({ subject: KEY, name: 'WAIT#receipt', dueAt: at(10) });
    if (due) expect(await world.timers.postpone(due, at(20))).toBe(true);
    expect(await world.waits.get(KEY, 'receipt')).toEqual(wait);
  });

  it('remove a wait only by the token that it holds', async () => {
    const wait = { step: 'receipt', token: 'token-1', since: NOW, patienceSeconds: 3_600 };
    await world.waits.put(KEY, wait, at(10));
    await world.waits.put(KEY, { ...wait, token: 'token-2' }, at(10));
    await world.waits.remove(KEY, wait);
    expect((await world.waits.get(KEY, 'receipt'))?.token).toBe('token-2');
    await world.waits.remove(KEY, { ...wait, token: 'token-2' });
    expect(await world.waits.get(KEY, 'receipt')).toBeUndefined();
    await world.waits.remove(KEY, wait);
  });

  it('keep a cursor by its name', async () => {
    expect(await world.cursors.get('shipments/tryton/main')).toBeUndefined();
    await world.cursors.set('shipments/tryton/main', '42');
    await world.cursors.set('shipments/tryton/main', '43');
    expect(await world.cursors.get('shipments/tryton/main')).toBe('43');
    expect(await world.cursors.get('shipments/tryton/other')).toBeUndefined();
  });

  it('keep the later end of two pauses, by partner account', async () => {
    const target = { connector: 'shopify', account: 'main' };
    expect(await world.pauses.pausedUntil(target)).toBeUndefined();
    await world.pauses.pause(target, at(5));
    await world.pauses.pause(target, at(2));
    expect(await world.pauses.pausedUntil(target)).toBe(at(5));
    await world.pauses.pause(target, at(7));
    expect(await world.pauses.pausedUntil(target)).toBe(at(7));
    expect(await world.pauses.pausedUntil({ ...target, account: 'second' })).toBeUndefined();
  });
});
