import type { Money } from '#core/kernel/money.ts';
import { amountIn, UNASSIGNED } from '#core/ledger/buckets.ts';
import { type Ceiling, ceilingsOf } from '#core/ledger/ceilings.ts';
import { type OrderLine, taxTotal } from '#core/orders/order.ts';
import type { RefundShare } from '#core/orders/state.ts';
import { isPaid, type OpenRefund } from '#core/refunds/refund.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { type Story, stateOf } from './story.ts';

/** What an order took in and gave back, in money and in units. */
export type OrderMoney = {
  readonly paid: Money;
  /** Certain to be with the buyer, and asked for with an end that is still open. */
  readonly settled: Money;
  readonly pending: Money;
  /** What may still be refunded. */
  readonly left: Money;
  readonly lines: readonly LineMoney[];
  /** Refunded without a word on which line. */
  readonly onNoLine: Money;
  readonly refunds: readonly RefundMoney[];
};

export type LineMoney = {
  readonly lineId: string;
  readonly sku: string;
  readonly ordered: number;
  readonly shipped: number;
  readonly returning: number;
  readonly refundedUnits: number;
  readonly paid: Money;
  /** Settled and pending. */
  readonly refunded: Money;
};

export type RefundMoney = Pick<RefundShare, 'refundId' | 'origin' | 'status' | 'lines'> & { readonly amount: Money };

/** The money of the order that the story is about; undefined when it is about something else. */
export function orderMoney(story: Story): OrderMoney | undefined {
  const about = stateOf(story.chapters[0]);
  if (about?.kind !== 'order') return undefined;
  const order = about.state;
  const money = (minor: number): Money => ({ minor, currency: order.currency });
  const held = (status: RefundShare['status']): number =>
    order.refunds.reduce((sum, share) => (share.status === status ? sum + share.amount : sum), 0);
  const byLine = new Map(ceilingsOf(order).flatMap((one) => (one.scope === 'line' ? [[one.name, one]] : [])));
  const [settled, pending] = [held('settled'), held('pending')];
  return {
    paid: money(order.total),
    settled: money(settled),
    pending: money(pending),
    left: money(order.total - settled - pending),
    lines: order.lines.map((line) => ({
      lineId: line.lineId,
      sku: line.sku,
      ordered: line.quantity,
      shipped: line.shipped,
      returning: line.returning,
      refundedUnits: line.refunded,
      paid: money(paidFor(line)),
      refunded: money(refundedOf(byLine.get(line.lineId))),
    })),
    onNoLine: money(order.refunds.reduce((sum, { parts }) => sum + amountIn(parts, UNASSIGNED), 0)),
    refunds: order.refunds.map(({ refundId, origin, status, lines, amount }) => ({
      refundId,
      origin,
      status,
      lines,
      amount: money(amount),
    })),
  };
}

const refundedOf = (line: Ceiling | undefined): number => (line ? line.settled + line.pending : 0);

const paidFor = ({ net, taxes }: OrderLine): number => net + taxTotal(taxes);

/** What a return is to pay back and credit. */
export function returnMoney({ authorization: { currency, lines }, finance, refund }: OpenReturn) {
  const money = (minor: number): Money => ({ minor, currency });
  return {
    estimate: money(lines.reduce((sum, line) => sum + line.refundEstimate, 0)),
    ...(finance && { refund: money(finance.refund), credit: money(finance.credit) }),
    ...(refund && { standing: refund.status }),
  };
}

export const refundMoney = (refund: OpenRefund) => ({
  amount: { minor: refund.amount, currency: refund.currency },
  paid: isPaid(refund),
});
