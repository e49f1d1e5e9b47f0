import { accepted, type Decision, ignored, type Reason, rejected } from '../kernel/decision.ts';
import { mergeLines } from '../kernel/quantity.ts';
import { soundParts, totalOf } from '../ledger/buckets.ts';
import { brokenCeiling, excessAdded, excessOf, excessTotal } from '../ledger/ceilings.ts';
import type { OrderCommand } from './decider.ts';
import type { OrderEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { findLine, type NewShare, type OpenOrder, type OrderState } from './state.ts';

/**
 * Ceilings: refunds settled and pending stay within what was paid for the order, for each line and for each bucket of it,
 * and within the units of each line.
 */
export function reserveRefund(share: NewShare, state: OpenOrder): Decision<OrderEvent> {
  const { refundId, amount } = share;
  if (isKnown(refundId, state)) return ignored('already reserved');
  if (amount <= 0) return rejected('REFUND_EMPTY', `refund ${refundId} is over ${amount} minor units`);
  const refusal = partsFault(refundId, share) ?? unitsRefusal(share, state) ?? moneyRefusal(share, state);
  if (refusal) return { kind: 'rejected', reason: refusal };
  return accepted({ type: 'order.refund-reserved', share: { ...share, status: 'pending', origin: 'crossdock' } });
}

/** Gives up what a refund holds that was refused, or was settled and then not paid; what was paid stays. */
export function freeRefund(refundId: string, unpaid: boolean, state: OpenOrder): Decision<OrderEvent> {
  const share = state.refunds.find((known) => known.refundId === refundId);
  if (!share) return ignored('no money held');
  return share.status === 'settled' && !unpaid
    ? ignored('already settled')
    : accepted({ type: 'order.refund-freed', refundId });
}

/** The money is gone. The channel's word on how much counts, also when it comes after the settling, and beyond ceilings. */
export function settleRefund(
  { refundId, paid, at }: Extract<OrderCommand, { type: 'settle-refund' }>,
  state: OpenOrder,
): Decision<OrderEvent> {
  const share = state.refunds.find((known) => known.refundId === refundId);
  if (!share) return ignored('no money held');
  const fault = paid && partsFault(refundId, paid);
  if (fault) return { kind: 'rejected', reason: fault };
  const differs = paid !== undefined && paid.amount !== share.amount;
  if (share.status === 'settled' && !differs) return ignored('already settled');
  return withExcess(
    { type: 'order.refund-settled', refundId, ...(differs && { paid }), ...(at && { at }) },
    refundId,
    state,
  );
}

/** Has happened, whatever the ceilings say: an excess is named at once. */
export function recordRefund(
  { share, origin, at }: Extract<OrderCommand, { type: 'record-refund' }>,
  state: OpenOrder,
): Decision<OrderEvent> {
  if (isKnown(share.refundId, state)) return ignored('refund known');
  const fault = partsFault(share.refundId, share);
  if (fault) return { kind: 'rejected', reason: fault };
  const taken = { ...share, status: 'settled', origin, ...(at && { settledAt: at }) } as const;
  return withExcess({ type: 'order.refund-reserved', share: taken }, share.refundId, state);
}

const isKnown = (refundId: string, { refunds }: OpenOrder): boolean =>
  refunds.some((known) => known.refundId === refundId);

function withExcess(event: OrderEvent, refundId: string, state: OpenOrder): Decision<OrderEvent> {
  const excess = excessAdded(excessOf(state), excessOf(opened(evolve(state, event))));
  return excessTotal(excess) === 0
    ? accepted(event)
    : accepted(event, { type: 'order.over-refunded', refundId, excess });
}

function opened(state: OrderState): OpenOrder {
  if (state.status === 'none') throw new Error('a refund leaves no order without a state');
  return state;
}

function partsFault(refundId: string, { amount, parts }: Pick<NewShare, 'amount' | 'parts'>): Reason | undefined {
  if (soundParts(amount, parts)) return undefined;
  const message = `refund ${refundId} is over ${amount}, its parts come to ${totalOf(parts)}: send parts above zero that add up`;
  return { code: 'REFUND_PARTS_DISAGREE', message };
}

function unitsRefusal({ refundId, lines }: NewShare, state: OpenOrder): Reason | undefined {
  for (const { lineId, quantity } of mergeLines(lines)) {
    const line = findLine(state, lineId);
    if (!line) {
      return { code: 'LINE_UNKNOWN', message: `refund ${refundId} names line ${lineId}, which the order lacks` };
    }
    if (line.refunded + quantity > line.quantity) {
      const message = `refund ${refundId} takes line ${lineId} beyond its ${line.quantity} units`;
      return { code: 'REFUND_ABOVE_LINE', message };
    }
  }
  return undefined;
}

const CODES = { order: 'REFUND_ABOVE_PAID', line: 'REFUND_ABOVE_LINE', bucket: 'REFUND_ABOVE_BUCKET' } as const;

function moneyRefusal({ refundId, parts }: NewShare, state: OpenOrder): Reason | undefined {
  const broken = brokenCeiling(state, parts);
  if (!broken) return undefined;
  const { scope, name, captured, left } = broken.ceiling;
  const where = scope === 'order' ? '' : ` of ${scope} ${name}`;
  const message = `refund ${refundId} asks for ${broken.asked}${where}, ${left} of ${captured} are left (minor units of ${state.currency})`;
  return { code: CODES[scope], message };
}
