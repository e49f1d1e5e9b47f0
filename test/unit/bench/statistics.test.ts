import { describe, expect, it } from 'vitest';
import { pairOf, quantile, ratioOf, summarize } from '../../bench/statistics.ts';

describe('statistics', () => {
  it('find the median and the middle half, also between two values', () => {
    expect(summarize([4, 1, 3, 2])).toEqual({ median: 2.5, spread: [1.75, 3.25], count: 4 });
    expect(quantile([7], 0.25)).toBe(7);
  });

  it('have nothing to say of nothing', () => expect(() => quantile([], 0.5)).toThrow('no values'));

  it('compare a subject with the baseline beside it, so that a slow minute of the machine does not count', () => {
    const pairs = [
      { subject: 12, baseline: 10 },
      { subject: 120, baseline: 100 },
      { subject: 30, baseline: 10 },
    ];
    expect(ratioOf(pairs).median).toBe(1.2);
  });

  it('let subject and baseline take turns in going first', async () => {
    const went: string[] = [];
    const run = (name: string, value: number) => async () => {
      went.push(name);
      return value;
    };
    for (const index of [0, 1]) {
      expect(await pairOf(index, run('subject', 2), run('baseline', 1))).toEqual({ subject: 2, baseline: 1 });
    }
    expect(went).toEqual(['subject', 'baseline', 'baseline', 'subject']);
  });
});
