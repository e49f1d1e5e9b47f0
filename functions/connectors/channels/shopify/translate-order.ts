import { PoisonError } from '#core/kernel/errors.ts';
import { isCurrency, MoneyError, parseMoney } from '#core/kernel/money.ts';
import type { Address, ChannelOrder, OrderLine, PersonalData, TaxLine } from '#core/orders/order.ts';
import type { OrderWire } from './wire.ts';

/** Where a message came from and when Shopify sent it off. */
export type Origin = { readonly account: string; readonly triggeredAt: number };

/**
 * A Shopify order in our own words. The shop's money is booked, never the buyer's presentment currency. Amounts are as
 * ordered: edits and refunds have messages of their own.
 */
export function channelOrder(wire: OrderWire, { account, triggeredAt }: Origin): ChannelOrder {
  const book = new ShopMoney(wire.currency);
  const lines = wire.line_items.map((line, index) => orderLine(line, `line_items.${index}`, wire.taxes_included, book));
  const shipping = wire.shipping_lines.map((line, index) => {
    const path = `shipping_lines.${index}`;
    const taxes = taxesOf(line.tax_lines ?? [], `${path}.tax_lines`, book);
    const gross =
      book.minor(line.price, `${path}.price`, line.price_set) - discounts(line.discount_allocations ?? [], path, book);
    return { net: wire.taxes_included ? gross - taxSum(taxes) : gross, taxes };
  });
  return {
    id: { channel: 'shopify', account, orderId: wire.id },
    number: wire.name,
    version: { updatedAt: Date.parse(wire.updated_at), triggeredAt },
    placedAt: wire.processed_at ?? wire.created_at,
    currency: wire.currency,
    lines,
    shipping: { net: shipping.reduce((sum, { net }) => sum + net, 0), taxes: shipping.flatMap(({ taxes }) => taxes) },
    fees: feesOf(wire, book),
    total: book.minor(wire.total_price, 'total_price', wire.total_price_set),
    ...(wire.cancelled_at && { cancelledAt: wire.cancelled_at }),
    customer: customerOf(wire),
    personal: personalOf(wire),
  };
}

type MoneySet = { readonly shop_money: { readonly amount: string; readonly currency_code: string } } | null | undefined;

/** Reads amounts of the shop's currency and refuses any other, with the path of the field that has it. */
class ShopMoney {
  readonly #currency: string;

  constructor(currency: string) {
    if (!isCurrency(currency))
      throw new PoisonError('CURRENCY_UNKNOWN', `currency: "${currency.slice(0, 10)}" is not in ISO 4217`);
    this.#currency = currency;
  }

  minor(amount: string, path: string, set?: MoneySet): number {
    const named = set?.shop_money.currency_code;
    if (named !== undefined && named !== this.#currency) {
      throw new PoisonError(
        'CURRENCY_MIXED',
        `${path}: shop money in ${named.slice(0, 10)}, and the order is in ${this.#currency}`,
      );
    }
    try {
      return parseMoney(set?.shop_money.amount ?? amount, this.#currency).minor;
    } catch (error) {
      if (!(error instanceof MoneyError)) throw error;
      throw new PoisonError('AMOUNT_MALFORMED', `${path}: ${error.message}`);
    }
  }
}

function orderLine(
  line: OrderWire['line_items'][number],
  path: string,
  taxesIncluded: boolean,
  book: ShopMoney,
): OrderLine {
  const discount = discounts(line.discount_allocations, path, book);
  const taxes = taxesOf(line.tax_lines, `${path}.tax_lines`, book);
  const gross = book.minor(line.price, `${path}.price`, line.price_set) * line.quantity - discount;
  return {
    lineId: line.id,
    sku: line.sku ?? '',
    ...(line.title !== undefined && { title: line.title }),
    quantity: line.quantity,
    net: taxesIncluded ? gross - taxSum(taxes) : gross,
    discount,
    taxes,
  };
}

function discounts(
  allocations: readonly { amount: string; amount_set?: MoneySet }[],
  path: string,
  book: ShopMoney,
): number {
  return allocations.reduce(
    (sum, one, index) => sum + book.minor(one.amount, `${path}.discount_allocations.${index}`, one.amount_set),
    0,
  );
}

type TaxWire = OrderWire['line_items'][number]['tax_lines'];

function taxesOf(taxes: TaxWire, path: string, book: ShopMoney): TaxLine[] {
  return taxes
    .map(
      (tax, index): TaxLine => ({
        ...(tax.title !== undefined && { title: tax.title }),
        ...(tax.rate != null && { rate: tax.rate }),
        amount: book.minor(tax.price, `${path}.${index}.price`, tax.price_set),
        collectedBy: tax.channel_liable === true ? 'marketplace' : 'seller',
      }),
    )
    .filter(({ amount }) => amount !== 0);
}

const taxSum = (taxes: readonly TaxLine[]): number => taxes.reduce((sum, { amount }) => sum + amount, 0);

/** Whatever else the buyer paid: tips, additional fees, duties with their tax. */
function feesOf(wire: OrderWire, book: ShopMoney): ChannelOrder['fees'] {
  const duties = wire.line_items.flatMap((line, index) =>
    (line.duties ?? []).map((duty, at) => {
      const path = `line_items.${index}.duties.${at}`;
      const amount = duty.shop_money ? book.minor(duty.shop_money.amount, path, { shop_money: duty.shop_money }) : 0;
      return amount + taxSum(taxesOf(duty.tax_lines, `${path}.tax_lines`, book));
    }),
  );
  const additional = wire.original_total_additional_fees_set;
  return [
    { kind: 'tip', net: book.minor(wire.total_tip_received ?? '0', 'total_tip_received') },
    { kind: 'duty', net: duties.reduce((sum, amount) => sum + amount, 0) },
    {
      kind: 'additional-fee',
      net: additional ? book.minor(additional.shop_money.amount, 'original_total_additional_fees_set', additional) : 0,
    },
  ].filter(({ net }) => net !== 0);
}

function customerOf(wire: OrderWire): ChannelOrder['customer'] {
  const to = wire.shipping_address ?? wire.billing_address;
  return {
    ...(wire.customer && { channelCustomerId: wire.customer.id }),
    type: to?.company === undefined ? 'consumer' : 'business',
    taxExempt: wire.tax_exempt === true || wire.customer?.tax_exempt === true,
    ...(to?.country_code !== undefined && { country: to.country_code }),
    ...(to?.province_code !== undefined && { region: to.province_code }),
    ...(to?.zip !== undefined && { postalPrefix: to.zip.slice(0, 3) }),
  };
}

function personalOf(wire: OrderWire): PersonalData {
  const to = wire.shipping_address ?? wire.billing_address;
  return {
    ...(wire.email !== undefined && { email: wire.email }),
    ...(wire.phone !== undefined && { phone: wire.phone }),
    ...(to && { shipTo: addressOf(to) }),
  };
}

function addressOf(wire: NonNullable<OrderWire['shipping_address']>): Address {
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
