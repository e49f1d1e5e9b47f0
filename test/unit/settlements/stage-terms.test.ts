import { describe, expect, it } from 'vitest';
import { onOrderCaptured } from '#application/settlements/awaited-orders.ts';
import type { FeeAgreement } from '#core/settlements/fees.ts';
import { type JournalLine, journalKey } from '#core/settlements/posting.ts';
import { amazonReport, type ReportLine } from '../../support/amazon-report.ts';
import { amazonOrder, orderId, paid, SettlementHouse } from './house.ts';

const S1 = '15000000001';
const id = { channel: 'amazon', account: 'main', settlementId: S1 };

const perOrder = (house: SettlementHouse): SettlementHouse => {
  Object.assign(house.ports, { terms: { timeZone: 'UTC', detail: 'per-order' } });
  return house;
};

async function linesOf(house: SettlementHouse, part = '2026-11'): Promise<readonly JournalLine[]> {
  const row = await house.store.operations.get(journalKey(id, part));
  return (row?.content as { lines?: readonly JournalLine[] } | undefined)?.lines ?? [];
}

async function matched(house: SettlementHouse, orders: number, more: readonly ReportLine[] = []): Promise<void> {
  for (let number = 1; number <= orders; number++) await house.order(amazonOrder(number));
  const lines = Array.from({ length: orders }, (_, at) => paid(at + 1)).flat();
  await house.read(amazonReport({ settlementId: S1, lines: [...lines, ...more] }));
  await house.tellOrders();
}

describe('a stage that posts order by order', () => {
  it('clears the receivable of each order on a line of its own, over all batches', async () => {
    const house = perOrder(new SettlementHouse());
    await matched(house, 600);
    expect((await house.settlement(S1)).collection.batches).toBeGreaterThan(1);
    const cleared = (await linesOf(house)).filter(({ account }) => account === 'receivable');
    expect(cleared).toHaveLength(600);
    expect(cleared.find(({ label }) => label === `order ${orderId(7)}`)?.amount).toBe(-3_650);
    expect((await linesOf(house)).reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
  });

  it('clears what belongs to no order too, and comes to the same as the summary', async () => {
    const ofNone: ReportLine = { words: 'Order/ItemPrice/Principal', minor: 500 };
    const sums = async (house: SettlementHouse) => {
      await matched(house, 3, [ofNone]);
      const sum: Record<string, number> = {};
      for (const { account, amount } of await linesOf(house)) sum[account] = (sum[account] ?? 0) + amount;
      return sum;
    };
    const listed = perOrder(new SettlementHouse());
    expect(await sums(listed)).toEqual(await sums(new SettlementHouse()));
    expect(await linesOf(listed)).toContainEqual({ account: 'receivable', amount: -500, label: 'order (none)' });
  });

  it('posts by summary what has more orders than a move may list', async () => {
    const many = perOrder(new SettlementHouse());
    await many.read(
      amazonReport({ settlementId: S1, lines: Array.from({ length: 1_501 }, (_, at) => paid(at + 1)).flat() }),
    );
    await many.tellOrders();
    expect(await many.settlement(S1)).toMatchObject({ status: 'posting', blocked: [] });
    expect((await linesOf(many)).length).toBeLessThan(10);
  }, 60_000);

  it('posts what is collected again by summary, and once', async () => {
    const house = perOrder(new SettlementHouse());
    await matched(house, 2);
    await house.post(journalKey(id, '2026-11'));
    const fee = { orderId: orderId(1), words: 'Order/ItemFees/Commission', minor: -2 };
    const lines = [...paid(1), ...paid(2), fee];
    await house.read(amazonReport({ settlementId: S1, lines }), { at: '2026-11-27T09:00:00Z/1' });
    await house.tellOrders();
    expect((await linesOf(house, 'adjustment/1/2026-11')).map(({ account }) => account).sort()).toEqual([
      'deposit',
      'fee/commission',
    ]);
  });
});

describe('a stage with agreements about fees', () => {
  const agreed: readonly FeeAgreement[] = [{ fee: 'commission', basisPoints: 1_200, of: 'goods' }];
  const with12Percent = (): SettlementHouse => {
    const house = new SettlementHouse();
    const agreements = (channel: string, account: string) => (`${channel}/${account}` === 'amazon/main' ? agreed : []);
    Object.assign(house.ports, { agreements });
    return house;
  };

  it('finds a fee that is not the agreed one, for finance, with the money', async () => {
    const house = with12Percent();
    await matched(house, 2);
    expect(await house.store.cases.listOpen({ limit: 9 })).toMatchObject([
      // 15 % of 33.18 where 12 % are agreed, twice.
      {
        ...{ code: 'SETTLEMENT_DIFFERS#fee-change', owner: 'finance', moneyAtRisk: { minor: 2 * (498 - 398) } },
        message: expect.stringContaining(' differs from 2 orders by fee-change: '),
      },
    ]);
    expect(await house.settlement(S1)).toMatchObject({ status: 'posting' });
  });

  it('looks again with the settlement: what a later one gives back closes the case', async () => {
    const house = with12Percent();
    await matched(house, 1);
    expect(await house.openCases()).toEqual(['SETTLEMENT_DIFFERS#fee-change']);
    const back = { orderId: orderId(1), words: 'Order/ItemFees/Commission', minor: 100 };
    await house.read(amazonReport({ settlementId: '15000000002', lines: [back] }), { name: 'b.txt' });
    await house.tellOrders();
    await house.sweep('2026-11-22T10:00:00.000Z');
    expect((await house.settlement(S1)).differences).toEqual({});
    expect(await house.openCases()).not.toContain('SETTLEMENT_DIFFERS#fee-change');
  });

  it('judges an order that comes late as well', async () => {
    const house = with12Percent();
    await house.read(amazonReport({ settlementId: S1, lines: paid(1) }));
    await house.tellOrders();
    await house.order(amazonOrder(1));
    await onOrderCaptured(house.ports, `ORDER#amazon#main#${orderId(1)}`, house.cause);
    await house.sweep('2026-11-20T10:01:00.000Z');
    expect(Object.keys((await house.settlement(S1)).differences[0] ?? {})).toEqual(['fee-change']);
  });
});
