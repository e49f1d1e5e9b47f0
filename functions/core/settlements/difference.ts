import type { CaseOwner } from '../cases/case.ts';

/**
 * Why two of the three, what the channel's lines say, what the order's ledger says and the deposit that was announced, do
 * not agree. Each difference has one cause, an amount and somebody who looks into it.
 */
export const DIFFERENCE_CAUSES = [
  /** Settled by the channel, unknown here. */
  'missing-order',
  /** A fee is not what was agreed. */
  'fee-change',
  /** A refund stands on one side only: `waitsFor` says on which it is still missing. */
  'late-refund',
  /** Tax differs, or it lies with somebody else than the order says. */
  'tax-difference',
  /** Paid in another currency than the order's, and the channel does not say what it converted. */
  'fx',
  /** No more than a minor unit a line. */
  'rounding',
  /** A discount, delivery or the goods themselves were paid otherwise. */
  'amount-differs',
  /** The order is known and paid for there, and no line says that it was settled. */
  'not-settled',
  /** The channel took the buyer's money back by force. */
  'chargeback',
  /** The lines do not come to the deposit, or the deposit not to what the bank got. */
  'unannounced-deposit-difference',
] as const;
export type DifferenceCause = (typeof DIFFERENCE_CAUSES)[number];

export type SettlementDifference = {
  readonly cause: DifferenceCause;
  /** Left out for what concerns the settlement as a whole. */
  readonly orderId?: string;
  /** What it is about, in words of a class or a bucket: `goods`, `shipping`, `own-tax`, `fee/commission`, `refund`. */
  readonly about: string;
  /** Minor units, as the channel says and as the ledger (the agreement, the bank) says; what is off is the first less the second. */
  readonly channel: number;
  readonly ledger: number;
  readonly amount: number;
  readonly currency: string;
  readonly waitsFor?: 'settlement' | 'order';
  /** Since when it is open (an instant), and how many whole days that is. */
  readonly since: string;
  readonly ageDays: number;
  readonly owner: CaseOwner;
};

/** Who looks into a cause. */
export const OWNER_OF_CAUSE: Readonly<Record<DifferenceCause, CaseOwner>> = {
  'missing-order': 'integration',
  'fee-change': 'finance',
  'late-refund': 'customer-service',
  'tax-difference': 'finance',
  fx: 'finance',
  rounding: 'finance',
  'amount-differs': 'retail-operations',
  'not-settled': 'finance',
  chargeback: 'customer-service',
  'unannounced-deposit-difference': 'finance',
};

export type AgeBucket = '0-7' | '8-14' | '15-30' | '31-60' | '61+';

export function ageBucket(days: number): AgeBucket {
  if (days <= 7) return '0-7';
  if (days <= 14) return '8-14';
  if (days <= 30) return '15-30';
  return days <= 60 ? '31-60' : '61+';
}
