import { describe, expect, it } from 'vitest';
import { type ReturnCommand, returnDecider } from '#core/returns/decider.ts';
import { heldUnits, type ReturnState } from '#core/returns/state.ts';
import { specify } from '../../support/given.ts';
import {
  ALL_LINES,
  AUTHORIZED,
  anAuthorization,
  at,
  authorize,
  inFront,
  inspected,
  REFUND_ID,
  received,
  report,
  unit,
  validate,
  wayTo,
} from './samples.ts';

const { after: stateAfter } = specify(returnDecider);

/** What a command becomes after a history of commands. */
const whenAfter = (history: readonly ReturnCommand[], command: ReturnCommand) => {
  const decision = returnDecider.decide(command, stateAfter(...history));
  return {
    thenEvents: (...events: object[]) => expect(decision).toMatchObject({ kind: 'accepted', events }),
    thenRejected: (code: string) => expect(decision).toMatchObject({ kind: 'rejected', reason: { code } }),
    thenIgnored: () => expect(decision).toMatchObject({ kind: 'ignored' }),
  };
};

const inReview: ReturnCommand = {
  type: 'authorize',
  authorization: anAuthorization({ decision: 'review', reasons: [{ code: 'REASON_UNMAPPED', message: 'x' }] }),
  authorized: [],
};
const rejectedOne: ReturnCommand = {
  type: 'authorize',
  authorization: anAuthorization({ decision: 'rejected' }),
  authorized: [],
};
const reviewed = (decision: 'approved' | 'rejected'): ReturnCommand => ({
  type: 'decide-review',
  decision,
  by: 'op-7',
  at: at(8),
  authorized: decision === 'approved' ? AUTHORIZED : [],
});
const needsApproval: readonly ReturnCommand[] = [...inFront, { ...validate, limits: { USD: 3_649 } } as ReturnCommand];
const approve: ReturnCommand = { type: 'approve', by: 'op-7', at: at(14) };
const refuse: ReturnCommand = { type: 'refuse', by: 'op-7', at: at(14) };
const cancelled = report({ type: 'cancelled', occurredAt: at(10) });

describe('authorization of a return', () => {
  it('is recorded once', () => {
    whenAfter([], authorize).thenEvents({ type: 'return.requested' });
    whenAfter([authorize], authorize).thenIgnored();
    expect(stateAfter(authorize)).toMatchObject({ status: 'authorized', authorized: AUTHORIZED });
    expect(stateAfter(inReview).status).toBe('review');
    expect(stateAfter(rejectedOne).status).toBe('rejected');
  });

  it('is refused for a known return with other content', () => {
    const other = anAuthorization({ contentFingerprint: 'content-2' });
    whenAfter([authorize], { type: 'authorize', authorization: other, authorized: [] }).thenRejected('RETURN_CONFLICT');
  });

  it('comes before everything else', () => whenAfter([], report(received())).thenRejected('RETURN_UNKNOWN'));

  it('may be left to a person, who decides once', () => {
    whenAfter([inReview], reviewed('approved')).thenEvents({ type: 'return.reviewed', by: 'op-7' });
    whenAfter([inReview, reviewed('approved')], reviewed('approved')).thenIgnored();
    whenAfter([inReview, reviewed('approved')], reviewed('rejected')).thenRejected('REVIEW_DECIDED');
    whenAfter([authorize], reviewed('approved')).thenRejected('NOT_IN_REVIEW');
    expect(stateAfter(inReview, reviewed('approved'))).toMatchObject({ status: 'authorized', authorized: AUTHORIZED });
    expect(stateAfter(inReview, reviewed('rejected')).status).toBe('rejected');
  });

  it('finds goods that came while a person was thinking', () => {
    expect(stateAfter(inReview, report(received())).status).toBe('review');
    expect(stateAfter(inReview, report(received()), reviewed('approved')).status).toBe('received');
  });
});

describe('reports of goods', () => {
  it('are recorded once, and again when they were corrected', () => {
    whenAfter([authorize], report(received())).thenEvents({ type: 'return.received', receiptId: 'REC1' });
    whenAfter([authorize, report(received())], report(received())).thenIgnored();
    const corrected = received([{ lineId: 'L1', quantity: 1 }], 10);
    whenAfter([authorize, report(received())], report(corrected)).thenEvents({ type: 'return.received' });
    whenAfter([authorize, report(corrected)], report(received())).thenIgnored();
    expect(stateAfter(authorize, report(received()), report(corrected))).toMatchObject({
      receipts: [corrected].map(bare),
    });
    whenAfter([...inFront], report(inspected())).thenIgnored();
    const transit = report({ type: 'in-transit', occurredAt: at(1), trackingNumber: '1Z' });
    whenAfter([authorize], transit).thenEvents({ type: 'return.dispatched', trackingNumber: '1Z' });
    whenAfter([authorize, transit], transit).thenIgnored();
    expect(stateAfter(authorize, transit).status).toBe('in-transit');
  });

  it('need lines and whole quantities', () => {
    whenAfter([authorize], report(received([]))).thenRejected('REPORT_WITHOUT_LINES');
    for (const quantity of [0, -1, 1.5]) {
      whenAfter([authorize], report(received([{ lineId: 'L1', quantity }]))).thenRejected('QUANTITY_INVALID');
      whenAfter([authorize], report(inspected([unit('L1', quantity)]))).thenRejected('QUANTITY_INVALID');
    }
    whenAfter([authorize], report(inspected([]))).thenRejected('REPORT_WITHOUT_LINES');
  });

  it('make a return inspected when all that was received was looked at', () => {
    expect(stateAfter(authorize, report(inspected())).status).toBe('authorized');
    expect(stateAfter(authorize, report(inspected()), report(received())).status).toBe('inspected');
    const half = report(inspected([unit('L1', 2)]));
    expect(stateAfter(authorize, report(received()), half).status).toBe('received');
    const rest = report(inspected([unit('L2', 1)], 13, 'INS2'));
    expect(stateAfter(authorize, report(received()), half, rest).status).toBe('inspected');
    const parcel = report(received([{ lineId: 'L1', quantity: 1 }], 15, 'REC2'));
    expect(stateAfter(authorize, report(received()), half, rest, parcel).status).toBe('received');
  });
});

describe('cancellation by the platform', () => {
  it('ends a return until its refund is approved, goods or not', () => {
    for (const history of [[authorize], [inReview], wayTo.received, wayTo.inspected, needsApproval]) {
      whenAfter(history, cancelled).thenEvents({ type: 'return.cancelled', at: at(10) });
      expect(stateAfter(...history, cancelled).status).toBe('cancelled');
    }
    whenAfter([authorize, cancelled], cancelled).thenIgnored();
  });

  it('comes too late then, and is told once', () => {
    whenAfter(wayTo.approved, cancelled).thenEvents({ type: 'return.cancelled-late' });
    expect(stateAfter(...wayTo.approved, cancelled).status).toBe('approved');
    whenAfter([...wayTo.approved, cancelled], cancelled).thenIgnored();
    whenAfter(wayTo.closed, cancelled).thenEvents({ type: 'return.cancelled-late' });
  });

  it('changes nothing about a return that has ended', () => {
    whenAfter([rejectedOne], cancelled).thenIgnored();
    whenAfter([authorize, { type: 'expire', at: at(9) }], cancelled).thenIgnored();
    whenAfter([...needsApproval, refuse], cancelled).thenIgnored();
  });

  it('leaves no way to money', () => {
    const history = [...wayTo.inspected, cancelled];
    whenAfter(history, validate).thenRejected('NOT_INSPECTED');
    whenAfter([...needsApproval, cancelled], approve).thenRejected('NOT_AWAITING_APPROVAL');
  });
});

describe('deadlines', () => {
  it('expire a return without goods', () => {
    whenAfter([authorize], { type: 'expire', at: at(9) }).thenEvents({ type: 'return.expired' });
    expect(stateAfter(authorize, { type: 'expire', at: at(9) }).status).toBe('expired');
    whenAfter([authorize, { type: 'expire', at: at(9) }], { type: 'expire', at: at(9) }).thenIgnored();
    whenAfter(wayTo.received, { type: 'expire', at: at(9) }).thenIgnored();
    whenAfter([inReview], { type: 'expire', at: at(9) }).thenIgnored();
  });

  it('have a person look for a receipt that must exist', () => {
    whenAfter([authorize, report(inspected())], { type: 'expire', at: at(9) }).thenEvents({
      type: 'return.receipt-missed',
    });
  });

  it('tell of an inspection that is missing', () => {
    whenAfter(wayTo.received, { type: 'note-inspection-missed', at: at(9) }).thenEvents({
      type: 'return.inspection-missed',
    });
    whenAfter(wayTo.inspected, { type: 'note-inspection-missed', at: at(9) }).thenIgnored();
  });
});

describe('validation of the refund', () => {
  it('approves up to the limit, and asks a person above it', () => {
    const limit = (USD: number): ReturnCommand => ({ type: 'validate-refund', limits: { USD }, at: at(13) });
    const finance = { refund: 3_650, credit: 3_650 };
    whenAfter(inFront, limit(3_650)).thenEvents({ finance: { ...finance, outcome: 'approved' } });
    whenAfter(inFront, limit(3_649)).thenEvents({ finance: { ...finance, outcome: 'needs-approval' } });
    expect(stateAfter(...inFront, limit(3_649)).status).toBe('awaiting-approval');
  });

  it('always asks a person in a currency without a limit', () => {
    for (const limits of [{}, { EUR: 999_999 }, Object.create({ USD: 999_999 })]) {
      whenAfter(inFront, { type: 'validate-refund', limits, at: at(13) }).thenEvents({
        finance: { outcome: 'needs-approval' },
      });
    }
  });

  it('finds nothing to refund when nothing of ours came back', () => {
    const empty = [
      authorize,
      report(received()),
      report(inspected([unit('L1', 2, 'empty'), unit('L2', 1, 'wrong-item')])),
    ];
    whenAfter(empty, validate).thenEvents({
      finance: { outcome: 'nothing-to-refund', lines: [], moves: [], refund: 0, credit: 0 },
    });
    whenAfter([...empty, validate], { type: 'close', at: at(20) }).thenEvents({ type: 'return.closed' });
  });

  it('is done once, on goods that were inspected', () => {
    whenAfter([...inFront, validate], validate).thenIgnored();
    whenAfter(wayTo.received, validate).thenRejected('NOT_INSPECTED');
    whenAfter([authorize, report(inspected())], validate).thenRejected('NOT_INSPECTED');
    const parcel = report(received([{ lineId: 'L1', quantity: 1 }], 15, 'REC2'));
    whenAfter([...inFront, parcel], validate).thenEvents({ finance: { refund: 3_650 } });
  });

  it('takes a person once', () => {
    whenAfter(needsApproval, approve).thenEvents({ type: 'return.approved', by: 'op-7' });
    whenAfter([...needsApproval, approve], approve).thenIgnored();
    whenAfter([...needsApproval, approve], refuse).thenRejected('NOT_AWAITING_APPROVAL');
    whenAfter(needsApproval, refuse).thenEvents({ type: 'return.refused', by: 'op-7' });
    whenAfter([...needsApproval, refuse], refuse).thenIgnored();
    whenAfter([...needsApproval, refuse], approve).thenRejected('NOT_AWAITING_APPROVAL');
    whenAfter([authorize], approve).thenRejected('NOT_AWAITING_APPROVAL');
    whenAfter([...inFront, validate], approve).thenIgnored();
    expect(stateAfter(...needsApproval, approve)).toMatchObject({
      status: 'approved',
      finance: { by: 'op-7', refund: 3_650 },
    });
    expect(stateAfter(...needsApproval, refuse).status).toBe('refused');
  });
});

describe('steps in the ERP', () => {
  const receipt: ReturnCommand = { type: 'request-step', step: 'item-receipt', salesOrder: { ref: '7', number: 'S7' } };
  const memo: ReturnCommand = { type: 'request-step', step: 'credit-memo' };
  const move: ReturnCommand = { type: 'request-step', step: 'stock-move' };
  const outcome = (outcome: Extract<ReturnCommand, { type: 'record-step-outcome' }>['outcome']): ReturnCommand => ({
    type: 'record-step-outcome',
    step: 'item-receipt',
    outcome,
  });
  const applied = (ref: string) => outcome({ kind: 'applied', ref, number: `N${ref}` });
  const refused = outcome({ kind: 'refused', reason: { code: 'CLOSED_PERIOD', message: 'the period is closed' } });

  it('are asked for in their order', () => {
    whenAfter(wayTo.approved, receipt).thenEvents({ type: 'return.step-planned', step: 'item-receipt' });
    whenAfter(wayTo.inspected, receipt).thenRejected('STEP_OUT_OF_ORDER');
    whenAfter(needsApproval, receipt).thenRejected('APPROVAL_MISSING');
    whenAfter(wayTo.approved, memo).thenRejected('STEP_OUT_OF_ORDER');
    whenAfter(wayTo.receipted, memo).thenEvents({ type: 'return.step-planned', step: 'credit-memo' });
    whenAfter(wayTo.receipted, move).thenRejected('STEP_OUT_OF_ORDER');
    whenAfter(wayTo.credited, move).thenEvents({ type: 'return.step-planned', step: 'stock-move' });
  });

  it('need the order to be booked', () => {
    whenAfter(wayTo.approved, { type: 'request-step', step: 'item-receipt' }).thenRejected('ORDER_NOT_BOOKED');
  });

  it('are asked for once, whatever became of them', () => {
    const planned = [...wayTo.approved, receipt];
    whenAfter(planned, receipt).thenIgnored();
    whenAfter([...planned, applied('8')], receipt).thenIgnored();
    whenAfter([...planned, refused], receipt).thenIgnored();
  });

  it('end once, and a refused one may be applied later', () => {
    const planned = [...wayTo.approved, receipt];
    whenAfter(planned, applied('8')).thenEvents({ type: 'return.step-applied', ref: '8', number: 'N8' });
    whenAfter([...planned, applied('8')], applied('8')).thenIgnored();
    whenAfter([...planned, applied('8')], applied('9')).thenRejected('APPLIED_TWICE');
    whenAfter([...planned, applied('8')], refused).thenIgnored();
    whenAfter(planned, refused).thenEvents({ type: 'return.step-refused', reason: { code: 'CLOSED_PERIOD' } });
    whenAfter([...planned, refused], applied('8')).thenEvents({ type: 'return.step-applied' });
    whenAfter(wayTo.approved, applied('8')).thenRejected('STEP_NOT_PLANNED');
    expect(stateAfter(...planned, refused).status).toBe('approved');
    expect(stateAfter(...planned, applied('8')).status).toBe('receipted');
  });
});

describe('the refund of a return', () => {
  const plan: ReturnCommand = { type: 'plan-refund', refundId: REFUND_ID };
  const block = (code: string): ReturnCommand => ({
    type: 'block-refund',
    refundId: REFUND_ID,
    reason: { code, message: 'no room' },
  });
  const record = (standing: 'planned' | 'paid' | 'refused', refundId = REFUND_ID): ReturnCommand => ({
    type: 'record-refund',
    refundId,
    standing,
  });
  const resolve: ReturnCommand = { type: 'resolve-refund', by: 'op-7' };

  it('is planned once, when the goods are put away', () => {
    whenAfter(wayTo.stocked, plan).thenEvents({ refund: { refundId: REFUND_ID, amount: 3_650, status: 'planned' } });
    whenAfter([...wayTo.stocked, plan], plan).thenIgnored();
    whenAfter(wayTo.credited, plan).thenRejected('STEP_OUT_OF_ORDER');
    whenAfter(wayTo.refunded, plan).thenIgnored();
    whenAfter([...wayTo.stocked, plan, record('refused')], plan).thenIgnored();
  });

  it('is blocked when the order has no room, and tried again', () => {
    whenAfter(wayTo.stocked, block('REFUND_ABOVE_PAID')).thenEvents({ refund: { status: 'blocked' } });
    const blocked = [...wayTo.stocked, block('REFUND_ABOVE_PAID')];
    whenAfter(blocked, block('REFUND_ABOVE_PAID')).thenIgnored();
    whenAfter(blocked, block('REFUND_ABOVE_LINE')).thenEvents({ refund: { reason: { code: 'REFUND_ABOVE_LINE' } } });
    whenAfter(blocked, plan).thenEvents({ refund: { status: 'planned' } });
    whenAfter([...wayTo.stocked, plan], block('REFUND_ABOVE_PAID')).thenIgnored();
    whenAfter(wayTo.credited, block('REFUND_ABOVE_PAID')).thenRejected('STEP_OUT_OF_ORDER');
    expect(stateAfter(...blocked).status).toBe('stocked');
  });

  it('follows how the refund stands', () => {
    const planned = [...wayTo.stocked, plan];
    whenAfter(planned, record('paid')).thenEvents({ refund: { status: 'paid' } });
    whenAfter(planned, record('planned')).thenIgnored();
    whenAfter(planned, record('refused')).thenEvents({ refund: { status: 'refused' } });
    whenAfter([...planned, record('refused')], record('planned')).thenEvents({ refund: { status: 'planned' } });
    whenAfter([...planned, record('paid')], record('refused')).thenIgnored();
    whenAfter(planned, record('paid', 'another')).thenRejected('REFUND_NOT_PLANNED');
    whenAfter(wayTo.stocked, record('paid')).thenRejected('REFUND_NOT_PLANNED');
  });

  it('can be settled by hand when it is stuck', () => {
    whenAfter([...wayTo.stocked, block('REFUND_ABOVE_PAID')], resolve).thenEvents({
      refund: { status: 'paid', by: 'op-7' },
    });
    whenAfter([...wayTo.stocked, plan, record('refused')], resolve).thenEvents({ refund: { status: 'paid' } });
    whenAfter([...wayTo.stocked, plan], resolve).thenRejected('REFUND_NOT_STUCK');
    whenAfter(wayTo.stocked, resolve).thenRejected('REFUND_NOT_STUCK');
    whenAfter(wayTo.refunded, resolve).thenIgnored();
  });

  it('is paid at once when the units were free', () => {
    const free = AUTHORIZED.map((one) => ({ ...one, line: { ...one.line, net: 0, taxes: [] } }));
    const [, ...rest] = wayTo.stocked;
    const history: ReturnCommand[] = [
      { type: 'authorize', authorization: anAuthorization(), authorized: free },
      ...rest,
    ];
    whenAfter(history, plan).thenEvents({ refund: { amount: 0, status: 'paid' } });
  });
});

describe('the end of a return', () => {
  const close: ReturnCommand = { type: 'close', at: at(20) };
  const stalled: ReturnCommand = { type: 'note-stalled', at: at(20), step: 'PostItemReceipt', error: 'States.Timeout' };

  it('is closed when the buyer has the money, once', () => {
    whenAfter(wayTo.refunded, close).thenEvents({ type: 'return.closed' });
    whenAfter(wayTo.closed, close).thenIgnored();
    whenAfter(wayTo.stocked, close).thenRejected('RETURN_NOT_SETTLED');
    whenAfter([authorize], close).thenRejected('RETURN_NOT_SETTLED');
    const nothing = [
      authorize,
      report(received()),
      report(inspected([unit('L1', 2, 'empty'), unit('L2', 1, 'empty')])),
    ];
    whenAfter([...nothing, validate, cancelled], close).thenRejected('RETURN_NOT_SETTLED');
  });

  it('tells of a stalled workflow once until something moves', () => {
    whenAfter(wayTo.approved, stalled).thenEvents({ type: 'return.stalled', error: 'States.Timeout' });
    whenAfter([...wayTo.approved, stalled], stalled).thenIgnored();
    whenAfter([...wayTo.approved, stalled], { ...stalled, error: 'StepRefused' } as ReturnCommand).thenEvents({});
    whenAfter(wayTo.closed, stalled).thenIgnored();
    const moved: ReturnCommand = { type: 'request-step', step: 'item-receipt', salesOrder: { ref: '7', number: 'S7' } };
    whenAfter([...wayTo.approved, stalled, moved], stalled).thenEvents({ type: 'return.stalled' });
  });

  it('lets go of the units that it does not credit', () => {
    const held = (state: ReturnState) =>
      heldUnits(state).map(({ lineId, units }) => ({ lineId, quantity: units.length }));
    expect(held(returnDecider.initial)).toEqual([]);
    expect(held(stateAfter(inReview))).toEqual([]);
    expect(held(stateAfter(rejectedOne))).toEqual([]);
    expect(held(stateAfter(authorize))).toEqual(ALL_LINES);
    expect(held(stateAfter(authorize, cancelled))).toEqual([]);
    expect(held(stateAfter(authorize, { type: 'expire', at: at(9) }))).toEqual([]);
    expect(held(stateAfter(...needsApproval, refuse))).toEqual(ALL_LINES);
    const one = [authorize, report(received([{ lineId: 'L1', quantity: 1 }])), report(inspected([unit('L1', 1)]))];
    expect(held(stateAfter(...one, validate))).toEqual(ALL_LINES);
    const nothing = [
      authorize,
      report(received()),
      report(inspected([unit('L1', 2, 'empty'), unit('L2', 1, 'empty')])),
    ];
    expect(held(stateAfter(...nothing, validate, close))).toEqual([]);
    expect(held(stateAfter(...wayTo.closed))).toEqual(ALL_LINES);
  });
});

const bare = ({ type: _type, ...facts }: ReturnType<typeof received>) => facts;
