import { accepted, type Decision, ignored, type Reason, rejected } from '../../kernel/decision.ts';
import type { OpenOrder } from '../../orders/state.ts';
import { creditTotal, refundTotal } from '../credit.ts';
import type { ReturnEvent } from '../events.ts';
import type { FraudJudgement } from '../fraud/judge.ts';
import { replacementTotal } from '../return.ts';
import type { Finance, OpenReturn } from '../state.ts';
import { isComplete, isReceived } from '../status.ts';
import { own } from '../terms.ts';
import { paidInAdvance, shortfall } from './claims.ts';
import { doubtsAboutMoney, dueGoods, resolutionOf } from './due.ts';

type Limits = Readonly<Record<string, number>>;

/** What is paid without a person, and what needs two of them: by currency in minor units. */
export type FinanceRules = {
  readonly limits: Limits;
  readonly twoApproversAbove?: Limits;
  /** For goods that the buyer keeps. */
  readonly keepItemUpTo?: Limits;
};

/** Why a person must agree whatever the amount, and what the fraud rules said of the goods. */
export type RefundDoubts = { readonly doubts?: readonly Reason[]; readonly fraud?: FraudJudgement };

/**
 * Fixes what is paid and credited, from what has been received and inspected up to now, and whether persons must agree.
 * A parcel that arrives between inspection and validation does not hold it up. `order`: as it stands, where it is known.
 */
export function validateRefund(
  rules: FinanceRules,
  { order, doubts: others = [], fraud }: RefundDoubts & { readonly order?: OpenOrder },
  at: string,
  state: OpenReturn,
): Decision<ReturnEvent> {
  if (state.finance) return ignored('validated before');
  const refusal = notReady(state);
  if (refusal) return refusal;
  const { lines, moves, surplus } = dueGoods(state);
  const refund = refundTotal(lines);
  const doubts = lines.length === 0 ? [] : [...doubtsOf(rules, order, refund, state), ...others];
  const finance: Finance = {
    outcome: lines.length === 0 ? 'nothing-to-refund' : doubts.length > 0 ? 'needs-approval' : 'approved',
    lines,
    moves,
    refund,
    credit: creditTotal(lines),
    at,
    ...(doubts.length > 0 && { doubts, approval: { needed: approversFor(rules, refund, state), given: [] } }),
    ...(fraud && { fraud }),
    ...(state.kept && { withoutGoods: true }),
    ...insteadOfMoney(state),
    ...(surplus.length > 0 && { surplus }),
  };
  return accepted({ type: 'return.assessed', finance }, ...shortfall(state, refund, at));
}

/** Money that is with the buyer already is not turned into anything else, and goods that nobody named can't be sent. */
function insteadOfMoney(state: OpenReturn): Pick<Finance, 'resolution' | 'replacement'> {
  const { resolution, replacement } = resolutionOf(state);
  if (state.advance || resolution === 'refund') return {};
  if (resolution === 'store-credit') return { resolution };
  return replacement ? { resolution, replacement } : {};
}

function notReady(state: OpenReturn): ReturnType<typeof rejected> | undefined {
  const { status } = state;
  if (status === 'kept') return undefined;
  const looked = isReceived(state) && state.inspections.length > 0;
  if (!looked || (status !== 'inspected' && status !== 'received')) {
    return rejected('NOT_INSPECTED', `the return is ${status}: a refund needs goods that were inspected`);
  }
  if (isComplete(state)) return undefined;
  return rejected('RECEIPT_OPEN', 'the rest of the return is waited for: its refund is fixed when its time is over');
}

function doubtsOf(rules: FinanceRules, order: OpenOrder | undefined, refund: number, state: OpenReturn): Reason[] {
  const { currency } = state.authorization;
  const limit = own((state.kept ? rules.keepItemUpTo : rules.limits) ?? {}, currency) ?? 0;
  // An operator who lets the buyer keep the goods has looked at the money; a second person still must.
  const above = refund > limit && paidInAdvance(state) === 0;
  const message = `${refund} is due, and ${limit} is paid without approval (minor units of ${currency})`;
  return [
    ...(above ? [{ code: 'ABOVE_LIMIT', message }] : []),
    ...exchangeDoubts(refund, state),
    ...(order ? doubtsAboutMoney(order, state) : []),
  ];
}

const EXCHANGE_UNKNOWN =
  'the platform has not said what goes out in exchange: if it is approved, the buyer gets money in its place';

/** An exchange needs to know what goes out, and that the buyer has paid what it is worth beyond the credit. */
function exchangeDoubts(refund: number, state: OpenReturn): Reason[] {
  const { resolution, replacement } = resolutionOf(state);
  if (resolution !== 'exchange' || state.advance) return [];
  if (!replacement) return [{ code: 'EXCHANGE_UNKNOWN', message: EXCHANGE_UNKNOWN }];
  const beyond = Math.max(0, replacementTotal(replacement) - refund);
  if (beyond === replacement.collected) return [];
  const message = `the replacement is worth ${beyond} beyond the credit, and ${replacement.collected} was collected (minor units)`;
  return [{ code: 'EXCHANGE_UNPAID', message }];
}

function approversFor({ twoApproversAbove = {} }: FinanceRules, refund: number, { authorization }: OpenReturn): 1 | 2 {
  const limit = own(twoApproversAbove, authorization.currency);
  return limit !== undefined && refund > limit ? 2 : 1;
}
