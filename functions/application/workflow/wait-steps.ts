import type { OpenReturn, ReturnState } from '#core/returns/state.ts';
import { isInspected, isReceived } from '#core/returns/status.ts';

/** Steps of return-to-refund that wait for a fact about the return. */
export const WAIT_STEPS = [
  'receipt',
  'inspection',
  'approval',
  'item-receipt',
  'credit-memo',
  'stock-move',
  'refund',
] as const;
export type WaitStep = (typeof WAIT_STEPS)[number];

export const isWaitStep = (step: string): step is WaitStep => (WAIT_STEPS as readonly string[]).includes(step);

/** Error names by which a waiting step ends the workflow early; the workflow catches them by name. */
export type Ending = 'ReturnCancelled' | 'ReturnExpired' | 'RefundRefused';

export type Standing =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'done' }
  | { readonly kind: 'ended'; readonly error: Ending; readonly cause: string };

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
    default:
      return { kind: isDone(step, state) ? 'done' : 'waiting' };
  }
}

function isDone(step: WaitStep, state: OpenReturn): boolean {
  switch (step) {
    case 'receipt':
      return isReceived(state);
    case 'inspection':
      // Once the refund is fixed the inspection has served, even if another parcel came since.
      return state.finance !== undefined || isInspected(state);
    case 'approval':
      return state.finance?.outcome === 'approved';
    case 'refund':
      return state.refund?.status === 'paid';
    default:
      return state.steps[step]?.status === 'applied';
  }
}
