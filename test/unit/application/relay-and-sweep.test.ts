import { describe, expect, it } from 'vitest';
import { relayJournal } from '#application/relay/relay-journal.ts';
import { sweepTimers } from '#application/timers/sweep-timers.ts';
import { MemoryOperationQueue, MemoryPublisher } from '#platform/memory/queues.ts';
import { MemoryLog, noFaults } from '#platform/memory/runtime.ts';
import { aHouse } from '../../support/house.ts';

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
    const sweep = (onTimer: Parameters<typeof sweepTimers>[0]['onTimer'] = async () => 'done') =>
      sweepTimers({
        operations: house.store.operations,
        timers: house.store.timers,
        queue,
        onTimer,
        clock: house.clock,
        log,
        signal: new AbortController().signal,
      });
    return { ...house, queue, log, sweep };
  };

  it('leaves alone what is not due', async () => {
    const { sweep, queue } = await sweeping();
    expect(await sweep()).toEqual({ operations: 0, timers: 0, failed: 0 });
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

  it('does due timers, moves on those that ask for it, and lets none hold up the others', async () => {
    const { sweep, store, clock, log } = await sweeping();
    const stored = await store.load('ORDER#shopify#main#5001');
    if (!stored) throw new Error('the order is stored');
    const at = (name: string) => ({ name, dueAt: '2026-11-20T10:01:00.000Z' });
    await store.commit({
      now: clock.now(),
      aggregates: [
        {
          key: 'ORDER#shopify#main#5001',
          expectedVersion: stored.version,
          state: stored.state,
          sequence: stored.sequence,
          openCases: [],
          events: [],
          operations: [],
          casesToOpen: [],
          casesToClose: [],
          timersToSet: [at('a'), at('b'), at('c')],
          timersToClear: [],
        },
      ],
    });
    clock.advance(90);
    const result = await sweep(async ({ name }) => {
      if (name === 'a') throw new Error('a can not be done');
      return name === 'b' ? { again: '2026-11-20T11:00:00.000Z' } : 'done';
    });
    expect(result).toMatchObject({ timers: 2, failed: 1 });
    expect(log.lines).toMatchObject([{ level: 'error', fields: { timer: 'a' } }]);
    expect((await store.timers.due('2026-11-20T10:05:00.000Z', 10)).map(({ name }) => name)).toEqual(['a']);
    expect((await store.timers.due('2026-11-20T11:05:00.000Z', 10)).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});
