import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadLine, SettlementPart } from '#application/ports/settlements.ts';
import { contentOf, type KeptLine } from '#application/settlements/rows.ts';
import { PARTITIONS, type SpooledFile, spoolFile } from '#application/settlements/spooled-file.ts';
import { memorySpools } from './house.ts';
import { header, NOW, SETTLEMENT } from './samples.ts';

type Given = { readonly settlementId: string; readonly orderId: string | undefined; readonly amount: number };

/** Ids as partners might write them, whatever they mean to a file of texts. */
const orderIds = fc.oneof(
  fc.constantFrom('A-1', 'A-1"', 'A\t1', 'A\n1', 'A 1', '\\', '{}', 'Ä', undefined),
  fc.string({ unit: 'binary', maxLength: 12 }).filter((id) => id !== ''),
);
const lines: fc.Arbitrary<Given[]> = fc.array(
  fc.record({ settlementId: fc.constantFrom('S1', 'S2', 'S3'), orderId: orderIds, amount: fc.integer() }),
  { maxLength: 60 },
);

async function spooled(given: readonly Given[]): Promise<SpooledFile> {
  async function* parts(): AsyncIterable<SettlementPart> {
    for (const settlementId of ['S1', 'S2', 'S3']) {
      yield { kind: 'header', header: header({ id: { ...SETTLEMENT, settlementId } }) };
    }
    for (const [index, { settlementId, orderId, amount }] of given.entries()) {
      const line: ReadLine = {
        at: index + 2,
        class: { kind: 'sale' },
        amount,
        postedAt: NOW,
        source: 'Order/ItemPrice/Principal',
        ...(orderId !== undefined && { orderId }),
      };
      yield { kind: 'lines', settlementId, currency: 'USD', lines: [line] };
    }
  }
  return spoolFile(parts(), await memorySpools.open(PARTITIONS), 'UTC');
}

type Told = {
  readonly settlementId: string;
  readonly orderId: string | undefined;
  readonly lines: readonly KeptLine[];
};

async function told(file: SpooledFile): Promise<Told[]> {
  const all: Told[] = [];
  for (let partition = 0; partition < PARTITIONS - 1; partition++) {
    for await (const { settlementId, row } of file.ordersOf(partition)) {
      all.push({ settlementId, orderId: row.orderId, lines: row.lines });
    }
  }
  for await (const { settlementId, line } of file.others())
    all.push({ settlementId, orderId: undefined, lines: [line] });
  return all;
}

describe('a spooled file', () => {
  it('gives every line back once, those of an order in one place, whatever its id looks like', async () => {
    await fc.assert(
      fc.asyncProperty(lines, async (given) => {
        const all = await told(await spooled(given));
        const back = all.flatMap((one) =>
          one.lines.map(({ at, amount }) => ({ at, settlementId: one.settlementId, orderId: one.orderId, amount })),
        );
        expect(back.sort((a, b) => a.at - b.at)).toEqual(given.map((one, index) => ({ at: index + 2, ...one })));
        const orders = all.filter(({ orderId }) => orderId !== undefined);
        expect(new Set(orders.map(({ settlementId, orderId }) => `${settlementId} ${orderId}`)).size).toBe(
          orders.length,
        );
      }),
    );
  });

  it('tells the same whatever order its lines stand in', async () => {
    await fc.assert(
      fc.asyncProperty(lines, async (given) => {
        const ofOrders = given.filter(({ orderId }) => orderId !== undefined);
        const [first, second] = [await spooled(ofOrders), await spooled(ofOrders.toReversed())];
        const digests = async (file: SpooledFile) => (await file.settlements()).map(({ digest }) => digest);
        const rows = async (file: SpooledFile) =>
          (await told(file)).map(({ lines: of, ...row }) => ({ ...row, contents: of.map(contentOf) }));
        expect(await digests(first)).toEqual(await digests(second));
        expect(await rows(first)).toEqual(await rows(second));
      }),
    );
  });

  it('counts the orders of each settlement, and a line of no order as none', async () => {
    const file = await spooled([
      { settlementId: 'S1', orderId: 'A', amount: 1 },
      { settlementId: 'S2', orderId: 'A', amount: 2 },
      { settlementId: 'S1', orderId: 'B', amount: 3 },
      { settlementId: 'S1', orderId: 'A', amount: 4 },
      { settlementId: 'S3', orderId: undefined, amount: 5 },
    ]);
    expect((await file.settlements()).map(({ orders, totals }) => [orders, totals.lines])).toEqual([
      [2, 3],
      [1, 1],
      [0, 1],
    ]);
  });
});
