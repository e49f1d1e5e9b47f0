/** An order as a Shopify shop keeps it, with its money, fulfilments and refunds, and what can be asked of one. */
export type ShopLine = {
  readonly id: string;
  readonly sku: string | null;
  readonly name: string;
  readonly quantity: number;
};

export type PaymentStatus = 'SUCCESS' | 'PENDING' | 'FAILURE';

export type ShopTransaction = {
  readonly id: string;
  readonly kind: 'SALE' | 'CAPTURE' | 'REFUND';
  /** What the payment gateway says; PENDING becomes one of the others. */
  status: PaymentStatus;
  readonly gateway: string;
  /** Minor units. */
  readonly amount: number;
  readonly parentId?: string;
  readonly createdAt: string;
};

export type ShopRefund = {
  readonly id: string;
  readonly note: string | null;
  readonly createdAt: string;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number; readonly restockType: string }[];
  readonly transactions: readonly ShopTransaction[];
};

export type ShopFulfillment = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  updatedAt: string;
  status: 'SUCCESS' | 'CANCELLED';
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  tracking: {
    readonly company?: string;
    readonly number?: string;
    readonly numbers?: readonly string[];
    readonly url?: string;
  };
};

/** The tracking numbers of a fulfilment, be they given as one or as a list. */
export const trackingNumbers = ({ number, numbers }: ShopFulfillment['tracking']): readonly string[] =>
  numbers ?? (number === undefined ? [] : [number]);

export type ShopOrder = {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  /** Minor units that the buyer paid. */
  total: number;
  lines: readonly ShopLine[];
  /** The payload as it is sent in webhooks; its changing parts are rewritten on each change. */
  payload: Record<string, unknown>;
  cancelledAt: string | null;
  updatedAt: string;
  readonly transactions: ShopTransaction[];
  readonly refunds: ShopRefund[];
  readonly fulfillments: ShopFulfillment[];
};

export type UserError = { readonly field: readonly string[]; readonly message: string };

const quantityOf = (order: ShopOrder, lineId: string): number =>
  order.lines.find(({ id }) => id === lineId)?.quantity ?? 0;

/** Units of a line in the parts of an order. */
export const unitsIn = (
  parts: readonly { readonly lines: readonly { lineId: string; quantity: number }[] }[],
  lineId: string,
): number =>
  parts.flatMap(({ lines }) => lines).reduce((sum, line) => (line.lineId === lineId ? sum + line.quantity : sum), 0);

export const refundable = (order: ShopOrder, lineId: string): number =>
  quantityOf(order, lineId) - unitsIn(order.refunds, lineId);

/** Units of a line that are still wanted: staff took the others off before they were fulfilled. */
export const wanted = (order: ShopOrder, lineId: string): number =>
  quantityOf(order, lineId) -
  unitsIn(
    order.refunds.map(({ lines }) => ({ lines: lines.filter(({ restockType }) => restockType === 'CANCEL') })),
    lineId,
  );

export const unfulfilled = (order: ShopOrder, lineId: string): number => {
  const standing = order.fulfillments.filter(({ status }) => status === 'SUCCESS');
  return Math.max(0, wanted(order, lineId) - unitsIn(standing, lineId));
};

/** Minor units that went back, or are on their way. */
export const paidBack = (transactions: readonly ShopTransaction[]): number =>
  transactions.reduce((sum, { status, amount }) => (status === 'FAILURE' ? sum : sum + amount), 0);

export const refunded = (order: ShopOrder): number =>
  order.refunds.reduce((sum, { transactions }) => sum + paidBack(transactions), 0);

/**
 * A shop with one location has one fulfilment order per order. It and its lines have numbers of their own, which are not
 * those of the order and its lines.
 */
export const fulfillmentOrderId = ({ id }: Pick<ShopOrder, 'id'>): string => `6${id}`;
export const fulfillmentOrderLineId = ({ id }: Pick<ShopLine, 'id'>): string => `6${id}`;

export function fulfillmentOrderStatus(order: ShopOrder): 'CANCELLED' | 'CLOSED' | 'OPEN' {
  if (order.cancelledAt) return 'CANCELLED';
  return order.lines.some(({ id }) => unfulfilled(order, id) > 0) ? 'OPEN' : 'CLOSED';
}
