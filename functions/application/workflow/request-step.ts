import type { Reason } from '#core/kernel/decision.ts';
import type { OrderState } from '#core/orders/state.ts';
import type { SalesOrderRef } from '#core/returns/events.ts';
import { STEP_KINDS, type StepKind } from '#core/returns/state.ts';
import type { Cause } from '../aggregate.ts';
import { planRefund } from '../refunds/plan-refund.ts';
import type { RefundPorts } from '../refunds/stage-refund.ts';
import { changeReturn, type Present, type ReturnPorts } from '../returns/change-return.ts';
import type { WaitStep } from './wait-steps.ts';

type Ports = ReturnPorts & RefundPorts;

/** Steps that happen because we ask for them; the others come from outside. */
type AskedStep = StepKind | 'refund';

const isErpStep = (step: WaitStep): step is StepKind => (STEP_KINDS as readonly string[]).includes(step);

export const isAskedFor = (step: WaitStep): step is AskedStep => step === 'refund' || isErpStep(step);

/**
 * How often a registered wait is looked after, well within the heartbeat that the workflow expects. A step of the ERP may
 * have been refused for a reason that passes. For parcels, people and payments we wait by the thousand, for days, and
 * looking would not bring them: those waits are kept alive.
 */
export const checkSeconds = (step: WaitStep): number => (isErpStep(step) ? 600 : 1_200);

/** Asks the ERP or the channel for a step. Asking again is harmless. Answers why it can't be asked for, if so. */
export async function requestStep(
  ports: Ports,
  returnKey: string,
  step: AskedStep,
  cause: Cause,
): Promise<Reason | undefined> {
  const handled =
    step === 'refund'
      ? await planRefund(ports, returnKey, cause)
      : await changeReturn(ports, returnKey, (present) => commandOf(step, present), cause);
  return handled.kind === 'rejected' ? handled.reason : undefined;
}

async function commandOf(step: StepKind, { state, order }: Present) {
  if (step !== 'item-receipt' || state.status === 'none') return { type: 'request-step', step } as const;
  const salesOrder = salesOrderOf((await order(state.authorization.orderKey))?.state);
  return { type: 'request-step', step, ...(salesOrder && { salesOrder }) } as const;
}

function salesOrderOf(order: OrderState | undefined): SalesOrderRef | undefined {
  if (!order || order.status === 'none' || !order.erp) return undefined;
  return { ref: order.erp.ref, number: order.erp.number };
}
