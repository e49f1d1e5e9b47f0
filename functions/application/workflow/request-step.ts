import type { Reason } from '#core/kernel/decision.ts';
import type { OrderState } from '#core/orders/state.ts';
import type { StepCircumstances } from '#core/returns/decide-step.ts';
import { dayIn } from '#core/returns/duties/business-days.ts';
import type { SalesOrderRef } from '#core/returns/events.ts';
import { type CreditDay, creditDay } from '#core/returns/money/books.ts';
import type { ReturnPolicy } from '#core/returns/policy.ts';
import { STEP_KINDS, type StepKind } from '#core/returns/state.ts';
import type { Cause, Handled } from '../aggregate.ts';
import { advanceRefund, planRefund } from '../refunds/plan-refund.ts';
import { settleStoreCredit } from '../refunds/settle-outcome.ts';
import type { RefundPorts } from '../refunds/stage-refund.ts';
import { changeReturn, type Present, type ReturnPorts } from '../returns/change-return.ts';
import type { WaitStep } from './wait-steps.ts';

type Ports = ReturnPorts & RefundPorts & { readonly policy: Pick<ReturnPolicy, 'settlement'> };

/** Steps that happen because we ask for them; the others come from outside. While goods are awaited, money may be due. */
type AskedStep = StepKind | 'receipt' | 'refund';

const isErpStep = (step: WaitStep): step is StepKind => (STEP_KINDS as readonly string[]).includes(step);

export const isAskedFor = (step: WaitStep): step is AskedStep =>
  step === 'refund' || step === 'receipt' || isErpStep(step);

/** What asking came to: why the step can't be asked for, and whether anything has changed at all. */
export type Asked = { readonly refusal?: Reason; readonly changed: boolean };

/** Asks the ERP or the channel for a step. Asking again is harmless. */
export async function requestStep(ports: Ports, returnKey: string, step: AskedStep, cause: Cause): Promise<Asked> {
  switch (step) {
    case 'receipt':
      return askedBy(await advanceRefund(ports, returnKey, cause));
    case 'refund': {
      const planned = await planRefund(ports, returnKey, cause);
      const asked = askedBy(planned);
      if (!('state' in planned) || planned.state.status === 'none' || !planned.state.issued?.length) return asked;
      // What the platform has issued before it was waited for counts now.
      const settled = askedBy(await settleStoreCredit(ports, returnKey, cause));
      return { ...asked, changed: asked.changed || settled.changed };
    }
    default:
      return askedBy(
        await changeReturn(ports, returnKey, (present) => commandOf(ports, step, present, cause.now), cause),
      );
  }
}

const askedBy = (handled: Handled<unknown>): Asked => ({
  changed: handled.kind === 'committed',
  ...(handled.kind === 'rejected' && { refusal: handled.reason }),
});

async function commandOf(ports: Ports, step: StepKind, { state, order }: Present, now: string) {
  const command = { type: 'request-step', step } as const;
  if (state.status === 'none') return command;
  const salesOrder =
    step === 'stock-move' ? undefined : salesOrderOf((await order(state.authorization.orderKey))?.state);
  const day = step === 'credit-memo' ? today(ports, now) : undefined;
  const circumstances: StepCircumstances = { ...(salesOrder && { salesOrder }), ...(day && { creditDay: day }) };
  return { ...command, ...circumstances };
}

/** Undefined where no periods are set: the ERP alone then says whether its books are open. */
function today({ policy }: Ports, now: string): CreditDay | undefined {
  const periods = policy.settlement?.periods;
  return periods && creditDay(periods, dayIn(periods.timeZone, now));
}

function salesOrderOf(order: OrderState | undefined): SalesOrderRef | undefined {
  if (!order || order.status === 'none' || !order.erp) return undefined;
  return { ref: order.erp.ref, number: order.erp.number };
}
