import { type LineQuantity, mergeLines } from '../kernel/quantity.ts';
import type { LineProgress, OpenOrder, RefundShare } from './state.ts';
import { held, joined, type LineUnits, paidBack, unitsToPayBack, without } from './units.ts';

const UNTOUCHED: LineProgress = { shipped: 0, fulfilledInChannel: 0, returning: 0, refunded: 0 };

/** How far a line has come, without the line itself; a line that was not there before has come nowhere. */
export function progressOf(line: LineProgress = UNTOUCHED): LineProgress {
  const { shipped, fulfilledInChannel, returning, refunded, held, paidBack } = line;
  return {
    ...{ shipped, fulfilledInChannel, returning, refunded },
    ...(held && { held }),
    ...(paidBack && { paidBack }),
  };
}

type Count = Exclude<keyof LineProgress, 'held' | 'paidBack'>;

export function progress(state: OpenOrder, lines: readonly LineQuantity[], what: Count, sign: 1 | -1): OpenOrder {
  const change = new Map<string, number>();
  for (const { lineId, quantity } of lines) change.set(lineId, (change.get(lineId) ?? 0) + sign * quantity);
  return {
    ...state,
    lines: state.lines.map((line) => ({ ...line, [what]: line[what] + (change.get(line.lineId) ?? 0) })),
  };
}

export const take = (state: OpenOrder, lines: readonly LineUnits[]): OpenOrder =>
  eachLine(state, lines, (line, { units }) => ({ held: joined(held(line), units) }));

export const letGo = (state: OpenOrder, lines: readonly LineUnits[]): OpenOrder =>
  eachLine(state, lines, (line, { units }) => ({ held: without(held(line), units) }));

/** Units of our own refunds are those that their returns hold. */
export const payBack = (state: OpenOrder, { origin, lines }: RefundShare): OpenOrder =>
  origin === 'channel'
    ? eachLine(state, mergeLines(lines), (line, { quantity }) => ({
        paidBack: joined(paidBack(state, line), unitsToPayBack(state, line, quantity)),
      }))
    : state;

function eachLine<L extends LineQuantity>(
  state: OpenOrder,
  changes: readonly L[],
  changed: (line: OpenOrder['lines'][number], change: L) => Partial<LineProgress>,
): OpenOrder {
  const byLine = new Map(changes.map((change) => [change.lineId, change]));
  const lines = state.lines.map((line) => {
    const change = byLine.get(line.lineId);
    return change ? { ...line, ...changed(line, change) } : line;
  });
  return { ...state, lines };
}
