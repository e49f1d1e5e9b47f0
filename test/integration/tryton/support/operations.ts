import type { CallContext } from '#application/ports/connector.ts';
import { type SupplierClaimContent, supplierClaimKey } from '#core/claims/claim-document.ts';
import type { JsonObject, Operation, OperationKind, Outcome } from '#core/operations/operation.ts';
import { plan } from '#core/operations/protocol.ts';
import type { PersonalData, TaxLine } from '#core/orders/order.ts';
import type { BookingContent } from '#core/orders/reactions.ts';
import type { CreditMemoContent, ItemReceiptContent, StockMoveContent } from '#core/returns/return.ts';
import { type JournalContent, journalKey } from '#core/settlements/posting.ts';

/** Operations as the core plans them, over orders and returns with ids that no other test has. */

const RUN = Date.now().toString(36);
let made = 0;
export const freshId = (): string => `${RUN}${++made}`;

export const tenPercent = (amount: number): TaxLine => ({
  title: 'Sales tax',
  rate: '0.10',
  amount,
  collectedBy: 'seller',
});

/** Two t-shirts and a mug with 10 % tax: 36.50 USD. */
export function booking(changes: Partial<BookingContent> = {}): BookingContent {
  return {
    number: '#1001',
    placedAt: new Date().toISOString(),
    currency: 'USD',
    lines: [
      { lineId: 'L1', sku: 'TSHIRT-M', quantity: 2, net: 2468, taxes: [tenPercent(247)] },
      { lineId: 'L2', sku: 'MUG-BLUE', quantity: 1, net: 850, taxes: [tenPercent(85)] },
    ],
    shipping: { net: 0, taxes: [] },
    fees: [],
    total: 3650,
    customer: { type: 'consumer', taxExempt: false },
    ...changes,
  };
}

const operation = (kind: OperationKind, path: string, subject: string, content: unknown): Operation =>
  plan(
    {
      key: `${kind}/${path}`,
      kind,
      target: { connector: 'tryton', account: 'main' },
      subject,
      content: content as JsonObject,
    },
    new Date().toISOString(),
    'test',
  );

export const salesOrder = (content: BookingContent, orderId = freshId()): Operation =>
  operation('erp/sales-order', `shopify/main/${orderId}`, `ORDER#shopify#main#${orderId}`, content);

/** The web id under which the ERP has an operation's document. */
export const webIdOf = ({ subject }: Operation): string => {
  const [kind, ...parts] = subject.split('#');
  return [...(kind === 'RETURN' ? ['return'] : []), ...parts].join('-');
};

export function itemReceipt(
  order: Operation,
  booked: Outcome,
  content: Pick<ItemReceiptContent, 'lines' | 'total'> & Partial<Pick<ItemReceiptContent, 'receivedAt'>>,
  returnId = freshId(),
): Operation {
  if (booked.kind !== 'applied') throw new Error(`the order is not booked: ${JSON.stringify(booked)}`);
  const full: ItemReceiptContent = {
    returnId,
    rma: `RMA-${returnId}`,
    orderKey: order.subject,
    salesOrderRef: booked.ref,
    salesOrderNumber: String(booked.facts?.number),
    currency: 'USD',
    receivedAt: new Date().toISOString(),
    ...content,
  };
  return operation('erp/item-receipt', `generic/main/${returnId}`, `RETURN#generic#main#${returnId}`, full);
}

const returnIdOf = ({ content }: Operation): string => String(content.returnId);

export function creditMemo(receipt: Operation, receiptRef: string, total: number, creditDate?: string): Operation {
  const returnId = returnIdOf(receipt);
  const dated = creditDate !== undefined && { creditDate };
  const content: CreditMemoContent = { returnId, receiptRef, currency: 'USD', total, ...dated };
  return operation('erp/credit-memo', `generic/main/${returnId}`, receipt.subject, content);
}

/** What a document that hangs on an order names of it. */
function orderOf(order: Operation, booked: Outcome) {
  if (booked.kind !== 'applied') throw new Error(`the order is not booked: ${JSON.stringify(booked)}`);
  return { orderKey: order.subject, salesOrderRef: booked.ref, salesOrderNumber: String(booked.facts?.number) };
}

export function creditWithoutGoods(
  order: Operation,
  booked: Outcome,
  { lines, total }: Pick<ItemReceiptContent, 'lines' | 'total'>,
): Operation {
  const returnId = freshId();
  const withoutGoods = { rma: `RMA-${returnId}`, ...orderOf(order, booked), lines };
  const content: CreditMemoContent = { returnId, currency: 'USD', total, withoutGoods };
  return operation('erp/credit-memo', `generic/main/${returnId}`, `RETURN#generic#main#${returnId}`, content);
}

export function exchangeOrder(
  order: Operation,
  booked: Outcome,
  content: Pick<BookingContent, 'lines' | 'total'>,
): Operation {
  const returnId = freshId();
  const full = booking({ ...content, number: `RMA-${returnId}`, replaces: orderOf(order, booked) });
  return operation('erp/sales-order', `exchange/generic/main/${returnId}`, `RETURN#generic#main#${returnId}`, full);
}

export function stockMove(receipt: Operation, receiptRef: string, moves: StockMoveContent['moves']): Operation {
  const returnId = returnIdOf(receipt);
  const content: StockMoveContent = { returnId, receiptRef, moves };
  return operation('erp/stock-move', `generic/main/${returnId}`, receipt.subject, content);
}

/** What a settlement of 13.57 comes to: 11.07 paid out, 2.00 of commission and 0.50 of fulfilment kept. */
export const SETTLED: JournalContent['lines'] = [
  { account: 'deposit', amount: 1107, label: 'Deposit' },
  { account: 'fee/commission', amount: 200, label: 'Commission' },
  { account: 'fee/fulfilment', amount: 50, label: 'Fulfilment' },
  { account: 'receivable', amount: -1357, label: 'Orders of the settlement' },
];

/** The posting of a settlement's part; `date` is YYYY-MM-DD. */
export function journal(
  date: string,
  changes: Partial<JournalContent> = {},
  settlementId = changes.settlement?.settlementId ?? `S${freshId()}`,
): Operation {
  const settlement = { channel: 'shopify', account: 'main', settlementId };
  const content: JournalContent = {
    settlement,
    part: date.slice(0, 7),
    date,
    currency: 'USD',
    description: `Settlement ${settlementId}`,
    lines: SETTLED,
    ...changes,
  };
  const path = journalKey(settlement, content.part).slice('erp/journal/'.length);
  return operation('erp/journal', path, `SETTLEMENT#shopify#main#${settlementId}`, content);
}

/** A claim on the seeded supplier: three mugs at 10.00, and a t-shirt at 5.00. */
export function supplierClaim(changes: Partial<SupplierClaimContent> = {}, period = freshId()): Operation {
  const claim = { supplier: 'SUP', period, nth: 1 };
  const content: SupplierClaimContent = {
    claim,
    reference: `CLAIM-${period}`,
    currency: 'USD',
    lines: [
      { sku: 'MUG-BLUE', quantity: 3, amount: 1000, label: 'Broken: RMA-1, RMA-2' },
      { sku: 'TSHIRT-M', quantity: 1, amount: 500, label: 'Torn: RMA-3' },
    ],
    total: 1500,
    ...changes,
  };
  const path = supplierClaimKey(claim).slice('erp/supplier-claim/'.length);
  return operation('erp/supplier-claim', path, `CLAIM#SUP#${period}`, content);
}

export function within(seconds = 60, personal?: PersonalData): CallContext {
  return {
    signal: AbortSignal.timeout(seconds * 1000),
    now: new Date().toISOString(),
    personal: async () => personal,
  };
}

export function applied(outcome: Outcome): Extract<Outcome, { kind: 'applied' }> {
  if (outcome.kind !== 'applied') throw new Error(`not applied: ${JSON.stringify(outcome)}`);
  return outcome;
}
