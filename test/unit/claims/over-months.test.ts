import { describe, expect, it } from 'vitest';
import { handle } from '#application/aggregate.ts';
import { claimAggregate } from '#application/claims/aggregates.ts';
import { bytesOf, type ClaimLine, roomIn } from '#core/claims/claim.ts';
import { placeLines } from '#core/claims/place.ts';
import { stateRow } from '#platform/aws/rows.ts';
import { LARGEST_ROW, sizeOfRow } from '../../support/row-size.ts';
import { RETURN_KEY, report, unit } from '../returns/samples.ts';
import { FAULTY, inspectedAs, inspectedInDecember, MUG, MUG_FAULTY } from './scene.ts';

describe('a return that is authorized in one month and inspected in the next', () => {
  const collected = async () => {
    const it = await inspectedInDecember(FAULTY);
    await it.assign(MUG);
    await it.collect();
    expect((await it.claim('2026-12'))?.lines).toHaveLength(1);
    return it;
  };

  it('takes its line out again when the inspection is corrected', async () => {
    const { inspect, collect, claim } = await collected();
    await inspect([unit('L1', 2), unit('L2', 1)], '2026-12-04T12:00:00.000Z');
    await collect();
    expect((await claim('2026-12'))?.lines).toEqual([]);
  });

  it('takes its line out again when it is cancelled', async () => {
    const { house, collect, claim } = await collected();
    await house.return(report({ type: 'cancelled', occurredAt: '2026-12-04T12:00:00.000Z' }));
    await collect();
    expect((await claim('2026-12'))?.lines).toEqual([]);
  });

  it('leaves its line with the supplier that was asked for it', async () => {
    const { collect, claim, assign } = await collected();
    await assign({ ...MUG, supplier: 'bolt' });
    await collect();
    expect((await claim('2026-12', 'acme'))?.lines).toHaveLength(1);
    expect(await claim('2026-12', 'bolt')).toBeUndefined();
  });
});

describe('an inspection that is dated into the future', () => {
  it('is claimed in the month of today, and found there again', async () => {
    const { inspect, house, collect, claim, assign } = await inspectedAs([unit('L1', 2), unit('L2', 1)]);
    await assign(MUG);
    await inspect([MUG_FAULTY], '2029-01-01T00:00:00.000Z');
    await collect();
    expect((await claim())?.lines).toHaveLength(1);
    await house.return(report({ type: 'cancelled', occurredAt: '2026-11-27T12:00:00.000Z' }));
    await collect();
    expect((await claim())?.lines).toEqual([]);
  });
});

describe('a full claim', () => {
  const NOVEMBER = { supplier: 'acme', period: '2026-11' };
  const uuid = (n: number): string => `3f2b8c1e-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const platformLine = (n: number): ClaimLine => ({
    ...{ key: `RETURN#aftership#main#${uuid(n)}/${uuid(n)}/14283391238331/0`, inspectionId: uuid(n) },
    ...{ returnKey: `RETURN#aftership#main#${uuid(n)}`, orderNumber: '#100123', lineId: '14283391238331' },
    ...{ sku: 'TSHIRT-NAVY-M', quantity: 1, condition: 'damaged', disposition: 'dispose', basis: 'defective' },
    inspectedAt: '2026-11-20T12:00:00.000Z',
  });
  /** Ids as long as they are let in. */
  const longLine = (n: number): ClaimLine => {
    const [id, lineId] = [`${uuid(n)}:`.padEnd(100, 'x'), 'l'.repeat(100)];
    return {
      ...platformLine(n),
      ...{ key: `RETURN#generic#main#${id}/${id}/${lineId}/0`, returnKey: `RETURN#generic#main#${id}`, lineId },
      ...{ inspectionId: id, sku: 's'.repeat(100), orderNumber: 'Ä'.repeat(100) },
    };
  };
  /** As many as fit, the last of them so long that nothing else does. */
  const filled = (lineOf: (n: number) => ClaimLine): ClaimLine[] => {
    const room = roomIn({ status: 'none' });
    const fit = Math.floor(room / bytesOf(lineOf(0)));
    const lines = Array.from({ length: fit }, (_, n) => lineOf(n));
    const left = room - lines.reduce((sum, line) => sum + bytesOf(line), 0);
    return lines.map((line, n) =>
      n === fit - 1 ? { ...line, orderNumber: line.orderNumber + '.'.repeat(left) } : line,
    );
  };

  it.each([
    ['as platforms give them', platformLine],
    ['as long as they are let in', longLine],
  ])('fits into its row with ids %s, when each line has got its cost', (_what, lineOf) => {
    const unitCost = { minor: 129_900, currency: 'USD' };
    const lines = filled(lineOf).map((line) => ({ ...line, rma: 'RMA-0000000001', reason: 'defective', unitCost }));
    const documents = ['CHF', 'EUR', 'GBP', 'USD'].map((currency, at) => ({
      ...{ nth: at + 1, total: { minor: 1_000_000, currency }, status: 'refused' },
      reason: { code: 'REFUSED', message: 'm'.repeat(1_000) },
    }));
    const state = { ...NOVEMBER, status: 'closed', number: 'SC-acme-2026-11', by: 'op-7', lines, documents };
    const written = { key: 'CLAIM#acme#2026-11', state, expectedVersion: 9_999, sequence: 9, openCases: ['CASE'] };
    const none = { events: [], operations: [], casesToOpen: [], casesToClose: [], timersToSet: [], timersToClear: [] };
    expect(sizeOfRow(stateRow({ ...written, ...none }))).toBeLessThan(LARGEST_ROW);
  });

  it('leaves what it has no room for to the next months', () => {
    const own = (n: number) => ({ ...platformLine(n), returnKey: RETURN_KEY });
    const [fits, more] = [filled(own).length, 5];
    const wanted = Array.from({ length: 2 * fits + more }, (_, n) => ({ line: own(n), period: '2026-11' }));
    const claims = [{ id: NOVEMBER, state: { status: 'none' } as const }];
    const changes = placeLines({ returnKey: RETURN_KEY, wanted, claims });
    expect(changes.map(({ id, put }) => [id.period, put.length > more])).toEqual([
      ['2026-11', true],
      ['2026-12', true],
      ['2027-01', false],
    ]);
  });

  it('that has room again does not get a line that went to the next', async () => {
    const { house, collect, claim, assign } = await inspectedAs(FAULTY);
    const change = (put: ClaimLine[], remove: string[]) =>
      handle(
        house.store,
        claimAggregate,
        'CLAIM#acme#2026-11',
        { type: 'change-lines', id: NOVEMBER, put, remove },
        house.cause,
      );
    await change(filled(platformLine), []);
    await assign(MUG);
    await collect();
    expect((await claim('2026-12'))?.lines).toHaveLength(1);
    await change([], [platformLine(0).key]);
    await collect();
    const all = [...((await claim())?.lines ?? []), ...((await claim('2026-12'))?.lines ?? [])];
    expect(all.filter(({ returnKey }) => returnKey === RETURN_KEY)).toHaveLength(1);
  });
});
