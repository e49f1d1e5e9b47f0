import { unitsShare } from '../kernel/money.ts';
import { type LineQuantity, mergeLines } from '../kernel/quantity.ts';
import { type TaxLine, taxTotal } from '../orders/order.ts';
import { findLine, type OpenOrder } from '../orders/state.ts';
import { positionsOf, type Units, unitsToReturn } from '../orders/units.ts';
import type { CreditLine } from './return.ts';

/**
 * Units of one order line that may come back, and what the line was sold for. Each unit of a line has a position and a
 * worth of its own (some carry the odd cents), and a return takes positions: so partial returns in any split, and whatever
 * returns are given up in between, add up to the line exactly.
 */
export type AuthorizedLine = LineQuantity & {
  readonly sku: string;
  /** Positions, 0-based, as many as `quantity`; the first ones are credited first. */
  readonly units: readonly number[];
  /** The whole order line, in units and in minor units of the order's currency. */
  readonly line: { readonly quantity: number; readonly net: number; readonly taxes: readonly TaxLine[] };
};

type Line = OpenOrder['lines'][number];

/** Units for everything that is asked for; lines that the order lacks must have been refused before. */
export function authorizeLines(order: OpenOrder, asked: readonly LineQuantity[]): AuthorizedLine[] {
  return mergeLines(asked).map(({ lineId, quantity }) => {
    const line = findLine(order, lineId);
    if (!line) throw new Error(`order ${order.number} has no line ${lineId}`);
    return authorizeUnits(order, line, quantity);
  });
}

/** The next `count` units of a line that no return holds and no refund of the channel's own has taken. */
export const authorizeUnits = (order: OpenOrder, line: Line, count: number): AuthorizedLine =>
  soldAs(line, unitsToReturn(order, line, count));

/** Units of a line with what it was sold for. */
export function soldAs({ lineId, sku, quantity, net, taxes }: Line, units: Units): AuthorizedLine {
  const positions = positionsOf(units);
  return { lineId, quantity: positions.length, sku, units: positions, line: { quantity, net, taxes } };
}

/** What the first `count` units of an authorized line are worth. */
export function creditFor({ lineId, sku, units, line }: AuthorizedLine, count = units.length): CreditLine {
  const credited = units.slice(0, count);
  const share = (total: number): number =>
    credited.reduce((sum, unit) => sum + unitsShare(total, line.quantity, unit, 1), 0);
  return {
    lineId,
    quantity: credited.length,
    sku,
    net: share(line.net),
    taxes: line.taxes.map((tax) => ({ ...tax, amount: share(tax.amount) })),
  };
}

/** What the buyer gets back: everything paid for the units, whoever remits the tax. Minor units. */
export const refundTotal = (lines: readonly CreditLine[]): number =>
  lines.reduce((sum, { net, taxes }) => sum + net + taxTotal(taxes), 0);

/** What the ERP credits: without tax that the marketplace collected and remits itself. Minor units. */
export const creditTotal = (lines: readonly CreditLine[]): number =>
  lines.reduce((sum, { net, taxes }) => sum + net + taxTotal(taxes, 'seller'), 0);
