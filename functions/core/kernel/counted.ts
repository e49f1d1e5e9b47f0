/**
 * A number with its noun, as a person reads it: `1 order`, `3 orders`, `0 orders`, `-1 unit`. `many` is the plural where an s
 * does not make it.
 */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${Math.abs(count) === 1 ? one : many}`;
