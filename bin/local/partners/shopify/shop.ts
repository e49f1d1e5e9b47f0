import { formatMoney, parseMoney } from '#core/kernel/money.ts';
import {
  fulfillmentOrderId,
  fulfillmentOrderStatus,
  type PaymentStatus,
  refundable,
  type ShopFulfillment,
  type ShopLine,
  type ShopOrder,
  type ShopRefund,
  type ShopTransaction,
  type UserError,
  unfulfilled,
  unitsIn,
} from './order.ts';
import type { ShopPayout } from './payouts.ts';

export type ShopOptions = {
  readonly now: () => Date;
  /** Ids of what the shop makes count up from here. */
  readonly firstId?: number;
  /** What the payment gateway says to a refund at first. */
  readonly gateway?: () => PaymentStatus;
  /** How far reads lag behind what was done. */
  readonly readLagMs?: () => number;
};

/** Shopify's clock has seconds; two changes in one second share their `updated_at`. */
export const timestampOf = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

/**
 * The state of a Shopify shop: orders with their money, fulfilments and refunds. It keeps to Shopify's rules, so that a
 * wrong call is refused here as it would be there; it knows nothing of whoever calls it.
 */
export class Shop {
  readonly orders = new Map<string, ShopOrder>();
  readonly payouts = new Map<string, ShopPayout>();
  /** Whether it uses Shopify Payments. */
  payments = true;
  readonly now: () => Date;
  readonly #gateway: () => PaymentStatus;
  readonly #readLagMs: () => number;
  #nextId: number;

  constructor({ now, firstId = 7_000_000_000_001, gateway = () => 'SUCCESS', readLagMs = () => 0 }: ShopOptions) {
    this.now = now;
    this.#nextId = firstId;
    this.#gateway = gateway;
    this.#readLagMs = readLagMs;
  }

  id(): string {
    return String(this.#nextId++);
  }

  timestamp(): string {
    return timestampOf(this.now());
  }

  /** The order as a read shows it: what was made within the lag is not seen yet. */
  look(id: string): ShopOrder | undefined {
    const order = this.orders.get(id);
    const lag = this.#readLagMs();
    if (!order || lag <= 0) return order;
    const horizon = this.now().getTime() - lag;
    const seen = ({ createdAt }: { readonly createdAt: string }) => Date.parse(createdAt) <= horizon;
    const { refunds, fulfillments, transactions } = order;
    return {
      ...order,
      refunds: refunds.filter(seen),
      fulfillments: fulfillments.filter(seen),
      transactions: transactions.filter((one) => one.kind !== 'REFUND' || seen(one)),
    };
  }

  /** The order whose one fulfilment order this is. */
  orderToFulfill(id: string): ShopOrder | undefined {
    const order = this.orders.get(id.slice(1));
    return order && fulfillmentOrderId(order) === id ? order : undefined;
  }

  place(payload: Record<string, unknown>): ShopOrder {
    const id = String(payload.id);
    if (this.orders.has(id)) throw new Error(`order ${id} is placed already`);
    const currency = String(payload.currency);
    const at = String(payload.updated_at);
    const order: ShopOrder = {
      id,
      name: String(payload.name),
      currency,
      total: totalIn(payload),
      lines: linesIn(payload),
      payload,
      cancelledAt: null,
      updatedAt: at,
      transactions: [],
      refunds: [],
      fulfillments: [],
    };
    this.#pay(order, order.total, at);
    this.orders.set(id, order);
    return order;
  }

  /** Puts an edited payload in place of the order's; the buyer pays what it costs more. */
  edit(order: ShopOrder, payload: Record<string, unknown>): void {
    const more = totalIn(payload) - order.total;
    order.payload = payload;
    order.lines = linesIn(payload);
    order.total += more;
    order.updatedAt = this.timestamp();
    if (more > 0) this.#pay(order, more, order.updatedAt);
  }

  #pay(order: ShopOrder, amount: number, createdAt: string): void {
    order.transactions.push({ id: this.id(), kind: 'SALE', status: 'SUCCESS', gateway: 'bogus', amount, createdAt });
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
        status: this.#gateway(),
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
      const standing = order.transactions.filter(({ status }) => status !== 'FAILURE');
      const before = [...standing, ...payments.slice(0, index)]
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
    const fulfillment: ShopFulfillment = {
      id: this.id(),
      name,
      createdAt,
      updatedAt: createdAt,
      status: 'SUCCESS',
      lines,
      tracking,
    };
    order.fulfillments.push(fulfillment);
    order.updatedAt = createdAt;
    return fulfillment;
  }

  cancel(order: ShopOrder): void {
    order.cancelledAt = this.timestamp();
    order.updatedAt = order.cancelledAt;
  }
}

const totalIn = (payload: Record<string, unknown>): number =>
  parseMoney(String(payload.total_price), String(payload.currency)).minor;

const linesIn = (payload: Record<string, unknown>): readonly ShopLine[] =>
  (payload.line_items as Record<string, unknown>[]).map((line) => ({
    id: String(line.id),
    sku: line.sku === null ? null : String(line.sku),
    name: String(line.name),
    quantity: Number(line.quantity),
  }));
