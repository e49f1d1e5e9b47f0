import { formatMoney, parseMoney } from '#core/kernel/money.ts';
import {
  refundable,
  refunded,
  type ShopFulfillment,
  type ShopOrder,
  type ShopRefund,
  trackingNumbers,
  unfulfilled,
  wanted,
} from './order.ts';

/** The REST-shaped resources that Shopify puts into webhooks (shapes as in the 2026-07 REST samples). */

/**
 * The order as it stands. What was ordered stays as it was; `current_*` and the line's `current_quantity` shrink with each
 * refund.
 */
export function orderPayload(order: ShopOrder): string {
  const status = refunded(order) === 0 ? 'paid' : refunded(order) < order.total ? 'partially_refunded' : 'refunded';
  return JSON.stringify({
    ...order.payload,
    ...currentTotal(order),
    updated_at: order.updatedAt,
    cancelled_at: order.cancelledAt,
    cancel_reason: order.cancelledAt ? 'customer' : null,
    financial_status: status,
    fulfillment_status: statusOf(order.lines.map(({ id }) => [wanted(order, id), unfulfilled(order, id)])),
    line_items: linesOf(order).map((line) => ({
      ...line,
      current_quantity: refundable(order, String(line.id)),
      fulfillable_quantity: order.cancelledAt ? 0 : unfulfilled(order, String(line.id)),
      fulfillment_status: statusOf([[wanted(order, String(line.id)), unfulfilled(order, String(line.id))]]),
    })),
    fulfillments: order.fulfillments.map((one) => fulfillmentBody(order, one)),
    refunds: order.refunds.map((one) => refundBody(order, one)),
  });
}

export const refundPayload = (order: ShopOrder, refund: ShopRefund): string =>
  JSON.stringify(refundBody(order, refund));

export const fulfillmentPayload = (order: ShopOrder, fulfillment: ShopFulfillment): string =>
  JSON.stringify(fulfillmentBody(order, fulfillment));

function refundBody(order: ShopOrder, refund: ShopRefund): object {
  return {
    id: Number(refund.id),
    order_id: Number(order.id),
    created_at: refund.createdAt,
    note: refund.note,
    user_id: null,
    processed_at: refund.createdAt,
    restock: refund.lines.some(({ restockType }) => restockType !== 'NO_RESTOCK'),
    admin_graphql_api_id: `gid://shopify/Refund/${refund.id}`,
    order_adjustments: [],
    transactions: refund.transactions.map((one) => ({
      id: Number(one.id),
      admin_graphql_api_id: `gid://shopify/OrderTransaction/${one.id}`,
      order_id: Number(order.id),
      kind: 'refund',
      gateway: one.gateway,
      status: one.status.toLowerCase(),
      created_at: one.createdAt,
      processed_at: one.createdAt,
      parent_id: one.parentId === undefined ? null : Number(one.parentId),
      amount: decimal(order, one.amount),
      currency: order.currency,
      authorization: null,
      error_code: null,
      message: null,
      receipt: {},
      test: false,
    })),
    refund_line_items: refundedLines(order, refund).map(({ lineId, quantity, restockType, subtotal, tax }, index) => ({
      id: Number(`${refund.id}${index}`.slice(-15)),
      line_item_id: Number(lineId),
      quantity,
      restock_type: restockType.toLowerCase(),
      location_id: null,
      // Shopify sends these two as JSON numbers while all other amounts are strings.
      subtotal: Number(decimal(order, subtotal)),
      subtotal_set: set(order, subtotal),
      total_tax: Number(decimal(order, tax)),
      total_tax_set: set(order, tax),
      line_item: linesOf(order).find(({ id }) => String(id) === lineId) ?? null,
    })),
  };
}

function fulfillmentBody(order: ShopOrder, fulfillment: ShopFulfillment): object {
  const { company = null, url = null } = fulfillment.tracking;
  const numbers = trackingNumbers(fulfillment.tracking);
  return {
    id: Number(fulfillment.id),
    admin_graphql_api_id: `gid://shopify/Fulfillment/${fulfillment.id}`,
    order_id: Number(order.id),
    name: fulfillment.name,
    status: fulfillment.status.toLowerCase(),
    shipment_status: null,
    created_at: fulfillment.createdAt,
    updated_at: fulfillment.updatedAt,
    service: 'manual',
    location_id: null,
    receipt: {},
    tracking_company: company,
    tracking_number: numbers[0] ?? null,
    tracking_numbers: numbers,
    tracking_url: url,
    tracking_urls: url === null ? [] : [url],
    line_items: fulfillment.lines.map(({ lineId, quantity }) => ({
      ...linesOf(order).find((line) => String(line.id) === lineId),
      quantity,
    })),
  };
}

type PlacedLine = {
  readonly id: number;
  readonly quantity: number;
  readonly price: string;
  readonly total_discount?: string;
  readonly discount_allocations?: readonly { readonly amount: string }[];
  readonly tax_lines?: readonly { readonly price: string }[];
};

const linesOf = (order: ShopOrder): readonly PlacedLine[] => order.payload.line_items as readonly PlacedLine[];

const decimal = (order: ShopOrder, minor: number): string => formatMoney({ minor, currency: order.currency });

function set(order: ShopOrder, minor: number): object {
  const one = { amount: decimal(order, minor), currency_code: order.currency };
  return { shop_money: one, presentment_money: one };
}

/**
 * Lines of a refund with their worth after discounts, and the tax on it. Units are worth their share of the line, so that
 * all refunds of a line together give its whole, to the cent.
 */
function refundedLines(order: ShopOrder, refund: ShopRefund) {
  const earlier = order.refunds.filter(({ id }) => BigInt(id) < BigInt(refund.id));
  return worths(order, earlier, refund.lines);
}

function worths(order: ShopOrder, earlier: readonly ShopRefund[], lines: ShopRefund['lines']) {
  const taken = earlier.flatMap((refund) => refund.lines);
  return lines.map((line, index) => {
    const before = [...taken, ...lines.slice(0, index)]
      .filter(({ lineId }) => lineId === line.lineId)
      .reduce((units, { quantity }) => units + quantity, 0);
    const placed = linesOf(order).find(({ id }) => String(id) === line.lineId);
    if (!placed) throw new Error(`order ${order.id} has no line ${line.lineId}`);
    const upTo = (total: number, units: number): number => roundedShare(total, units, placed.quantity);
    const share = (total: number): number => upTo(total, before + line.quantity) - upTo(total, before);
    return { ...line, subtotal: share(netOf(order, placed)), tax: share(taxOf(order, placed)) };
  });
}

/** Minor units that the buyer paid for lines which are refunded next: what the admin suggests to pay back. */
export const worthOf = (order: ShopOrder, lines: ShopRefund['lines']): number =>
  paidFor(order, worths(order, order.refunds, lines));

function paidFor(order: ShopOrder, lines: ReturnType<typeof worths>): number {
  const taxInside = order.payload.taxes_included === true;
  return lines.reduce((sum, { subtotal, tax }) => sum + subtotal + (taxInside ? 0 : tax), 0);
}

/** total × part / whole, half up. The shop's own rule: it is not for a partner to round as its caller does. */
const roundedShare = (total: number, part: number, whole: number): number =>
  Number((2n * BigInt(total) * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole)));

/** Price × quantity − discounts, in minor units. */
function netOf(order: ShopOrder, { price, quantity, discount_allocations: shares, total_discount: plain }: PlacedLine) {
  const minor = (text: string): number => parseMoney(text, order.currency).minor;
  const discount = shares ? shares.reduce((sum, { amount }) => sum + minor(amount), 0) : minor(plain ?? '0');
  return minor(price) * quantity - discount;
}

const taxOf = (order: ShopOrder, { tax_lines: taxes = [] }: PlacedLine): number =>
  taxes.reduce((sum, { price }) => sum + parseMoney(price, order.currency).minor, 0);

/** What is left of the total when the refunded lines are taken off, whatever money went back for them. */
function currentTotal(order: ShopOrder): object {
  const off = order.refunds.reduce((sum, refund) => sum + paidFor(order, refundedLines(order, refund)), 0);
  const left = order.total - off;
  return { current_total_price: decimal(order, left), current_total_price_set: set(order, left) };
}

/** `fulfillment_status` of an order or a line, from units that are wanted and units still open. */
function statusOf(parts: readonly (readonly [units: number, open: number])[]): 'fulfilled' | 'partial' | null {
  const wantedParts = parts.filter(([units]) => units > 0);
  if (wantedParts.length === 0) return null;
  if (wantedParts.every(([, open]) => open === 0)) return 'fulfilled';
  return wantedParts.some(([units, open]) => open < units) ? 'partial' : null;
}
