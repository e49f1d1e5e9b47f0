import { formatMoney, parseMoney } from '#core/kernel/money.ts';

/**
 * The state of a Shopify shop: orders with their money, fulfilments and refunds. It keeps to Shopify's rules, so that a
 * wrong call is refused here as it would be there; it knows nothing of whoever calls it.
 */
export type ShopLine = {
  readonly id: string;
  readonly sku: string | null;
  readonly name: string;
  readonly quantity: number;
};

export type ShopTransaction = {
  readonly id: string;
  readonly kind: 'SALE' | 'CAPTURE' | 'REFUND';
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
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  readonly tracking: { readonly company?: string; readonly number?: string; readonly url?: string };
};

export type ShopOrder = {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  /** Minor units that the buyer paid. */
  readonly total: number;
  readonly lines: readonly ShopLine[];
  /** The payload as it is sent in webhooks; its changing parts are rewritten on each change. */
  readonly payload: Record<string, unknown>;
  cancelledAt: string | null;
  updatedAt: string;
  readonly transactions: ShopTransaction[];
  readonly refunds: ShopRefund[];
  readonly fulfillments: ShopFulfillment[];
};

export type UserError = { readonly field: readonly string[]; readonly message: string };

export class Shop {
  readonly orders = new Map<string, ShopOrder>();
  #nextId = 7_000_000_000_001;
  /** Shopify's clock has seconds; two changes in one second share their `updated_at`. */
  readonly now: () => Date;

  constructor(now: () => Date = () => new Date()) {
    this.now = now;
  }

  id(): string {
    return String(this.#nextId++);
  }

  timestamp(): string {
    return `${this.now().toISOString().slice(0, 19)}Z`;
  }

  place(payload: Record<string, unknown>): ShopOrder {
    const currency = String(payload.currency);
    const total = parseMoney(String(payload.total_price), currency).minor;
    const at = String(payload.updated_at);
    const order: ShopOrder = {
      id: String(payload.id),
      name: String(payload.name),
      currency,
      total,
      lines: (payload.line_items as Record<string, unknown>[]).map((line) => ({
        id: String(line.id),
        sku: line.sku === null ? null : String(line.sku),
        name: String(line.name),
        quantity: Number(line.quantity),
      })),
      payload,
      cancelledAt: null,
      updatedAt: at,
      transactions: [{ id: this.id(), kind: 'SALE', gateway: 'bogus', amount: total, createdAt: at }],
      refunds: [],
      fulfillments: [],
    };
    if (this.orders.has(order.id)) throw new Error(`order ${order.id} is placed already`);
    this.orders.set(order.id, order);
    return order;
  }

  refund(
    order: ShopOrder,
    request: {
      readonly note: string | null;
      readonly lines: ShopRefund['lines'];
      readonly payments: readonly { parentId?: string; gateway: string; amount: number }[];
    },
  ): ShopRefund | readonly UserError[] {
    const errors = [...this.#lineErrors(order, request.lines), ...this.#paymentErrors(order, request.payments)];
    if (errors.length > 0) return errors;
    const createdAt = this.timestamp();
    const transactions = request.payments.map(
      ({ parentId, gateway, amount }): ShopTransaction => ({
        id: this.id(),
        kind: 'REFUND',
        gateway,
        amount,
        createdAt,
        ...(parentId !== undefined && { parentId }),
      }),
    );
    const refund: ShopRefund = { id: this.id(), note: request.note, createdAt, lines: request.lines, transactions };
    order.refunds.push(refund);
    order.transactions.push(...transactions);
    order.updatedAt = createdAt;
    return refund;
  }

  #lineErrors(order: ShopOrder, lines: ShopRefund['lines']): UserError[] {
    return lines.flatMap(({ lineId, quantity }, index): UserError[] => {
      const field = ['input', 'refundLineItems', String(index), 'quantity'];
      const line = order.lines.find(({ id }) => id === lineId);
      if (!line) return [{ field, message: 'Refund line item is invalid' }];
      const before = unitsIn([{ lines: lines.slice(0, index) }], lineId);
      if (quantity <= 0 || before + quantity > refundable(order, lineId)) {
        return [{ field, message: 'Quantity cannot refund more items than were purchased' }];
      }
      return [];
    });
  }

  #paymentErrors(order: ShopOrder, payments: readonly { parentId?: string; amount: number }[]): UserError[] {
    return payments.flatMap(({ parentId, amount }, index): UserError[] => {
      const field = ['input', 'transactions', String(index), 'amount'];
      const parent = order.transactions.find(({ id }) => id === parentId);
      if (!parent || parent.kind === 'REFUND') return [{ field, message: 'Parent transaction is invalid' }];
      const before = [...order.transactions, ...payments.slice(0, index)]
        .filter((one) => one.parentId === parentId)
        .reduce((sum, one) => sum + one.amount, 0);
      if (amount <= 0 || before + amount > parent.amount) {
        const left = formatMoney({ minor: parent.amount - before, currency: order.currency });
        return [{ field, message: `Refund amount is greater than the amount that can be refunded (${left})` }];
      }
      return [];
    });
  }

  fulfill(
    order: ShopOrder,
    lines: ShopFulfillment['lines'],
    tracking: ShopFulfillment['tracking'],
  ): ShopFulfillment | readonly UserError[] {
    const field = ['fulfillment'];
    const status = fulfillmentOrderStatus(order);
    if (status !== 'OPEN') {
      const number = fulfillmentOrderId(order);
      return [{ field, message: `Fulfillment order ${number} has an unfulfillable status= ${status.toLowerCase()}.` }];
    }
    const over = lines.some(
      ({ lineId, quantity }) => quantity <= 0 || unitsIn([{ lines }], lineId) > unfulfilled(order, lineId),
    );
    if (over || lines.length === 0) {
      return [{ field, message: 'Invalid fulfillment order line item quantity requested.' }];
    }
    const createdAt = this.timestamp();
    const name = `${order.name}.${order.fulfillments.length + 1}`;
    const fulfillment: ShopFulfillment = { id: this.id(), name, createdAt, lines, tracking };
    order.fulfillments.push(fulfillment);
    order.updatedAt = createdAt;
    return fulfillment;
  }

  cancel(order: ShopOrder): void {
    order.cancelledAt = this.timestamp();
    order.updatedAt = order.cancelledAt;
  }
}

const quantityOf = (order: ShopOrder, lineId: string): number =>
  order.lines.find(({ id }) => id === lineId)?.quantity ?? 0;

const unitsIn = (
  parts: readonly { readonly lines: readonly { lineId: string; quantity: number }[] }[],
  lineId: string,
): number =>
  parts.flatMap(({ lines }) => lines).reduce((sum, line) => (line.lineId === lineId ? sum + line.quantity : sum), 0);

export const refundable = (order: ShopOrder, lineId: string): number =>
  quantityOf(order, lineId) - unitsIn(order.refunds, lineId);

export const unfulfilled = (order: ShopOrder, lineId: string): number =>
  quantityOf(order, lineId) - unitsIn(order.fulfillments, lineId);

export const refunded = (order: ShopOrder): number =>
  order.refunds.flatMap(({ transactions }) => transactions).reduce((sum, { amount }) => sum + amount, 0);

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
