import type { LineQuantity } from '#core/kernel/quantity.ts';
import { partsOfLines, totalOf, UNASSIGNED } from '#core/ledger/buckets.ts';
import type { NewShare, OpenOrder } from '#core/orders/state.ts';
import { authorizeLines, creditFor } from '#core/returns/credit.ts';

/** A refund of these units at what they were sold for. */
export function refundOf(order: OpenOrder, refundId: string, lines: readonly LineQuantity[]): NewShare {
  const parts = partsOfLines(authorizeLines(order, lines).map((line) => creditFor(line)));
  return { refundId, amount: totalOf(parts), parts, lines };
}

/** A refund of which nobody knows what it is for. */
export const unassigned = (refundId: string, amount: number, lines: readonly LineQuantity[] = []): NewShare => ({
  refundId,
  amount,
  parts: amount === 0 ? {} : { [UNASSIGNED]: amount },
  lines,
});
