import { accepted, type Decision, ignored, type Reason, rejected } from '../../kernel/decision.ts';
import type { ReturnEvent } from '../events.ts';
import type { Compensation, OpenReturn } from '../state.ts';
import { isStuck, notStuck } from './decide-refund.ts';

/**
 * A credit memo without its refund would stand in the books for ever. So what undoes it is registered in the commit that
 * plans the memo, and put to work when a person gives the refund up for good.
 */
export const registered: Compensation = { undoes: 'credit-memo', status: 'registered' };

/** Only a refund that is certain not to be paid may be given up: one whose end is unknown may have been. */
export function giveUpRefund(by: string, state: OpenReturn): Decision<ReturnEvent> {
  const { compensation } = state;
  if (compensation && compensation.status !== 'registered') return ignored(`the reversal is ${compensation.status}`);
  if (!isStuck(state)) return notStuck('given up');
  if (!compensation || state.steps['credit-memo']?.status !== 'applied') {
    return rejected('NOTHING_TO_REVERSE', `the return is ${state.status}: it has no credit memo to take back`);
  }
  return accepted({ type: 'return.compensation-moved', compensation: { ...compensation, status: 'planned', by } });
}

export type CompensationOutcome =
  | { readonly kind: 'applied'; readonly ref: string }
  | { readonly kind: 'refused'; readonly reason: Reason };

export function recordCompensation(outcome: CompensationOutcome, { compensation }: OpenReturn): Decision<ReturnEvent> {
  if (!compensation || compensation.status === 'registered') {
    return rejected('COMPENSATION_NOT_PLANNED', 'the credit memo of this return was not to be taken back');
  }
  if (compensation.status === 'done') return ignored('the reversal is done');
  const { reason: _reason, ...rest } = compensation;
  return outcome.kind === 'applied'
    ? accepted({ type: 'return.compensation-moved', compensation: { ...rest, status: 'done', ref: outcome.ref } })
    : accepted({
        type: 'return.compensation-moved',
        compensation: { ...rest, status: 'failed', reason: outcome.reason },
      });
}

/** A person has taken the memo back in the ERP, where the adapter could not. */
export function resolveCompensation(ref: string, by: string, { compensation }: OpenReturn): Decision<ReturnEvent> {
  if (compensation?.status === 'done') return ignored('the reversal is done');
  if (compensation?.status !== 'failed') {
    return rejected('COMPENSATION_NOT_FAILED', 'only a reversal that has failed is settled by hand');
  }
  return accepted({ type: 'return.compensation-moved', compensation: { ...compensation, status: 'done', ref, by } });
}
