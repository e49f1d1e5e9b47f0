import { parseOrderKey } from '#core/orders/order.ts';
import type { OrderState } from '#core/orders/state.ts';
import { handle } from '../aggregate.ts';
import type { SubjectHandler } from '../operations/subjects.ts';
import type { Store } from '../ports/store.ts';
import type { OrderAggregate } from './order-aggregate.ts';
import { orderOutcome } from './order-outcome.ts';

/** Tells orders how their operations ended. */
export function orderSubject({
  store,
  orders,
}: {
  readonly store: Store;
  readonly orders: OrderAggregate;
}): SubjectHandler {
  return {
    async unwanted({ kind, subject }) {
      if (kind !== 'erp/sales-order') return undefined;
      const stored = await store.load<OrderState>(subject);
      if (stored?.state.status !== 'cancelled') return undefined;
      const { orderId } = parseOrderKey(subject);
      return { code: 'ORDER_CANCELLED', message: `order ${orderId} was cancelled before the ERP was told of it` };
    },
    settle: (ended, expectedRevision, cause) =>
      handle(store, orders, ended.subject, orderOutcome(ended), cause, { operation: { row: ended, expectedRevision } }),
  };
}
