/**
 * How received units are divided over stock locations. Pure.
 */

/** A move out of the input zone that is not done yet. */
export type OpenMove = {
  readonly id: number;
  readonly product: number;
  readonly quantity: number;
  readonly to: number;
};

/** So many units of a product to one location. */
export type Destination = { readonly product: number; readonly quantity: number; readonly to: number };

export type PutAway = {
  /** Moves to change, by id. */
  readonly change: readonly { readonly id: number; readonly quantity: number; readonly to: number }[];
  /** Moves to add, each a part split off from the move with id `from`. */
  readonly add: readonly { readonly from: number; readonly quantity: number; readonly to: number }[];
};

/** Equal when both bring the same units of the same products to the same places, however they are divided in moves. */
export function sameDestinations(a: readonly Destination[], b: readonly Destination[]): boolean {
  const one = sums(a);
  const other = sums(b);
  return one.size === other.size && [...one].every(([key, quantity]) => other.get(key) === quantity);
}

/** Units by product alone: what must agree before anything is moved. */
export const unitsByProduct = (
  some: readonly Pick<Destination, 'product' | 'quantity'>[],
): ReadonlyMap<number, number> =>
  new Map([...Map.groupBy(some, ({ product }) => product)].map(([product, of]) => [product, units(of)]));

/**
 * Changes that lead the open moves to their destinations: each move is filled from its product's destinations in order,
 * and split where it has units for more than one. Throws RangeError when the units do not agree.
 */
export function putAway(moves: readonly OpenMove[], destinations: readonly Destination[]): PutAway {
  const left = destinations.map((destination) => ({ ...destination }));
  const change: { id: number; quantity: number; to: number }[] = [];
  const add: { from: number; quantity: number; to: number }[] = [];
  for (const move of moves) {
    let open = move.quantity;
    let first = true;
    for (const place of left) {
      if (open === 0) break;
      if (place.product !== move.product || place.quantity === 0) continue;
      const quantity = Math.min(open, place.quantity);
      place.quantity -= quantity;
      open -= quantity;
      if (first) change.push({ id: move.id, quantity, to: place.to });
      else add.push({ from: move.id, quantity, to: place.to });
      first = false;
    }
    if (open > 0) throw new RangeError(`${open} units of product ${move.product} have no destination`);
  }
  const over = units(left);
  if (over > 0) throw new RangeError(`${over} units were to be put away that were not received`);
  return { change, add };
}

function sums(some: readonly Destination[]): Map<string, number> {
  const summed = new Map<string, number>();
  for (const { product, quantity, to } of some) {
    if (quantity === 0) continue;
    const key = `${product}/${to}`;
    summed.set(key, (summed.get(key) ?? 0) + quantity);
  }
  return summed;
}

const units = (some: readonly { quantity: number }[]): number => some.reduce((sum, { quantity }) => sum + quantity, 0);
