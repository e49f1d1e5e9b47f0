import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesWithin, type Profile, type ProfileEntry, profileDecider } from '#core/returns/fraud/profile.ts';

const DAY = 24 * 60 * 60 * 1000;
const on = (day: number): string => new Date(Date.parse('2026-01-01T00:00:00.000Z') + day * DAY).toISOString();
const entry = (day: number, changes: Partial<ProfileEntry> = {}): ProfileEntry => ({
  ...{ at: on(day), version: 1, counts: true, refunded: 100, currency: 'USD', kept: false },
  ...changes,
});

type Note = readonly [key: string, entry: ProfileEntry];

const noted = (notes: readonly Note[]): Profile =>
  notes.reduce((state, [key, one]) => {
    const decision = profileDecider.decide({ type: 'note', key, entry: one }, state);
    return decision.kind === 'accepted' ? decision.events.reduce(profileDecider.evolve, state) : state;
  }, profileDecider.initial);

describe('what is remembered of a buyer', () => {
  it('is the newest reading of each return, and a repeat changes nothing', () => {
    const state = noted([['R1', entry(1, { version: 3, refunded: 5 })]]);
    expect(
      noted([
        ['R1', entry(1, { version: 3, refunded: 5 })],
        ['R1', entry(1, { version: 2 })],
      ]),
    ).toEqual(state);
    expect(profileDecider.decide({ type: 'note', key: 'R1', entry: entry(1, { version: 3 }) }, state).kind).toBe(
      'ignored',
    );
  });

  it('comes to the same whatever the order, and how often each comes', () => {
    // A return's time and content follow from its version.
    const note = fc.record({ key: fc.integer({ min: 0, max: 260 }), version: fc.integer({ min: 1, max: 4 }) });
    const notes = fc
      .array(note, { maxLength: 400 })
      .chain((some) =>
        fc.tuple(
          fc.constant(some),
          fc.shuffledSubarray([...some, ...some], { minLength: some.length * 2, maxLength: some.length * 2 }),
        ),
      );
    const made = ({ key, version }: { key: number; version: number }): Note => [
      `R${key}`,
      entry((key * 7) % 900, { version, refunded: version, counts: version < 4 }),
    ];
    fc.assert(
      fc.property(notes, ([some, shuffled]) => {
        expect(noted(shuffled.map(made))).toEqual(noted(some.map(made)));
      }),
      { numRuns: 60 },
    );
  });

  it('stays small: 200 entries of 400 days', () => {
    const many = noted(Array.from({ length: 300 }, (_, n): Note => [`R${n}`, entry(n % 50)]));
    expect(Object.keys(many.entries)).toHaveLength(200);
    expect(
      noted([
        ['old', entry(0)],
        ['new', entry(401)],
      ]).entries,
    ).toEqual({ new: entry(401) });
    expect(
      noted([
        ['old', entry(1)],
        ['new', entry(401)],
      ]).entries,
    ).toHaveProperty('old');
  });

  it('is forgotten whole', () => {
    const state = noted([['R1', entry(1)]]);
    const decision = profileDecider.decide({ type: 'forget' }, state);
    expect(decision.kind === 'accepted' && decision.events.reduce(profileDecider.evolve, state)).toEqual({
      entries: {},
    });
    expect(profileDecider.decide({ type: 'forget' }, { entries: {} }).kind).toBe('ignored');
  });
});

describe('a window over profiles', () => {
  const find = (profiles: readonly Profile[], days: number, without = 'none') =>
    entriesWithin(profiles, { at: on(100), days, without }).map(({ at }) => at);

  it('holds its last instant and not its first', () => {
    const profile = noted([
      ['R1', entry(70)],
      ['R2', entry(71)],
      ['R3', entry(100)],
      ['R4', entry(101)],
    ]);
    expect(find([profile], 30).sort()).toEqual([on(71), on(100)]);
  });

  it('leaves out the return itself, and what counts for nothing', () => {
    const profile = noted([
      ['R1', entry(99)],
      ['R2', entry(99, { counts: false })],
    ]);
    expect(find([profile], 30)).toHaveLength(1);
    expect(find([profile], 30, 'R1')).toEqual([]);
  });

  it('counts a return once that two keys know, by its newest reading', () => {
    const old = noted([['R1', entry(99, { version: 1 })]]);
    const current = noted([['R1', entry(99, { version: 2, refunded: 7 })]]);
    expect(entriesWithin([current, old], { at: on(100), days: 9, without: '' })).toEqual([
      entry(99, { version: 2, refunded: 7 }),
    ]);
  });
});
