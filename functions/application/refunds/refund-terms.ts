import { addParts, fitParts, type Parts, partsOfLines } from '#core/ledger/buckets.ts';
import { parseOrderKey } from '#core/orders/order.ts';
import { type RefundTerms, refundIdOfExchange } from '#core/refunds/refund.ts';
import { divided } from '#core/returns/money/due.ts';
import { returnKey } from '#core/returns/return.ts';
import type { Advance, Finance, OpenReturn } from '#core/returns/state.ts';

/** What a return's refund is over: all of it, or what an exchange leaves. */
export function refundTerms(state: OpenReturn, refundId: string): RefundTerms {
  if (state.advance)
    return termsOf(state, refundId, state.advance, state.advance.refund, partsOfLines(state.advance.lines));
  const finance = financeOf(state);
  const { paid, exchanged } = divided(finance);
  const parts = beyond(partsOfLines(finance.lines), exchanged);
  const terms = termsOf(state, refundId, finance, paid, parts);
  if (finance.resolution === 'store-credit') return { ...terms, means: 'store-credit' };
  // The units went with what was exchanged: no unit is refunded twice.
  return exchanged > 0 ? { ...terms, lines: [] } : terms;
}

/** The worth of a replacement, which counts against the order as money does. Undefined when nothing was exchanged. */
export function exchangeTerms(state: OpenReturn): RefundTerms | undefined {
  const finance = financeOf(state);
  const { exchanged } = divided(finance);
  if (exchanged === 0) return undefined;
  const parts = fitParts(partsOfLines(finance.lines), exchanged);
  const refundId = refundIdOfExchange(state.authorization.id);
  return { ...termsOf(state, refundId, finance, exchanged, parts), means: 'exchange' };
}

function termsOf(
  { authorization }: OpenReturn,
  refundId: string,
  { lines }: Pick<Finance | Advance, 'lines'>,
  amount: number,
  parts: Parts,
): RefundTerms {
  const { orderKey, currency, id } = authorization;
  return {
    id: { ...parseOrderKey(orderKey), refundId },
    orderKey,
    returnKey: returnKey(id),
    currency,
    amount,
    parts,
    lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
  };
}

/** What is left of each part when so much of all was taken. */
function beyond(parts: Parts, taken: number): Parts {
  if (taken === 0) return parts;
  const gone = fitParts(parts, taken);
  return addParts(parts, Object.fromEntries(Object.entries(gone).map(([bucket, amount]) => [bucket, -amount])));
}

function financeOf({ finance, authorization }: OpenReturn): Finance {
  if (finance) return finance;
  throw new Error(`return ${authorization.id.returnId} plans a refund that was never validated`);
}
