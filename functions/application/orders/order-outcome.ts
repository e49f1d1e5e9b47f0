import type { Operation } from '#core/operations/operation.ts';
import type { OrderCommand } from '#core/orders/decider.ts';

/** What an ended operation means for its order. */
export function orderOutcome(operation: Operation): OrderCommand {
  const reason = operation.reason ?? { code: 'REJECTED', message: 'the partner refused without a reason' };
  const applied = operation.status === 'applied';
  switch (operation.kind) {
    case 'erp/sales-order':
      if (!applied) return { type: 'record-booking-refusal', reason };
      return {
        type: 'record-booking',
        erpAccount: `${operation.target.connector}/${operation.target.account}`,
        ref: refOf(operation),
        number: String(operation.facts?.number ?? refOf(operation)),
      };
    case 'channel/fulfillment': {
      const shipmentId = String(operation.content.shipmentId);
      if (!applied) return { type: 'record-fulfillment-refusal', shipmentId, reason };
      return { type: 'record-fulfillment', shipmentId, ref: refOf(operation) };
    }
    default:
      throw new Error(`${operation.key} has an order as its subject, and ${operation.kind} is no order's operation`);
  }
}

function refOf(operation: Operation): string {
  if (operation.ref === undefined) throw new Error(`${operation.key} is applied without the partner's id`);
  return operation.ref;
}
