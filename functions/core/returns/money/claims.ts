import { accepted, type Decision, ignored, rejected } from '../../kernel/decision.ts';
import type { ReturnEvent } from '../events.ts';
import type { OpenReturn } from '../state.ts';

/**
 * Claw-backs: what the buyer owes when a refund was paid before receipt and the goods do not bear it out. No channel lets a
 * seller charge a buyer, so a claim is a case of finance that a person settles, and it ends when the goods come after all.
 */

/** The goods did not come by their deadline. */
export const goodsOverdue = (at: string, { advance }: OpenReturn): ReturnEvent[] =>
  advance ? [{ type: 'return.clawback-due', claim: claim('never-arrived', advance.refund, at) }] : [];

/** Goods came that are worth less than what was paid for them. */
export function shortfall(state: OpenReturn, due: number, at: string): ReturnEvent[] {
  const short = (state.advance?.refund ?? due) - due;
  return short > 0 ? [{ type: 'return.clawback-due', claim: claim('goods-short', short, at) }] : [];
}

/** Goods that come late, or that the buyer may keep, end the claim for all of them. */
export const goodsAfterAll = ({ claim }: OpenReturn, at: string): ReturnEvent[] =>
  claim?.why === 'never-arrived' && claim.status === 'due' ? [{ type: 'return.clawback-ended', at }] : [];

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

const claim = (why: 'never-arrived' | 'goods-short', amount: number, since: string) =>
  ({ why, amount, since, status: 'due' }) as const;
