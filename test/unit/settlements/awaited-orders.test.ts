import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onOrderCaptured } from '#application/settlements/awaited-orders.ts';
import { recordBatch } from '#application/settlements/record-batch.ts';
import { settlementBalance } from '#core/ledger/settled.ts';
import { type AwaitedOrder, awaitedOrderDecider, MOST_AWAITING } from '#core/settlements/awaited-order.ts';
import { amazonReport } from '../../support/amazon-report.ts';
import { specify } from '../../support/given.ts';
import { amazonOrder, orderId, paid, SettlementHouse } from './house.ts';

const S1 = '15000000001';
const KEY = `SETTLEMENT#amazon#main#${S1}`;
const MISSING = 'SETTLEMENT_DIFFERS#missing-order';
const orderKey = (number: number) => `ORDER#amazon#main#${orderId(number)}`;

/** A settlement over orders of which only the first is here. */
async function aHouse(missing = 2): Promise<SettlementHouse> {
  const house = new SettlementHouse();
  await house.order(amazonOrder(1));
  const lines = Array.from({ length: missing + 1 }, (_, at) => paid(at + 1)).flat();
  await house.read(amazonReport({ settlementId: S1, lines }));
  return house;
}

describe('an order that comes after its settlement', () => {
  it('is told within two minutes of its coming, and the case of missing orders closes with the last', async () => {
    const house = await aHouse();
    await house.tellOrders();
    expect(await house.openCases()).toEqual([MISSING]);
    await house.order(amazonOrder(2));
    await house.hearOfOrders();
    await house.sweep('2026-11-20T10:01:00.000Z');
    expect(settlementBalance(await house.orderState(2)).standing).toBe('settled');
    expect(await house.settlement(S1)).toMatchObject({ differences: { 0: { 'missing-order': { count: 1 } } } });
    await house.order(amazonOrder(3));
    await house.hearOfOrders();
    await house.sweep('2026-11-20T10:03:00.000Z');
    expect(await house.openCases()).toEqual([]);
    expect(await house.settlement(S1)).toMatchObject({ status: 'posting', arrived: [], parts: [{ part: '2026-11' }] });
    expect((await house.store.load<AwaitedOrder>(`AWAITED#amazon#main#${orderId(3)}`))?.state).toEqual({
      status: 'arrived',
      by: [],
    });
  });

  it('costs one telling of its batch, however many come within the minute', async () => {
    const house = await aHouse(30);
    await house.tellOrders();
    for (let number = 2; number <= 31; number++) await house.order(amazonOrder(number));
    await house.hearOfOrders();
    const tasks: unknown[] = [];
    const send = house.work.send.bind(house.work);
    house.work.send = async (some) => {
      tasks.push(...some);
      await send(some);
    };
    await house.sweep('2026-11-20T10:01:00.000Z');
    expect(tasks).toEqual([{ settlement: KEY, revision: 1, batch: 0 }]);
    expect(await house.openCases()).toEqual([]);
  });

  it('that comes while its batch is told is found, whichever of both is first', async () => {
    for (const moment of ['await', 'record'] as const) {
      const house = await aHouse(1);
      let came = false;
      const commit = house.store.commit.bind(house.store);
      house.store.commit = async (given) => {
        const [write] = given.aggregates;
        const awaiting = write?.key.startsWith('AWAITED#') ?? false;
        const recording = write?.key === KEY && !came;
        if (!came && (moment === 'await' ? awaiting : recording)) {
          came = true;
          await house.order(amazonOrder(2));
          // The news is faster than the telling.
          await onOrderCaptured(house.ports, orderKey(2), house.cause);
        }
        return commit(given);
      };
      await house.tellOrders();
      await house.sweep('2026-11-20T10:01:00.000Z');
      expect([moment, came, await house.openCases()]).toEqual([moment, true, []]);
    }
  });

  it('is not forgotten because of a telling that began before it came and ends after a later one', async () => {
    const house = await aHouse(1);
    await house.tellOrders();
    const slow = { settlement: KEY, revision: 1, batch: 0 };
    let held = true;
    const lines = {
      ...house.ports.lines,
      get: (name: string) => house.lines.get(name),
      // The slow one has asked all orders and is about to say what differs.
      put: async (name: string, text: string) => {
        await house.lines.put(name, text);
        if (!held) return;
        held = false;
        await house.order(amazonOrder(2));
        await house.hearOfOrders();
        await house.sweep('2026-11-20T10:01:00.000Z');
        expect(await house.openCases()).toEqual([]);
      },
    };
    expect(await recordBatch({ ...house.ports, lines }, slow, house.cause)).toBe('ignored');
    expect([held, await house.openCases()]).toEqual([false, []]);
  });

  it('is told by the collection that counts then', async () => {
    const house = await aHouse(2);
    await house.tellOrders();
    await house.read(amazonReport({ settlementId: S1, lines: [...paid(1), ...paid(3)] }), {
      at: '2026-11-27T09:00:00Z/1',
    });
    await house.tellOrders();
    for (const number of [2, 3]) await house.order(amazonOrder(number));
    await house.hearOfOrders();
    await house.sweep('2026-11-20T10:01:00.000Z');
    expect(await house.openCases()).toEqual([]);
    expect((await house.orderState(3)).settlements).toMatchObject([{ settlementId: S1, revision: 2 }]);
  });

  it('that nobody awaits costs one look', async () => {
    const house = await aHouse(0);
    const before = house.store.journal.length;
    expect(await onOrderCaptured(house.ports, orderKey(1), house.cause)).toBe(0);
    expect(house.store.journal).toHaveLength(before);
  });

  it('is asked for again until somebody has begun its batch', async () => {
    const house = await aHouse(1);
    await house.tellOrders();
    await house.order(amazonOrder(2));
    await house.hearOfOrders();
    house.now = '2026-11-20T10:01:00.000Z';
    const send = house.work.send.bind(house.work);
    // A queue that takes everything and hands out nothing.
    house.work.send = async () => undefined;
    await house.sweep(house.now);
    house.work.send = send;
    await house.sweep('2026-11-20T10:15:59.000Z');
    expect(await house.openCases()).toEqual([MISSING]);
    await house.sweep('2026-11-20T10:16:00.000Z');
    expect(await house.openCases()).toEqual([]);
  });

  it('ends in the same books in whatever order orders, news, tellings and minutes come', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('order' as const), number: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ do: fc.constant('news' as const), number: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ do: fc.constantFrom('tell' as const, 'minute' as const, 'again' as const), number: fc.constant(0) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const house = new SettlementHouse();
        const captured = new Set<number>();
        let minute = 0;
        const sweep = () => house.sweep(new Date(Date.UTC(2026, 10, 20, 10, ++minute)).toISOString());
        const lines = [1, 2, 3, 4].flatMap(paid);
        await house.read(amazonReport({ settlementId: S1, lines }));
        for (const { do: what, number } of steps) {
          if (what === 'order') {
            await house.order(amazonOrder(number));
            captured.add(number);
          } else if (what === 'news') {
            // At least once, and late; never of an order that is not stored.
            if (captured.has(number)) await onOrderCaptured(house.ports, orderKey(number), house.cause);
          } else if (what === 'tell') await house.tellOrders();
          else if (what === 'minute') await sweep();
          else {
            const more = [...lines, { orderId: orderId(4), words: 'Order/ItemFees/Commission', minor: -2 }];
            await house.read(amazonReport({ settlementId: S1, lines: more }), { at: '2026-11-27T09:00:00Z/1' });
          }
        }
        for (const number of [1, 2, 3, 4]) await house.order(amazonOrder(number));
        await house.hearOfOrders();
        await house.tellOrders();
        for (let more = 0; more < 2; more++) await sweep();
        expect(await house.openCases()).toEqual([]);
        for (const number of [1, 2, 3, 4]) {
          expect(settlementBalance(await house.orderState(number)).standing).toBe('settled');
        }
      }),
      { numRuns: 120 },
    );
  });
});

describe('what awaits an order', () => {
  const { given } = specify(awaitedOrderDecider);
  const by = { settlement: KEY, revision: 2, batch: 7 };
  const awaited = { type: 'awaited-order.awaited', by } as const;

  it('is the latest collection of each settlement, until the order comes', () => {
    given().when({ type: 'await-order', by }).thenEvents(awaited);
    given(awaited)
      .when({ type: 'await-order', by: { ...by, revision: 1 } })
      .thenIgnored();
    const newer = { ...by, revision: 3, batch: 0 };
    given(awaited)
      .when({ type: 'await-order', by: newer })
      .thenEvents({ ...awaited, by: newer });
    given(awaited).when({ type: 'note-arrival' }).thenEvents({ type: 'awaited-order.arrived' });
    given(awaited, { type: 'awaited-order.arrived' }).when({ type: 'await-order', by: newer }).thenIgnored();
    given().when({ type: 'note-arrival' }).thenIgnored();
  });

  it('is no more than an order has room for', () => {
    const many = Array.from({ length: MOST_AWAITING }, (_, at) => ({
      ...awaited,
      by: { ...by, settlement: `${KEY}${at}` },
    }));
    given(...many)
      .when({ type: 'await-order', by })
      .thenRejected('AWAITED_TOO_OFTEN');
  });
});
