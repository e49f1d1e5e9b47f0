import { expect, it } from 'vitest';
import { counted } from '#core/kernel/counted.ts';

it.each([
  [0, '0 orders'],
  [1, '1 order'],
  [-1, '-1 order'],
  [2, '2 orders'],
  [-3, '-3 orders'],
])('a count of %i reads "%s"', (count, text) => {
  expect(counted(count, 'order')).toBe(text);
});

it('a plural that no s makes is given', () => {
  expect([1, 2].map((count) => counted(count, 'line has', 'lines have'))).toEqual(['1 line has', '2 lines have']);
});
