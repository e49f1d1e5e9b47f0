import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLLECT_AGAIN_AFTER_DAYS, type SettlementCommand, settlementDecider } from '#core/settlements/decider.ts';
import type { SettlementEvent } from '#core/settlements/events.ts';
import type { Amounts } from '#core/settlements/line.ts';
import type { JournalContent } from '#core/settlements/posting.ts';
import {
  type Collection,
  type DifferencesByCause,
  MOST_BATCHES,
  MOST_MONTHS,
  MOST_SOURCES,
  type OpenSettlement,
  SETTLEMENT_TRANSITIONS,
  type SettlementState,
  type SettlementStatus,
} from '#core/settlements/state.ts';
import { specify } from '../../support/given.ts';
import { collection, header, NOW, TERMS } from './samples.ts';

const { given, after: stateAfter } = specify(settlementDecider);

const take = (one: Collection, follows = 0, terms = TERMS): SettlementCommand => ({
  type: 'import',
  collection: one,
  follows,
  at: NOW,
  terms,
});
const told = (batch: number, differences: DifferencesByCause = {}, revision = 1, telling = 0): SettlementCommand => ({
  type: 'record-batch',
  revision,
  batch,
  telling,
  differences,
  terms: TERMS,
});
const posted = (part: string, ref = '41'): SettlementCommand => ({
  type: 'record-posting',
  part,
  ref,
  number: `M${ref}`,
});
const later = (changes: Parameters<typeof collection>[0] = {}) =>
  collection({ collectedAt: '2026-11-27T08:00:00Z/1', ...changes });
const missing: DifferencesByCause = {
  'missing-order': { count: 1, amount: 10_000, gross: 10_000, since: '2026-11-03T08:00:00Z', examples: ['A-1'] },
};
const unknown = { source: 'Order/ItemFees/NewFee', lines: 2, amount: -300, at: 7 };

/** All that was planned to be posted by these commands, one after the other. */
function run(commands: readonly SettlementCommand[]) {
  let state = { status: 'none' } as SettlementState;
  const moves: JournalContent[] = [];
  for (const command of commands) {
    const decided = settlementDecider.decide(command, state);
    if (decided.kind !== 'accepted') continue;
    for (const event of decided.events) if (event.type === 'settlement.posting-planned') moves.push(...event.parts);
    state = decided.events.reduce((before: SettlementState, event) => settlementDecider.evolve(before, event), state);
  }
  return { state, moves };
}

describe('a settlement', () => {
  const imported: SettlementEvent = { type: 'settlement.imported', collection: collection(), revision: 1, at: NOW };

  it('is imported once; other content is a new collection, and what is older is nothing', () => {
    given().when(take(collection())).thenEvents({ type: 'settlement.imported', revision: 1 });
    given(imported).when(take(collection(), 1)).thenIgnored();
    const changed = later({ months: { '2026-11': { sale: 9_000 } } });
    given(imported).when(take(changed, 1)).thenEvents({ type: 'settlement.imported', revision: 2 });
    given(imported)
      .when(take({ ...changed, collectedAt: '2026-11-19T00:00:00Z/1' }, 1))
      .thenIgnored();
    given(imported).when(take(later(), 1)).thenEvents({ type: 'settlement.collected-unchanged' });
  });

  it('is read anew when another collection came in between', () => {
    given(imported)
      .when(take(later({ months: { '2026-11': { sale: 1 } } }), 0))
      .thenRejected('SETTLEMENT_MOVED_ON');
    given().when(take(collection(), 3)).thenRejected('SETTLEMENT_MOVED_ON');
  });

  it('is matched with the last of its batches, and posted then', () => {
    const first: SettlementEvent = { type: 'settlement.batch-recorded', batch: 0, differences: {} };
    given().when(told(0)).thenRejected('SETTLEMENT_UNKNOWN');
    given(imported).when(told(0)).thenEvents(first);
    given(imported, first).when(told(0)).thenIgnored();
    given(imported, first)
      .when(told(1))
      .thenEvents({ type: 'settlement.batch-recorded', batch: 1 }, { type: 'settlement.matched' }, {
        type: 'settlement.posting-planned',
        parts: [expect.objectContaining({ part: '2026-11', date: '2026-11-18' })],
      } as never);
    given(imported)
      .when(told(0, {}, 2))
      .thenIgnored();
  });

  it('without orders is matched and posted at once', () => {
    given()
      .when(take(collection({ batches: 0, orders: 0 })))
      .thenEvents(
        { type: 'settlement.imported' },
        { type: 'settlement.matched' },
        { type: 'settlement.posting-planned' },
      );
  });

  it('is split at the end of the month, and leaves closed periods alone', () => {
    const months: Record<string, Amounts> = { '2026-10': { sale: 4_000 }, '2026-11': { sale: 6_000 } };
    const { moves } = run([take(collection({ months, batches: 0 }))]);
    expect(moves.map(({ part, date }) => [part, date])).toEqual([
      ['2026-10', '2026-10-31'],
      ['2026-11', '2026-11-18'],
    ]);
    for (const { lines } of moves) expect(lines.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
    const closed = run([take(collection({ months, batches: 0 }), 0, { ...TERMS, closedThrough: '2026-10-31' })]);
    expect(closed.moves.map(({ date }) => date)).toEqual(['2026-11-01', '2026-11-18']);
  });

  it('posts nothing while a residual or an unknown line is left, and all of it once rules know the line', () => {
    const blocked = collection({ unclassified: [unknown], batches: 0 });
    const events = given().when(take(blocked));
    events.thenEvents({ type: 'settlement.imported' }, { type: 'settlement.matched' }, {
      type: 'settlement.blocked',
      reasons: [expect.objectContaining({ code: 'SETTLEMENT_UNCLASSIFIED' })],
    } as never);
    const cent = collection({ batches: 0 });
    const off = { ...cent, header: header({ announced: cent.totals.sum + 1 }) };
    expect(run([take(off)])).toMatchObject({ moves: [], state: { status: 'blocked' } });
    const known = later({
      months: { '2026-11': { sale: 10_000, 'fee/commission': -1_500, 'fee/new': -300 } },
      batches: 0,
    });
    const { state, moves } = run([take(blocked), take(known, 1)]);
    expect(state).toMatchObject({ status: 'posting', revision: 2, blocked: [] });
    expect(moves.map(({ part }) => part)).toEqual(['2026-11']);
  });

  it('posts a difference that names the first posting when it has changed, and never a second time', () => {
    const changed = later({ months: { '2026-11': { sale: 10_000, 'fee/commission': -1_600 } }, batches: 0 });
    const first = collection({ batches: 0 });
    const { moves, state } = run([take(first), posted('2026-11'), take(changed, 1)]);
    expect(moves).toHaveLength(2);
    expect(moves[1]).toMatchObject({
      part: 'adjustment/1/2026-11',
      adjusts: 'erp/journal/amazon/main/19842011/2026-11',
      lines: expect.arrayContaining([expect.objectContaining({ account: 'fee/commission', amount: 100 })]),
    });
    expect(state.status).toBe('posting');
    const again = later({ collectedAt: '2026-12-04T08:00:00Z/1', months: { '2026-11': { sale: 10_000 } }, batches: 0 });
    expect(run([take(first), take(changed, 1), take(again, 2)]).moves.map(({ part }) => part)).toEqual([
      '2026-11',
      'adjustment/1/2026-11',
      'adjustment/2/2026-11',
    ]);
  });

  it('posts no difference while the later collection is blocked', () => {
    const blocked = later({ unclassified: [unknown], batches: 0 });
    const { moves, state } = run([take(collection({ batches: 0 })), posted('2026-11'), take(blocked, 1)]);
    expect(moves).toHaveLength(1);
    expect(state.status).toBe('blocked');
  });

  it('takes the ERP’s word on each part once', () => {
    const history = [take(collection({ batches: 0 })), posted('2026-11')];
    const state = stateAfter(...history) as OpenSettlement;
    expect(state).toMatchObject({
      status: 'posted',
      parts: [{ status: 'posted', ref: '41', number: 'M41', debit: 10_000 }],
    });
    expect(settlementDecider.decide(posted('2026-11'), state).kind).toBe('ignored');
    expect(settlementDecider.decide(posted('2026-11', '42'), state)).toMatchObject({
      reason: { code: 'POSTED_TWICE' },
    });
    expect(settlementDecider.decide(posted('2026-12'), state)).toMatchObject({ reason: { code: 'PART_UNKNOWN' } });
    const reason = { code: 'PERIOD_CLOSED', message: 'closed' };
    const refuse: SettlementCommand = { type: 'record-posting-refusal', part: '2026-11', reason };
    expect(settlementDecider.decide(refuse, state).kind).toBe('ignored');
    const refused = stateAfter(take(collection({ batches: 0 })), refuse) as OpenSettlement;
    expect(refused).toMatchObject({ status: 'refused', parts: [{ reason }] });
    expect(stateAfter(take(collection({ batches: 0 })), refuse, posted('2026-11'))).toMatchObject({
      status: 'posted',
      parts: [expect.not.objectContaining({ reason })],
    });
  });

  it('hears again of a batch whose missing orders came, and of nothing that is as it was', () => {
    const matched = stateAfter(take(collection()), told(0, missing), told(1)) as OpenSettlement;
    expect(matched.differences).toEqual({ 0: missing });
    expect(settlementDecider.decide(told(0, missing), matched).kind).toBe('ignored');
    const cured = settlementDecider.decide(told(0), matched);
    expect(cured).toMatchObject({
      kind: 'accepted',
      events: [{ type: 'settlement.batch-recorded' }, { type: 'settlement.matched' }],
    });
  });

  it('is collected again four times', () => {
    const due: SettlementCommand = { type: 'note-collection-due', at: NOW };
    const state = stateAfter(take(collection()), ...COLLECT_AGAIN_AFTER_DAYS.map(() => due)) as OpenSettlement;
    expect(state).toMatchObject({ asked: 4, awaited: true });
    expect(settlementDecider.decide(due, state).kind).toBe('ignored');
    expect(stateAfter(take(collection()), due, take(later(), 1))).toMatchObject({ awaited: false, asked: 1 });
    const changed = later({ months: { '2026-11': { sale: 1 } } });
    expect(stateAfter(take(collection()), due, take(changed, 1))).toMatchObject({ awaited: false, revision: 2 });
  });

  it('is overdue until it has been collected, changed or not', () => {
    const due: SettlementCommand = { type: 'note-collection-due', at: NOW };
    const decided = (...before: SettlementCommand[]) =>
      settlementDecider.decide({ type: 'note-collection-overdue' }, stateAfter(take(collection()), ...before));
    expect(decided()).toMatchObject({ kind: 'ignored' });
    expect(decided(due)).toMatchObject({ kind: 'accepted', events: [{ type: 'settlement.collection-overdue' }] });
    expect(decided(due, take(later(), 1))).toMatchObject({ kind: 'ignored' });
    const changed = later({ months: { '2026-11': { sale: 1 } } });
    expect(decided(due, take(changed, 1))).toMatchObject({ kind: 'ignored' });
  });

  it('is kept within what a row holds', () => {
    given()
      .when(take(collection({ batches: MOST_BATCHES + 1 })))
      .thenRejected('SETTLEMENT_TOO_LARGE');
    const months = Object.fromEntries(Array.from({ length: MOST_MONTHS + 1 }, (_, at) => [String(at), { sale: 1 }]));
    given()
      .when(take(collection({ months })))
      .thenRejected('SETTLEMENT_TOO_LARGE');
    const unclassified = Array.from({ length: 500 }, (_, at) => ({ ...unknown, source: 'x'.repeat(900), at: at + 2 }));
    const state = stateAfter(
      take(collection({ unclassified, batches: MOST_BATCHES, digest: 'd'.repeat(43) })),
    ) as OpenSettlement;
    expect(state.collection.totals.unclassified).toHaveLength(MOST_SOURCES + 1);
    expect(state.collection.totals.unclassified.reduce((sum, { lines }) => sum + lines, 0)).toBe(1_000);
    const causes = Object.fromEntries(
      ['missing-order', 'fee-change', 'late-refund', 'tax-difference', 'amount-differs', 'rounding'].map((cause) => [
        cause,
        { count: 400, amount: -123_456_789, gross: 123_456_789, since: NOW, examples: ['A-111-2222222-3333333'] },
      ]),
    );
    const full = Object.fromEntries(Array.from({ length: MOST_BATCHES }, (_, at) => [at, causes]));
    expect(JSON.stringify({ ...state, differences: full }).length).toBeLessThan(400_000);
  });
});

describe('any order of arrival', () => {
  const amounts = fc.dictionary(
    fc.constantFrom('sale', 'fee/commission', 'refund/sale', 'tax/marketplace', 'reserve/held'),
    fc.integer({ min: -100_000, max: 100_000 }),
    { minKeys: 1 },
  ) as fc.Arbitrary<Amounts>;
  const months = fc.dictionary(fc.constantFrom('2026-09', '2026-10', '2026-11'), amounts, { minKeys: 1 });
  const collections = fc
    .uniqueArray(months, { minLength: 1, maxLength: 4, selector: (one) => JSON.stringify(one) })
    .map((all) => all.map((one, at) => collection({ months: one, collectedAt: `2026-11-2${at}T00:00:00Z/1` })));

  /** What was posted in all, by account and month of the part. */
  const books = (moves: readonly JournalContent[]) => {
    const sums = new Map<string, number>();
    for (const { part, lines } of moves) {
      for (const { account, amount } of lines) {
        const name = `${account} ${part.slice(-7)}`;
        sums.set(name, (sums.get(name) ?? 0) + amount);
      }
    }
    return sums;
  };

  it('of collections ends in one content, and posts each key once, balanced, in sum what that content says', () => {
    const arrivals = collections.chain((all) =>
      fc.record({
        all: fc.constant(all),
        order: fc.shuffledSubarray([...all.keys(), ...all.keys()], {
          minLength: all.length * 2,
          maxLength: all.length * 2,
        }),
        // How many batches come in before the next collection does: an overtaken one is never told whole.
        steps: fc.array(fc.nat(3), { minLength: all.length * 2, maxLength: all.length * 2 }),
        answers: fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
      }),
    );
    fc.assert(
      fc.property(arrivals, ({ all, order, steps, answers }) => {
        let state = { status: 'none' } as SettlementState;
        const moves: JournalContent[] = [];
        const apply = (command: SettlementCommand): void => {
          const before = state.status;
          const decided = settlementDecider.decide(command, state);
          if (decided.kind !== 'accepted') return;
          for (const event of decided.events)
            if (event.type === 'settlement.posting-planned') moves.push(...event.parts);
          state = decided.events.reduce((was: SettlementState, event) => settlementDecider.evolve(was, event), state);
          const allowed: readonly SettlementStatus[] = SETTLEMENT_TRANSITIONS[before];
          expect(state.status === before || allowed.includes(state.status), `${before} → ${state.status}`).toBe(true);
        };
        const revision = () => (state.status === 'none' ? 0 : state.revision);
        for (const [step, at] of order.entries()) {
          const one = all[at] as Collection;
          apply(take(one, revision()));
          for (let batch = 0; batch < (steps[step] ?? 0); batch++) apply(told(batch % 2, {}, revision()));
          const part =
            state.status === 'none' ? undefined : state.parts.find(({ status }) => status === 'planned')?.part;
          if (answers[step] && part !== undefined) apply(posted(part, part));
        }
        for (const batch of [0, 1, 0]) apply(told(batch, {}, revision()));
        const last = all.at(-1) as Collection;
        expect((state as OpenSettlement).collection.digest).toBe(last.digest);
        expect(new Set(moves.map(({ part }) => part)).size).toBe(moves.length);
        for (const { lines } of moves) expect(lines.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
        const firsts = moves.filter(({ adjusts }) => adjusts === undefined);
        const [first] = firsts;
        const key = first && `erp/journal/amazon/main/19842011/${first.part}`;
        for (const { adjusts } of moves.slice(firsts.length)) expect(adjusts).toBe(key);
        // Money by account over all months: what the last content says.
        const byAccount = (sums: ReadonlyMap<string, number>) => {
          const totals: Record<string, number> = {};
          for (const [name, amount] of sums) {
            const [account = ''] = name.split(' ');
            if (account !== 'in-transit') totals[account] = (totals[account] ?? 0) + amount;
          }
          return Object.fromEntries(Object.entries(totals).filter(([, amount]) => amount !== 0));
        };
        expect(byAccount(books(moves))).toEqual(byAccount(books(run([take({ ...last, batches: 0 })]).moves)));
      }),
      { numRuns: 300 },
    );
  });

  it('that lists orders asks for what each clears with its last batch, and lists it', () => {
    const terms = { ...TERMS, detail: 'per-order' } as const;
    const last = { ...told(1), terms } as SettlementCommand;
    const before = stateAfter(take(collection(), 0, terms), { ...told(0), terms } as SettlementCommand);
    expect(settlementDecider.decide(last, before)).toMatchObject({ reason: { code: 'RECEIVABLES_NEEDED' } });
    const receivables = { '2026-11': [{ orderId: 'A-1', amount: 10_000 }] };
    const decided = settlementDecider.decide({ ...last, receivables } as SettlementCommand, before);
    expect(decided.kind === 'accepted' && decided.events.at(-1)).toMatchObject({
      parts: [{ lines: expect.arrayContaining([{ account: 'receivable', amount: -10_000, label: 'order A-1' }]) }],
    });
  });

  it('is told of an order that has come once a batch, and forgets it with another collection', () => {
    const arrived = (batch: number, revision = 1): SettlementCommand => ({
      type: 'note-order-arrived',
      revision,
      batch,
      at: NOW,
    });
    const state = stateAfter(take(collection()), told(0, missing), told(1), arrived(0)) as OpenSettlement;
    expect(settlementDecider.decide(arrived(0), state)).toMatchObject({ kind: 'ignored' });
    expect(settlementDecider.decide(arrived(1, 2), state)).toMatchObject({ kind: 'ignored' });
    const begun = stateAfter(take(collection()), told(0, missing), told(1), arrived(0), {
      type: 'begin-batch',
      revision: 1,
      batch: 0,
    });
    expect(settlementDecider.decide(told(0, {}, 1, 0), begun)).toMatchObject({ kind: 'ignored' });
    expect(settlementDecider.decide(told(0, {}, 1, 1), begun)).toMatchObject({ kind: 'accepted' });
    const next = stateAfter(take(collection()), told(0, missing), told(1), arrived(0), take(later({ digest: 'x' }), 1));
    expect(next).not.toHaveProperty('arrived');
  });

  it('reaches every status', () => {
    const reached = new Set<SettlementStatus>(['none']);
    const refuse: SettlementCommand = {
      type: 'record-posting-refusal',
      part: '2026-11',
      reason: { code: 'X', message: 'x' },
    };
    const histories: SettlementCommand[][] = [
      [take(collection())],
      [take(collection({ batches: 0 }))],
      [take(collection({ batches: 0 })), posted('2026-11')],
      [take(collection({ batches: 0 })), refuse],
      [take(collection({ batches: 0, unclassified: [unknown] }))],
      [take(collection({ batches: 0, months: { '2026-11': { sale: 0 } } }))],
    ];
    for (const history of histories) reached.add(run(history).state.status);
    expect([...reached].sort()).toEqual(Object.keys(SETTLEMENT_TRANSITIONS).sort());
  });
});
