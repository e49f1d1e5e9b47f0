import { allocate } from '../kernel/money.ts';
import { type LineQuantity, mergeLines } from '../kernel/quantity.ts';
import {
  addParts,
  amountIn,
  fitParts,
  lineBucket,
  type Parts,
  partsOfLines,
  partsOfShipping,
  totalOf,
  UNASSIGNED,
} from '../ledger/buckets.ts';
import { ceilingsOf } from '../ledger/ceilings.ts';
import { findLine, type OpenOrder } from '../orders/state.ts';
import { unitsToPayBack } from '../orders/units.ts';
import { creditFor, soldAs } from '../returns/credit.ts';

/** What a channel says that its refund was for; whether tax is inside a subtotal is for the order to tell. Minor units. */
export type StatedWorth = {
  readonly lines: readonly { readonly lineId: string; readonly subtotal: number; readonly tax: number }[];
  readonly shipping?: { readonly subtotal: number; readonly tax: number };
};

/** What is known of a refund that a channel made by itself. */
export type ChannelSplit = {
  /** What was paid back: the one number that is a fact. */
  readonly amount: number;
  readonly lines: readonly LineQuantity[];
  readonly stated?: StatedWorth;
};

/**
 * What a refund of the channel's own was for, to the cent. Named units are worth what the channel states, else their share
 * of the line; that is brought to the amount by largest remainder when less was paid, and what was paid beyond it is
 * unassigned. A refund of all that is left, without a word on what for, is of every part that is left.
 */
export function splitChannelRefund(order: OpenOrder, { amount, lines, stated }: ChannelSplit): Parts {
  const goods = addParts(
    ...mergeLines(lines).map((line) => {
      const said = stated?.lines.find(({ lineId }) => lineId === line.lineId);
      return lineWorth(order, line, said);
    }),
  );
  const worth = addParts(goods, shippingWorth(order, amount - totalOf(goods), stated?.shipping));
  return fitParts(totalOf(worth) === 0 ? everythingLeft(order, amount) : worth, amount);
}

/** Units that the order never had are worth nothing here, so that their money stays unassigned. */
function lineWorth(order: OpenOrder, { lineId, quantity }: LineQuantity, said?: StatedWorth['lines'][number]): Parts {
  const line = findLine(order, lineId);
  if (!line) return {};
  const count = Math.min(quantity, line.quantity);
  const reckoned = partsOfLines([creditFor(soldAs(line, unitsToPayBack(order, line, count)))]);
  return said ? statedWorth(said, reckoned, count) : reckoned;
}

/**
 * The stated worth by bucket. One that differs by rounding alone says nothing new: with the channel's odd cents on one unit
 * and ours on another, the last unit of a line would seem to be too much.
 */
function statedWorth({ lineId, subtotal, tax }: StatedWorth['lines'][number], reckoned: Parts, count: number): Parts {
  const [net, own, remitted] = [
    lineBucket(lineId, 'net'),
    lineBucket(lineId, 'own-tax'),
    lineBucket(lineId, 'marketplace-tax'),
  ];
  const known = { net: amountIn(reckoned, net), own: amountIn(reckoned, own), remitted: amountIn(reckoned, remitted) };
  const off = (given: number): number => Math.abs(given - known.net);
  const goods = off(subtotal - tax) < off(subtotal) ? subtotal - tax : subtotal;
  if (off(goods) <= count && Math.abs(tax - known.own - known.remitted) <= count) return reckoned;
  if (known.own + known.remitted === 0) return addParts({ [net]: Math.max(0, goods), [UNASSIGNED]: tax });
  const [ownTax = 0, remittedTax = 0] = allocate(tax, [known.own, known.remitted]);
  return addParts({ [net]: Math.max(0, goods), [own]: ownTax, [remitted]: remittedTax });
}

/** What is left of the amount tells whether tax comes on top of what is stated. */
function shippingWorth({ shipping }: OpenOrder, left: number, stated: StatedWorth['shipping']): Parts {
  if (!stated) return {};
  const captured = partsOfShipping(shipping);
  const paid = Math.min(Math.max(left, stated.subtotal), stated.subtotal + stated.tax, totalOf(captured));
  return fitParts(captured, paid);
}

function everythingLeft(order: OpenOrder, amount: number): Parts {
  const buckets = ceilingsOf(order).filter(({ scope }) => scope === 'bucket');
  const left = addParts(...buckets.map(({ name, left }) => ({ [name]: left })));
  return buckets.every(({ left }) => left >= 0) && totalOf(left) === amount ? left : {};
}
