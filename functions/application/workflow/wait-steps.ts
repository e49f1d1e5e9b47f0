import { isLeftOut } from '#core/returns/decide-step.ts';
import { isClaimDue } from '#core/returns/money/claims.ts';
import type { OpenReturn, ReturnState } from '#core/returns/state.ts';
import { isComplete, isInspected } from '#core/returns/status.ts';

/** Steps of return-to-refund that wait for a fact about the return. */
export const WAIT_STEPS = [
  'receipt',
  'inspection',
  'approval',
  'item-receipt',
  'credit-memo',
  'stock-move',
  'exchange',
  'refund',
  'clawback',
] as const;
export type WaitStep = (typeof WAIT_STEPS)[number];

export const isWaitStep = (step: string): step is WaitStep => (WAIT_STEPS as readonly string[]).includes(step);

/** Error names by which a waiting step ends the workflow early; the workflow catches them by name. */
export type Ending = 'ReturnCancelled' | 'ReturnExpired' | 'RefundRefused' | 'CreditReversed';

/** Error names by which a waiting step takes another way: goods are overdue, or come after all. */
export type Turn = 'GoodsOverdue' | 'GoodsArrived';

export type Standing =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'done' }
  | { readonly kind: 'ended'; readonly error: Ending | Turn; readonly cause: string };

/** Whether what a step waits for has come about. A return that has ended ends every wait. */
export function standingOf(step: WaitStep, state: ReturnState): Standing {
  switch (state.status) {
    case 'none':
      return { kind: 'waiting' };
    case 'cancelled':
      return { kind: 'ended', error: 'ReturnCancelled', cause: 'the returns platform cancelled the return' };
    case 'expired':
      return { kind: 'ended', error: 'ReturnExpired', cause: 'the goods did not come in time' };
    case 'refused':
      return { kind: 'ended', error: 'RefundRefused', cause: 'a person refused the refund' };
    case 'reversed':
      return { kind: 'ended', error: 'CreditReversed', cause: 'the refund was given up and its credit taken back' };
    case 'overdue':
      return step === 'receipt' || step === 'inspection'
        ? { kind: 'ended', error: 'GoodsOverdue', cause: 'refunded before receipt, and the goods did not come' }
        : { kind: isDone(step, state) ? 'done' : 'waiting' };
    default:
      return turnOf(step, state) ?? { kind: isDone(step, state) ? 'done' : 'waiting' };
  }
}

/** A run that waits for the buyer's money goes back to the goods when those come after all. */
const turnOf = (step: WaitStep, { status, finance }: OpenReturn): Standing | undefined =>
  step === 'clawback' && !finance && ['received', 'inspected', 'kept'].includes(status)
    ? { kind: 'ended', error: 'GoodsArrived', cause: 'the goods came after all' }
    : undefined;

function isDone(step: WaitStep, state: OpenReturn): boolean {
  switch (step) {
    case 'receipt':
      return state.finance !== undefined || state.kept !== undefined || isComplete(state);
    case 'inspection':
      if (state.kept !== undefined) return true;
      // Once the refund is fixed the inspection has served, even if another parcel came since.
      return state.finance !== undefined || isInspected(state);
    case 'approval':
      return state.finance?.outcome === 'approved';
    case 'refund':
      return state.refund?.status === 'paid';
    case 'clawback':
      // A claim for what was never paid ends, and the return then expires.
      return !isClaimDue(state) && state.status !== 'authorized' && state.status !== 'in-transit';
    default:
      return state.steps[step]?.status === 'applied' || (state.finance !== undefined && isLeftOut(step, state));
  }
}
