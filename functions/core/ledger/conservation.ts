import { never } from '../kernel/decision.ts';
import { computedTotal } from '../orders/order.ts';
import type { RefundShare } from '../orders/state.ts';
import { amountIn, soundParts, totalOf } from './buckets.ts';
import { type Ceiling, ceilingsOf } from './ceilings.ts';
import { LedgerError, openLedger, post } from './ledger.ts';
import { entriesOf, type OrderWithMoney } from './of-order.ts';

/** Something that does not add up, in minor units. */
export type Difference =
  /** The parts of the order are not what the channel says was paid. */
  | { readonly kind: 'capture-disagrees'; readonly paid: number; readonly parts: number }
  /** A refund's parts are not its amount, or are none that can be. */
  | { readonly kind: 'refund-parts'; readonly refundId: string; readonly amount: number; readonly parts: number }
  | { readonly kind: 'entry-refused'; readonly message: string }
  | {
      readonly kind: 'over-refunded';
      /** What was refunded beyond what was paid for it. */
      readonly ceiling: Ceiling;
      /** Refunds that took money from it. */
      readonly refundIds: readonly string[];
    };

/** Whether every cent of an order is accounted for. Amounts are minor units of `currency`. */
export type Conservation = {
  readonly conserved: boolean;
  readonly currency: string;
  readonly captured: number;
  readonly refundedSettled: number;
  readonly refundedPending: number;
  /** What may still be refunded; below zero when too much was. */
  readonly remaining: number;
  readonly differences: readonly Difference[];
};

/** Proves an order's money, or names what is wrong with it. Never throws: it also reads states that should not be. */
export function conservation(order: OrderWithMoney): Conservation {
  const differences = [
    ...captureFaults(order),
    ...order.refunds.flatMap(partsFaults),
    ...bookFaults(order),
    ...excesses(order),
  ];
  const held = (status: RefundShare['status']): number =>
    order.refunds.reduce((sum, share) => (share.status === status ? sum + share.amount : sum), 0);
  const [refundedSettled, refundedPending] = [held('settled'), held('pending')];
  return {
    conserved: differences.length === 0,
    currency: order.currency,
    captured: order.total,
    refundedSettled,
    refundedPending,
    remaining: order.total - refundedSettled - refundedPending,
    differences,
  };
}

/** A difference as a person reads it; `amount` writes minor units. */
export function differenceText(one: Difference, amount: (minor: number) => string): string {
  switch (one.kind) {
    case 'capture-disagrees':
      return `the channel says that ${amount(one.paid)} was paid, the order's parts come to ${amount(one.parts)}`;
    case 'refund-parts':
      return `refund ${one.refundId} is over ${amount(one.amount)}, its parts come to ${amount(one.parts)}`;
    case 'entry-refused':
      return one.message;
    case 'over-refunded': {
      const { scope, name, captured, settled, pending, left } = one.ceiling;
      const where = scope === 'order' ? 'the order' : name;
      return `${amount(-left)} too much on ${where}: ${amount(captured)} paid, ${amount(settled)} refunded, ${amount(pending)} pending (${one.refundIds.join(', ')})`;
    }
    default:
      return never(one);
  }
}

function captureFaults(order: OrderWithMoney): Difference[] {
  const parts = computedTotal(order);
  return parts === order.total ? [] : [{ kind: 'capture-disagrees', paid: order.total, parts }];
}

function partsFaults({ refundId, amount, parts }: RefundShare): Difference[] {
  return soundParts(amount, parts) ? [] : [{ kind: 'refund-parts', refundId, amount, parts: totalOf(parts) }];
}

function bookFaults(order: OrderWithMoney): Difference[] {
  return entriesOf(order).flatMap((entry) => {
    try {
      post(openLedger(order.currency), entry);
      return [];
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      return [{ kind: 'entry-refused', message: error.message }];
    }
  });
}

/** Lines are not named: what is too much on a line is too much on a bucket of it. */
function excesses(order: OrderWithMoney): Difference[] {
  return ceilingsOf(order)
    .filter(({ scope, left }) => left < 0 && scope !== 'line')
    .map((ceiling) => ({ kind: 'over-refunded', ceiling, refundIds: takers(order, ceiling) }));
}

const takers = ({ refunds }: OrderWithMoney, { scope, name }: Ceiling): string[] =>
  refunds.filter(({ parts }) => scope === 'order' || amountIn(parts, name) > 0).map(({ refundId }) => refundId);
