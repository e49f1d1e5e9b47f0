import type { Compared } from './comparison.ts';
import { charged, isRefund } from './comparison.ts';
import type { Amounts, ClassKey } from './line.ts';

/** What is agreed with a channel about a fee: so many basis points of what, and so much at least. */
export type FeeAgreement = {
  /** Our name of the fee (`commission`). */
  readonly fee: string;
  readonly basisPoints: number;
  readonly of: 'goods' | 'goods-and-shipping' | 'paid';
  /** Minor units an order. */
  readonly minimum?: number;
};

/**
 * Fees beside what was agreed, below zero as costs are. An order with refunds is not judged: what a channel gives back of
 * a fee follows rules of its own.
 */
export function comparedFees(amounts: Amounts, agreements: readonly FeeAgreement[]): Compared[] {
  if ((Object.keys(amounts) as ClassKey[]).some(isRefund)) return [];
  return agreements.map((agreement) => ({
    about: `fee/${agreement.fee}`,
    channel: amounts[`fee/${agreement.fee}`] ?? 0,
    ledger: -agreedFee(agreement, amounts),
  }));
}

/** Minor units, rounded half up. */
function agreedFee({ basisPoints, of, minimum = 0 }: FeeAgreement, amounts: Amounts): number {
  const rounded = Number((BigInt(Math.max(0, baseOf(of, amounts))) * BigInt(basisPoints) + 5_000n) / 10_000n);
  return Math.max(minimum, rounded);
}

function baseOf(of: FeeAgreement['of'], amounts: Amounts): number {
  const goods = (amounts.sale ?? 0) + (amounts.discount ?? 0);
  if (of === 'goods') return goods;
  return of === 'goods-and-shipping' ? goods + (amounts.shipping ?? 0) : charged(amounts);
}
