import { describe, expect, it } from 'vitest';
import { nextRound, type Untold } from '#core/settlements/untold.ts';
import { amazonReport } from '../../support/amazon-report.ts';
import { amazonOrder, paid, SettlementHouse } from './house.ts';

const S1 = '15000000001';
const NOT_TOLD = 'SETTLEMENT_NOT_TOLD';

/** A settlement whose batch ends in the DLQ whenever it is handed out, and the minutes at which it is. */
async function aStuckHouse() {
  const house = new SettlementHouse();
  await house.order(amazonOrder(1));
  await house.read(amazonReport({ settlementId: S1, lines: paid(1) }));
  let minutes = 0;
  const handedOut: number[] = [];
  /** The queue takes the work, and whoever is to do it dies of it. */
  const pass = async (until: number): Promise<void> => {
    for (; minutes < until; minutes++) {
      house.now = new Date(Date.parse('2026-11-20T10:00:00.000Z') + minutes * 60_000).toISOString();
      const die = house.workOff;
      house.workOff = async () => {
        if (house.work.tasks.splice(0).length > 0) handedOut.push(minutes);
      };
      await house.sweep(house.now);
      house.workOff = die;
    }
  };
  return { house, pass, handedOut };
}

describe('a batch that nobody can tell', () => {
  it('is a case once three rounds have brought nothing, and is handed out ever less often', async () => {
    const { house, pass, handedOut } = await aStuckHouse();
    await pass(45);
    expect(await house.openCases()).toEqual([]);
    await pass(46);
    expect(await house.openCases()).toEqual([NOT_TOLD]);
    expect(await house.store.cases.listOpen({ owner: 'integration', limit: 9 })).toMatchObject([
      {
        message: expect.stringContaining('1 of 1 batches'),
        suggestedFix: expect.stringContaining('crossdock dlq redrive settlement-work --apply'),
        moneyAtRisk: { minor: 3_152, currency: 'USD' },
      },
    ]);
    await pass(5 * 24 * 60);
    expect(handedOut.slice(0, 6)).toEqual([15, 30, 45, 75, 135, 255]);
    expect(handedOut.length).toBeLessThan(15);
  });

  it('ends the case when it is told after all', async () => {
    const { house, pass } = await aStuckHouse();
    await pass(200);
    await house.tellOrders();
    expect(await house.openCases()).toEqual([]);
    expect(await house.settlement(S1)).toMatchObject({ status: 'posting' });
    expect(await house.settlement(S1)).not.toHaveProperty('untold');
  });

  it('has its rounds anew in a later collection', async () => {
    const { house, pass, handedOut } = await aStuckHouse();
    await pass(200);
    await house.read(amazonReport({ settlementId: S1, lines: [...paid(1), ...paid(2)] }), {
      at: '2026-11-20T13:20:00Z/2',
    });
    expect(await house.settlement(S1)).not.toHaveProperty('untold');
    handedOut.splice(0);
    await pass(260);
    expect(handedOut.slice(0, 3)).toEqual([214, 229, 244]);
  });
});

describe('a round', () => {
  const AT = '2026-11-20T10:00:00.000Z';
  const round = (before: Untold | undefined, pending: number, at = before?.next ?? AT): Untold => {
    const next = nextRound(before, pending, at);
    if (!next) throw new Error('it is not due');
    return next;
  };

  it('counts only while nothing is told: a large settlement takes its time', () => {
    const twice = round(round(undefined, 9), 9);
    expect(twice.rounds).toBe(2);
    expect(round(twice, 8).rounds).toBe(1);
  });

  it('that is noted twice counts once', () => {
    expect(nextRound(round(undefined, 9), 9, AT)).toBeUndefined();
  });

  it('follows the one before within a day', () => {
    let last = round(undefined, 1);
    for (let rounds = 0; rounds < 20; rounds++) {
      const next = round(last, 1);
      expect(Date.parse(next.next) - Date.parse(last.next)).toBeLessThanOrEqual(24 * 60 * 60_000);
      last = next;
    }
  });
});
