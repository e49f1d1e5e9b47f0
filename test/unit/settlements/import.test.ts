import { describe, expect, it } from 'vitest';
import { resolveOperation, retryOperation } from '#application/operations/retry-operation.ts';
import { onSettlementTimer } from '#application/settlements/follow-up.ts';
import { recordBatch } from '#application/settlements/record-batch.ts';
import { linesIn, rowsIn } from '#application/settlements/rows.ts';
import { settlementBalance } from '#core/ledger/settled.ts';
import { amazonReport, type ReportLine } from '../../support/amazon-report.ts';
import { amazonOrder, orderId, paid, SettlementHouse } from './house.ts';

const S1 = '15000000001';
const KEY = `SETTLEMENT#amazon#main#${S1}`;
const FIRST = `erp/journal/amazon/main/${S1}/2026-11`;
const report = (...lines: readonly ReportLine[]) => amazonReport({ settlementId: S1, lines });
const storage: ReportLine = { words: 'other-transaction/other-transaction/Storage Fee', minor: -700 };

async function aHouse(orders = 2): Promise<SettlementHouse> {
  const house = new SettlementHouse();
  for (let number = 1; number <= orders; number++) await house.order(amazonOrder(number));
  return house;
}

describe('a settlement file', () => {
  it('is read, kept, told to its orders, matched and posted', async () => {
    const house = await aHouse();
    const outcome = await house.read(report(...paid(1), ...paid(2), storage));
    expect(outcome).toEqual({ kind: 'read', settlements: [{ settlementId: S1, kind: 'imported' }] });
    expect(await house.settlement(S1)).toMatchObject({ status: 'recording', pending: [0], revision: 1 });
    const [orders, others] = [...house.lines.objects].sort();
    expect(rowsIn(orders?.[1] ?? '').map((row) => [row.orderId, row.lines.length])).toEqual([
      [orderId(1), 3],
      [orderId(2), 3],
    ]);
    expect(linesIn(others?.[1] ?? '')).toMatchObject([{ amount: -700 }]);

    await house.tellOrders();
    expect(settlementBalance(await house.orderState(1))).toMatchObject({
      paidOut: 3_152,
      kept: 498,
      open: 0,
      standing: 'settled',
    });
    expect(await house.settlement(S1)).toMatchObject({ status: 'posting', differences: {} });
    expect(await house.openCases()).toEqual([]);
    await house.post(FIRST);
    expect(await house.settlement(S1)).toMatchObject({ status: 'posted', parts: [{ number: 'M41' }] });
    expect(house.store.journal.flatMap(({ events }) => events.map(({ type }) => type))).toEqual([
      ...['order.captured.v1', 'order.captured.v1', 'settlement.imported.v1', 'order.settled.v1', 'order.settled.v1'],
      ...['settlement.matched.v1', 'settlement.posted.v1'],
    ]);
  });

  it('twice is nothing new, also when its lines come in another order', async () => {
    const house = await aHouse();
    await house.read(report(...paid(1), ...paid(2)));
    await house.tellOrders();
    const before = [house.store.journal.length, house.lines.objects.size];
    expect(await house.read(report(...paid(1), ...paid(2)))).toMatchObject({ settlements: [{ kind: 'ignored' }] });
    const again = report(...paid(2).reverse(), ...paid(1));
    expect(await house.read(again, { name: 'b.txt', at: '2026-11-21T09:00:00Z/1' })).toMatchObject({ kind: 'read' });
    await house.tellOrders();
    expect([house.store.journal.length, house.lines.objects.size]).toEqual(before);
    expect((await house.settlement(S1)).revision).toBe(1);
  });

  it('that is off by a cent is refused whole, with the line and a case that closes with the right file', async () => {
    const house = await aHouse();
    const good = { settlementId: '15000000002', lines: paid(2) };
    const off = amazonReport(good, { settlementId: S1, lines: paid(1), total: 3_153 });
    const outcome = await house.read(off);
    expect(outcome).toMatchObject({ kind: 'refused', reason: { code: 'SETTLEMENT_CONTROL_TOTAL' } });
    expect(await house.settlement('15000000002')).toBeUndefined();
    expect(house.lines.objects.size).toBe(0);
    expect(await house.store.cases.listOpen({ limit: 9 })).toMatchObject([
      { code: expect.stringMatching(/^SETTLEMENT_REFUSED#a\.txt-/), owner: 'finance', subject: 'DROP#amazon#main' },
    ]);
    await house.read(report(...paid(1)));
    expect(await house.openCases()).toEqual([]);
  });

  it('that is refused keeps its case until a file of its own name is read, whatever others are called', async () => {
    const house = await aHouse(1);
    await house.read(Buffer.from('x\n'), { name: 'Bericht Kö.txt' });
    const [refused] = await house.openCases();
    await house.read(report(...paid(1)), { name: 'Bericht Kä.txt' });
    expect(await house.openCases()).toEqual([refused]);
    await house.read(report(...paid(1)), { name: 'Bericht Kö.txt', at: '2026-11-21T09:00:00Z/1' });
    expect(await house.openCases()).toEqual([]);
  });

  it('with words that no rule knows is kept and told, and blocks its posting until a rule does', async () => {
    const house = await aHouse();
    await house.read(report(...paid(1), { words: 'Order/ItemFees/NeverHeardOf', minor: -10, orderId: orderId(1) }));
    await house.tellOrders();
    expect(await house.settlement(S1)).toMatchObject({ status: 'blocked', parts: [] });
    expect(await house.store.cases.listOpen({ owner: 'finance', limit: 9 })).toMatchObject([
      { code: 'SETTLEMENT_BLOCKED', moneyAtRisk: { minor: 10, currency: 'USD' } },
    ]);
    expect(await house.store.operations.get(FIRST)).toBeUndefined();
    const known = { words: 'Order/ItemFees/Commission', minor: -10, orderId: orderId(1) };
    await house.read(report(...paid(1), known), { at: '2026-11-22T09:00:00Z/1' });
    await house.tellOrders();
    expect(await house.settlement(S1)).toMatchObject({ status: 'posting', revision: 2 });
    expect(await house.openCases()).not.toContain('SETTLEMENT_BLOCKED');
  });

  it('of many orders that are not here is one case, and each order that comes is told later', async () => {
    const house = await aHouse(1);
    const unknown = Array.from({ length: 30 }, (_, at) => paid(at + 2)).flat();
    await house.read(report(...paid(1), ...unknown));
    await house.tellOrders();
    expect(await house.store.cases.listOpen({ limit: 99 })).toMatchObject([
      { code: 'SETTLEMENT_DIFFERS#missing-order', owner: 'integration', moneyAtRisk: { minor: 30 * 3_152 } },
    ]);
    expect(await house.settlement(S1)).toMatchObject({ status: 'posting' });
    for (let number = 2; number <= 31; number++) await house.order(amazonOrder(number));
    house.now = '2026-11-22T10:00:00.000Z';
    expect(await onSettlementTimer(house.ports, { subject: KEY, name: 'collect-again' }, house.now)).toBe('done');
    await house.workOff();
    expect(await house.openCases()).toEqual(['SETTLEMENT_COLLECT_AGAIN']);
    expect((await house.settlement(S1)).differences).toEqual({});
    expect(settlementBalance(await house.orderState(31)).standing).toBe('settled');
    expect(await house.settlement(S1)).toMatchObject({ parts: [{ part: '2026-11' }] });
  });

  it('collected again with changes tells the orders, also those it no longer speaks of, and posts the difference', async () => {
    const house = await aHouse();
    await house.read(report(...paid(1), ...paid(2)));
    await house.tellOrders();
    await house.post(FIRST);
    const fee = { orderId: orderId(1), words: 'Order/ItemFees/Commission', minor: -2 };
    await house.read(report(...paid(1), fee), { at: '2026-11-27T09:00:00Z/1' });
    await house.tellOrders();
    expect(settlementBalance(await house.orderState(1))).toMatchObject({ kept: 500, open: 0 });
    expect(settlementBalance(await house.orderState(2))).toMatchObject({ standing: 'unsettled', paidOut: 0 });
    const key = `erp/journal/amazon/main/${S1}/adjustment/1/2026-11`;
    expect((await house.store.operations.get(key))?.content).toMatchObject({ adjusts: FIRST });
    await house.post(key, '57');
    expect(await house.settlement(S1)).toMatchObject({ status: 'posted', revision: 2, adjustments: 1 });
    const types = house.store.journal.flatMap(({ events }) => events.map(({ type }) => type));
    expect(types.at(-1)).toBe('settlement.adjusted.v1');
  });

  it('asks to be collected again at +2, +7, +14 and +30 days, and any drop of it closes the case', async () => {
    const house = await aHouse(1);
    await house.read(report(...paid(1)));
    await house.tellOrders();
    const asked: string[] = [];
    for (const day of ['22', '27', '04', '20']) {
      const timer = (await house.store.timers.due('2026-12-31T00:00:00.000Z', 9)).find(
        ({ name }) => name === 'collect-again',
      );
      if (!timer) throw new Error('no timer is set');
      asked.push(timer.dueAt.slice(0, 10));
      house.now = timer.dueAt;
      await onSettlementTimer(house.ports, timer, timer.dueAt);
      await house.store.timers.remove(timer);
      expect(await house.openCases()).toEqual(['SETTLEMENT_COLLECT_AGAIN']);
      await house.read(report(...paid(1)), { at: `${timer.dueAt}/${day}` });
      expect(await house.openCases()).toEqual([]);
    }
    expect(asked).toEqual(['2026-11-22', '2026-11-27', '2026-12-04', '2026-12-20']);
    const left = await house.store.timers.due('2027-12-31T00:00:00.000Z', 9);
    expect(left.map(({ name }) => name)).toEqual(['match-again']);
  });

  it('that is collected by itself asks no person, unless nothing has come of it for hours', async () => {
    const house = await aHouse(1);
    house.collectsItself = true;
    await house.read(report(...paid(1)));
    await house.tellOrders();
    const due = async (): Promise<string[]> =>
      (await house.store.timers.due('2026-12-31T00:00:00.000Z', 9))
        .filter(({ name }) => name !== 'match-again')
        .map(({ name, dueAt }) => `${name} ${dueAt}`);
    const tick = async (name: string) => {
      await onSettlementTimer(house.ports, { subject: KEY, name }, house.now);
      await house.store.timers.remove({ subject: KEY, name, dueAt: house.now });
    };
    house.now = '2026-11-22T10:00:00.000Z';
    await tick('collect-again');
    expect(await house.openCases()).toEqual([]);
    expect(await due()).toEqual([
      'collection-overdue 2026-11-22T16:00:00.000Z',
      'collect-again 2026-11-27T10:00:00.000Z',
    ]);
    house.now = '2026-11-22T16:00:00.000Z';
    await tick('collection-overdue');
    expect(await house.openCases()).toEqual(['SETTLEMENT_COLLECT_AGAIN']);
    await house.read(report(...paid(1)), { at: '2026-11-22T17:00:00Z/1' });
    expect(await house.openCases()).toEqual([]);
    house.now = '2026-11-27T10:00:00.000Z';
    await tick('collect-again');
    expect(await due()).toEqual([
      'collection-overdue 2026-11-27T16:00:00.000Z',
      'collect-again 2026-12-04T10:00:00.000Z',
    ]);
    await house.read(report(...paid(1)), { at: '2026-11-27T10:05:00Z/1' });
    expect(await due()).toEqual(['collect-again 2026-12-04T10:00:00.000Z']);
    // A tick that was under way when the file came.
    await tick('collection-overdue');
    expect(await house.openCases()).toEqual([]);
  });

  it('is overtaken by a later collection: batches of the earlier one tell nobody', async () => {
    const house = await aHouse();
    await house.read(report(...paid(1), ...paid(2)));
    await house.read(report(...paid(1)), { at: '2026-11-27T09:00:00Z/1' });
    const stale = { settlement: KEY, revision: 1, batch: 0 };
    expect(await recordBatch(house.ports, stale, house.cause)).toBe('ignored');
    expect((await house.orderState(2)).settlements).toBeUndefined();
    await house.tellOrders();
    expect(await recordBatch(house.ports, stale, house.cause)).toBe('ignored');
    expect((await house.orderState(2)).settlements).toEqual([{ settlementId: S1, revision: 2 }]);
    await expect(recordBatch(house.ports, { ...stale, settlement: `${KEY}9` }, house.cause)).rejects.toMatchObject({
      code: 'SETTLEMENT_UNKNOWN',
    });
  });

  it('hands out again what nobody has told', async () => {
    const house = await aHouse(1);
    await house.read(report(...paid(1)));
    const due = await house.store.timers.due('2026-11-20T10:15:00.000Z', 9);
    expect(due).toMatchObject([{ subject: KEY, name: 'recording' }]);
    const again = await onSettlementTimer(house.ports, { subject: KEY, name: 'recording' }, '2026-11-20T10:15:00.000Z');
    expect(again).toEqual({ again: '2026-11-20T10:30:00.000Z' });
    expect(house.work.tasks).toEqual([{ settlement: KEY, revision: 1, batch: 0 }]);
    await house.workOff();
    expect(await onSettlementTimer(house.ports, { subject: KEY, name: 'recording' }, house.now)).toBe('done');
    expect(await house.store.timers.due('2026-11-21T10:15:00.000Z', 9)).toEqual([]);
  });
});

describe('a first posting that the ERP refuses for good', () => {
  const TOTAL_MISMATCH = { code: 'TOTAL_MISMATCH', message: 'it is posted with other amounts' };

  async function refused(): Promise<SettlementHouse> {
    const house = await aHouse(1);
    await house.read(report(...paid(1)));
    await house.tellOrders();
    await house.refuse(FIRST, TOTAL_MISMATCH);
    expect(await house.settlement(S1)).toMatchObject({ status: 'refused' });
    return house;
  }

  it('is settled by the word of the person who made it by hand: the case closes, the settlement is posted', async () => {
    const house = await refused();
    const [open] = await house.store.cases.listOpen({ limit: 9 });
    expect(open).toMatchObject({ code: 'POSTING_REFUSED#2026-11' });
    expect(open?.suggestedFix).toContain(`crossdock operations resolve ${FIRST} --applied`);
    const made = { kind: 'applied', ref: '812' } as const;
    expect(await resolveOperation(house.operating, FIRST, made, false)).toMatchObject({ done: false });
    expect(await house.settlement(S1)).toMatchObject({ status: 'refused' });
    expect(await resolveOperation(house.operating, FIRST, made, true)).toMatchObject({ done: true });
    expect(await house.openCases()).toEqual([]);
    expect(await house.settlement(S1)).toMatchObject({ status: 'posted', parts: [{ ref: '812' }] });
    expect(await resolveOperation(house.operating, FIRST, { kind: 'applied', ref: '9' }, true)).toMatchObject({
      done: false,
    });
    expect(await house.store.operations.get(FIRST)).toMatchObject({ status: 'applied', ref: '812' });
  });

  it('is not called again by a word that it did not happen: that is what trying again is for', async () => {
    const house = await refused();
    const answer = await resolveOperation(house.operating, FIRST, { kind: 'not-applied' }, true);
    expect(answer).toMatchObject({ done: false });
    expect(await house.store.operations.get(FIRST)).toMatchObject({ status: 'rejected' });
    expect(await retryOperation(house.operating, FIRST, true)).toMatchObject({ done: true });
  });
});

describe('two settlements for one order', () => {
  const shipped = paid(1).slice(0, 2);
  const fee = paid(1).slice(2);
  const files = [
    { name: 'one.txt', at: '2026-11-20T09:00:00Z/1', bytes: amazonReport({ settlementId: S1, lines: shipped }) },
    { name: 'two.txt', at: '2026-11-20T09:00:01Z/1', bytes: amazonReport({ settlementId: '15000000002', lines: fee }) },
    {
      name: 'again.txt',
      at: '2026-11-25T09:00:00Z/1',
      bytes: amazonReport({
        settlementId: S1,
        lines: [...shipped, { ...paid(2)[2], minor: -5, words: 'Order/ItemFees/Commission' }],
      }),
    },
  ];
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];

  it.each(orders.map((order) => [order] as const))('end in the same books in the order %j', async (order) => {
    const house = await aHouse();
    for (const at of order) {
      const file = files[at];
      if (file) await house.read(file.bytes, file);
      await house.tellOrders();
    }
    const one = await house.orderState(1);
    expect(settlementBalance(one)).toMatchObject({ paidOut: 3_152, kept: 498, open: 0 });
    expect((one.settlements ?? []).map(({ settlementId, amounts }) => [settlementId, amounts])).toEqual([
      [S1, { sale: 3_318, 'tax/seller': 332 }],
      ['15000000002', { 'fee/commission': -498 }],
    ]);
    expect(await house.settlement(S1)).toMatchObject({ collection: { totals: { sum: 3_645 } } });
    const posted = (await Promise.all(
      [...new Set(house.store.journal.flatMap(({ operations }) => operations.map(({ key }) => key)))]
        .filter((key) => key.startsWith('erp/journal/'))
        .map((key) => house.store.operations.get(key)),
    )) as unknown as { content: { lines: { account: string; amount: number }[] } }[];
    const deposit = posted.flatMap(({ content }) => content.lines).filter(({ account }) => account === 'deposit');
    expect(deposit.reduce((sum, { amount }) => sum + amount, 0)).toBe(3_645 - 498);
  });
});
