import { never } from '../kernel/decision.ts';
import {
  type JsonObject,
  type OperationKind,
  operationKey,
  type PlannedOperation,
  type Target,
} from '../operations/operation.ts';
import type { ReturnEvent } from './events.ts';
import { exchangeOrder } from './outcomes/exchange.ts';
import {
  type CreditMemoContent,
  type CreditMemoReversalContent,
  type ItemReceiptContent,
  type ReturnId,
  returnKey,
  returnPath,
  type StockMoveContent,
} from './return.ts';
import { type Finance, type OpenReturn, STEP_KINDS, type StepKind } from './state.ts';

/** Which kind of operation carries a step out: a replacement is sold as any order is. */
export const kindOfStep = (step: StepKind): OperationKind => (step === 'exchange' ? 'erp/sales-order' : `erp/${step}`);

export const stepOfKind = (kind: OperationKind): StepKind | undefined =>
  STEP_KINDS.find((step) => kindOfStep(step) === kind);

/** Key of a step's operation: one per return and step, for ever. */
export const stepKey = (step: StepKind, id: ReturnId): string =>
  step === 'exchange'
    ? operationKey('erp/sales-order', 'exchange', returnPath(id))
    : operationKey(kindOfStep(step), returnPath(id));

export const reversalKey = (id: ReturnId): string => operationKey('erp/credit-memo-reversal', returnPath(id));

type StepPlanned = Extract<ReturnEvent, { type: 'return.step-planned' }>;

/** What the ERP is asked for at a step that was planned. */
export const stepOperation = (event: StepPlanned, state: OpenReturn, target: Target): PlannedOperation =>
  operation(
    stepKey(event.step, state.authorization.id),
    kindOfStep(event.step),
    state,
    target,
    contentOf(event, state),
  );

/** What undoes the credit memo. */
export function reversalOperation(state: OpenReturn, target: Target): PlannedOperation {
  const { id, currency } = state.authorization;
  const content: CreditMemoReversalContent = {
    returnId: id.returnId,
    creditMemoRef: refOf('credit-memo', state),
    currency,
    total: financeOf(state).credit,
  };
  return operation(reversalKey(id), 'erp/credit-memo-reversal', state, target, content);
}

const operation = (
  key: string,
  kind: OperationKind,
  { authorization }: OpenReturn,
  target: Target,
  content: object,
): PlannedOperation => ({
  key,
  kind,
  target,
  subject: returnKey(authorization.id),
  content: content as unknown as JsonObject,
});

function contentOf(event: StepPlanned, state: OpenReturn): object {
  const { id, currency } = state.authorization;
  const { returnId } = id;
  const { credit, moves } = financeOf(state);
  switch (event.step) {
    case 'item-receipt': {
      const receivedAt = receivedAtOf(state);
      const content: ItemReceiptContent = {
        returnId,
        ...documentOf(event, state),
        currency,
        receivedAt,
        total: credit,
      };
      return content;
    }
    case 'credit-memo':
      return creditMemoOf(event, state);
    case 'stock-move': {
      const content: StockMoveContent = { returnId, receiptRef: refOf('item-receipt', state), moves };
      return content;
    }
    case 'exchange':
      return exchangeOrder(event.salesOrder ?? missing(state, 'sales order'), state);
    default:
      return never(event.step);
  }
}

function creditMemoOf(event: StepPlanned, state: OpenReturn): CreditMemoContent {
  const { id, currency } = state.authorization;
  const { credit: total, withoutGoods } = financeOf(state);
  const { creditDate } = event;
  const common = { returnId: id.returnId, currency, total, ...(creditDate !== undefined && { creditDate }) };
  return withoutGoods
    ? { ...common, withoutGoods: documentOf(event, state) }
    : { ...common, receiptRef: refOf('item-receipt', state) };
}

/** What a document that takes something back names: its number, what it takes back, and of which sales order. */
function documentOf({ salesOrder }: StepPlanned, state: OpenReturn) {
  const { rma, orderKey } = state.authorization;
  if (!salesOrder || rma === undefined) return missing(state, 'sales order');
  const { ref: salesOrderRef, number: salesOrderNumber } = salesOrder;
  return { rma, orderKey, salesOrderRef, salesOrderNumber, lines: financeOf(state).lines };
}

function missing({ authorization }: OpenReturn, what: string): never {
  throw new Error(`return ${authorization.id.returnId}: a step was planned without its ${what}`);
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

/** The ERP's own id of what a step made. */
function refOf(kind: StepKind, { steps, authorization }: OpenReturn): string {
  const step = steps[kind];
  if (step?.status === 'applied') return step.ref;
  throw new Error(`return ${authorization.id.returnId}: the ERP has no ${kind} yet`);
}
