import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Destination, putAway, sameDestinations } from '#connectors/erps/tryton/put-away.ts';

const STORAGE = 3;
const QUARANTINE = 9;

describe('putAway', () => {
  it('sends a move on as a whole where its units stay together', () => {
    const moves = [{ id: 12, product: 1, quantity: 2, to: STORAGE }];
    expect(putAway(moves, [{ product: 1, quantity: 2, to: QUARANTINE }])).toEqual({
      change: [{ id: 12, quantity: 2, to: QUARANTINE }],
      add: [],
    });
  });

  it('splits a move whose units part', () => {
    const moves = [{ id: 12, product: 1, quantity: 3, to: STORAGE }];
    const wanted = [
      { product: 1, quantity: 1, to: STORAGE },
      { product: 1, quantity: 2, to: QUARANTINE },
    ];
    expect(putAway(moves, wanted)).toEqual({
      change: [{ id: 12, quantity: 1, to: STORAGE }],
      add: [{ from: 12, quantity: 2, to: QUARANTINE }],
    });
  });

  it('refuses units without a destination, and destinations without units', () => {
    const moves = [{ id: 12, product: 1, quantity: 2, to: STORAGE }];
    expect(() => putAway(moves, [{ product: 1, quantity: 1, to: STORAGE }])).toThrow(RangeError);
    expect(() => putAway(moves, [{ product: 1, quantity: 3, to: STORAGE }])).toThrow(RangeError);
    expect(() => putAway(moves, [{ product: 2, quantity: 2, to: STORAGE }])).toThrow(RangeError);
  });

  it('always brings every unit to its destination', () => {
    const destinations = fc.array(
      fc.record({
        product: fc.integer({ min: 1, max: 3 }),
        quantity: fc.integer({ min: 1, max: 9 }),
        to: fc.constantFrom(STORAGE, QUARANTINE),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(destinations, fc.integer({ min: 1, max: 4 }), (wanted, chunk) => {
        const moves = chunked(wanted, chunk);
        const { change, add } = putAway(moves, wanted);
        const product = new Map(moves.map((move) => [move.id, move.product]));
        const reached: Destination[] = [
          ...change.map(({ id, quantity, to }) => ({ product: product.get(id) ?? 0, quantity, to })),
          ...add.map(({ from, quantity, to }) => ({ product: product.get(from) ?? 0, quantity, to })),
        ];
        expect(sameDestinations(reached, wanted)).toBe(true);
        expect(new Set(change.map(({ id }) => id)).size).toBe(moves.length);
      }),
    );
  });
});

describe('sameDestinations', () => {
  it('does not care how units are divided in moves, and does care where they go', () => {
    const whole = [{ product: 1, quantity: 2, to: STORAGE }];
    const halves = [
      { product: 1, quantity: 1, to: STORAGE },
      { product: 1, quantity: 1, to: STORAGE },
    ];
    expect(sameDestinations(whole, halves)).toBe(true);
    expect(sameDestinations(whole, [{ product: 1, quantity: 2, to: QUARANTINE }])).toBe(false);
    expect(sameDestinations(whole, [])).toBe(false);
  });
});

/** The units of the destinations as moves of at most `size` units, all into storage, as the ERP lays them out. */
function chunked(wanted: readonly Destination[], size: number) {
  const moves: { id: number; product: number; quantity: number; to: number }[] = [];
  for (const { product, quantity } of wanted) {
    for (let left = quantity; left > 0; left -= size) {
      moves.push({ id: moves.length + 1, product, quantity: Math.min(size, left), to: STORAGE });
    }
  }
  return moves;
}
