import type { Money } from '../kernel/money.ts';

/** Whose order: the channel's own id is unique per channel account, so the three together are unique for ever. */
export type OrderId = { readonly channel: string; readonly account: string; readonly orderId: string };

/** Key of the order's aggregate, and of everything that hangs on it. */
export const orderKey = ({ channel, account, orderId }: OrderId): string => `ORDER#${channel}#${account}#${orderId}`;

/** The identity as it stands in operation keys. */
export const orderPath = ({ channel, account, orderId }: OrderId): string => `${channel}/${account}/${orderId}`;

/** Reads an aggregate key back. Throws when it is not an order's. */
export function parseOrderKey(key: string): OrderId {
  const [kind, channel, account, ...rest] = key.split('#');
  if (kind !== 'ORDER' || !channel || !account || rest.length === 0) throw new Error(`"${key}" is not an order key`);
  return { channel, account, orderId: rest.join('#') };
}

/** Tax as the channel charged it. `rate` is a decimal text ("0.06"); who remits it decides whether the ERP books it. */
export type TaxLine = {
  readonly title?: string;
  readonly rate?: string;
  /** Minor units of the order's currency. */
  readonly amount: number;
  /** `marketplace`: collected and remitted by the channel, never the seller's money. */
  readonly collectedBy: 'seller' | 'marketplace';
};

/** One line as ordered. Amounts are minor units of the order's currency, for the whole line. */
export type OrderLine = {
  readonly lineId: string;
  readonly sku: string;
  readonly title?: string;
  readonly quantity: number;
  /** After discounts, without tax. */
  readonly net: number;
  readonly discount: number;
  readonly taxes: readonly TaxLine[];
};

export type Charge = { readonly net: number; readonly taxes: readonly TaxLine[] };

/** What the ERP and the tax report need to know of the buyer; nothing in here names or finds a person. */
export type CustomerProfile = {
  /** The channel's own id of the buyer account, where it gives one. */
  readonly channelCustomerId?: string;
  readonly type: 'consumer' | 'business';
  readonly taxExempt: boolean;
  /** Where the goods go, as far as tax needs it: ISO 3166-1 alpha-2, and the region code. */
  readonly country?: string;
  readonly region?: string;
  readonly postalPrefix?: string;
};

/** Personal data: kept in one attribute of one row, so that an erasure is one write; never in events, logs or operations. */
export type PersonalData = {
  readonly email?: string;
  readonly phone?: string;
  readonly vatId?: string;
  readonly shipTo?: Address;
};

export type Address = {
  readonly name?: string;
  readonly company?: string;
  readonly lines: readonly string[];
  readonly city?: string;
  readonly region?: string;
  readonly postalCode?: string;
  readonly country?: string;
  readonly phone?: string;
};

/** An order as the channel tells it, in our own words; what a connector's `translate` makes of any order message. */
export type ChannelOrder = {
  readonly id: OrderId;
  /** The number people use ("#1001"). */
  readonly number: string;
  /** Orders versions of one order: the source's last-updated time, then the time the message was triggered (epoch ms). */
  readonly version: { readonly updatedAt: number; readonly triggeredAt: number };
  readonly placedAt: string;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly shipping: Charge;
  /** Tips, duties, additional fees: whatever else the buyer paid, by name. */
  readonly fees: readonly { readonly kind: string; readonly net: number }[];
  /** What the buyer paid in all, by the channel's own reckoning. */
  readonly total: number;
  readonly cancelledAt?: string;
  readonly customer: CustomerProfile;
  readonly personal?: PersonalData;
};

export const taxTotal = (taxes: readonly TaxLine[], collectedBy?: TaxLine['collectedBy']): number =>
  taxes.reduce(
    (sum, tax) => (collectedBy === undefined || tax.collectedBy === collectedBy ? sum + tax.amount : sum),
    0,
  );

/** What the parts of an order add up to, in minor units; it must equal the channel's own total to the cent. */
export function computedTotal(order: Pick<ChannelOrder, 'lines' | 'shipping' | 'fees'>): number {
  const lines = order.lines.reduce((sum, line) => sum + line.net + taxTotal(line.taxes), 0);
  const fees = order.fees.reduce((sum, fee) => sum + fee.net, 0);
  return lines + order.shipping.net + taxTotal(order.shipping.taxes) + fees;
}

/** What the ERP books: all but the tax that the marketplace collects and remits itself. */
export function sellerTotal(order: Pick<ChannelOrder, 'lines' | 'shipping' | 'fees'>): number {
  const collected = order.lines.reduce((sum, line) => sum + taxTotal(line.taxes, 'marketplace'), 0);
  return computedTotal(order) - collected - taxTotal(order.shipping.taxes, 'marketplace');
}

export const amount = (order: Pick<ChannelOrder, 'currency'>, minor: number): Money => ({
  minor,
  currency: order.currency,
});
