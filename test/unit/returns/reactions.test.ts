import { describe, expect, it } from 'vitest';
import type { Effects } from '#core/kernel/effects.ts';
import { type ReturnCommand, returnDecider } from '#core/returns/decider.ts';
import { returnReactions } from '#core/returns/reactions.ts';
import type { OpenReturn, ReturnState } from '#core/returns/state.ts';
import {
  AUTHORIZED,
  anAuthorization,
  at,
  authorize,
  inFront,
  inspected,
  ORDER_KEY,
  REFUND_ID,
  RETURN_KEY,
  received,
  report,
  unit,
  validate,
  wayTo,
} from './samples.ts';

const ERP = { connector: 'tryton', account: 'main' };

/** What follows from the last of these commands. */
function effectsOf(...commands: readonly ReturnCommand[]): Effects {
  let state: ReturnState = returnDecider.initial;
  let effects: Effects | undefined;
  for (const command of commands) {
    const decision = returnDecider.decide(command, state);
    if (decision.kind !== 'accepted') throw new Error(`${command.type} was ${JSON.stringify(decision)}`);
    state = decision.events.reduce(returnDecider.evolve, state);
    effects = returnReactions(decision.events, state as OpenReturn, ERP);
  }
  if (!effects) throw new Error('no commands');
  return effects;
}

const codes = (effects: Effects): string[] => effects.openCases.map(({ code }) => code);
const cancelled = report({ type: 'cancelled', occurredAt: at(10) });
const inReview: ReturnCommand = {
  type: 'authorize',
  authorization: anAuthorization({ decision: 'review', reasons: [{ code: 'REASON_UNMAPPED', message: 'code X' }] }),
  authorized: [],
};
const reviewed: ReturnCommand = {
  type: 'decide-review',
  decision: 'approved',
  by: 'op-7',
  at: at(8),
  authorized: AUTHORIZED,
};
const needsApproval = [...inFront, { type: 'validate-refund', limits: {}, at: at(13) } as const];

describe('deadlines of a return', () => {
  it('begin with authorization, by the policy or by a person', () => {
    const timer = { name: 'receipt-deadline', dueAt: '2026-12-25T10:00:00.000Z' };
    expect(effectsOf(authorize).setTimers).toEqual([timer]);
    expect(effectsOf(inReview).setTimers).toEqual([]);
    expect(effectsOf(inReview, reviewed).setTimers).toEqual([{ ...timer, dueAt: '2026-12-26T08:00:00.000Z' }]);
  });

  it('pass from receipt to inspection and end there', () => {
    const dueAt = '2026-12-03T09:00:00.000Z';
    expect(effectsOf(...wayTo.received)).toMatchObject({
      clearTimers: ['receipt-deadline'],
      setTimers: [{ name: 'inspection-deadline', dueAt }],
    });
    expect(effectsOf(...wayTo.inspected)).toMatchObject({
      clearTimers: ['receipt-deadline', 'inspection-deadline'],
      setTimers: [],
    });
    expect(effectsOf(authorize, report(inspected())).setTimers).toEqual([]);
    expect(effectsOf(inReview, report(received()), reviewed).setTimers).toMatchObject([
      { name: 'inspection-deadline' },
    ]);
  });

  it('end with the return', () => {
    const all = ['receipt-deadline', 'inspection-deadline', 'approval-expiry'];
    for (const history of [[authorize, cancelled], [authorize, { type: 'expire', at: at(9) } as const], wayTo.closed]) {
      expect(effectsOf(...history).clearTimers).toEqual(all);
    }
  });

  it('become cases when they are missed', () => {
    const overdue = effectsOf(...wayTo.received, { type: 'note-inspection-missed', at: at(20) });
    expect(overdue.openCases).toMatchObject([{ code: 'INSPECTION_OVERDUE', owner: 'retail-operations' }]);
    expect(effectsOf(...wayTo.inspected).closeCases).toContain('INSPECTION_OVERDUE');
    const missing = effectsOf(authorize, report(inspected()), { type: 'expire', at: at(9) });
    expect(missing.openCases).toMatchObject([{ code: 'RECEIPT_MISSING', owner: 'retail-operations' }]);
    expect(effectsOf(...wayTo.received).closeCases).toContain('RECEIPT_MISSING');
  });
});

describe('decisions that a person must take', () => {
  it('are cases until they are taken', () => {
    expect(effectsOf(inReview).openCases).toMatchObject([
      { code: 'RETURN_REVIEW', owner: 'customer-service', moneyAtRisk: { minor: 3_650, currency: 'USD' } },
    ]);
    expect(effectsOf(inReview, reviewed).closeCases).toContain('RETURN_REVIEW');
    expect(effectsOf(...needsApproval).openCases).toMatchObject([
      {
        code: 'REFUND_APPROVAL',
        owner: 'finance',
        moneyAtRisk: { minor: 3_650, currency: 'USD' },
        suggestedFix: expect.stringContaining('crossdock returns approve R1 --apply'),
      },
    ]);
    for (const type of ['approve', 'refuse'] as const) {
      expect(effectsOf(...needsApproval, { type, by: 'op-7', at: at(14) }).closeCases).toContain('REFUND_APPROVAL');
    }
    expect(effectsOf(...needsApproval, cancelled).closeCases).toContain('REFUND_APPROVAL');
    expect(codes(effectsOf(...inFront, validate))).toEqual([]);
  });
});

describe('steps in the ERP', () => {
  it('plan the item receipt for what was accepted', () => {
    const lines = [{ lineId: 'L1', quantity: 2 }];
    const part = [authorize, report(received(lines)), report(inspected([unit('L1', 2)])), validate];
    const { operations } = effectsOf(...part, {
      type: 'request-step',
      step: 'item-receipt',
      salesOrder: { ref: '7', number: 'S0007' },
    });
    expect(operations).toEqual([
      {
        key: 'erp/item-receipt/loop/main/R1',
        kind: 'erp/item-receipt',
        target: ERP,
        subject: RETURN_KEY,
        content: {
          returnId: 'R1',
          rma: 'RMA-0000000001',
          orderKey: ORDER_KEY,
          salesOrderRef: '7',
          salesOrderNumber: 'S0007',
          currency: 'USD',
          receivedAt: at(9),
          lines: [
            {
              lineId: 'L1',
              quantity: 2,
              sku: 'TSHIRT-M',
              net: 2468,
              taxes: [{ title: 'Tax', rate: '0.10', amount: 247, collectedBy: 'seller' }],
            },
          ],
          total: 2715,
        },
      },
    ]);
  });

  it('plan the credit memo and the stock move on the document of the receipt', () => {
    expect(effectsOf(...wayTo.receipted, { type: 'request-step', step: 'credit-memo' }).operations).toMatchObject([
      {
        key: 'erp/credit-memo/loop/main/R1',
        content: { returnId: 'R1', receiptRef: '8', currency: 'USD', total: 3_650 },
      },
    ]);
    expect(effectsOf(...wayTo.credited, { type: 'request-step', step: 'stock-move' }).operations).toMatchObject([
      {
        key: 'erp/stock-move/loop/main/R1',
        content: {
          receiptRef: '8',
          moves: [
            { sku: 'TSHIRT-M', quantity: 2, disposition: 'restock' },
            { sku: 'MUG-BLUE', quantity: 1, disposition: 'restock' },
          ],
        },
      },
    ]);
  });

  it('become cases when the ERP refuses, until it does not', () => {
    const planned = [
      ...wayTo.approved,
      { type: 'request-step', step: 'item-receipt', salesOrder: { ref: '7', number: 'S7' } },
    ] as const;
    const reason = { code: 'CLOSED_PERIOD', message: 'closed' };
    const step = 'item-receipt';
    const refused = { type: 'record-step-outcome', step, outcome: { kind: 'refused', reason } } as const;
    const applied = {
      type: 'record-step-outcome',
      step,
      outcome: { kind: 'applied', ref: '8', number: 'S8' },
    } as const;
    expect(effectsOf(...planned, refused).openCases).toMatchObject([
      {
        code: 'ITEM_RECEIPT_REFUSED',
        owner: 'erp',
        suggestedFix: expect.stringContaining('crossdock operations retry erp/item-receipt/loop/main/R1 --apply'),
      },
    ]);
    expect(effectsOf(...planned, refused, applied).closeCases).toContain('ITEM_RECEIPT_REFUSED');
  });

  it('tell finance of a credit memo over another amount', () => {
    const planned = [...wayTo.receipted, { type: 'request-step', step: 'credit-memo' }] as const;
    const applied = (total: number): ReturnCommand => ({
      type: 'record-step-outcome',
      step: 'credit-memo',
      outcome: { kind: 'applied', ref: '21', number: 'CN1', total },
    });
    expect(effectsOf(...planned, applied(3_600)).openCases).toMatchObject([
      { code: 'CREDIT_DIFFERS', owner: 'finance', moneyAtRisk: { minor: 50, currency: 'USD' } },
    ]);
    expect(effectsOf(...planned, applied(3_650)).openCases).toEqual([]);
  });
});

describe('trouble on the way', () => {
  it('is a case for finance when the order has no room for the refund', () => {
    const reason = { code: 'REFUND_ABOVE_PAID', message: 'nothing left' };
    const blocked = [...wayTo.stocked, { type: 'block-refund', refundId: REFUND_ID, reason }] as const;
    expect(effectsOf(...blocked).openCases).toMatchObject([
      { code: 'REFUND_BLOCKED', owner: 'finance', moneyAtRisk: { minor: 3_650, currency: 'USD' } },
    ]);
    expect(effectsOf(...blocked, { type: 'resolve-refund', by: 'op-7' }).closeCases).toContain('REFUND_BLOCKED');
    expect(effectsOf(...blocked, { type: 'plan-refund', refundId: REFUND_ID }).closeCases).toContain('REFUND_BLOCKED');
  });

  it('is a case when the workflow stalls, until anything moves', () => {
    const stalled = { type: 'note-stalled', at: at(9), step: 'WaitForReceipt', error: 'States.Timeout' } as const;
    expect(codes(effectsOf(authorize, stalled))).toEqual(['WORKFLOW_STALLED']);
    expect(effectsOf(authorize, stalled, report(received())).closeCases).toContain('WORKFLOW_STALLED');
    expect(effectsOf(...wayTo.closed).closeCases).toContain('WORKFLOW_STALLED');
  });

  it('is a case when the platform cancels too late', () => {
    expect(effectsOf(...wayTo.approved, cancelled).openCases).toMatchObject([
      { code: 'CANCELLED_TOO_LATE', owner: 'customer-service' },
    ]);
  });
});

describe('goods that are not what was authorized', () => {
  const looked = (...lines: ReturnType<typeof unit>[]) => report(inspected(lines));
  const one = [{ lineId: 'L1', quantity: 1 }];

  it.each([
    ['RECEIVED_TOO_MANY', 'retail-operations', [report(received([{ lineId: 'L1', quantity: 3 }]))]],
    ['RECEIVED_UNKNOWN_LINE', 'retail-operations', [report(received([{ lineId: 'L9', quantity: 1 }]))]],
    ['RECEIVED_UNKNOWN_LINE', 'retail-operations', [looked(unit('L9', 1))]],
    ['INSPECTION_DISAGREES', 'retail-operations', [report(received(one)), looked(unit('L1', 2))]],
    ['WRONG_ITEM_RETURNED', 'customer-service', [report(received()), looked(unit('L1', 1, 'wrong-item'))]],
    ['EMPTY_RETURN', 'finance', [report(received()), looked(unit('L1', 1, 'empty'))]],
    ['DAMAGED_NOT_RESTOCKED', 'retail-operations', [report(received()), looked(unit('L1', 1, 'damaged', 'restock'))]],
    ['GOODS_WITHOUT_RETURN', 'customer-service', [cancelled, report(received())]],
    ['GOODS_WITHOUT_RETURN', 'customer-service', [report(received()), cancelled]],
    ['GOODS_WITHOUT_RETURN', 'customer-service', [{ type: 'expire', at: at(9) } as const, report(received())]],
  ])('are a case: %s for %s', (code, owner, commands) => {
    expect(effectsOf(authorize, ...commands).openCases).toMatchObject([{ code, owner }]);
  });

  it('are no case before anything can be said of them', () => {
    expect(codes(effectsOf(inReview, report(received())))).toEqual([]);
    expect(codes(effectsOf(authorize, report(inspected())))).toEqual([]);
  });

  it('close their case when the report is corrected', () => {
    const tooMany = report(received([{ lineId: 'L1', quantity: 3 }], 9));
    const corrected = report(received([{ lineId: 'L1', quantity: 2 }], 10));
    expect(effectsOf(authorize, tooMany, corrected)).toMatchObject({
      openCases: [],
      closeCases: expect.arrayContaining(['RECEIVED_TOO_MANY']),
    });
  });

  it('say what they are worth', () => {
    const { openCases } = effectsOf(
      authorize,
      report(received()),
      looked(unit('L1', 1, 'empty'), unit('L2', 1, 'empty')),
    );
    expect(openCases).toMatchObject([{ code: 'EMPTY_RETURN', moneyAtRisk: { minor: 1_357 + 935, currency: 'USD' } }]);
  });

  it('are a case for finance when they come after the refund was fixed', () => {
    const half = [authorize, report(received(one)), looked(unit('L1', 1)), validate];
    const parcel = report(received(one, 15, 'REC2'));
    const look = report(inspected([unit('L1', 1)], 16, 'INS2'));
    expect(codes(effectsOf(...half, parcel))).toEqual([]);
    expect(effectsOf(...half, parcel, look).openCases).toMatchObject([
      { code: 'GOODS_CHANGED_LATE', owner: 'finance', moneyAtRisk: { minor: 1_358, currency: 'USD' } },
    ]);
  });

  it('are a case when the refund was refused', () => {
    const refused = effectsOf(...needsApproval, { type: 'refuse', by: 'op-7', at: at(14) });
    expect(codes(refused)).toEqual(['GOODS_WITHOUT_RETURN']);
  });
});
