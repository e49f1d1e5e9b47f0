import { never } from '../kernel/decision.ts';
import { type JsonObject, operationKey, type PlannedOperation, type Target } from '../operations/operation.ts';
import type { ReturnEvent } from './events.ts';
import {
  type CreditMemoContent,
  type ItemReceiptContent,
  type ReturnId,
  returnKey,
  returnPath,
  type StockMoveContent,
} from './return.ts';
import type { Finance, OpenReturn, StepKind } from './state.ts';

/** Key of a step's operation: one per return and step, for ever. */
export const stepKey = (step: StepKind, id: ReturnId): string => operationKey(`erp/${step}`, returnPath(id));

/** What the ERP is asked for at a step that was planned. */
export function stepOperation(
  event: Extract<ReturnEvent, { type: 'return.step-planned' }>,
  state: OpenReturn,
  target: Target,
): PlannedOperation {
  const { id } = state.authorization;
  return {
    key: stepKey(event.step, id),
    kind: `erp/${event.step}`,
    target,
    subject: returnKey(id),
    content: contentOf(event, state) as unknown as JsonObject,
  };
}

function contentOf(
  { step, salesOrder }: Extract<ReturnEvent, { type: 'return.step-planned' }>,
  state: OpenReturn,
): ItemReceiptContent | CreditMemoContent | StockMoveContent {
  const { id, rma, orderKey, currency } = state.authorization;
  const { lines, credit, moves } = financeOf(state);
  const { returnId } = id;
  switch (step) {
    case 'item-receipt': {
      if (!salesOrder || rma === undefined) throw new Error(`return ${returnId}: an item receipt needs a sales order`);
      const { ref: salesOrderRef, number: salesOrderNumber } = salesOrder;
      const receivedAt = receivedAtOf(state);
      return { returnId, rma, orderKey, salesOrderRef, salesOrderNumber, currency, receivedAt, lines, total: credit };
    }
    case 'credit-memo':
      return { returnId, receiptRef: receiptRef(state), currency, total: credit };
    case 'stock-move':
      return { returnId, receiptRef: receiptRef(state), moves };
    default:
      return never(step);
  }
}

function financeOf({ finance, authorization }: OpenReturn): Finance {
  if (finance) return finance;
  throw new Error(`return ${authorization.id.returnId}: a step was planned before the refund was validated`);
}

/** When the first goods came. */
function receivedAtOf({ receipts, authorization }: OpenReturn): string {
  const [first] = receipts.map(({ occurredAt }) => occurredAt).sort();
  if (first === undefined) throw new Error(`return ${authorization.id.returnId}: nothing was received`);
  return first;
}

function receiptRef({ steps, authorization }: OpenReturn): string {
  const receipt = steps['item-receipt'];
  if (receipt?.status === 'applied') return receipt.ref;
  throw new Error(`return ${authorization.id.returnId}: the ERP has no item receipt yet`);
}
