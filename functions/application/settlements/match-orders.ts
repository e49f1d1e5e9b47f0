import type { KnownOrder, OrderLookup } from '#application/ports/settlements.ts';
import type { Telling } from '#core/settlements/line.ts';
import { type MatchTerms, matchOrder, type OrderMatch } from '#core/settlements/match.ts';
import { mergeSettled, type SettledOrder } from '#core/settlements/settled-order.ts';
import type { OrderPiece } from './order-pieces.ts';
import type { ReadFile } from './read-settlements.ts';

/** An order that the file speaks of, with all that settlements have said of it so far. */
export type MatchedOrder = {
  /** By this file alone, all of its settlements together. */
  readonly now: SettledOrder;
  /** With what earlier settlements said. */
  readonly settled: SettledOrder;
  readonly match: OrderMatch;
};

/** Matches the orders of a file against their ledgers, a partition in memory at a time. */
export async function* matchOrders(
  file: ReadFile,
  lookup: OrderLookup,
  terms: Omit<MatchTerms, 'told'>,
): AsyncIterable<MatchedOrder> {
  const told = new Map(file.settlements.map(({ header }) => [header.id.settlementId, header.told]));
  for await (const pieces of file.pieces()) {
    const orders = [...ordersOf(pieces).values()];
    const known = await lookup.find([...new Set(orders.map(({ now }) => now.orderId))]);
    for (const { now, settlementId } of orders) {
      yield matched(now, known.get(now.orderId) ?? {}, { ...terms, told: told.get(settlementId) ?? DEFAULT });
    }
  }
}

const DEFAULT: Telling = 'by-part';

function matched(now: SettledOrder, { order, earlier = [] }: KnownOrder, terms: MatchTerms): MatchedOrder {
  const settled = earlier.filter(({ currency }) => currency === now.currency).reduce(mergeSettled, now);
  return { now, settled, match: matchOrder(settled, order, terms) };
}

/** One for each order and currency; what belongs to no order is left out. */
function ordersOf(pieces: readonly OrderPiece[]): Map<string, { now: SettledOrder; settlementId: string }> {
  const orders = new Map<string, { now: SettledOrder; settlementId: string }>();
  for (const { settled, settlementId } of pieces) {
    if (settled.orderId === '') continue;
    const key = `${settled.currency} ${settled.orderId}`;
    const known = orders.get(key);
    orders.set(key, { now: known ? mergeSettled(known.now, settled) : settled, settlementId });
  }
  return orders;
}
