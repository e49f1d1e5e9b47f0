import { describe, expect, it } from 'vitest';
import { handle } from '#application/aggregate.ts';
import { claimAggregate } from '#application/claims/aggregates.ts';
import { type ClaimLine, MAX_CLAIM_LINES } from '#core/claims/claim.ts';
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
  const other = (n: number): ClaimLine => ({
    ...{ key: `RETURN#loop#main#X${n}/I/L/0`, returnKey: `RETURN#loop#main#X${n}`, orderNumber: '#9', lineId: 'L' },
    ...{ sku: 'MUG-BLUE', quantity: 1, condition: 'damaged', disposition: 'dispose', basis: 'defective' },
    ...{ inspectionId: 'I', inspectedAt: '2026-11-20T12:00:00.000Z' },
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
    await change(
      Array.from({ length: MAX_CLAIM_LINES }, (_, n) => other(n)),
      [],
    );
    await assign(MUG);
    await collect();
    expect((await claim('2026-12'))?.lines).toHaveLength(1);
    await change([], [other(0).key]);
    await collect();
    const all = [...((await claim())?.lines ?? []), ...((await claim('2026-12'))?.lines ?? [])];
    expect(all.filter(({ returnKey }) => returnKey === RETURN_KEY)).toHaveLength(1);
  });
});
