import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { matchOrders } from '#application/settlements/match-orders.ts';
import { readSettlements } from '#application/settlements/read-settlements.ts';
import { amazonV2 } from '#connectors/settlements/amazon-v2/format.ts';
import type { SettledOrder } from '#core/settlements/settled-order.ts';
import { temporarySpools } from '#platform/temporary-spool.ts';
import { runFolder } from '../../../bin/local/cache.ts';
import { writeSettlementFile } from '../../support/settlement-file.ts';
import { fixtureText, inChunks, readFixture } from '../../support/settlements.ts';

const root = path.join(runFolder(), 'reading');
const TERMS = { account: 'main', timeZone: 'UTC' };
const left = (): string[] => (existsSync(root) ? readdirSync(root).filter((name) => name.startsWith('spool-')) : []);

afterEach(() => expect(left()).toEqual([]));

describe('a settlement file', () => {
  it('becomes totals by month, and sums by order from a spool that is gone afterwards', async () => {
    const reading = await readSettlements(temporarySpools(root), amazonV2, inChunks(fixtureText('amazon.txt')), TERMS);
    if (reading.kind !== 'read') throw new Error(reading.reason.message);
    const [settlement] = reading.file.settlements;
    expect(settlement?.totals).toMatchObject({
      lines: 21,
      sum: 108_619,
      unclassified: [],
      months: { '2026-11': { 'reserve/held': -15_000 } },
    });
    const orders: SettledOrder[] = [];
    for await (const { settled } of matchOrders(
      reading.file,
      { find: async () => new Map() },
      { asOf: '2026-11-10T00:00:00Z' },
    ))
      orders.push(settled);
    expect(orders.map(({ orderId, lines, from, until }) => [orderId, lines, from, until]).sort()).toEqual([
      ['026-1234567-0000001', 13, '2026-10-30T10:00:00Z', '2026-11-01T09:00:00Z'],
      ['026-1234567-0000002', 4, '2026-10-31T22:30:00Z', '2026-11-01T12:00:00Z'],
    ]);
    await reading.file.close();
  });

  it('that is refused leaves nothing behind, and tells its reason and line', async () => {
    const text = fixtureText('amazon.txt').replace('100.00', '100.01');
    expect(await readSettlements(temporarySpools(root), amazonV2, inChunks(text), TERMS)).toMatchObject({
      kind: 'refused',
      line: 2,
      reason: { code: 'SETTLEMENT_CONTROL_TOTAL', message: expect.stringMatching(/^line 2: .*0\.01 are off/) },
    });
  });

  it('whose source fails leaves nothing behind either', async () => {
    async function* failing(): AsyncIterable<Uint8Array> {
      yield Buffer.from(fixtureText('amazon.txt').slice(0, 900));
      throw new Error('the disk is gone');
    }
    await expect(readSettlements(temporarySpools(root), amazonV2, failing(), TERMS)).rejects.toThrow(
      'the disk is gone',
    );
  });

  it('of many orders has each order once, however often memory had to be emptied', async () => {
    const file = path.join(runFolder(), 'many.txt');
    await mkdir(root, { recursive: true });
    await writeSettlementFile(file, { lines: 30_000, currencies: ['USD'] });
    const reading = await readSettlements(temporarySpools(root), amazonV2, createReadStream(file), TERMS);
    if (reading.kind !== 'read') throw new Error(reading.reason.message);
    const seen = new Set<string>();
    let [lines, sum] = [0, 0];
    for await (const { now, match } of matchOrders(
      reading.file,
      { find: async () => new Map() },
      { asOf: '2026-11-10T00:00:00Z' },
    )) {
      expect(seen.has(now.orderId)).toBe(false);
      seen.add(now.orderId);
      lines += now.lines;
      sum += match.payout;
    }
    const { totals } = reading.file.settlements[0] ?? {};
    const reserves = Object.values(totals?.months ?? {}).reduce(
      (all, month) => all + (month['reserve/held'] ?? 0) + (month['reserve/released'] ?? 0),
      0,
    );
    expect(sum + reserves).toBe(totals?.sum);
    expect(lines).toBeGreaterThan(29_000);
    await reading.file.close();
  });

  it('counts with what earlier settlements said of an order', async () => {
    const reading = await readFixture(amazonV2, 'amazon.txt');
    if (reading.kind !== 'read') throw new Error(reading.reason.message);
    const before: SettledOrder = {
      orderId: '026-1234567-0000001',
      currency: 'USD',
      amounts: { sale: 1_000 },
      lines: 1,
      from: '2026-09-01T00:00:00Z',
      until: '2026-09-01T00:00:00Z',
    };
    const found = [];
    const lookup = { find: async () => new Map([[before.orderId, { earlier: [before] }]]) };
    for await (const one of matchOrders(reading.file, lookup, { asOf: '2026-11-10T00:00:00Z' })) found.push(one);
    const order = found.find(({ now }) => now.orderId === before.orderId);
    expect([order?.now.amounts.sale, order?.settled.amounts.sale, order?.settled.from]).toEqual([
      10_000,
      11_000,
      '2026-09-01T00:00:00Z',
    ]);
    await reading.file.close();
  });
});

describe('a spool', () => {
  it('gives back what was put, by partition and in order, more than memory keeps of it', async () => {
    const spool = await temporarySpools(root).open(4);
    const text = 'x'.repeat(1_000);
    for (let index = 0; index < 500; index++) await spool.put(index % 3, `${index} ${text}`);
    const read: string[] = [];
    for await (const one of spool.read(1)) read.push(one);
    expect(read.map((one) => Number(one.split(' ')[0]))).toEqual(
      Array.from({ length: 167 }, (_, index) => index * 3 + 1).filter((one) => one < 500),
    );
    for await (const _ of spool.read(3)) throw new Error('nothing was put there');
    await expect(spool.put(0, 'two\nlines')).rejects.toThrow('one line');
    await spool.close();
  });
});
