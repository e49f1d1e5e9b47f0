import { accepted, type Decision, ignored, rejected } from '../../kernel/decision.ts';
import type { ReturnEvent } from '../events.ts';
import type { Claim, OpenReturn, RefundStanding } from '../state.ts';

/**
 * Claw-backs: what the buyer owes when a refund was paid before receipt and the goods do not bear it out. No channel lets a
 * seller charge a buyer, so a claim is a case of finance that a person settles, and it ends when the goods come after all.
 */

/**
 * What the buyer has, or may yet get, of a refund before receipt: minor units. Nothing when the channel refused it; what the
 * channel says that it paid, where that is not what was planned.
 */
export function paidInAdvance({ advance, refund }: Pick<OpenReturn, 'advance' | 'refund'>): number {
  if (!advance || !refund || refund.status === 'refused' || refund.status === 'blocked') return 0;
  return refund.paid ?? advance.refund;
}

/** The goods did not come by their deadline. */
export const goodsOverdue = (at: string, state: OpenReturn): ReturnEvent[] =>
  owes('never-arrived', paidInAdvance(state), at);

/** Goods came that are worth less than what was paid for them. */
export const shortfall = (state: OpenReturn, due: number, at: string): ReturnEvent[] =>
  owes('goods-short', paidInAdvance(state) - due, at);

/** A person refuses a refund that was paid before receipt: nothing is credited, and all of it is owed back. */
export const refusedAfterAll = (state: OpenReturn, at: string): ReturnEvent[] =>
  owes('refused', paidInAdvance(state), at);

/**
 * The channel's word on a refund before receipt came after the claim, or after there was none for want of a payment: it is for
 * what was paid beyond what is due, and no more. A claim that a person has settled stays as it is.
 */
export function claimRestated(state: OpenReturn, refund: RefundStanding): ReturnEvent[] {
  const { advance, claim, finance, status } = state;
  if (!advance) return [];
  const paid = paidInAdvance({ advance, refund });
  if (!claim) {
    if (ENDED_UNPAID.includes(status)) return owes('never-arrived', paid, advance.at);
    return finance ? owes('goods-short', paid - finance.refund, finance.at) : [];
  }
  const owed = paid - (claim.why === 'goods-short' ? (finance?.refund ?? 0) : 0);
  if (claim.status !== 'due' || owed === claim.amount) return [];
  return owed > 0 ? owes(claim.why, owed, claim.since) : [{ type: 'return.clawback-ended', why: 'not-paid' }];
}

const ENDED_UNPAID: readonly OpenReturn['status'][] = ['cancelled', 'expired', 'refused'];

const owes = (why: Claim['why'], amount: number, since: string): ReturnEvent[] =>
  amount > 0 ? [{ type: 'return.clawback-due', claim: { why, amount, since, status: 'due' } }] : [];

/** Goods that come late, or that the buyer may keep, end the claim for all of them; of a return that has ended they end nothing. */
export const goodsAfterAll = ({ status, claim }: OpenReturn, at: string): ReturnEvent[] =>
  status === 'overdue' && claim?.why === 'never-arrived' && claim.status === 'due'
    ? [{ type: 'return.clawback-ended', at }]
    : [];

/** A person says that the buyer has paid it back, or need not. */
export function settleClaim(
  how: 'collected' | 'waived',
  by: string,
  at: string,
  { claim }: OpenReturn,
): Decision<ReturnEvent> {
  if (!claim) return rejected('NO_CLAWBACK', 'the buyer owes nothing for this return');
  if (claim.status === how) return ignored(`already ${how}`);
  if (claim.status !== 'due')
    return rejected('CLAWBACK_SETTLED', `the claim was ${claim.status} by ${claim.by} before`);
  return accepted({ type: 'return.clawback-settled', how, by, at });
}

export const isClaimDue = ({ claim }: Pick<OpenReturn, 'claim'>): boolean => claim?.status === 'due';
