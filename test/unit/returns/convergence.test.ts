import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReturnCommand, returnDecider } from '#core/returns/decider.ts';
import { returnReactions } from '#core/returns/reactions.ts';
import type { ReturnProgress } from '#core/returns/return.ts';
import type { OpenReturn, ReturnState } from '#core/returns/state.ts';
import { anAuthorization, at, authorize, report } from './samples.ts';

const ERP = { connector: 'tryton', account: 'main' };

/** Applies what is accepted, and keeps the codes of open cases as the store does. */
function run(commands: readonly ReturnCommand[]) {
  const open = new Set<string>();
  let state: ReturnState = returnDecider.initial;
  for (const command of commands) {
    const decision = returnDecider.decide(command, state);
    if (decision.kind !== 'accepted') continue;
    state = decision.events.reduce(returnDecider.evolve, state);
    const { openCases, closeCases } = returnReactions(decision.events, state as OpenReturn, ERP);
    for (const code of closeCases) open.delete(code);
    for (const { code } of openCases) open.add(code);
  }
  return { state, cases: [...open].sort() };
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
        first: fc.constantFrom(authorize, review),
      }),
    );
    fc.assert(
      fc.property(scenario, ({ reports, shuffled, first }) => {
        const inOrder = run([first, ...reports.map(report)]);
        expect(run([first, ...shuffled.map(report)])).toEqual(inOrder);
      }),
      { numRuns: 400 },
    );
  });
});
