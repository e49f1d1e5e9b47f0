import type { Reason } from '../../kernel/decision.ts';
import { partsOfLines } from '../../ledger/buckets.ts';
import { brokenCeiling } from '../../ledger/ceilings.ts';
import { findLine, type OpenOrder } from '../../orders/state.ts';
import { creditFor, refundTotal } from '../credit.ts';
import { type Accepted, acceptedGoods } from '../goods/goods.ts';
import { type Replacement, type Resolution, replacementTotal } from '../return.ts';
import type { Finance, OpenReturn, ReturnFacts } from '../state.ts';

/** What is owed as the facts stand: for the goods that are taken back, or for those that the buyer keeps. */
export const dueGoods = (facts: ReturnFacts): Accepted =>
  facts.kept === undefined
    ? acceptedGoods(facts)
    : { lines: facts.authorized.map((line) => creditFor(line)), moves: [], surplus: [] };

/** What the buyer gets, as last reported, or as asked for at first. */
export function resolutionOf({ choice, authorization }: Pick<ReturnFacts, 'choice' | 'authorization'>): {
  readonly resolution: Resolution;
  readonly replacement?: Replacement;
} {
  const { resolution = 'refund', replacement } = choice ?? authorization;
  return { resolution, ...(replacement && { replacement }) };
}

/** Goods go out in exchange. Returns of before may hold an exchange whose goods nobody named: it is paid. */
export const isExchange = (finance: Pick<Finance, 'resolution' | 'replacement'>): boolean =>
  finance.resolution === 'exchange' && finance.replacement !== undefined;

/** How an amount goes out: as a replacement up to its worth, and through the channel what is left. Minor units. */
export function divided({ refund, resolution, replacement }: Pick<Finance, 'refund' | 'resolution' | 'replacement'>): {
  readonly exchanged: number;
  readonly paid: number;
} {
  if (resolution !== 'exchange' || !replacement) return { exchanged: 0, paid: refund };
  const exchanged = Math.min(refund, replacementTotal(replacement));
  return { exchanged, paid: refund - exchanged };
}

/**
 * Why money of a return does not agree with its order any more. What a line was sold for, and the tax on it, was noted when
 * the return was authorized; an amended order, or refunds that the channel has made since, show here before anything is
 * credited.
 */
export function doubtsAboutMoney(order: OpenOrder, state: OpenReturn): Reason[] {
  return [...changedLines(order, state), ...withoutRoom(order, state)];
}

function changedLines(order: OpenOrder, { authorized }: OpenReturn): Reason[] {
  const changed = authorized.filter(({ lineId, line }) => {
    const now = findLine(order, lineId);
    return !now || now.net !== line.net || now.quantity !== line.quantity || taxText(now.taxes) !== taxText(line.taxes);
  });
  if (changed.length === 0) return [];
  const names = changed.map(({ lineId }) => lineId).join(', ');
  const message = `price, units or tax of line ${names} have changed since the return was authorized`;
  return [{ code: 'ORDER_CHANGED', message }];
}

const taxText = (taxes: OpenOrder['lines'][number]['taxes']): string =>
  taxes.map(({ amount, collectedBy, rate = '' }) => `${collectedBy} ${rate} ${amount}`).join(', ');

/** Tax has ceilings of its own: seller's and marketplace's are never paid out of each other. */
function withoutRoom(order: OpenOrder, state: OpenReturn): Reason[] {
  // What was paid in advance is reserved on the order already.
  if (state.advance) return [];
  const { lines } = dueGoods(state);
  const broken = refundTotal(lines) > 0 ? brokenCeiling(order, partsOfLines(lines)) : undefined;
  if (!broken) return [];
  const { ceiling, asked } = broken;
  const message = `${asked} is due of ${ceiling.name}, and ${ceiling.left} is left of it (minor units)`;
  return [{ code: 'REFUND_WITHOUT_ROOM', message }];
}
