import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dropFileOf, dropKey, refusedFileCode } from '#application/settlements/drop-file.ts';
import { ordersName, segment } from '#application/settlements/names.ts';
import { postingOutcome, settlementSubject } from '#application/settlements/settlement-subject.ts';
import { viewSettlement } from '#application/settlements/settlement-view.ts';
import { afterExecute, begin } from '#core/operations/protocol.ts';
import { newObjectIn } from '#platform/handlers/new-object.ts';
import { factsOf } from '../../../bin/commands/explain/facts.ts';
import { stateOf } from '../../../bin/commands/explain/story.ts';
import { listSettlements, showSettlement } from '../../../bin/commands/settlements/stage-view.ts';
import { amazonReport } from '../../support/amazon-report.ts';
import { amazonOrder, paid, SettlementHouse } from './house.ts';

const S1 = '15000000001';
const KEY = `SETTLEMENT#amazon#main#${S1}`;
const FIRST = `erp/journal/amazon/main/${S1}/2026-11`;

async function aPostedHouse(): Promise<SettlementHouse> {
  const house = new SettlementHouse();
  await house.order(amazonOrder(1));
  await house.read(amazonReport({ settlementId: S1, lines: [...paid(1), ...paid(2)] }));
  await house.tellOrders();
  await house.post(FIRST);
  return house;
}

describe('a file in the drop', () => {
  it('says by its key whose it is, and nothing else is one', () => {
    const key = 'settlements/amazon/main/amazon-v2/März 7.txt';
    const file = dropFileOf(key);
    expect(file).toEqual({ key, channel: 'amazon', account: 'main', format: 'amazon-v2', name: 'März 7.txt' });
    expect(file && dropKey(file)).toBe(key);
    for (const bad of [
      'settlements/amazon/main/a.txt',
      'settlements/amazon/main/amazon-v2/',
      'settlements/Amazon/main/amazon-v2/a.txt',
      'settlements/amazon/main/amazon-v2/x/a.txt',
      'mappings/amazon/main.json',
      `settlements/amazon/main/amazon-v2/${'x'.repeat(201)}`,
    ]) {
      expect([bad, dropFileOf(bad)]).toEqual([bad, undefined]);
    }
  });

  it('has a case under a code that is harmless, whatever it is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 300 }), (name) => {
        const code = refusedFileCode({ channel: 'amazon', account: 'main', format: 'amazon-v2', name });
        expect(code).toMatch(/^SETTLEMENT_REFUSED#[A-Za-z0-9._-]{1,60}-[A-Za-z0-9_-]{8}$/);
      }),
    );
  });

  it('shares its case with no other file, however alike their names are', () => {
    const long = 'a'.repeat(150);
    const names = ['Bericht Kö.txt', 'Bericht Kä.txt', 'Bericht_K_.txt', `${long}1.txt`, `${long}2.txt`];
    const places = ['amazon-v2', 'csv'].flatMap((format) =>
      names.map((name) => ({ channel: 'amazon', account: 'main', format, name })),
    );
    expect(new Set(places.map(refusedFileCode)).size).toBe(places.length);
  });

  it('is told by S3 with its key as it is and a time that sorts', () => {
    const told = (time: string, sequencer?: string) =>
      JSON.stringify({
        time,
        'detail-type': 'Object Created',
        detail: { object: { key: 'settlements/a b+c', sequencer } },
      });
    const one = newObjectIn(told('2026-11-20T09:00:00Z', '62E5'));
    expect(one.key).toBe('settlements/a b+c');
    expect(newObjectIn(told('2026-11-20T09:00:00Z', '162E5')).laidDownAt > one.laidDownAt).toBe(true);
    expect(newObjectIn(told('2026-11-20T09:00:01Z')).laidDownAt > one.laidDownAt).toBe(true);
    for (const bad of ['[]', 'x', '{}', '{"detail":{"object":{}}}', '{"detail":{"object":{"key":"k"}}}']) {
      expect(() => newObjectIn(bad), bad).toThrow();
    }
  });

  it('is kept under names that no id of a channel can leave', () => {
    const name = (settlementId: string) =>
      ordersName({ id: { channel: 'amazon', account: 'main', settlementId }, digest: 'd', revision: 1 }, 0);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
        expect(segment(a)).toMatch(/^[A-Za-z0-9._~-]+$/);
        expect(name(a).split('/')).toHaveLength(6);
        expect(name(a)).toMatch(/^settlements\/amazon\/main\/(?!\.)/);
        if (Buffer.from(a).toString() !== Buffer.from(b).toString()) expect(name(a)).not.toBe(name(b));
      }),
    );
  });
});

describe('a settlement on a stage', () => {
  it('shows its deposit, what differs by cause and age, and its documents', async () => {
    const house = await aPostedHouse();
    const ports = { store: house.store, operations: house.store.operations };
    const view = await viewSettlement(ports, KEY, '2026-12-01T00:00:00.000Z');
    expect(view).toMatchObject({
      status: 'posted',
      announced: 6_304,
      differences: [
        { cause: 'missing-order', orders: 1, amount: 3_152, ageDays: 25, age: '15-30', owner: 'integration' },
      ],
      journal: [{ part: '2026-11', number: 'M41', operation: FIRST, operationStatus: 'applied' }],
    });
    expect(await viewSettlement(ports, 'SETTLEMENT#amazon#main#none', house.now)).toBeUndefined();
    const { text } = showSettlement(view as NonNullable<typeof view>);
    for (const said of ['63.04 USD announced', 'missing-order', '31.52 USD', 'M41', 'fee/commission']) {
      expect(text).toContain(said);
    }
    expect(listSettlements([await house.settlement(S1)]).text).toContain('31.52 USD');
  });

  it('is told by explain, and so is what it says of an order', async () => {
    const house = await aPostedHouse();
    const chapter = { journal: [], cases: [], timers: [], waits: [] };
    const facts = (key: string, state: unknown): string => {
      const known = stateOf({ ...chapter, key, state });
      return known ? factsOf(known) : '';
    };
    expect(facts(KEY, await house.settlement(S1))).toContain('1 × missing-order; 2026-11 M41');
    const order = await house.orderState(1);
    expect(facts('ORDER#amazon#main#x', order)).toContain(
      `settlement ${S1} (collection 1); paid out 31.52 USD, kept by the channel 4.98 USD, open 0.00 USD`,
    );
  });

  it('that the ERP refuses to take is a case with the way out, and closes when it takes it', async () => {
    const house = new SettlementHouse();
    await house.order(amazonOrder(1));
    await house.read(amazonReport({ settlementId: S1, lines: paid(1) }));
    await house.tellOrders();
    const row = await house.store.operations.get(FIRST);
    const beginning = row && begin(row, house.now, 'executor-1');
    if (beginning?.do !== 'execute') throw new Error('the posting is not planned');
    await house.store.operations.save(beginning.operation, row?.revision ?? 0);
    const reason = { code: 'PERIOD_CLOSED', message: 'November is closed' };
    const ended = afterExecute(beginning.operation, { kind: 'rejected', reason }, { read: 'authoritative' }, house.now);
    await settlementSubject(house.ports).settle(ended, beginning.operation.revision, house.cause);
    expect(await house.store.cases.listOpen({ owner: 'finance', limit: 9 })).toMatchObject([
      { code: 'POSTING_REFUSED#2026-11', suggestedFix: expect.stringContaining(`operations retry ${FIRST}`) },
    ]);
    expect(await house.settlement(S1)).toMatchObject({ status: 'refused' });
    expect(postingOutcome({ ...ended, status: 'applied', ref: '7' })).toMatchObject({ ref: '7', number: '7' });
    expect(() => postingOutcome({ ...ended, kind: 'erp/sales-order' })).toThrow('no posting');
  });
});
