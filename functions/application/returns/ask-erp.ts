import type { OpenOrder } from '#core/orders/state.ts';
import type { ErpWord } from '#core/returns/policy.ts';
import type { OrderStatusUsed } from '#core/returns/state.ts';
import type { ErpOrderStatus, ErpReader } from '../ports/connector.ts';
import type { Log } from '../ports/runtime.ts';

export type AskErpPorts = {
  readonly erp: ErpReader;
  /** A new signal, aborted when the time that the ERP has to answer is used up. */
  readonly erpDeadline: () => AbortSignal;
  readonly log: Log;
};

export type ErpAnswer = { readonly erp?: ErpWord; readonly orderStatus: OrderStatusUsed };

/**
 * What the ERP says of an order, if it says it in time; else what was last known of it. A platform waits for the answer,
 * and an ERP that is down must not keep buyers from returning goods.
 */
export async function askErp(ports: AskErpPorts, orderKey: string, order: OpenOrder, now: string): Promise<ErpAnswer> {
  const status = await inTime(ports, orderKey);
  if (status === 'unanswered') {
    return { orderStatus: { source: 'last-known', asOf: new Date(order.version.updatedAt).toISOString() } };
  }
  if (!status) return { erp: { known: false }, orderStatus: { source: 'erp', asOf: now } };
  const { state, shippedBySku, asOf } = status;
  return {
    erp: { known: true, cancelled: state === 'cancelled', shippedBySku },
    orderStatus: { source: 'erp', asOf },
  };
}

async function inTime(
  { erp, erpDeadline, log }: AskErpPorts,
  orderKey: string,
): Promise<ErpOrderStatus | undefined | 'unanswered'> {
  const deadline = erpDeadline();
  const passed = new Promise<'unanswered'>((resolve) => {
    deadline.addEventListener('abort', () => resolve('unanswered'), { once: true });
  });
  try {
    // A reader that does not heed the signal is left behind: what it answers later is for nobody.
    const answer = await Promise.race([passed, erp.orderStatus(orderKey, deadline)]);
    if (answer === 'unanswered') log.warn('the ERP did not answer in time', { subject: orderKey });
    return answer;
  } catch (error) {
    log.warn('the ERP could not be asked', { subject: orderKey, error: errorName(error) });
    return 'unanswered';
  }
}

const errorName = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
