import { daysAfter } from '../../kernel/calendar.ts';
import { accepted, type Decision, ignored } from '../../kernel/decision.ts';
import type { ReturnEvent } from '../events.ts';
import { goodsOverdue } from '../money/claims.ts';
import type { OpenReturn } from '../state.ts';
import { isComplete, isReceived } from '../status.ts';
import { earlier } from './news.ts';

/**
 * The time for goods is over. What has come is settled by itself; nothing at all, and the return expires, or the buyer owes
 * what was paid in advance. Goods that were inspected, or that a carrier has delivered, must be somewhere: a person looks.
 */
export function expire(at: string, state: OpenReturn): Decision<ReturnEvent> {
  if (isReceived(state) && state.status === 'received' && !isComplete(state)) {
    return accepted({ type: 'return.receipt-closed', at });
  }
  if (state.status !== 'authorized' && state.status !== 'in-transit') return ignored(`the return is ${state.status}`);
  if (state.inspections.length > 0 || state.delivered) return accepted({ type: 'return.receipt-missed', at });
  const [claim] = goodsOverdue(at, state);
  return accepted(claim ?? { type: 'return.expired', at });
}

/**
 * When the rest of a return is no longer waited for: so many days after what came first, and never later than the day by
 * which all of it was to be here.
 */
export function restDueAt({ receipts, authorization, review }: OpenReturn): string | undefined {
  const [first] = receipts.map(({ occurredAt }) => occurredAt).sort();
  const { partialDays = 0 } = authorization.terms ?? {};
  if (first === undefined || partialDays === 0) return undefined;
  const last = daysAfter(review?.at ?? authorization.decidedAt, authorization.receiptDays);
  return earlier(last, daysAfter(first, partialDays));
}
