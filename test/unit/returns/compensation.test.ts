import { describe, expect, it } from 'vitest';
import { executeOperation } from '#application/operations/execute-operation.ts';
import { subjectsByKind } from '#application/operations/subjects.ts';
import { returnSubject } from '#application/returns/return-subject.ts';
import type { Outcome } from '#core/operations/operation.ts';
import { afterExecute, begin } from '#core/operations/protocol.ts';
import type { ReturnCommand } from '#core/returns/decider.ts';
import { aHouse } from '../../support/house.ts';
import { decided, effectsOf, stateAfter } from './given-return.ts';
import { House } from './house.ts';
import { REFUND_ID, refunded, wayTo, wholeWay } from './samples.ts';

const blocked: ReturnCommand = {
  type: 'block-refund',
  refundId: REFUND_ID,
  reason: { code: 'REFUND_ABOVE_PAID', message: 'no room' },
};
const giveUp: ReturnCommand = { type: 'give-up-refund', by: 'ana' };
const KEY = 'erp/credit-memo-reversal/loop/main/R1';

describe('what undoes a credit memo', () => {
  it('is registered with the memo, before the ERP is called', () => {
    expect(stateAfter(...wayTo.receipted)).not.toHaveProperty('compensation');
    expect(stateAfter(...wholeWay.slice(0, 7))).toMatchObject({
      steps: { 'credit-memo': { status: 'planned' } },
      compensation: { undoes: 'credit-memo', status: 'registered' },
    });
  });

  it('is done when a person gives the refund up, and only then', () => {
    expect(decided(wayTo.stocked, giveUp)).toMatchObject({ reason: { code: 'REFUND_NOT_STUCK' } });
    const planned: ReturnCommand = { type: 'plan-refund', refundId: REFUND_ID };
    expect(decided([...wayTo.stocked, planned], giveUp)).toMatchObject({ reason: { code: 'REFUND_NOT_STUCK' } });
    expect(decided(wayTo.refunded, giveUp)).toMatchObject({ reason: { code: 'REFUND_NOT_STUCK' } });
    const { operations, closeCases } = effectsOf(...wayTo.stocked, blocked, giveUp);
    expect(operations).toMatchObject([{ key: KEY, content: { creditMemoRef: '21', total: 3_650 } }]);
    expect(closeCases).toContain('REFUND_BLOCKED');
    expect(decided([...wayTo.stocked, blocked, giveUp], giveUp)).toMatchObject({ kind: 'ignored' });
  });

  it('keeps everybody from paying after all', () => {
    const given = [...wayTo.stocked, blocked, giveUp];
    const resolve: ReturnCommand = { type: 'resolve-refund', by: 'ana' };
    for (const command of [{ type: 'plan-refund', refundId: REFUND_ID } as const, resolve])
      expect(decided(given, command)).toMatchObject({ reason: { code: 'REFUND_GIVEN_UP' } });
    const again: ReturnCommand = { type: 'record-refund', refundId: REFUND_ID, standing: 'planned' };
    expect(decided(given, again)).toMatchObject({ reason: { code: 'REFUND_GIVEN_UP' } });
  });

  it('and a refund that the channel pays all the same is in front of a person', () => {
    const refused = { type: 'record-refund', refundId: REFUND_ID, standing: 'refused' } as const;
    const planned: ReturnCommand = { type: 'plan-refund', refundId: REFUND_ID };
    const given = [...wayTo.stocked, planned, refused, giveUp];
    for (const standing of ['issued', 'paid'] as const) {
      expect(effectsOf(...given, refunded(standing)).openCases).toMatchObject([
        { code: 'REFUND_PAID_AFTER_ALL', owner: 'finance', moneyAtRisk: { minor: 3_650 } },
      ]);
    }
    expect(effectsOf(...wayTo.stocked, planned, refunded('paid')).openCases).toEqual([]);
  });
});

/** A return whose refund is given up, with the reversal's operation carried out to this end. */
async function reversing(outcome: Outcome): Promise<House> {
  const house = new House();
  await house.shippedOrder();
  await house.return(...wayTo.stocked, blocked, giveUp);
  const row = await house.operation(KEY);
  const beginning = begin(row, house.clock.now(), 'executor-1');
  if (beginning.do !== 'execute') throw new Error(beginning.do);
  await house.store.operations.save(beginning.operation, row.revision);
  const ended = afterExecute(beginning.operation, outcome, { read: 'authoritative' }, house.clock.now());
  await returnSubject(house.ports).settle(ended, beginning.operation.revision, house.cause);
  return house;
}

describe('the reversal', () => {
  it('ends the return, whose goods a person then sees to', async () => {
    const house = await reversing({ kind: 'applied', ref: '44' });
    expect(await house.theReturn()).toMatchObject({ status: 'reversed', compensation: { status: 'done', ref: '44' } });
    expect(await house.openCases()).toEqual(['GOODS_WITHOUT_RETURN']);
  });

  it('that the ERP refuses is a case with the money at risk, until a person has done it there', async () => {
    const house = await reversing({ kind: 'rejected', reason: { code: 'REVERSAL_BY_HAND', message: 'posted' } });
    const [open] = await house.store.cases.listOpen({ limit: 10 });
    expect(open).toMatchObject({
      code: 'COMPENSATION_FAILED',
      owner: 'finance',
      moneyAtRisk: { minor: 3_650, currency: 'USD' },
    });
    await house.return({ type: 'resolve-compensation', ref: 'CN-0044', by: 'ana' });
    expect(await house.theReturn()).toMatchObject({ status: 'reversed', compensation: { ref: 'CN-0044', by: 'ana' } });
    expect(await house.openCases()).toEqual(['GOODS_WITHOUT_RETURN']);
  });

  it('that fails is told by an alarm too', async () => {
    const house = new House();
    await house.shippedOrder();
    await house.return(...wayTo.stocked, blocked, giveUp);
    const { ports } = await aHouse();
    const { settle } = returnSubject(house.ports);
    const subjects = subjectsByKind({ RETURN: { settle } }, house.store);
    const partner = { kinds: ['erp/sales-order'] as const, probePolicy: () => ({ read: 'authoritative' }) as const };
    const executing = { ...ports, ...house.store, subjects, log: house.log, executor: () => partner as never };
    const { operations, cases, pauses } = house.store;
    const executed = await executeOperation(
      { ...executing, operations, cases, pauses },
      KEY,
      AbortSignal.timeout(9_000),
    );
    expect(executed).toEqual({ status: 'rejected', why: 'OPERATION_NOT_SUPPORTED' });
    expect(await house.openCases()).toEqual(['COMPENSATION_FAILED']);
    expect(JSON.stringify(house.log)).toContain('compensation failed');
  });

  it('is settled by hand only when it has failed', () => {
    const given = [...wayTo.stocked, blocked, giveUp];
    const byHand: ReturnCommand = { type: 'resolve-compensation', ref: 'CN-0044', by: 'ana' };
    expect(decided(given, byHand)).toMatchObject({ reason: { code: 'COMPENSATION_NOT_FAILED' } });
    const outcome: ReturnCommand = { type: 'record-compensation', outcome: { kind: 'applied', ref: '44' } };
    expect(decided(wayTo.stocked, outcome)).toMatchObject({ reason: { code: 'COMPENSATION_NOT_PLANNED' } });
  });
});
