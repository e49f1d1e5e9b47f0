import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shrink } from '../../simulation/shrink.ts';

type Choice = { readonly id: string };

const choices = (count: number): Choice[] =>
  Array.from({ length: count }, (_one, index) => ({ id: `choice-${index}` }));
const numberOf = ({ id }: Choice): number => Number(id.slice('choice-'.length));
const keyOf = (subset: readonly Choice[]): string => subset.map(({ id }) => id).join();

/** A run that fails when all choices of any one cause are there. */
const failingBy =
  (...causes: readonly (readonly number[])[]) =>
  async (subset: readonly Choice[]): Promise<boolean> => {
    const there = new Set(subset.map(numberOf));
    return causes.some((cause) => cause.every((one) => there.has(one)));
  };

/** A run whose failure follows no rule, but is the same for the same choices; all of them fail. */
const failingAtWhim = (all: readonly Choice[], whim: number) => async (subset: readonly Choice[]) => {
  let hash = whim;
  for (const choice of subset) hash = Math.imul(hash ^ (numberOf(choice) + 1), 0x01000193);
  return subset.length === all.length || (hash ^ (hash >>> 15)) % 3 === 0;
};

/** Any number of choices with a run that fails somehow. */
const failures = fc.integer({ min: 0, max: 24 }).chain((count) => {
  const all = choices(count);
  const cause = fc.uniqueArray(fc.integer({ min: 0, max: Math.max(count - 1, 0) }), { maxLength: count });
  return fc.record({
    all: fc.constant(all),
    fails: fc.oneof(
      fc.array(cause, { minLength: 1, maxLength: 3 }).map((causes) => failingBy(...causes)),
      fc.integer().map((whim) => failingAtWhim(all, whim)),
    ),
  });
});

describe('shrinking a failing run', () => {
  it('finds what is needed, in the order in which it happened', async () => {
    const { kept, minimal } = await shrink(choices(100), failingBy([71, 3, 40]));
    expect([kept.map(numberOf), minimal]).toEqual([[3, 40, 71], true]);
  });

  it('leaves nothing where the run fails by itself, in two runs', async () => {
    expect(await shrink(choices(50), failingBy([]))).toEqual({ kept: [], minimal: true, runs: 2 });
  });

  it('leaves all where all is needed', async () => {
    const all = choices(12);
    expect(await shrink(all, failingBy(all.map(numberOf)))).toMatchObject({ kept: all, minimal: true });
  });

  it.each([
    [[618], 25],
    [[3, 500, 997], 75],
    [[1, 200, 201, 640, 999], 120],
  ])('finds %j among a thousand choices in fewer than %i runs', async (needed, most) => {
    const { kept, runs } = await shrink(choices(1_000), failingBy(needed));
    expect(kept.map(numberOf)).toEqual(needed);
    expect(runs).toBeLessThan(most);
  });

  it('answers a failing run of which nothing can be left out, within its bound, asking nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(failures, async ({ all, fails }) => {
        const asked: string[] = [];
        const { kept, minimal, runs } = await shrink(all, (subset) => {
          asked.push(keyOf(subset));
          return fails(subset);
        });
        expect(await fails(kept)).toBe(true);
        for (const one of kept) expect(await fails(kept.filter((other) => other !== one))).toBe(false);
        expect(kept).toEqual(all.filter((choice) => kept.includes(choice)));
        expect(minimal).toBe(true);
        expect(new Set(asked).size).toBe(asked.length);
        expect(runs).toBe(asked.length);
        expect(runs).toBeLessThanOrEqual(all.length ** 2 / 2 + 3 * all.length + 2);
      }),
      { numRuns: 500 },
    );
  });

  it('makes no more runs than it may, and still answers one that fails', async () => {
    await fc.assert(
      fc.asyncProperty(failures, fc.integer({ min: 2, max: 40 }), async ({ all, fails }, most) => {
        const { kept, minimal, runs } = await shrink(all, fails, { most });
        expect(runs).toBeLessThanOrEqual(most);
        expect(await fails(kept)).toBe(true);
        if (!minimal) expect(runs).toBe(most);
      }),
      { numRuns: 500 },
    );
  });

  it('says so when it ran out of runs', async () => {
    const all = choices(16);
    expect(await shrink(all, failingBy(all.map(numberOf)), { most: 5 })).toEqual({
      kept: all,
      minimal: false,
      runs: 5,
    });
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['a run that does not fail', () => shrink(choices(3), async () => false), /all 3 choices does not fail/],
    ['choices of one name', () => shrink([...choices(3), { id: 'choice-1' }], async () => true), /"choice-1"/],
    ['too few runs', () => shrink(choices(3), async () => true, { most: 1 }), /1 runs are too few/],
    ['a run that breaks', () => shrink(choices(3), () => Promise.reject(new Error('broken'))), /broken/],
  ])('refuses %s', async (_what, shrinking, message) => {
    await expect(shrinking()).rejects.toThrow(message);
  });
});
