import { accepted, type Decision, ignored, never, type Reason, rejected } from '../kernel/decision.ts';
import type { ReturnEvent, SalesOrderRef } from './events.ts';
import type { CreditDay } from './money/books.ts';
import { isExchange } from './money/due.ts';
import type { OpenReturn, ReturnStatus, StepKind } from './state.ts';

export type StepOutcome =
  | { readonly kind: 'applied'; readonly ref: string; readonly number: string; readonly total?: number }
  | { readonly kind: 'refused'; readonly reason: Reason };

/** What an asker knows beside the return: the ERP's sales order, and whether the books are open. */
export type StepCircumstances = {
  readonly salesOrder?: SalesOrderRef;
  readonly creditDay?: CreditDay;
};

/** A step that was asked for is not asked for again: a refused one goes on when a person retries its operation. */
export function requestStep(
  step: StepKind,
  { salesOrder, creditDay }: StepCircumstances,
  state: OpenReturn,
): Decision<ReturnEvent> {
  const known = state.steps[step];
  if (known) return ignored(`${step} is ${known.status}`);
  if (isLeftOut(step, state)) return ignored(`this return has no ${step}`);
  const refusal = outOfOrder(step, state);
  if (refusal) return refusal;
  if (creditDay && step === 'credit-memo' && 'closedUntil' in creditDay) {
    const message = `the books are closed: the credit is posted from ${creditDay.closedUntil} on`;
    return rejected('PERIOD_CLOSED', message);
  }
  if (!salesOrder && needsSalesOrder(step, state)) {
    const { orderNumber } = state.authorization;
    return rejected('ORDER_NOT_BOOKED', `the ERP has no sales order for ${orderNumber} yet: goods can't be received`);
  }
  return accepted({
    type: 'return.step-planned',
    step,
    ...(salesOrder && needsSalesOrder(step, state) && { salesOrder }),
    ...(creditDay && step === 'credit-memo' && 'open' in creditDay && { creditDate: creditDay.open }),
  });
}

/** Goods that the buyer keeps are neither received nor put away, and only an exchange sends something out. */
export function isLeftOut(step: StepKind, { finance }: Pick<OpenReturn, 'finance'>): boolean {
  if (step === 'exchange') return finance !== undefined && !isExchange(finance);
  return finance?.withoutGoods === true && step !== 'credit-memo';
}

const needsSalesOrder = (step: StepKind, { finance }: OpenReturn): boolean =>
  step === 'item-receipt' || step === 'exchange' || (step === 'credit-memo' && finance?.withoutGoods === true);

/** What a return must have come to before the ERP is asked for a step. */
function prerequisite(step: StepKind, { finance }: OpenReturn): ReturnStatus {
  switch (step) {
    case 'item-receipt':
      return 'approved';
    case 'credit-memo':
      return finance?.withoutGoods ? 'approved' : 'receipted';
    case 'stock-move':
      return 'credited';
    case 'exchange':
      return finance?.withoutGoods ? 'credited' : 'stocked';
    default:
      return never(step);
  }
}

function outOfOrder(step: StepKind, state: OpenReturn): ReturnType<typeof rejected> | undefined {
  const needed = prerequisite(step, state);
  if (state.status === needed) return undefined;
  const message = `the return is ${state.status}: ${step} can be asked for when it is ${needed}`;
  // An approval that lapsed before its use is asked for again while the workflow waits.
  return rejected(state.status === 'awaiting-approval' ? 'APPROVAL_MISSING' : 'STEP_OUT_OF_ORDER', message);
}

export function recordStepOutcome(step: StepKind, outcome: StepOutcome, state: OpenReturn): Decision<ReturnEvent> {
  const known = state.steps[step];
  if (!known) return rejected('STEP_NOT_PLANNED', `${step} of this return was never asked for`);
  const dropped = known.status !== 'applied' && isLeftOut(step, state);
  if (outcome.kind === 'refused') {
    if (dropped) return ignored(`${step} was dropped`);
    if (known.status === 'applied') return ignored(`${step} is applied`);
    return accepted({ type: 'return.step-refused', step, reason: outcome.reason });
  }
  if (known.status === 'applied') {
    if (known.ref === outcome.ref) return ignored(`${step} is applied`);
    return rejected('APPLIED_TWICE', `the ERP has ${known.ref} for this ${step} and now names ${outcome.ref}`);
  }
  const { ref, number, total } = outcome;
  if (dropped) return rejected('EXCHANGE_DROPPED', `the buyer is paid instead, and the ERP has sold ${number}`);
  return accepted({ type: 'return.step-applied', step, ref, number, ...(total !== undefined && { total }) });
}
