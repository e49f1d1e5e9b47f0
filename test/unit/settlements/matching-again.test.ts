import { describe, expect, it } from 'vitest';
import { handle } from '#application/aggregate.ts';
import { amazonReport, type ReportLine } from '../../support/amazon-report.ts';
import { amazonOrder, orderId, paid, SettlementHouse } from './house.ts';

const S1 = '15000000001';
const S2 = '15000000002';
const LATE_REFUND = 'SETTLEMENT_DIFFERS#late-refund';
const NOT_SETTLED = 'SETTLEMENT_DIFFERS#not-settled';

/** Goods and tax of the order, in two halves: the second is shipped, and settled, later. */
const half = (goods: number, tax: number, day?: string): ReportLine[] => [
  { orderId: orderId(1), words: 'Order/ItemPrice/Principal', minor: goods, ...(day && { day }) },
  { orderId: orderId(1), words: 'Order/ItemPrice/Tax', minor: tax, ...(day && { day }) },
];
const firstHalf = amazonReport({ settlementId: S1, lines: half(2_468, 247) });
const secondHalf = amazonReport({ settlementId: S2, lines: half(850, 85, '2026-12-18') });
const refundLines: ReportLine[] = [
  { orderId: orderId(1), words: 'Refund/ItemPrice/Principal', minor: -850, day: '2027-01-10' },
  { orderId: orderId(1), words: 'Refund/ItemPrice/Tax', minor: -85, day: '2027-01-10' },
];

async function aHouse(file: Uint8Array): Promise<SettlementHouse> {
  const house = new SettlementHouse();
  await house.order(amazonOrder(1));
  await house.read(file);
  await house.tellOrders();
  return house;
}

/** The mug goes back: paid out by the channel as we heard on that day, or given as store credit. */
async function refund(house: SettlementHouse, at: string, means?: 'store-credit'): Promise<void> {
  const parts = { 'line/L2/net': 850, 'line/L2/own-tax': 85 };
  const share = { refundId: 'r1', lines: [], amount: 935, parts, ...(means && { means }) };
  const command = { type: 'record-refund', origin: 'channel', share, at } as const;
  await handle(house.store, house.ports.orders, `ORDER#amazon#main#${orderId(1)}`, command, house.cause);
}

const later = (from: string, days: number): string =>
  new Date(Date.parse(from) + days * 24 * 60 * 60_000).toISOString();

/** Every day from one to another; answers on which the case was open. */
async function daysWith(code: string, house: SettlementHouse, from: string, days: number): Promise<number[]> {
  const found: number[] = [];
  for (let day = 0; day <= days; day++) {
    await house.sweep(later(from, day));
    if ((await house.openCases()).includes(code)) found.push(day);
  }
  return found;
}

describe('a refund that no settlement takes off', () => {
  it.each([
    ['the day after', '2026-11-21T10:00:00.000Z'],
    ['two months later', '2027-01-15T10:00:00.000Z'],
  ])('of an order that differed by nothing, made %s, is found once the channel has had its time', async (_, at) => {
    const house = await aHouse(amazonReport({ settlementId: S1, lines: paid(1) }));
    await house.sweep(at);
    await refund(house, at);
    const [first = 0, ...rest] = await daysWith(LATE_REFUND, house, at, 60);
    expect(first).toBeGreaterThanOrEqual(16);
    expect(first).toBeLessThanOrEqual(30);
    expect(rest).toHaveLength(60 - first);
  });

  it('is nobody’s while the channel has time to settle it, nor when it does so then', async () => {
    const house = await aHouse(amazonReport({ settlementId: S1, lines: paid(1) }));
    const at = '2027-01-02T10:00:00.000Z';
    await refund(house, at);
    expect(await daysWith(LATE_REFUND, house, at, 12)).toEqual([]);
    await house.read(amazonReport({ settlementId: S2, lines: refundLines }), { name: 'b.txt', at: '2027-01-14/1' });
    await house.tellOrders();
    expect(await daysWith(LATE_REFUND, house, later(at, 12), 60)).toEqual([]);
  });

  it('is none of the channel’s when it was given as store credit', async () => {
    const house = await aHouse(amazonReport({ settlementId: S1, lines: paid(1) }));
    await refund(house, house.now, 'store-credit');
    expect(await daysWith(LATE_REFUND, house, house.now, 60)).toEqual([]);
  });
});

describe('what is put right when its settlement is collected no more', () => {
  it('closes its case within a week of the settlement that puts it right', async () => {
    const house = await aHouse(firstHalf);
    await daysWith(NOT_SETTLED, house, house.now, 33);
    expect(await house.openCases()).toContain(NOT_SETTLED);
    await house.read(secondHalf, { name: 'b.txt', at: '2026-12-25T09:00:00Z/1' });
    await house.tellOrders();
    expect((await daysWith(NOT_SETTLED, house, later(house.now, 1), 10)).length).toBeLessThan(7);
  });

  it('closes it after half a year too, and looks no more once nothing is left', async () => {
    const house = await aHouse(firstHalf);
    await daysWith(NOT_SETTLED, house, house.now, 190);
    await house.read(secondHalf, { name: 'b.txt', at: '2027-05-25T09:00:00Z/1' });
    await house.tellOrders();
    expect((await daysWith(NOT_SETTLED, house, later(house.now, 1), 160)).length).toBeLessThan(7);
    const names = (await house.store.timers.due('2099-01-01T00:00:00.000Z', 9)).map(({ name }) => name);
    expect(names).not.toContain('match-again');
  });

  it('closes it at once for whoever drops the file again', async () => {
    const house = await aHouse(firstHalf);
    await daysWith(NOT_SETTLED, house, house.now, 33);
    await house.read(secondHalf, { name: 'b.txt', at: '2026-12-24T09:00:00Z/1' });
    await house.tellOrders();
    await house.read(firstHalf, { at: '2026-12-24T10:00:00Z/1' });
    await house.sweep(later(house.now, 1 / 1_440));
    expect(await house.openCases()).not.toContain(NOT_SETTLED);
  });
});
