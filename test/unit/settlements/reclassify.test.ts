import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SettlementFormat } from '#application/ports/settlements.ts';
import { reclassify } from '#application/settlements/reclassify.ts';
import { amazonV2 } from '#connectors/settlements/amazon-v2/format.ts';
import { csv } from '#connectors/settlements/csv/format.ts';
import { type ClassRule, withOwnRules } from '#core/settlements/rules.ts';
import { amazonReport, type ReportLine } from '../../support/amazon-report.ts';
import { amazonOrder, orderId, paid, SettlementHouse } from './house.ts';

const S1 = '15000000001';
const KEY = `SETTLEMENT#amazon#main#${S1}`;
const FIRST = `erp/journal/amazon/main/${S1}/2026-11`;
const NEVER_HEARD_OF = 'Order/ItemFees/NeverHeardOf';
const unheard: ReportLine = { words: NEVER_HEARD_OF, minor: -10, orderId: orderId(1) };
const storage: ReportLine = { words: 'other-transaction/other-transaction/Storage Fee', minor: -700 };
const aFee: ClassRule = { words: NEVER_HEARD_OF, class: { kind: 'fee', fee: 'new' } };

/** Amazon's format as a later deployment has it. */
function amazonWith(...own: readonly ClassRule[]): SettlementFormat {
  const rules = withOwnRules(own, amazonV2.rules, '2026-12-01');
  return { ...amazonV2, rules, read: (bytes, options) => amazonV2.read(bytes, { ...options, rules }) };
}

async function aBlockedHouse(...lines: readonly ReportLine[]): Promise<SettlementHouse> {
  const house = new SettlementHouse();
  for (const number of [1, 2]) await house.order(amazonOrder(number));
  await house.read(amazonReport({ settlementId: S1, lines: [...paid(1), ...paid(2), storage, unheard, ...lines] }));
  await house.tellOrders();
  expect(await house.settlement(S1)).toMatchObject({ status: 'blocked', parts: [] });
  return house;
}

describe('a settlement that waits for rules', () => {
  it('is classified anew once they are deployed, also when its file is forgotten: the case closes, it is posted', async () => {
    const house = await aBlockedHouse();
    house.drop.files.clear();
    house.formats = [amazonWith(aFee)];
    await house.sweep('2026-11-20T10:01:00.000Z');
    expect(await house.openCases()).toEqual([]);
    expect(await house.settlement(S1)).toMatchObject({ status: 'posting', revision: 2 });
    expect((await house.orderState(1)).settlements?.[0]?.amounts).toMatchObject({ 'fee/new': -10 });
    expect((await house.store.operations.get(FIRST))?.content.lines).toContainEqual(
      expect.objectContaining({ account: 'fee/new', amount: 10 }),
    );
    await house.sweep('2026-11-20T11:00:00.000Z');
    const timers = await house.store.timers.due('2026-11-21T00:00:00.000Z', 9);
    expect(timers.map(({ name }) => name)).toEqual([]);
  });

  it('asks less and less often, every hour at last, and changes nothing while no rule knows its words', async () => {
    const house = await aBlockedHouse();
    const commits = house.store.journal.length;
    const looks = ['10:01', '10:16', '10:32', '11:04', '12:04'];
    for (const look of looks) await house.sweep(`2026-11-20T${look}:00.000Z`);
    expect([house.store.journal.length, (await house.settlement(S1)).revision]).toEqual([commits, 1]);
    const [timer] = await house.store.timers.due('2026-11-20T14:00:00.000Z', 9);
    expect(timer).toMatchObject({ name: 'rules', dueAt: '2026-11-20T13:04:00.000Z' });
  });

  it('stays blocked with the words that are still unknown, until the last has a rule', async () => {
    const house = await aBlockedHouse({ words: 'Order/ItemFees/Stranger', minor: -3, orderId: orderId(2) });
    house.formats = [amazonWith(aFee)];
    await house.sweep('2026-11-20T10:01:00.000Z');
    expect(await house.store.cases.listOpen({ limit: 9 })).toMatchObject([
      { code: 'SETTLEMENT_BLOCKED', moneyAtRisk: { minor: 3 } },
    ]);
    house.formats = [amazonWith(aFee, { words: 'Order/ItemFees/Stranger', class: { kind: 'adjustment' } })];
    await house.sweep('2026-11-20T10:30:00.000Z');
    expect(await house.openCases()).toEqual([]);
    expect(await house.settlement(S1)).toMatchObject({ status: 'posting', revision: 3, blocked: [] });
  });

  it('is freed by a rule for words as long as words may be, or too many to be named', async () => {
    const long = `CouponFee/${'Save 20 percent on everything for the garden. '.repeat(9)}/x`;
    const odd = Array.from({ length: 30 }, (_, at) => ({ words: `Order/ItemFees/Odd ${at}`, minor: -1 }));
    const house = await aBlockedHouse({ words: long, minor: -10 }, ...odd);
    const fee = (words: string): ClassRule => ({ words, class: { kind: 'fee', fee: 'odd' } });
    house.formats = [amazonWith(aFee, ...odd.slice(0, 29).map(({ words }) => fee(words)))];
    await house.sweep('2026-11-20T10:01:00.000Z');
    expect((await house.settlement(S1)).collection.totals.unclassified.map(({ lines }) => lines)).toEqual([1, 1]);
    house.formats = [amazonWith(aFee, ...odd.map(({ words }) => fee(words)))];
    await house.sweep('2026-11-20T10:20:00.000Z');
    house.formats = [amazonWith(aFee, ...odd.map(({ words }) => fee(words)), fee(long))];
    await house.sweep('2026-11-20T10:40:00.000Z');
    expect(await house.settlement(S1)).toMatchObject({ status: 'posting', blocked: [] });
  });

  it('is still to be collected again when its lines were classified anew: nobody has fetched anything', async () => {
    const house = await aBlockedHouse();
    house.collectsItself = true;
    await house.sweep('2026-11-22T10:00:00.000Z');
    house.formats = [amazonWith(aFee)];
    await house.sweep('2026-11-22T11:20:00.000Z');
    expect(await house.settlement(S1)).toMatchObject({ status: 'posting', awaited: true });
    await house.sweep('2026-11-22T16:00:00.000Z');
    expect(await house.openCases()).toEqual(['SETTLEMENT_COLLECT_AGAIN']);
    house.collectsItself = false;
    await house.sweep('2026-11-27T10:00:00.000Z');
    const bytes = house.drop.files.get('settlements/amazon/main/amazon-v2/a.txt') as Uint8Array;
    await house.read(bytes, { at: '2026-11-27T11:00:00Z/1' });
    expect(await house.openCases()).toEqual([]);
  });

  it('comes to what reading its file again would: that is then nothing new', async () => {
    const house = await aBlockedHouse();
    const bytes = house.drop.files.get('settlements/amazon/main/amazon-v2/a.txt') as Uint8Array;
    house.formats = [amazonWith(aFee)];
    expect(await reclassify(house.ports, KEY, house.cause)).toMatchObject({ kind: 'imported' });
    expect(await house.read(bytes)).toMatchObject({
      settlements: [{ kind: 'ignored', why: 'it is what was collected' }],
    });
    expect(await reclassify(house.ports, KEY, house.cause)).toMatchObject({ kind: 'ignored' });
  });

  it('that is blocked by money alone asks for no rules', async () => {
    const house = await aBlockedHouse();
    house.formats = [amazonWith(aFee)];
    expect(await reclassify(house.ports, `${KEY}9`, house.cause)).toMatchObject({ why: 'it waits for no rule' });
  });

  it('ends in the same books whenever the rules come between its collections', async () => {
    const later = { words: 'Order/ItemFees/Commission', minor: -2, orderId: orderId(2) };
    const files = [[unheard], [unheard, later]].map((more) =>
      amazonReport({ settlementId: S1, lines: [...paid(1), ...paid(2), ...more] }),
    );
    const ends = new Set<string>();
    const step = fc.constantFrom('first', 'second', 'rules', 'sweep', 'tell');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const house = new SettlementHouse();
        for (const number of [1, 2]) await house.order(amazonOrder(number));
        let minute = 0;
        const sweep = () => house.sweep(new Date(Date.UTC(2026, 10, 20, 10, 20 * ++minute)).toISOString());
        const lay = async (at: 0 | 1) =>
          house.read(files[at] as Uint8Array, { name: `${at}.txt`, at: `2026-11-20T09:00:0${at}Z/1` });
        for (const one of [...steps, 'first', 'second', 'tell', 'rules', 'sweep', 'tell', 'sweep']) {
          if (one === 'first') await lay(0);
          else if (one === 'second') await lay(1);
          else if (one === 'rules') house.formats = [amazonWith(aFee)];
          else if (one === 'sweep') await sweep();
          else await house.tellOrders();
        }
        const { status, collection, posted } = await house.settlement(S1);
        expect(await house.openCases()).toEqual([]);
        ends.add(
          JSON.stringify([
            status,
            collection.totals,
            posted?.months,
            (await house.orderState(2)).settlements?.[0]?.amounts,
          ]),
        );
      }),
      { numRuns: 60 },
    );
    expect([...ends]).toHaveLength(1);
  });
});

describe('a settlement of a file that declares its rules', () => {
  const mapping = (...rules: readonly ClassRule[]) => ({
    channel: 'kaufland',
    version: '2026-11-01',
    told: 'by-part',
    delimiter: ';',
    decimals: 'point',
    dates: 'iso',
    timeZone: 'UTC',
    settlementId: { column: 'id' },
    currency: { value: 'EUR' },
    columns: { amount: 'amount', date: 'date', words: ['word'], orderId: 'order' },
    control: { words: 'Payout', column: 'amount', sign: 'paid-out', depositDate: 'date' },
    rules,
  });
  const bytes = Buffer.from(
    'id;amount;date;word;order\nK1;10.00;2026-11-02;Sale;1\nK1;-1.00;2026-11-02;Toll;1\nK1;-9.00;2026-11-03;Payout;\n',
  );
  const sale: ClassRule = { words: 'Sale', class: { kind: 'sale' } };

  it('is classified anew by the mapping that is uploaded, and waits while that is missing or none', async () => {
    const house = new SettlementHouse();
    house.formats = [csv];
    house.drop.mappings.set('kaufland/main', mapping(sale));
    const read = await house.read(bytes, { name: 'k.csv', of: 'kaufland/main/csv' });
    expect(read).toMatchObject({ kind: 'read' });
    await house.tellOrders();
    const settlement = 'SETTLEMENT#kaufland#main#K1';
    for (const bad of [undefined, { rules: 7 }]) {
      house.drop.mappings.set('kaufland/main', bad);
      expect(await reclassify(house.ports, settlement, house.cause)).toMatchObject({ kind: 'ignored' });
    }
    house.drop.mappings.set('kaufland/main', mapping(sale, { words: 'Toll', class: { kind: 'fee', fee: 'toll' } }));
    await house.sweep('2026-11-20T10:01:00.000Z');
    expect(await house.openCases()).not.toContain('SETTLEMENT_BLOCKED');
    expect(await house.store.operations.get('erp/journal/kaufland/main/K1/2026-11')).toBeDefined();
  });
});
