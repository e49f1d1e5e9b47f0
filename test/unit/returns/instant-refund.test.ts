import { describe, expect, it } from 'vitest';
import { advanceRefund, planRefund } from '#application/refunds/plan-refund.ts';
import { takeWaitStep } from '#application/workflow/take-wait-step.ts';
import { ledgerOf } from '#core/ledger/of-order.ts';
import type { ReturnCommand } from '#core/returns/decider.ts';
import type { FraudVerdict } from '#core/returns/fraud/judge.ts';
import { decided, effectsOf, stateAfter } from './given-return.ts';
import { House } from './house.ts';
import {
  advance,
  at,
  authorize,
  authorizedBy,
  expire,
  inspected,
  instantly,
  REFUND_ID,
  RETURN_KEY,
  received,
  refunded,
  report,
  unit,
  validate,
  wholeWay,
} from './samples.ts';

const scan = report({ type: 'in-transit', occurredAt: at(2) });
const overdue = [instantly, advance, refunded('paid'), expire];
const settle = (how: 'collected' | 'waived'): ReturnCommand => ({
  type: 'settle-clawback',
  how,
  by: 'ana',
  at: at(19),
});
const close: ReturnCommand = { type: 'close', at: at(20) };

/** The channel's word on the refund, and on what it paid where that is something else. */
const channelSays = (standing: 'issued' | 'refused', paid?: number): ReturnCommand => ({
  ...{ type: 'record-refund', refundId: REFUND_ID, standing },
  ...(paid !== undefined && { paid }),
});

async function aHouse(...commands: readonly ReturnCommand[]): Promise<House> {
  const house = new House();
  await house.shippedOrder();
  await house.return(...commands);
  return house;
}

describe('a refund before receipt', () => {
  it('is paid where the terms say so, up to their amount', () => {
    expect(decided([instantly], advance)).toMatchObject({
      events: [{ type: 'return.refund-advanced', advance: { refund: 3_650 } }, { type: 'return.refund-moved' }],
    });
    expect(decided([authorize], advance)).toMatchObject({ kind: 'ignored' });
    expect(decided([authorizedBy({ instant: { when: 'authorized', upTo: 3_649 } })], advance)).toMatchObject({
      kind: 'ignored',
    });
  });

  it('waits for the first scan where the terms say that', () => {
    const atScan = authorizedBy({ instant: { when: 'first-scan', upTo: 10_000 } });
    expect(decided([atScan], advance)).toMatchObject({ kind: 'ignored' });
    expect(decided([atScan, scan], advance)).toMatchObject({ kind: 'accepted' });
  });

  it('is not paid for what is lost, kept otherwise, cancelled or here already', () => {
    const others: readonly ReturnCommand[] = [
      report({ type: 'lost', occurredAt: at(2) }),
      report({ type: 'resolution-chosen', occurredAt: at(2), resolution: 'store-credit' }),
      report({ type: 'cancelled', occurredAt: at(2) }),
      report(received()),
      report(inspected()),
    ];
    for (const other of others) expect(decided([instantly, other], advance)).toMatchObject({ kind: 'ignored' });
    expect(decided([instantly, advance], advance)).toMatchObject({ kind: 'ignored' });
  });

  it('is credited once, with the receipt, and not refunded again', () => {
    const way = [instantly, advance, refunded('paid'), ...wholeWay.slice(1, 10)];
    expect(stateAfter(...way).status).toBe('refunded');
    expect(decided(way, { type: 'plan-refund', refundId: REFUND_ID })).toMatchObject({ kind: 'ignored' });
    expect(stateAfter(...way, close)).toMatchObject({ status: 'closed', finance: { refund: 3_650, credit: 3_650 } });
  });

  it.each([
    ['live', 'hold', 'ignored'],
    ['live', 'review', 'ignored'],
    ['live', 'approve', 'accepted'],
    ['shadow', 'hold', 'accepted'],
    ['shadow', 'review', 'accepted'],
  ] as const)('under a %s verdict "%s" is %s', (mode, action, kind) => {
    const fine: FraudVerdict = {
      ...{ ruleSet: 'other', version: '1', mode: 'live', score: 0, action: 'approve', fired: [] },
    };
    const verdict: FraudVerdict = { ...fine, ruleSet: 'standard', mode, action };
    const judged = authorizedBy(
      { instant: { when: 'authorized', upTo: 10_000 } },
      { fraud: { at: at(1), verdicts: [fine, verdict] } },
    );
    expect(decided([judged], advance)).toMatchObject({ kind });
  });

  it('that live rules hold is not reserved on the order either, and is asked for with the goods', async () => {
    const held = authorizedBy(
      { instant: { when: 'authorized', upTo: 10_000 } },
      {
        fraud: {
          at: at(1),
          verdicts: [{ ruleSet: 'standard', version: '7', mode: 'live', score: 60, action: 'hold', fired: [] }],
        },
      },
    );
    const house = await aHouse(held);
    expect(await advanceRefund(house.ports, RETURN_KEY, house.cause)).toMatchObject({ kind: 'ignored' });
    expect((await house.theReturn()).refund).toBeUndefined();
    expect((await house.theOrder()).refunds).toEqual([]);
  });

  it('is asked for by the wait for the goods, and reserved on the order', async () => {
    const house = await aHouse(instantly);
    house.engine.wait('t1');
    await takeWaitStep(house.ports, {
      taskToken: 't1',
      returnKey: RETURN_KEY,
      step: 'receipt',
      patienceSeconds: 3_600,
    });
    expect(await house.theReturn()).toMatchObject({ status: 'authorized', refund: { status: 'planned' } });
    expect((await house.theOrder()).refunds).toMatchObject([{ amount: 3_650, status: 'pending' }]);
    expect((await house.operation(`channel/refund/shopify/main/5001/${REFUND_ID}`)).status).toBe('planned');
  });

  it('that the order has no room for blocks nothing', async () => {
    const house = await aHouse(instantly);
    await house.order({
      type: 'record-refund',
      origin: 'channel',
      share: { refundId: 'x', amount: 1, parts: { 'line/L1/net': 1 }, lines: [] },
    });
    expect(await advanceRefund(house.ports, RETURN_KEY, house.cause)).toMatchObject({ kind: 'ignored' });
    expect((await house.theReturn()).refund).toBeUndefined();
  });

  it('outlives a cancellation, which a person is told of', () => {
    const late = effectsOf(instantly, advance, report({ type: 'cancelled', occurredAt: at(3) }));
    expect(late.openCases).toMatchObject([{ code: 'CANCELLED_TOO_LATE' }]);
    expect(stateAfter(instantly, advance, report({ type: 'cancelled', occurredAt: at(3) }), expire).status).toBe(
      'overdue',
    );
  });
});

describe('the claw-back', () => {
  it('is due when the goods do not come', () => {
    expect(stateAfter(...overdue)).toMatchObject({
      status: 'overdue',
      claim: { why: 'never-arrived', amount: 3_650, status: 'due' },
    });
    expect(effectsOf(...overdue).openCases).toMatchObject([
      { code: 'CLAWBACK_DUE', owner: 'finance', moneyAtRisk: { minor: 3_650, currency: 'USD' } },
    ]);
    expect(decided(overdue, close)).toMatchObject({ reason: { code: 'CLAWBACK_DUE' } });
  });

  it('ends when the goods come after all', () => {
    const late = [...overdue, report(received())];
    expect(stateAfter(...late)).not.toHaveProperty('claim');
    expect(effectsOf(...late).closeCases).toContain('CLAWBACK_DUE');
    expect(stateAfter(...late, report(inspected()), validate)).toMatchObject({ status: 'approved' });
  });

  it('is due for what the goods that came are not worth', () => {
    const short = [
      instantly,
      advance,
      refunded('paid'),
      report(received([{ lineId: 'L1', quantity: 2 }])),
      report(inspected([unit('L1', 2)])),
      validate,
    ];
    expect(stateAfter(...short)).toMatchObject({
      status: 'approved',
      finance: { refund: 2_715 },
      claim: { why: 'goods-short', amount: 935, status: 'due' },
    });
    expect(effectsOf(...short).openCases.map(({ code }) => code)).toContain('CLAWBACK_DUE');
  });

  it('is due for all of it when a person refuses what was paid', async () => {
    const doubts = [{ code: 'FRAUD_HOLD', message: 'another unit than was sold' }];
    const goods = [report(received()), report(inspected())];
    const house = await aHouse(instantly);
    await advanceRefund(house.ports, RETURN_KEY, house.cause);
    await house.return(...goods, { ...validate, doubts } as ReturnCommand, { type: 'refuse', by: 'ben', at: at(14) });
    expect(await house.theReturn()).toMatchObject({
      status: 'refused',
      claim: { why: 'refused', amount: 3_650, status: 'due' },
    });
    expect((await house.theOrder()).claims).toMatchObject([{ amount: 3_650, status: 'due' }]);
    expect(await house.openCases()).toEqual(['CLAWBACK_DUE', 'GOODS_WITHOUT_RETURN']);
    const open = await house.store.cases.listOpen({ limit: 9 });
    expect(open.find(({ code }) => code === 'GOODS_WITHOUT_RETURN')?.suggestedFix).toContain(
      'keep them until the claim is settled',
    );
    await house.return(settle('collected'));
    expect(await house.openCases()).toEqual(['GOODS_WITHOUT_RETURN']);
  });

  describe('is for what the channel paid:', () => {
    const never = channelSays('refused');

    it('nothing when it refused', () => {
      expect(stateAfter(instantly, advance, never, expire)).toMatchObject({ status: 'expired' });
      expect(stateAfter(instantly, advance, never, expire)).not.toHaveProperty('claim');
      const short = [report(received()), report(inspected([unit('L1', 2)])), validate];
      expect(stateAfter(instantly, advance, never, ...short)).not.toHaveProperty('claim');
    });

    it('a part when one of several payments failed', () => {
      const partly = channelSays('issued', 1_000);
      expect(stateAfter(instantly, advance, partly, expire)).toMatchObject({ claim: { amount: 1_000 } });
      expect(stateAfter(instantly, advance, expire, partly)).toMatchObject({ claim: { amount: 1_000, status: 'due' } });
    });

    it('and it ends when the channel refuses afterwards: the return then expires', async () => {
      const house = await aHouse(instantly);
      await advanceRefund(house.ports, RETURN_KEY, house.cause);
      await house.return(expire, never);
      expect((await house.theOrder()).claims).toEqual([]);
      expect(await house.openCases()).not.toContain('CLAWBACK_DUE');
      const late = effectsOf(instantly, advance, expire, never).setTimers;
      expect(late).toMatchObject([{ name: 'receipt-deadline' }]);
      house.engine.wait('clawback');
      const wait = { taskToken: 'clawback', returnKey: RETURN_KEY, step: 'clawback', patienceSeconds: 3_600 };
      expect(await takeWaitStep(house.ports, wait)).toBe('waiting');
      await house.return(expire);
      expect(await takeWaitStep(house.ports, wait)).toBe('ended');
      expect(house.engine.answers.get('clawback')).toMatchObject({ error: 'ReturnExpired' });
    });

    it('and it begins when the channel paid after all', () => {
      const ended = [instantly, advance, never, expire];
      expect(stateAfter(...ended, refunded('paid'))).toMatchObject({
        status: 'expired',
        claim: { amount: 3_650, status: 'due' },
      });
      expect(effectsOf(...ended, refunded('paid')).openCases).toMatchObject([{ code: 'CLAWBACK_DUE' }]);
    });

    it('and it begins for what the goods were not worth, when the channel or a person pays after it had refused', () => {
      const short = [
        ...[instantly, advance, channelSays('refused'), report(received())],
        ...[report(inspected([unit('L1', 2)])), validate],
      ];
      expect(stateAfter(...short)).not.toHaveProperty('claim');
      const claim = { why: 'goods-short', amount: 935, status: 'due' };
      expect(stateAfter(...short, refunded('paid'))).toMatchObject({ claim });
      expect(stateAfter(...short, { type: 'resolve-refund', by: 'ana' })).toMatchObject({ claim });
    });

    it('and goods that come after the end of a return leave the claim as it is', () => {
      const paidAfterAll = [instantly, advance, channelSays('refused'), expire, refunded('paid')];
      const after = stateAfter(...paidAfterAll, report(received()));
      expect(after).toMatchObject({ status: 'expired', claim: { status: 'due', amount: 3_650 } });
    });

    it('and of a return that closed with nothing owed nothing is paid any more, or it is claimed', () => {
      const worthless = [unit('L1', 2, 'wrong-item'), unit('L2', 1, 'wrong-item')];
      const closed = [
        ...[instantly, advance, channelSays('refused'), report(received())],
        ...[report(inspected(worthless)), validate, close],
      ];
      expect(stateAfter(...closed)).toMatchObject({ status: 'closed', finance: { outcome: 'nothing-to-refund' } });
      const again: ReturnCommand = { type: 'record-refund', refundId: REFUND_ID, standing: 'planned' };
      expect(decided(closed, again)).toMatchObject({ kind: 'rejected', reason: { code: 'RETURN_ENDED' } });
      expect(stateAfter(...closed, refunded('paid'))).toMatchObject({ claim: { amount: 3_650, status: 'due' } });
    });

    it('so that a return without money is no reason to pay any', () => {
      const again: ReturnCommand = { type: 'record-refund', refundId: REFUND_ID, standing: 'planned' };
      expect(decided([instantly, advance, never, expire], again)).toMatchObject({ reason: { code: 'RETURN_ENDED' } });
      const goods = [report(received()), report(inspected())];
      const asked = [instantly, advance, never, ...goods, { ...validate, limits: {} } as ReturnCommand];
      expect(stateAfter(...asked)).toMatchObject({ finance: { doubts: [{ code: 'ABOVE_LIMIT' }] } });
    });

    it('and a return without money may be cancelled', () => {
      const cancelled = report({ type: 'cancelled', occurredAt: at(3) });
      expect(stateAfter(instantly, advance, never, cancelled).status).toBe('cancelled');
    });
  });

  it('is settled by a person, once, and the return then closes', () => {
    expect(stateAfter(...overdue, settle('collected'), close)).toMatchObject({
      status: 'closed',
      claim: { by: 'ana' },
    });
    expect(decided([...overdue, settle('waived')], settle('waived'))).toMatchObject({ kind: 'ignored' });
    expect(decided([...overdue, settle('waived')], settle('collected'))).toMatchObject({
      reason: { code: 'CLAWBACK_SETTLED' },
    });
    expect(decided([authorize], settle('waived'))).toMatchObject({ reason: { code: 'NO_CLAWBACK' } });
    const goods = effectsOf(...overdue, settle('collected'), close, report(received()));
    expect(goods.openCases).toMatchObject([{ code: 'GOODS_WITHOUT_RETURN' }]);
  });

  it.each([
    ['due', [], { claim: 3_650, reclaimed: -3_650 }],
    ['collected', [settle('collected')], { claim: 0, reclaimed: -3_650 }],
    ['waived', [settle('waived')], { claim: 0, 'written-off': 3_650, reclaimed: -3_650 }],
    ['gone with the goods', [report(received())], {}],
  ] as const)('stands in the order’s ledger when it is %s', async (_name, commands, expected) => {
    const house = await aHouse(instantly);
    await advanceRefund(house.ports, RETURN_KEY, house.cause);
    await house.return(expire, ...commands);
    const sums: Record<string, number> = {};
    for (const { postings } of ledgerOf(await house.theOrder()).entries)
      for (const { account, amount } of postings) sums[account] = (sums[account] ?? 0) + amount;
    const { claim, reclaimed, 'written-off': off } = sums;
    expect(JSON.parse(JSON.stringify({ claim, reclaimed, 'written-off': off }))).toEqual(expected);
  });

  it('is waited for by the workflow, which goes back to the goods when they come', async () => {
    const house = await aHouse(...overdue.slice(0, 2));
    await planRefund(house.ports, RETURN_KEY, house.cause);
    await house.return(expire);
    const enter = (step: string) => {
      house.engine.wait(step);
      return takeWaitStep(house.ports, { taskToken: step, returnKey: RETURN_KEY, step, patienceSeconds: 3_600 });
    };
    await enter('receipt');
    expect(house.engine.answers.get('receipt')).toMatchObject({ error: 'GoodsOverdue' });
    expect(await enter('clawback')).toBe('waiting');
    await house.return(report(received()));
    expect(await enter('clawback')).toBe('ended');
    expect(house.engine.answers.get('clawback')).toMatchObject({ error: 'GoodsArrived' });
  });
});
