import type { Erp } from './erp.ts';
import type { MoveState, StockMove } from './rows.ts';
import { dateAt } from './wire.ts';

/** Moves, and the units they leave standing where. */

/** Brings a move into a state, with what that means for the stock. */
export function setMoveState(erp: Erp, move: StockMove, state: MoveState): void {
  if (move.state === state) return;
  const { product, quantity, from_location: from, to_location: to } = move;
  if (move.state === 'assigned') erp.levels.free(product, from, quantity);
  if (state === 'assigned') erp.levels.reserve(product, from, quantity);
  if (state === 'done') {
    erp.levels.add(product, from, -quantity);
    erp.levels.add(product, to, quantity);
  }
  erp.moves.update(move, { state, ...(state === 'done' && { effective_date: dateAt(erp.now) }) });
}

/** Moves of a shipment by where they begin or end, cancelled ones too. */
export const movesOf = (
  erp: Erp,
  model: string,
  shipment: number,
  field: 'from_location' | 'to_location',
  location: number,
): StockMove[] => erp.moves.by('shipment', `${model},${shipment}`).filter((move) => move[field] === location);

/** Units in locations and what lies in them; all of them where none is named. */
export function quantityIn(erp: Erp, product: number, locations: unknown): number {
  if (!Array.isArray(locations)) return 0;
  const wanted = new Set(locations as number[]);
  let units = 0;
  for (const [location, count] of erp.levels.of(product)) if (within(erp, location, wanted)) units += count;
  return units;
}

function within(erp: Erp, location: number, wanted: ReadonlySet<number>): boolean {
  for (let at: number | null = location; at !== null; at = erp.locations.at(at).parent) if (wanted.has(at)) return true;
  return false;
}

type Counts = Map<number, Map<number, number>>;

/** Units by product and location, with those that wait to be picked. */
export class Levels {
  readonly #undoable: (undo: () => void) => void;
  readonly #units: Counts = new Map();
  readonly #reserved: Counts = new Map();

  constructor(undoable: (undo: () => void) => void) {
    this.#undoable = undoable;
  }

  /** Units of a product by location. */
  of(product: number): Iterable<[number, number]> {
    return this.#units.get(product) ?? [];
  }

  at(product: number, location: number): number {
    return this.#units.get(product)?.get(location) ?? 0;
  }

  /** Units that nobody has reserved. */
  available(product: number, location: number): number {
    return this.at(product, location) - (this.#reserved.get(product)?.get(location) ?? 0);
  }

  add(product: number, location: number, units: number): void {
    this.#count(this.#units, product, location, units);
  }

  reserve(product: number, location: number, units: number): void {
    this.#count(this.#reserved, product, location, units);
  }

  free(product: number, location: number, units: number): void {
    this.#count(this.#reserved, product, location, -units);
  }

  #count(counts: Counts, product: number, location: number, units: number): void {
    const places = counts.get(product) ?? new Map<number, number>();
    counts.set(product, places);
    const before = places.get(location) ?? 0;
    places.set(location, before + units);
    this.#undoable(() => places.set(location, before));
  }
}
