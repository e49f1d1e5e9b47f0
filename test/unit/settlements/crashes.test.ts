import { describe, expect, it } from 'vitest';
import { onOrderCaptured } from '#application/settlements/awaited-orders.ts';
import { dropFileOf } from '#application/settlements/drop-file.ts';
import { handOutBatches, onSettlementTimer } from '#application/settlements/follow-up.ts';
import { importFile } from '#application/settlements/import-file.ts';
import { recordBatch } from '#application/settlements/record-batch.ts';
import { amazonReport } from '../../support/amazon-report.ts';
import { amazonOrder, orderId, paid, SettlementHouse } from './house.ts';

const S1 = '15000000001';
const KEY = `SETTLEMENT#amazon#main#${S1}`;
const FILE = 'settlements/amazon/main/amazon-v2/a.txt';

/** The process ends just before or just after its n-th effect on anything outside. */
class Crash extends Error {}

function crashing<T extends object>(port: T, effects: readonly string[], at: { left: number }): T {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (!effects.includes(String(name))) return value.bind(target);
      return async (...given: unknown[]) => {
        if (at.left-- === 0) throw new Crash('before');
        const answer: unknown = await value.apply(target, given);
        if (at.left-- === 0) throw new Crash('after');
        return answer;
      };
    },
  });
}

const MESSAGES = 3;

/** The way of a file, each step repeated as its queue would repeat it, dying once on the way. */
async function run(crashAt: number) {
  const house = new SettlementHouse();
  for (const number of [1, 2, 3]) await house.order(amazonOrder(number));
  const at = { left: crashAt };
  const ports = {
    ...house.ports,
    store: crashing(house.store, ['commit'], at),
    cases: crashing(house.store.cases, ['open', 'close'], at),
    lines: crashing(house.lines, ['put'], at),
    work: crashing(house.work, ['send'], at),
  };
  const repeatedly = async (step: () => Promise<unknown>): Promise<void> => {
    for (let message = 0; message < MESSAGES; message++) {
      try {
        await step();
        return;
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
    }
  };
  const read = async (bytes: Uint8Array, collectedAt: string): Promise<void> => {
    house.drop.files.set(FILE, bytes);
    const file = dropFileOf(FILE);
    if (file) await repeatedly(() => importFile(ports, file, collectedAt, house.cause));
    await repeatedly(() => handOutBatches(ports, KEY));
    await tell();
  };
  // A queue that was filled and whose filler died then is filled again: each task comes twice.
  const tell = async (): Promise<void> => {
    for (const task of house.work.tasks.splice(0)) await repeatedly(() => recordBatch(ports, task, house.cause));
  };
  const arrive = async (number: number): Promise<void> => {
    await house.order(amazonOrder(number));
    await repeatedly(() => onOrderCaptured(ports, `ORDER#amazon#main#${orderId(number)}`, house.cause));
    for (const timer of await house.store.timers.due('2026-11-20T10:01:00.000Z', 9)) {
      await repeatedly(() => onSettlementTimer(ports, timer, '2026-11-20T10:01:00.000Z'));
    }
    await tell();
  };
  await read(amazonReport({ settlementId: S1, lines: [...paid(1), ...paid(2), ...paid(4)] }), '2026-11-20T09:00:00Z/1');
  await arrive(4);
  await read(amazonReport({ settlementId: S1, lines: [...paid(1), ...paid(3)] }), '2026-11-27T09:00:00Z/1');
  const operations = house.store.journal.flatMap(({ operations: planned }) => planned.map(({ key }) => key));
  return {
    crashed: at.left < 0,
    end: {
      settlement: await house.settlement(S1),
      orders: await Promise.all([1, 2, 3, 4].map(async (number) => (await house.orderState(number)).settlements)),
      operations,
      events: house.store.journal.flatMap(({ events }) => events.map(({ type }) => type)).sort(),
      cases: await house.openCases(),
      objects: [...house.lines.objects].sort(),
    },
  };
}

describe('a crash before or after any effect', () => {
  it('leaves nothing that the next message does not put right, and posts nothing twice', async () => {
    const { end: whole, crashed } = await run(Number.MAX_SAFE_INTEGER);
    expect(crashed).toBe(false);
    expect(whole.operations.filter((key) => key.startsWith('erp/journal/'))).toEqual([
      `erp/journal/amazon/main/${S1}/2026-11`,
      `erp/journal/amazon/main/${S1}/adjustment/1/2026-11`,
    ]);
    let points = 0;
    for (; ; points++) {
      const { end, crashed: died } = await run(points);
      expect(end, `crash ${points}`).toEqual(whole);
      if (!died) break;
    }
    expect(points).toBeGreaterThan(30);
  });
});
