import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReturnCommand, returnDecider } from '#core/returns/decider.ts';
import { returnReactions } from '#core/returns/reactions.ts';
import type { ReturnProgress } from '#core/returns/return.ts';
import type { OpenReturn, ReturnState } from '#core/returns/state.ts';
import type { InstantTrigger } from '#core/returns/terms.ts';
import {
  advance,
  anAuthorization,
  at,
  authorize,
  authorizedBy,
  expire,
  inspected,
  instantly,
  REFUND_ID,
  received,
  report,
  unit,
  wholeWay,
} from './samples.ts';

const ERP = { connector: 'tryton', account: 'main' };

/** Applies what is accepted, and keeps the codes of open cases as the store does. */
function run(commands: readonly ReturnCommand[]) {
  const open = new Set<string>();
  let state: ReturnState = returnDecider.initial;
  for (const command of commands) {
    // As in the workflow, nothing is validated before the goods were looked at.
    if (command.type === 'validate-refund' && state.status !== 'inspected') continue;
    const decision = returnDecider.decide(command, state);
    if (decision.kind !== 'accepted') continue;
    state = decision.events.reduce(returnDecider.evolve, state);
    const { openCases, closeCases } = returnReactions(decision.events, state as OpenReturn, ERP);
    for (const code of closeCases) open.delete(code);
    for (const { code } of openCases) open.add(code);
  }
  return { state, cases: [...open].sort() };
}

const bound = authorizedBy({
  partialDays: 5,
  duties: [{ id: 'd', within: { hours: 48 }, calendar: { timeZone: 'UTC' }, warnHours: 12, source: 'a marketplace' }],
});
const paidAt = (when: InstantTrigger) => authorizedBy({ partialDays: 5, instant: { when, upTo: 10_000 } });

/** After each report, whatever the house would do next by itself, as often as it likes. */
function eagerly(commands: readonly ReturnCommand[]) {
  const ours: readonly ReturnCommand[] = [
    ...wholeWay.slice(3).filter(({ type }) => type !== 'record-refund'),
    { type: 'record-refund', refundId: REFUND_ID, standing: 'issued' },
    { type: 'record-refund', refundId: REFUND_ID, standing: 'paid' },
    { type: 'close', at: at(20) },
  ];
  return run(commands.flatMap((command) => [command, advance, ...ours]));
}

const lineIds = fc.constantFrom('L1', 'L2', 'L9');
const hours = fc.integer({ min: 0, max: 4 }).map(at);
const lines = fc.array(fc.record({ lineId: lineIds, quantity: fc.integer({ min: 1, max: 3 }) }), {
  minLength: 1,
  maxLength: 2,
});
const inspectedLines = fc.array(
  fc.record({
    lineId: lineIds,
    quantity: fc.integer({ min: 1, max: 2 }),
    condition: fc.constantFrom('new' as const, 'damaged' as const, 'wrong-item' as const, 'empty' as const),
    disposition: fc.constantFrom('restock' as const, 'quarantine' as const),
  }),
  { minLength: 1, maxLength: 2 },
);

const progress: fc.Arbitrary<ReturnProgress> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cancelled' as const), occurredAt: hours }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('in-transit' as const),
      occurredAt: hours,
      trackingNumber: fc.constantFrom('1Z', '2Z'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('received' as const),
      occurredAt: hours,
      receiptId: fc.constantFrom('REC1', 'REC2'),
      lines,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('delivered' as const, 'lost' as const),
      occurredAt: hours,
      trackingNumber: fc.constantFrom('1Z', '2Z'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('kept' as const), occurredAt: hours }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('resolution-chosen' as const),
      occurredAt: hours,
      resolution: fc.constantFrom('refund' as const, 'exchange' as const, 'store-credit' as const),
      currency: fc.constant('USD'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('credit-issued' as const),
      occurredAt: hours,
      creditId: fc.constantFrom('SC1', 'SC2'),
      kind: fc.constant('gift-card' as const),
      currency: fc.constant('USD'),
      amount: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('inspected' as const),
      occurredAt: hours,
      inspectionId: fc.constantFrom('INS1', 'INS2'),
      lines: inspectedLines,
    }),
  },
);

describe('reports of a returns platform', () => {
  it('end in the same return and the same cases, whatever their order and however often they come', () => {
    const review: ReturnCommand = {
      type: 'authorize',
      authorization: anAuthorization({ decision: 'review' }),
      authorized: [],
    };
    const scenario = fc.array(progress, { minLength: 1, maxLength: 7 }).chain((reports) =>
      fc.record({
        reports: fc.constant(reports),
        shuffled: fc.shuffledSubarray([...reports, ...reports], { minLength: reports.length * 2 }),
        // Plain, in review, bound to terms, paid in advance, and paid with the goods overdue.
        first: fc.constantFrom(...[[authorize], [review], [bound], [instantly, advance], [instantly, advance, expire]]),
      }),
    );
    fc.assert(
      fc.property(scenario, ({ reports, shuffled, first }) => {
        const inOrder = run([...first, ...reports.map(report)]);
        expect(run([...first, ...shuffled.map(report)])).toEqual(inOrder);
      }),
      { numRuns: 800 },
    );
  });

  it('end in the same money and goods when each step is taken as soon as it can be', () => {
    // All that was authorized comes, in two parcels; a person keeps being asked for the same refund.
    const whole: readonly ReturnProgress[] = [
      { type: 'in-transit', occurredAt: at(1), trackingNumber: '1Z' },
      { type: 'in-transit', occurredAt: at(2), trackingNumber: '2Z' },
      { type: 'delivered', occurredAt: at(3) },
      { type: 'resolution-chosen', occurredAt: at(0), resolution: 'refund' },
      received([{ lineId: 'L1', quantity: 2 }], 4, 'REC1'),
      received([{ lineId: 'L2', quantity: 1 }], 5, 'REC2'),
      inspected([unit('L1', 1), unit('L1', 1, 'damaged', 'restock')], 6, 'INS1'),
      inspected([unit('L2', 1, 'opened', 'refurbish')], 7, 'INS2'),
    ];
    const starts = fc.constantFrom([bound], [paidAt('first-scan')], [paidAt('authorized'), advance, expire]);
    const arrivals = fc.shuffledSubarray([...whole, ...whole], { minLength: whole.length * 2 });
    fc.assert(
      fc.property(starts, arrivals, (start, reports) => {
        const { state, cases } = eagerly([...start, ...reports.map(report)]);
        expect(state).toMatchObject({
          status: 'closed',
          finance: {
            refund: 3_650,
            moves: [
              { sku: 'TSHIRT-M', quantity: 1, disposition: 'restock' },
              { sku: 'TSHIRT-M', quantity: 1, disposition: 'quarantine' },
              { sku: 'MUG-BLUE', quantity: 1, disposition: 'refurbish' },
            ],
          },
          refund: { amount: 3_650, status: 'paid' },
        });
        expect(state).not.toHaveProperty('claim');
        expect(cases).toEqual(['DAMAGED_NOT_RESTOCKED']);
      }),
      { numRuns: 300 },
    );
  });
});
