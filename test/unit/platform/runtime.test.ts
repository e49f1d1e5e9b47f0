import { describe, expect, it } from 'vitest';
import { ulids } from '#platform/aws/runtime.ts';

describe('ids', () => {
  it('are ULIDs, each once, in the order of their making', () => {
    const ids = ulids();
    const made = Array.from({ length: 2_000 }, () => ids.next());
    for (const id of made) expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    expect(new Set(made).size).toBe(made.length);
    expect([...made].sort()).toEqual(made);
  });

  it('of two sandboxes share nothing but the time', () => {
    const randomParts = Array.from({ length: 200 }, () => ulids().next().slice(10));
    expect(new Set(randomParts).size).toBe(randomParts.length);
    for (let place = 0; place < 16; place++) {
      expect(new Set(randomParts.map((part) => part[place])).size).toBeGreaterThan(16);
    }
  });
});
