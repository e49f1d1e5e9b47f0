import { accepted, type Decider, type Decision, ignored, never, type Reason, rejected } from '../kernel/decision.ts';
import { isPaid, isUnconfirmed, type OpenRefund, type RefundState, type RefundTerms, sameRef } from './refund.ts';

export type RefundCommand =
  | { readonly type: 'plan'; readonly terms: RefundTerms }
  /** After a refusal: a person has the same operation tried again. */
  | { readonly type: 'plan-again' }
  /** What the channel answered. */
  | { readonly type: 'record-issue'; readonly ref: string; readonly amount?: number; readonly at?: string }
  | { readonly type: 'record-refusal'; readonly reason: Reason }
  /** The channel's own report of our refund. */
  | { readonly type: 'confirm'; readonly ref: string; readonly amount: number }
  /** The channel has not told of a refund that it took: it is asked. */
  | { readonly type: 'ask-confirmation' }
  /** It was asked, and does not know it. */
  | { readonly type: 'record-unconfirmed'; readonly reason: Reason }
  /** It was not paid, and is not to be; `otherwise`: a person says that the buyer has the money from elsewhere. */
  | { readonly type: 'drop'; readonly otherwise: boolean }
  /** A refund that the channel made by itself; `again` when it bears the mark of one of ours that is paid already. */
  | { readonly type: 'record'; readonly terms: RefundTerms; readonly ref: string; readonly again: boolean };

/**
 * `paid`: minor units that the channel says it paid, when that is not what was planned. `again`: the buyer had the money from
 * elsewhere.
 */
export type RefundEvent =
  | { readonly type: 'refund.planned'; readonly terms: RefundTerms }
  | { readonly type: 'refund.planned-again' }
  | {
      readonly type: 'refund.issued';
      readonly ref: string;
      readonly paid?: number;
      readonly again?: true;
      readonly at?: string;
    }
  | { readonly type: 'refund.confirmed'; readonly ref: string; readonly paid?: number; readonly again?: true }
  | { readonly type: 'refund.refused'; readonly reason: Reason }
  | { readonly type: 'refund.confirmation-asked' }
  | { readonly type: 'refund.unconfirmed'; readonly reason: Reason }
  | { readonly type: 'refund.dropped'; readonly otherwise?: true }
  | { readonly type: 'refund.recorded'; readonly terms: RefundTerms; readonly ref: string; readonly again: boolean };

export const refundDecider: Decider<RefundState, RefundCommand, RefundEvent> = {
  initial: { status: 'none' },
  decide,
  evolve,
};

function decide(command: RefundCommand, state: RefundState): Decision<RefundEvent> {
  if (command.type === 'plan') {
    if (state.status !== 'none') return ignored(`the refund is ${state.status}`);
    const { refundId } = command.terms.id;
    if (command.terms.amount > 0) return accepted({ type: 'refund.planned', terms: command.terms });
    return rejected('REFUND_EMPTY', `refund ${refundId} is over ${command.terms.amount} minor units`);
  }
  if (command.type === 'record') {
    if (state.status !== 'none') return ignored(`the refund is ${state.status}`);
    const { terms, ref, again } = command;
    return accepted({ type: 'refund.recorded', terms, ref, again });
  }
  if (state.status === 'none') return rejected('REFUND_UNKNOWN', 'no such refund was planned');
  switch (command.type) {
    case 'plan-again':
      if (state.status === 'planned') return ignored('the refund is planned');
      if (state.status === 'refused') return accepted({ type: 'refund.planned-again' });
      if (state.status === 'dropped') return rejected('REFUND_DROPPED', 'a person has settled it otherwise');
      return rejected('REFUND_PAID', `the refund is ${state.status}: the buyer has the money`);
    case 'record-issue':
      return recordPaid('refund.issued', command.ref, command.amount, state, command.at);
    case 'ask-confirmation':
      if (state.status !== 'issued') return ignored(`the refund is ${state.status}`);
      return state.confirmation ? ignored('asked before') : accepted({ type: 'refund.confirmation-asked' });
    case 'record-unconfirmed':
      if (state.status !== 'issued') return ignored(`the refund is ${state.status}`);
      return accepted({ type: 'refund.unconfirmed', reason: command.reason });
    case 'confirm':
      return recordPaid('refund.confirmed', command.ref, command.amount, state);
    case 'drop':
      return drop(command.otherwise, state);
    case 'record-refusal':
      if (isPaid(state) || state.status === 'dropped') return ignored(`the refund is ${state.status}`);
      return accepted({ type: 'refund.refused', reason: command.reason });
    default:
      return never(command);
  }
}

/** What the channel may still pay is not dropped: it would be paid all the same, and counted nowhere. */
function drop(otherwise: boolean, state: OpenRefund): Decision<RefundEvent> {
  if (state.status === 'dropped') return ignored('dropped before');
  const open = state.status === 'planned' && state.means === undefined;
  if (open || (isPaid(state) && !isUnconfirmed(state))) return ignored(`the refund is ${state.status}`);
  return accepted({ type: 'refund.dropped', ...(otherwise && { otherwise }) });
}

/** One refund of ours is one refund of the channel's; a second one under our key is money paid twice. */
function recordPaid(
  type: 'refund.issued' | 'refund.confirmed',
  ref: string,
  amount: number | undefined,
  state: OpenRefund,
  at?: string,
): Decision<RefundEvent> {
  // What it did not pay under the first name, a person may have paid under another.
  if (isPaid(state) && !isUnconfirmed(state) && state.ref !== undefined && !sameRef(state.ref, ref)) {
    return rejected('REFUNDED_TWICE', `the channel paid this refund as ${state.ref} and now names ${ref}`);
  }
  if (state.status === 'recorded' || (state.status === 'confirmed' && !isRestated(state, amount))) {
    return ignored(`the refund is ${state.status}`);
  }
  if (state.status === 'issued' && type === 'refund.issued') return ignored('the refund is issued');
  const differs = amount !== undefined && amount !== state.amount;
  const again = state.status === 'dropped' && state.otherwise;
  const paid = { ...(differs && { paid: amount }), ...(again && { again }) };
  return type === 'refund.issued'
    ? accepted({ type, ref, ...paid, ...(at !== undefined && { at }) })
    : accepted({ type, ref, ...paid });
}

/** Store credit comes in pieces, and its worth is that of all: each may tell another sum. A channel pays once. */
const isRestated = ({ means, paid, amount: planned }: OpenRefund, amount: number | undefined): boolean =>
  means === 'store-credit' && amount !== undefined && amount !== (paid ?? planned);

function evolve(state: RefundState, event: RefundEvent): RefundState {
  if (event.type === 'refund.planned') return { ...event.terms, status: 'planned' };
  if (event.type === 'refund.recorded') return { ...event.terms, status: 'recorded', ref: event.ref };
  if (state.status === 'none') throw new Error(`${event.type} before refund.planned`);
  const { reason: _reason, paid: _paid, ...rest } = state;
  switch (event.type) {
    case 'refund.planned-again':
      return { ...rest, status: 'planned' };
    case 'refund.issued':
      return { ...rest, status: 'issued', ref: event.ref, ...paidOf(event) };
    case 'refund.confirmed':
      return { ...rest, status: 'confirmed', ref: event.ref, ...paidOf(event) };
    case 'refund.refused':
      return { ...rest, status: 'refused', reason: event.reason };
    case 'refund.confirmation-asked':
      return { ...state, confirmation: 'asked' };
    case 'refund.unconfirmed':
      return { ...state, confirmation: 'failed' };
    case 'refund.dropped':
      return { ...rest, status: 'dropped', ...(event.otherwise && { otherwise: true }) };
    default:
      return never(event);
  }
}

const paidOf = ({ paid }: { readonly paid?: number }) => (paid === undefined ? {} : { paid });
