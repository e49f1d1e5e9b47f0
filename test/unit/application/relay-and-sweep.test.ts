import { describe, expect, it } from 'vitest';
import type { DueTimer } from '#application/ports/store.ts';
import { relayJournal } from '#application/relay/relay-journal.ts';
import { sweepTimers } from '#application/timers/sweep-timers.ts';
import { MemoryOperationQueue, MemoryPublisher } from '#platform/memory/queues.ts';
import { MemoryLog, noFaults } from '#platform/memory/runtime.ts';
import { aHouse } from '../../support/house.ts';

const KEY = 'ORDER#shopify#main#5001';

describe('the relay', () => {
  it('publishes events and hands operations to the queue of their target', async () => {
    const { store, key } = await aHouse();
    const publisher = new MemoryPublisher();
    const queue = new MemoryOperationQueue();
    expect(await relayJournal({ publisher, queue, faults: noFaults }, store.journal)).toEqual([]);
    expect(publisher.published.map(({ type }) => type)).toEqual(['order.captured.v1']);
    expect(queue.sent).toMatchObject([{ key, target: { connector: 'tryton', account: 'main' } }]);
  });

  it('answers the rows of which the bus or a queue did not take everything', async () => {
    const { store } = await aHouse();
    const publisher = new MemoryPublisher();
    const queue = new MemoryOperationQueue();
    publisher.refuses = () => true;
    expect(await relayJournal({ publisher, queue, faults: noFaults }, store.journal)).toEqual(store.journal);
    publisher.refuses = () => false;
    queue.refuses = () => true;
    expect(await relayJournal({ publisher, queue, faults: noFaults }, store.journal)).toEqual(store.journal);
  });
});

describe('the sweep', () => {
  const sweeping = async () => {
    const house = await aHouse();
    const queue = new MemoryOperationQueue();
    const log = new MemoryLog();
    const time = new AbortController();
    const sweep = (onTimer: Parameters<typeof sweepTimers>[0]['onTimer'] = async () => 'done') =>
      sweepTimers({
        operations: house.store.operations,
        timers: house.store.timers,
        queue,
        onTimer,
        clock: house.clock,
        log,
        signal: time.signal,
      });
    const setTimers = async (timers: readonly DueTimer[]) => {
      for (const [key, timersToSet] of Map.groupBy(timers, ({ subject }) => subject)) {
        const { version = 0, state = {}, sequence = 0 } = (await house.store.load(key)) ?? {};
        const effects = { events: [], operations: [], openCases: [], casesToOpen: [], casesToClose: [] };
        const write = { key, expectedVersion: version, state, sequence, ...effects, timersToSet, timersToClear: [] };
        await house.store.commit({ now: house.clock.now(), aggregates: [write] });
      }
    };
    return { ...house, queue, log, time, sweep, setTimers };
  };

  it('leaves alone what is not due', async () => {
    const { sweep, queue } = await sweeping();
    expect(await sweep()).toEqual({ operations: 0, timers: 0, failed: 0, left: 0 });
    expect(queue.sent).toEqual([]);
  });

  it('hands out an operation whose message was lost, and not again at the next tick', async () => {
    const { sweep, queue, clock, key, execute } = await sweeping();
    clock.advance(121);
    expect(await sweep()).toMatchObject({ operations: 1 });
    clock.advance(60);
    expect(await sweep()).toMatchObject({ operations: 0 });
    expect(queue.sent).toMatchObject([{ key }]);
    expect(await execute()).toEqual({ status: 'applied' });
    clock.advance(3600);
    expect(await sweep()).toMatchObject({ operations: 0 });
  });

  it('hands out again what the queue did not take', async () => {
    const { sweep, queue, clock } = await sweeping();
    clock.advance(121);
    queue.refuses = () => true;
    await sweep();
    queue.refuses = () => false;
    clock.advance(60);
    expect(await sweep()).toMatchObject({ operations: 1 });
    expect(queue.sent).toHaveLength(1);
  });

  const at = (name: string, subject = KEY) => ({ subject, name, dueAt: '2026-11-20T10:01:00.000Z' });
  const many = (count: number) => Array.from({ length: count }, (_, index) => at('a', `RETURN#loop#main#R${index}`));

  it('does due timers, moves on those that ask for it, and puts off those that fail by a minute', async () => {
    const { sweep, setTimers, store, clock, log } = await sweeping();
    await setTimers([at('a'), at('b'), at('c')]);
    clock.advance(90);
    const result = await sweep(async ({ name }) => {
      if (name === 'a') throw new Error('a can not be done');
      return name === 'b' ? { again: '2026-11-20T11:00:00.000Z' } : 'done';
    });
    expect(result).toMatchObject({ timers: 2, failed: 1, left: 0 });
    expect(log.lines).toMatchObject([{ level: 'error', fields: { timer: 'a' } }]);
    const now = clock.now();
    clock.advance(60);
    expect(await store.timers.due(now, 10)).toEqual([]);
    expect((await store.timers.due(clock.now(), 10)).map(({ name }) => name)).toEqual(['a']);
    expect((await store.timers.due('2026-11-20T11:05:00.000Z', 10)).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('does all that is due, however much it is, each once and those of one aggregate one after the other', async () => {
    const { sweep, setTimers, clock } = await sweeping();
    await setTimers([...many(450), at('a'), at('b')]);
    clock.advance(90);
    const done: string[] = [];
    const busy = new Set<string>();
    const result = await sweep(async ({ subject, name }) => {
      expect(busy).not.toContain(subject);
      busy.add(subject);
      await Promise.resolve();
      busy.delete(subject);
      done.push(`${subject} ${name}`);
      return 'done';
    });
    expect(result).toEqual({ operations: 0, timers: 452, failed: 0, left: 0 });
    expect(new Set(done).size).toBe(452);
  });

  it('lets none wait behind those that can not be done', async () => {
    const { sweep, setTimers, clock } = await sweeping();
    await setTimers([...many(400), { ...at('z'), dueAt: '2026-11-20T10:01:01.000Z' }]);
    clock.advance(90);
    const done: string[] = [];
    const result = await sweep(async ({ name }) => {
      if (name === 'a') throw new Error('a can not be done');
      done.push(name);
      return 'done';
    });
    expect(result).toMatchObject({ timers: 1, failed: 400 });
    expect(done).toEqual(['z']);
  });

  it('goes on after those that can not even be put off', async () => {
    const { sweep, setTimers, store, clock, log } = await sweeping();
    await setTimers([at('a'), at('b')]);
    clock.advance(90);
    store.timers.postpone = async () => {
      throw new Error('the table is away');
    };
    const result = await sweep(async ({ name }) => {
      if (name === 'a') throw new Error('a can not be done');
      return 'done';
    });
    expect(result).toMatchObject({ timers: 1, failed: 1 });
    expect(log.lines.map(({ level }) => level)).toEqual(['error', 'warn']);
  });

  it('does what an index that lags shows again only once', async () => {
    const { sweep, setTimers, store, clock } = await sweeping();
    await setTimers(many(200));
    clock.advance(90);
    const shown = await store.timers.due(clock.now(), 200);
    store.timers.due = async () => shown;
    expect(await sweep()).toMatchObject({ timers: 200, failed: 0 });
  });

  it('stops when its time is used up, and says what is left', async () => {
    const { sweep, setTimers, clock, time } = await sweeping();
    await setTimers(many(30));
    clock.advance(90);
    const result = await sweep(async () => {
      time.abort();
      return 'done';
    });
    expect(result).toMatchObject({ failed: 0 });
    expect(result.timers + result.left).toBe(30);
    expect(result.left).toBeGreaterThanOrEqual(20);
    expect(await sweep()).toMatchObject({ timers: 0 });
  });
});
