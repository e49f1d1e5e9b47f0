import type { LineQuantity } from '../kernel/quantity.ts';
import type { OpenOrder } from './state.ts';

/**
 * Units of one order line by their positions, 0-based: runs from the first to before the second number, apart and in
 * ascending order. Each unit of a line has a worth of its own, for some carry the odd cents; so it matters which are taken.
 */
export type Units = readonly (readonly [from: number, before: number])[];

export type LineUnits = LineQuantity & { readonly units: Units };

type Line = OpenOrder['lines'][number];

/** The next units of a line for a return: free ones first, and never such as another return holds while there are others. */
export const unitsToReturn = (order: OpenOrder, line: Line, count: number): Units =>
  leastTaken(line, count, held(line), paidBack(order, line));

/** The next units for a refund of the channel's own. It may be for the very units that a return holds. */
export const unitsToPayBack = (order: OpenOrder, line: Line, count: number): Units =>
  leastTaken(line, count, paidBack(order, line), held(line));

/** Rows of before positions were kept know a count alone: then it is the first units. */
export const held = ({ held, returning }: Line): Units => held ?? runOf(returning);

export function paidBack(order: OpenOrder, line: Line): Units {
  return line.paidBack ?? first([without(runOf(line.quantity), held(line))], refundedByChannel(order, line.lineId));
}

/** Units that the channel has paid back by itself, without a return of ours. */
export function refundedByChannel(order: OpenOrder, lineId: string): number {
  return order.refunds
    .filter(({ origin }) => origin === 'channel')
    .flatMap(({ lines }) => lines)
    .reduce((units, line) => (line.lineId === lineId ? units + line.quantity : units), 0);
}

function leastTaken({ quantity }: Line, count: number, never: Units, rather: Units): Units {
  const all = runOf(quantity);
  const allowed = without(all, never);
  const free = without(allowed, rather);
  return first([free, without(allowed, free), without(all, allowed)], count);
}

/** The first `count` units of several sets, one set after the other. */
function first(sets: readonly Units[], count: number): Units {
  const taken: [number, number][] = [];
  let left = count;
  for (const [from, before] of sets.flat()) {
    const length = Math.min(left, before - from);
    if (length > 0) taken.push([from, from + length]);
    left -= length;
  }
  return joined(taken);
}

export function without(units: Units, taken: Units): Units {
  return taken.reduce<Units>(
    (left, [from, before]) =>
      left.flatMap(([start, end]): Units => {
        const parts: Units = [
          [start, Math.min(end, from)],
          [Math.max(start, before), end],
        ];
        return parts.filter(([first, last]) => first < last);
      }),
    units,
  );
}

export function joined(...sets: readonly Units[]): Units {
  const runs: [number, number][] = [];
  for (const [from, before] of sets.flat().sort(([a], [b]) => a - b)) {
    const last = runs.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], before);
    else runs.push([from, before]);
  }
  return runs;
}

/** From and to a list of positions. */
export const unitsFrom = (positions: readonly number[]): Units =>
  joined(positions.map((position) => [position, position + 1] as const));
export const positionsOf = (units: Units): number[] =>
  units.flatMap(([from, before]) => Array.from({ length: before - from }, (_, index) => from + index));

const runOf = (count: number): Units => (count > 0 ? [[0, count]] : []);
