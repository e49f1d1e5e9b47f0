import type {
  Address,
  ChannelOrder,
  Charge,
  CustomerProfile,
  OrderLine,
  PersonalData,
  TaxLine,
} from '#core/orders/order.ts';
import { utc } from '../../wire.ts';
import { ShopMoney, total } from './money.ts';
import type { WireAddress, WireLine, WireOrder, WireShipping, WireTax } from './wire.ts';

export type Arrival = {
  readonly account: string;
  /** When Shopify let the message go (epoch ms); orders two versions of one second. */
  readonly triggeredAt: number;
};

/**
 * An order as it was placed: `quantity`, not `current_quantity`, which also shrinks with every refund; and `total_price`,
 * not `current_total_price`, for the same reason. Totals that Shopify states beside (`subtotal_price`, `total_tax`) differ
 * in meaning between its own samples, so they are computed and never read.
 */
export function translateOrder(order: WireOrder, { account, triggeredAt }: Arrival): ChannelOrder {
  const shop = new ShopMoney(order.currency);
  const tips = order.line_items.filter(isTip);
  const goods = order.line_items.map((line, index) => ({ line, path: `line_items.${index}` }));
  return {
    id: { channel: 'shopify', account, orderId: order.id },
    number: order.name ?? `#${order.order_number ?? order.id}`,
    version: { updatedAt: Date.parse(order.updated_at), triggeredAt },
    placedAt: utc(order.processed_at ?? order.created_at),
    currency: order.currency,
    lines: goods.filter(({ line }) => !isTip(line)).map(({ line, path }) => orderLine(line, order, shop, path)),
    shipping: shippingOf(order, shop),
    fees: feesOf(order, tips, shop),
    total: shop.amount(order.total_price_set, order.total_price, 'total_price'),
    ...(order.cancelled_at && { cancelledAt: utc(order.cancelled_at) }),
    customer: profileOf(order),
    personal: personalOf(order),
  };
}

/** A tip given at checkout comes as a line without SKU; it is money, and nothing that is shipped. */
const isTip = ({ tip, tip_payment_gateway: gateway }: WireLine): boolean =>
  gateway !== undefined || (tip !== undefined && tip !== null);

function orderLine(line: WireLine, order: WireOrder, shop: ShopMoney, path: string): OrderLine {
  const discount = discountOf(line, shop, path);
  const taxes = taxLines(line.tax_lines, shop, `${path}.tax_lines`);
  const gross = shop.times(shop.amount(line.price_set, line.price, `${path}.price`), line.quantity, `${path}.quantity`);
  // What is inside the price already has its own place in our order.
  const taxInside = order.taxes_included ? total(taxes, (tax) => tax.amount) : 0;
  const dutiesInside = order.duties_included ? dutiesOf(line, shop, path) : 0;
  return {
    lineId: line.id,
    sku: line.sku ?? '',
    ...(line.title !== undefined && { title: line.title }),
    quantity: line.quantity,
    net: gross - discount - taxInside - dutiesInside,
    discount,
    taxes,
  };
}

function discountOf(
  part: Pick<WireLine, 'discount_allocations' | 'total_discount'>,
  shop: ShopMoney,
  path: string,
): number {
  const { discount_allocations: allocations, total_discount: plain } = part;
  if (!allocations) return shop.optional(undefined, plain, `${path}.total_discount`) ?? 0;
  return total(allocations, ({ amount, amount_set: set }, index) =>
    shop.amount(set, amount, `${path}.discount_allocations.${index}.amount`),
  );
}

const dutiesOf = (line: WireLine, shop: ShopMoney, path: string): number =>
  total(line.duties, ({ shop_money: { amount, currency_code: currency } }, index) =>
    shop.of(amount, currency, `${path}.duties.${index}.shop_money`),
  );

function taxLines(wire: readonly WireTax[], shop: ShopMoney, path: string): TaxLine[] {
  return wire.map((tax, index): TaxLine => {
    const rate = tax.rate?.decimal;
    return {
      ...(tax.title !== undefined && { title: tax.title }),
      ...(rate !== undefined && { rate }),
      amount: shop.amount(tax.price_set, tax.price, `${path}.${index}.price`),
      // Shopify: the channel that sold the order remits this tax itself.
      collectedBy: tax.channel_liable ? 'marketplace' : 'seller',
    };
  });
}

/** All shipping lines as one charge; those that an edit took off are still part of `total_price`. */
function shippingOf(order: WireOrder, shop: ShopMoney): Charge {
  const charges = order.shipping_lines.map((line, index) => {
    const path = `shipping_lines.${index}`;
    const taxes = taxLines(line.tax_lines, shop, `${path}.tax_lines`);
    const inside = order.taxes_included ? total(taxes, (tax) => tax.amount) : 0;
    return { net: shippingPrice(line, shop, path) - inside, taxes };
  });
  return { net: total(charges, ({ net }) => net), taxes: charges.flatMap(({ taxes }) => taxes) };
}

function shippingPrice(line: WireShipping, shop: ShopMoney, path: string): number {
  const price = shop.amount(line.price_set, line.price, `${path}.price`);
  if (line.discount_allocations) return price - discountOf({ ...line, total_discount: null }, shop, path);
  const { discounted_price_set: set, discounted_price: plain } = line;
  return shop.optional(set, plain, `${path}.discounted_price`) ?? price;
}

type Fee = ChannelOrder['fees'][number];

/** What else the buyer paid: tips, import duties, additional fees, and the tax on the last two. Nothing is listed for zero. */
function feesOf(order: WireOrder, tips: readonly WireLine[], shop: ShopMoney): Fee[] {
  const dutyTaxes = order.line_items.flatMap((line) => line.duties.flatMap((duty) => duty.tax_lines));
  const feeTaxes = order.additional_fees.flatMap((fee) => fee.tax_lines);
  const fees: Fee[] = [
    { kind: 'tip', net: tipsOf(order, tips, shop) },
    { kind: 'duties', net: orderDuties(order, shop) },
    { kind: 'duties-tax', net: total(taxLines(dutyTaxes, shop, 'duties.tax_lines'), (tax) => tax.amount) },
    {
      kind: 'additional-fees',
      net:
        shop.optional(order.original_total_additional_fees_set, undefined, 'original_total_additional_fees_set') ?? 0,
    },
    {
      kind: 'additional-fees-tax',
      net: total(taxLines(feeTaxes, shop, 'additional_fees.tax_lines'), (tax) => tax.amount),
    },
  ];
  return fees.filter(({ net }) => net !== 0);
}

/** Where tips are lines, `total_tip_received` says them again. */
function tipsOf(order: WireOrder, tips: readonly WireLine[], shop: ShopMoney): number {
  if (tips.length === 0) return shop.optional(undefined, order.total_tip_received, 'total_tip_received') ?? 0;
  return total(tips, ({ price_set: set, price, quantity }) =>
    shop.times(shop.amount(set, price, 'line_items (tip)'), quantity, 'line_items (tip)'),
  );
}

function orderDuties(order: WireOrder, shop: ShopMoney): number {
  const stated = shop.optional(order.original_total_duties_set, undefined, 'original_total_duties_set');
  return stated ?? total(order.line_items, (line, index) => dutiesOf(line, shop, `line_items.${index}`));
}

/** Three characters of a postal code find a region, and no household. */
const POSTAL_PREFIX = 3;

function profileOf(order: WireOrder): CustomerProfile {
  const { customer, shipping_address: shipTo, billing_address: billTo } = order;
  const company = order.company ?? shipTo?.company ?? billTo?.company;
  return {
    ...(customer?.id && { channelCustomerId: customer.id }),
    type: company ? 'business' : 'consumer',
    taxExempt: order.tax_exempt || (customer?.tax_exempt ?? false),
    ...(shipTo?.country_code && { country: shipTo.country_code }),
    ...(shipTo?.province_code && { region: shipTo.province_code }),
    ...(shipTo?.zip && { postalPrefix: shipTo.zip.slice(0, POSTAL_PREFIX) }),
  };
}

function personalOf({
  email,
  contact_email: contact,
  phone,
  customer,
  shipping_address: shipTo,
}: WireOrder): PersonalData {
  const mail = email ?? contact ?? customer?.email;
  const telephone = phone ?? customer?.phone;
  return {
    ...(mail !== undefined && { email: mail }),
    ...(telephone !== undefined && { phone: telephone }),
    ...(shipTo && { shipTo: addressOf(shipTo) }),
  };
}

function addressOf(wire: WireAddress): Address {
  const { name, company, city, phone } = wire;
  return {
    ...(name !== undefined && { name }),
    ...(company !== undefined && { company }),
    lines: [wire.address1, wire.address2].filter((line) => line !== undefined),
    ...(city !== undefined && { city }),
    ...(wire.province_code !== undefined && { region: wire.province_code }),
    ...(wire.zip !== undefined && { postalCode: wire.zip }),
    ...(wire.country_code !== undefined && { country: wire.country_code }),
    ...(phone !== undefined && { phone }),
  };
}
