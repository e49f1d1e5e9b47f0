import { accepted, type Decision, ignored, type Reason, rejected } from '../kernel/decision.ts';
import type { ReturnEvent, SalesOrderRef } from './events.ts';
import type { OpenReturn, ReturnStatus, StepKind } from './state.ts';

export type StepOutcome =
  | { readonly kind: 'applied'; readonly ref: string; readonly number: string; readonly total?: number }
  | { readonly kind: 'refused'; readonly reason: Reason };

/** What a return must have come to before the ERP is asked for a step. */
const PREREQUISITES: Readonly<Record<StepKind, ReturnStatus>> = {
  'item-receipt': 'approved',
  'credit-memo': 'receipted',
  'stock-move': 'credited',
};

/** A step that was asked for is not asked for again: a refused one goes on when a person retries its operation. */
export function requestStep(
  step: StepKind,
  salesOrder: SalesOrderRef | undefined,
  state: OpenReturn,
): Decision<ReturnEvent> {
  const known = state.steps[step];
  if (known) return ignored(`${step} is ${known.status}`);
  if (state.status !== PREREQUISITES[step]) {
    return rejected(
      'STEP_OUT_OF_ORDER',
      `the return is ${state.status}: ${step} can be asked for when it is ${PREREQUISITES[step]}`,
    );
  }
  if (step !== 'item-receipt') return accepted({ type: 'return.step-planned', step });
  if (!salesOrder) {
    const { orderNumber } = state.authorization;
    return rejected('ORDER_NOT_BOOKED', `the ERP has no sales order for ${orderNumber} yet: goods can't be received`);
  }
  return accepted({ type: 'return.step-planned', step, salesOrder });
}

export function recordStepOutcome(step: StepKind, outcome: StepOutcome, state: OpenReturn): Decision<ReturnEvent> {
  const known = state.steps[step];
  if (!known) return rejected('STEP_NOT_PLANNED', `${step} of this return was never asked for`);
  if (outcome.kind === 'refused') {
    if (known.status === 'applied') return ignored(`${step} is applied`);
    return accepted({ type: 'return.step-refused', step, reason: outcome.reason });
  }
  if (known.status === 'applied') {
    if (known.ref === outcome.ref) return ignored(`${step} is applied`);
    return rejected('APPLIED_TWICE', `the ERP has ${known.ref} for this ${step} and now names ${outcome.ref}`);
  }
  const { ref, number, total } = outcome;
  return accepted({ type: 'return.step-applied', step, ref, number, ...(total !== undefined && { total }) });
}
