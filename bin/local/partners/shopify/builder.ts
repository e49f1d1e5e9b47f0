import { allocate, formatMoney, parseMoney } from '#core/kernel/money.ts';

export type BuiltLine = {
  readonly sku: string | null;
  readonly title: string;
  readonly quantity: number;
  /** Decimal text, each. */
  readonly price: string;
  /** Decimal text "0.10"; taxed on what is left after discounts. */
  readonly taxRate?: string;
  /** The channel remits the tax itself. */
  readonly channelLiable?: boolean;
  readonly requiresShipping?: boolean;
};

export type OrderSpec = {
  readonly id: string;
  readonly name: string;
  readonly currency?: string;
  readonly lines: readonly BuiltLine[];
  /** Decimal text, over the whole order; spread over the lines as Shopify does. */
  readonly discount?: string;
  readonly shipping?: { readonly price: string; readonly taxRate?: string };
  readonly taxesIncluded?: boolean;
  /** When it is placed: ISO 8601 in whole seconds, as Shopify's times are. */
  readonly at: string;
};

/**
 * An order payload in Shopify's shape (REST 2026-07) whose arithmetic holds: items − discounts + tax + shipping = total,
 * in whole minor units of the currency throughout.
 */
export function buildShopifyOrder(spec: OrderSpec): Record<string, unknown> {
  const currency = spec.currency ?? 'USD';
  const minor = (text: string): number => parseMoney(text, currency).minor;
  const text = (value: number): string => formatMoney({ minor: value, currency });
  const set = (value: number) => {
    const one = { amount: text(value), currency_code: currency };
    return { shop_money: one, presentment_money: one };
  };
  const taxed = (amount: number, rate: string | undefined, liable: boolean | null) => {
    if (rate === undefined) return [];
    const tax = taxOf(amount, rate, spec.taxesIncluded ?? false);
    return [{ title: 'Sales Tax', price: text(tax), price_set: set(tax), rate: Number(rate), channel_liable: liable }];
  };

  const gross = spec.lines.map((line) => minor(line.price) * line.quantity);
  const discount = minor(spec.discount ?? '0');
  const items = gross.reduce((sum, value) => sum + value, 0);
  if (discount > items) throw new Error(`discount ${text(discount)} is above the items, ${text(items)}`);
  const shares = discount === 0 ? gross.map(() => 0) : allocate(discount, gross);
  const lines = spec.lines.map((line, index) => {
    const share = shares[index] ?? 0;
    return {
      id: Number(spec.id) * 10 + index + 1,
      admin_graphql_api_id: `gid://shopify/LineItem/${Number(spec.id) * 10 + index + 1}`,
      sku: line.sku,
      name: line.title,
      title: line.title,
      quantity: line.quantity,
      current_quantity: line.quantity,
      fulfillable_quantity: line.quantity,
      fulfillment_status: null,
      price: text(minor(line.price)),
      price_set: set(minor(line.price)),
      // Discounts over the whole order stand in `discount_allocations` alone.
      total_discount: text(0),
      requires_shipping: line.requiresShipping ?? true,
      taxable: line.taxRate !== undefined,
      gift_card: false,
      discount_allocations:
        share === 0 ? [] : [{ amount: text(share), amount_set: set(share), discount_application_index: 0 }],
      tax_lines: taxed((gross[index] ?? 0) - share, line.taxRate, line.channelLiable ?? null),
      duties: [],
    };
  });
  const shippingNet = minor(spec.shipping?.price ?? '0');
  const shippingTaxes = taxed(shippingNet, spec.shipping?.taxRate, null);
  const taxTotal = [...lines.flatMap((line) => line.tax_lines), ...shippingTaxes].reduce(
    (sum, tax) => sum + minor(tax.price),
    0,
  );
  const total = items - discount + shippingNet + (spec.taxesIncluded ? 0 : taxTotal);

  return {
    id: Number(spec.id),
    admin_graphql_api_id: `gid://shopify/Order/${spec.id}`,
    name: spec.name,
    order_number: Number(spec.name.replace(/\D/g, '')),
    created_at: spec.at,
    processed_at: spec.at,
    updated_at: spec.at,
    cancelled_at: null,
    closed_at: null,
    test: false,
    currency,
    presentment_currency: currency,
    financial_status: 'paid',
    fulfillment_status: null,
    taxes_included: spec.taxesIncluded ?? false,
    tax_exempt: false,
    total_line_items_price: text(items),
    total_discounts: text(discount),
    subtotal_price: text(items - discount),
    total_tax: text(taxTotal),
    total_price: text(total),
    total_price_set: set(total),
    current_total_price: text(total),
    current_total_price_set: set(total),
    total_shipping_price_set: set(shippingNet),
    total_tip_received: text(0),
    discount_codes: discount === 0 ? [] : [{ code: 'WELCOME', amount: text(discount), type: 'fixed_amount' }],
    discount_applications: discount === 0 ? [] : [discountApplication(text(discount))],
    line_items: lines,
    shipping_lines: spec.shipping
      ? [
          {
            id: Number(spec.id) * 10 + 9,
            title: 'Standard',
            price: text(shippingNet),
            price_set: set(shippingNet),
            discounted_price: text(shippingNet),
            tax_lines: shippingTaxes,
            discount_allocations: [],
          },
        ]
      : [],
    refunds: [],
    fulfillments: [],
    email: 'ada.buyer@mail.example.com',
    phone: null,
    customer: {
      id: 207119551,
      email: 'ada.buyer@mail.example.com',
      first_name: 'Ada',
      last_name: 'Buyer',
      tax_exempt: false,
    },
    shipping_address: {
      name: 'Ada Buyer',
      first_name: 'Ada',
      last_name: 'Buyer',
      company: null,
      address1: 'Chestnut Street 92',
      address2: '',
      city: 'Louisville',
      zip: '40202',
      province: 'Kentucky',
      province_code: 'KY',
      country: 'United States',
      country_code: 'US',
      phone: '555-625-1199',
    },
    billing_address: null,
  };
}

const discountApplication = (value: string): object => ({
  target_type: 'line_item',
  type: 'discount_code',
  value,
  value_type: 'fixed_amount',
  allocation_method: 'across',
  target_selection: 'all',
  code: 'WELCOME',
});

/** Half up to whole minor units, in integers: rate × amount, or the part of it that a price with tax inside holds. */
function taxOf(amount: number, rate: string, included: boolean): number {
  const [whole = '0', fraction = ''] = rate.split('.');
  const scale = 10n ** BigInt(fraction.length);
  const numerator = BigInt(whole + fraction);
  const denominator = included ? scale + numerator : scale;
  return Number((2n * BigInt(amount) * numerator + denominator) / (2n * denominator));
}
