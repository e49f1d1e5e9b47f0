import { accepted, type Decision, ignored, type Reason, rejected } from '../../kernel/decision.ts';
import type { ReturnEvent } from '../events.ts';
import type { OpenReturn, RefundStanding } from '../state.ts';
import { isPutAway } from '../status.ts';
import { claimRestated } from './claims.ts';
import { divided, isExchange } from './due.ts';

/** A refund of nothing (units that were free, or exchanged) is paid at once: no channel can be asked for it. */
export function planRefund(refundId: string, state: OpenReturn): Decision<ReturnEvent> {
  const { refund } = state;
  if (refund && refund.status !== 'blocked') return ignored(`refund ${refund.refundId} is ${refund.status}`);
  const missing = prerequisites(state);
  if (missing) return missing;
  const amount = amountOf(state);
  return moved({ refundId, amount, status: amount === 0 ? 'paid' : 'planned' });
}

export function blockRefund(refundId: string, reason: Reason, state: OpenReturn): Decision<ReturnEvent> {
  const { refund } = state;
  if (refund && refund.status !== 'blocked') return ignored(`refund ${refund.refundId} is ${refund.status}`);
  // The workflow asks again every few minutes: only another reason is news.
  if (refund?.reason?.code === reason.code) return ignored('blocked for the same reason');
  return prerequisites(state) ?? moved({ refundId, amount: amountOf(state), status: 'blocked', reason });
}

/** Further on means later: a channel's confirmation is not taken back by an answer that comes after it. */
const RANK: Readonly<Record<RefundStanding['status'], number>> = {
  blocked: 0,
  planned: 1,
  refused: 1,
  issued: 2,
  paid: 3,
};

/** What the channel says of the refund, read from the refund itself. */
export type RefundReport = {
  readonly refundId: string;
  readonly standing: Exclude<RefundStanding['status'], 'blocked'>;
  /** With `issued`: the channel does not show it when it is asked. */
  readonly unconfirmed?: boolean;
  readonly paid?: number;
  readonly reason?: Reason;
};

export function recordRefund(
  { refundId, standing, unconfirmed = false, paid, reason }: RefundReport,
  state: OpenReturn,
): Decision<ReturnEvent> {
  const { refund } = state;
  if (refund?.refundId !== refundId) {
    return rejected('REFUND_NOT_PLANNED', `refund ${refundId} is not this return's refund`);
  }
  // The channel may have paid all the same; but nobody asks it again.
  if (standing === 'planned' && isGivenUp(state)) return givenUp();
  const doubted = standing === 'issued' && unconfirmed && !refund.unconfirmed;
  if ((refund.status === standing && !doubted) || RANK[standing] < RANK[refund.status])
    return ignored(`the refund is ${refund.status}`);
  // Paid returns close too, but of theirs nothing is planned again.
  if (standing === 'planned' && ENDED.includes(state.status)) {
    return rejected('RETURN_ENDED', `the return is ${state.status}: nothing is to be paid for it`);
  }
  const now: RefundStanding = {
    ...{ refundId, amount: refund.amount, status: standing },
    ...(doubted && { unconfirmed: true }),
    ...(paid !== undefined && { paid }),
    ...(reason && { reason }),
  };
  return accepted({ type: 'return.refund-moved', refund: now }, ...claimRestated(state, now));
}

const ENDED: readonly OpenReturn['status'][] = ['cancelled', 'expired', 'refused', 'reversed', 'closed'];

export function resolveRefund(by: string, state: OpenReturn): Decision<ReturnEvent> {
  const { refund } = state;
  if (refund?.status === 'paid') return ignored('the refund is paid');
  if (isGivenUp(state)) return givenUp();
  if (!refund || !isStuck(state)) return notStuck('resolved by hand');
  const now: RefundStanding = { refundId: refund.refundId, amount: refund.amount, status: 'paid', by };
  return accepted({ type: 'return.refund-moved', refund: now }, ...claimRestated(state, now));
}

/** It goes on by no word but a person's, and the channel pays nothing of it any more. */
export const isStuck = ({ refund, finance }: Pick<OpenReturn, 'refund' | 'finance'>): boolean =>
  refund?.status === 'blocked' ||
  refund?.status === 'refused' ||
  refund?.unconfirmed === true ||
  (refund?.status === 'planned' && finance?.resolution === 'store-credit');

export const notStuck = (verb: string) =>
  rejected(
    'REFUND_NOT_STUCK',
    `only a refund that is blocked, refused or not confirmed, or store credit that was not issued, can be ${verb}`,
  );

const moved = (refund: RefundStanding): Decision<ReturnEvent> => accepted({ type: 'return.refund-moved', refund });

/** What goes through the channel, or is issued as store credit. */
const amountOf = ({ finance }: OpenReturn): number => (finance ? divided(finance).paid : 0);

function prerequisites(state: OpenReturn): ReturnType<typeof rejected> | undefined {
  const { status, finance, steps } = state;
  if (isGivenUp(state)) return givenUp();
  const settled = status === 'stocked' || status === 'credited';
  if (!settled || !isPutAway(state)) {
    return rejected('STEP_OUT_OF_ORDER', `the return is ${status}: the refund can be asked for when it is stocked`);
  }
  if (!finance || !isExchange(finance) || steps.exchange?.status === 'applied') return undefined;
  return rejected('EXCHANGE_NOT_BOOKED', 'the replacement has no sales order yet: what is left is refunded after it');
}

const isGivenUp = ({ compensation }: OpenReturn): boolean =>
  compensation !== undefined && compensation.status !== 'registered';

const givenUp = () => rejected('REFUND_GIVEN_UP', 'the refund was given up: its credit memo is being taken back');
