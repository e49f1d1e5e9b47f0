import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReturnCommand, returnDecider } from '#core/returns/decider.ts';
import type { ReturnState, ReturnStatus } from '#core/returns/state.ts';
import { RETURN_TRANSITIONS } from '#core/returns/transitions.ts';
import {
  AUTHORIZED,
  advance,
  anAuthorization,
  at,
  authorize,
  expire,
  inspected,
  instantly,
  kept,
  REFUND_ID,
  received,
  refunded,
  report,
  step,
  stepApplied,
  unit,
  validateKept,
  wayTo,
  wholeWay,
} from './samples.ts';

const asked = (decision: 'review' | 'rejected'): ReturnCommand => ({
  type: 'authorize',
  authorization: anAuthorization({ decision }),
  authorized: [],
});
const reviewed = (decision: 'approved' | 'rejected'): ReturnCommand => ({
  type: 'decide-review',
  decision,
  by: 'op-7',
  at: at(8),
  authorized: decision === 'approved' ? AUTHORIZED : [],
});
const review = asked('review');
const approveReview = reviewed('approved');
const dispatched = report({ type: 'in-transit', occurredAt: at(1) });
const goods = report(received());
const look = report(inspected());
const half = report(inspected([unit('L1', 2)]));
const foreign = report(inspected([unit('L1', 2, 'empty'), unit('L2', 1, 'empty')]));
const parcel = report(received([{ lineId: 'L1', quantity: 1 }], 15, 'REC2'));
const cancelled = report({ type: 'cancelled', occurredAt: at(10) });
const validate = (USD: number): ReturnCommand => ({ type: 'validate-refund', limits: { USD }, at: at(13) });
const approve: ReturnCommand = { type: 'approve', by: 'op-7', at: at(14) };
const refuse: ReturnCommand = { type: 'refuse', by: 'op-7', at: at(14) };
const close: ReturnCommand = { type: 'close', at: at(20) };
const { receipted, credited, stocked, closed } = wayTo;
const overdue = [instantly, advance, expire];
const unpaid: ReturnCommand = { type: 'record-refund', refundId: REFUND_ID, standing: 'refused' };
const keeps = [authorize, kept, validateKept, step('credit-memo'), stepApplied('credit-memo', '21')];
const blocked: ReturnCommand = {
  type: 'block-refund',
  refundId: REFUND_ID,
  reason: { code: 'REFUND_ABOVE_PAID', message: 'x' },
};
const giveUp: ReturnCommand = { type: 'give-up-refund', by: 'op-7' };
const reversed: ReturnCommand = { type: 'record-compensation', outcome: { kind: 'applied', ref: '44' } };
const lapse: ReturnCommand = { type: 'lapse-approval', at: at(18) };
const waive: ReturnCommand = { type: 'settle-clawback', how: 'waived', by: 'op-7', at: at(19) };

/** A history for each move of the table; its last command makes it. */
const HISTORIES: Readonly<Record<string, readonly ReturnCommand[]>> = {
  'none → authorized': [authorize],
  'none → rejected': [asked('rejected')],
  'none → review': [review],
  'review → authorized': [review, approveReview],
  'review → rejected': [review, reviewed('rejected')],
  'review → in-transit': [review, dispatched, approveReview],
  'review → received': [review, goods, approveReview],
  'review → inspected': [review, goods, look, approveReview],
  'review → cancelled': [review, cancelled],
  'review → kept': [review, kept, approveReview],
  'authorized → kept': [authorize, kept],
  'authorized → overdue': overdue,
  'authorized → in-transit': [authorize, dispatched],
  'authorized → received': [authorize, goods],
  'authorized → inspected': [authorize, look, goods],
  'authorized → cancelled': [authorize, cancelled],
  'authorized → expired': [authorize, expire],
  'in-transit → received': [authorize, dispatched, goods],
  'in-transit → inspected': [authorize, dispatched, look, goods],
  'in-transit → kept': [authorize, dispatched, kept],
  'in-transit → overdue': [instantly, dispatched, advance, expire],
  'in-transit → cancelled': [authorize, dispatched, cancelled],
  'in-transit → expired': [authorize, dispatched, expire],
  'received → inspected': [authorize, goods, look],
  'received → awaiting-approval': [authorize, goods, half, validate(0)],
  'received → approved': [authorize, goods, half, validate(9_999)],
  'received → kept': [authorize, goods, kept],
  'received → closed': [authorize, goods, foreign, validate(0), parcel, close],
  'received → cancelled': [authorize, goods, cancelled],
  'inspected → received': [authorize, goods, look, parcel],
  'inspected → awaiting-approval': [authorize, goods, look, validate(0)],
  'inspected → approved': [authorize, goods, look, validate(9_999)],
  'inspected → kept': [authorize, goods, look, kept],
  'inspected → closed': [authorize, goods, foreign, validate(0), close],
  'inspected → cancelled': [authorize, goods, look, cancelled],
  'awaiting-approval → approved': [authorize, goods, look, validate(0), approve],
  'awaiting-approval → refused': [authorize, goods, look, validate(0), refuse],
  'awaiting-approval → cancelled': [authorize, goods, look, validate(0), cancelled],
  'kept → awaiting-approval': [authorize, kept, validate(9_999)],
  'kept → approved': [authorize, kept, validateKept],
  'kept → cancelled': [authorize, kept, cancelled],
  'overdue → received': [...overdue, goods],
  'overdue → inspected': [...overdue, look, goods],
  'overdue → kept': [...overdue, kept],
  'overdue → authorized': [...overdue, unpaid],
  'overdue → in-transit': [instantly, dispatched, advance, expire, unpaid],
  'overdue → closed': [...overdue, waive, close],
  'approved → receipted': receipted,
  'approved → credited': keeps,
  'approved → refunded': [instantly, advance, refunded('paid'), ...keeps.slice(1)],
  'approved → awaiting-approval': [authorize, goods, look, validate(0), approve, lapse],
  'receipted → credited': credited,
  'credited → stocked': stocked,
  'credited → refunded': [...keeps, { type: 'plan-refund', refundId: REFUND_ID }, refunded('paid')],
  'credited → reversed': [...keeps, blocked, giveUp, reversed],
  'stocked → refunded': wayTo.refunded,
  'stocked → reversed': [...stocked, blocked, giveUp, reversed],
  'refunded → closed': closed,
};

function next(state: ReturnState, command: ReturnCommand): ReturnState {
  const decision = returnDecider.decide(command, state);
  return decision.kind === 'accepted' ? decision.events.reduce(returnDecider.evolve, state) : state;
}

describe('the return states', () => {
  it('can all be reached from none by the table of transitions', () => {
    const reached = new Set<ReturnStatus>(['none']);
    for (const from of reached) for (const to of RETURN_TRANSITIONS[from]) reached.add(to);
    expect([...reached].sort()).toEqual(Object.keys(RETURN_TRANSITIONS).sort());
  });

  it('make every move of the table', () => {
    const table = Object.entries(RETURN_TRANSITIONS).flatMap(([from, tos]) => tos.map((to) => `${from} → ${to}`));
    expect(Object.keys(HISTORIES).sort()).toEqual(table.sort());
    for (const [move, history] of Object.entries(HISTORIES)) {
      const before = history.slice(0, -1).reduce(next, returnDecider.initial);
      const after = history.reduce(next, returnDecider.initial);
      expect(`${before.status} → ${after.status}`).toBe(move);
    }
  });

  it('make no other move', () => {
    const commands: readonly ReturnCommand[] = [
      ...Object.values(HISTORIES).flat(),
      { type: 'resolve-refund', by: 'op-7' },
      { type: 'note-stalled', at: at(1), step: 'receipt', error: 'States.Timeout' },
      { type: 'note-inspection-missed', at: at(16) },
    ];
    // The smooth way with other commands in between: random ones alone hardly get far.
    const history = fc
      .record({
        start: fc.constantFrom(
          ...[
            [authorize],
            [review],
            [review, approveReview],
            [asked('rejected')],
            [instantly],
            [instantly, advance],
            overdue,
          ],
        ),
        reach: fc.integer({ min: 1, max: wholeWay.length }),
        extras: fc.array(fc.tuple(fc.nat({ max: 16 }), fc.constantFrom(...commands)), { maxLength: 6 }),
      })
      .map(({ start, reach, extras }) => {
        const all: ReturnCommand[] = [...start, ...wholeWay.slice(1, reach)];
        for (const [place, extra] of extras) all.splice(1 + (place % all.length), 0, extra);
        return all;
      });
    fc.assert(
      fc.property(history, (all) => {
        let state: ReturnState = returnDecider.initial;
        for (const command of all) {
          const after = next(state, command);
          if (after.status !== state.status) {
            expect(RETURN_TRANSITIONS[state.status], `${command.type} at ${state.status}`).toContain(after.status);
          }
          state = after;
        }
      }),
      { numRuns: 600 },
    );
  });
});
