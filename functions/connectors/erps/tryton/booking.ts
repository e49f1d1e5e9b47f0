import { BusinessError } from '#core/kernel/errors.ts';
import type { TaxLine } from '#core/orders/order.ts';
import { canonicalDecimal, isDecimal, ratedAs } from './decimal.ts';

/**
 * How amounts of an order or return become lines of an ERP sale, to the cent. Pure. The ERP multiplies quantity by unit
 * price and computes tax itself, while the channel's amounts are totals of whole lines; what the ERP's arithmetic can't
 * express is put into lines whose arithmetic is trivial.
 */

/** Something sold or taken back: amounts are minor units for all its units, positive for a sale. */
export type Part = {
  readonly sku: string;
  readonly quantity: number;
  readonly net: number;
  readonly taxes: readonly TaxLine[];
  /** The order line, carried into the ERP so that shipments can be told by line. */
  readonly lineId?: string;
};

/** One line of the ERP's document. `quantity` is negative on a return; `unitPrice` is in minor units. */
export type DocumentLine = {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: number;
  /** Rates (canonical decimal texts) of the ERP taxes to put on it. */
  readonly taxRates: readonly string[];
  readonly lineId?: string;
  readonly description?: string;
};

/**
 * `erp-taxes`: the ERP computes tax where it comes to the channel's amounts. `collected-lines`: all tax is booked at the
 * channel's amounts, as lines of the collected-tax product; the way out when the ERP rounds the document differently.
 */
export type TaxPlan = 'erp-taxes' | 'collected-lines';

export type TaxRules = {
  /** Rates for which the ERP has a tax. */
  readonly erpRates: ReadonlySet<string>;
  /** SKU of the collected-tax product, where the settings name one. */
  readonly collectedTax?: string | undefined;
};

/** Sale or return: a return's quantities are negative, its prices the same. */
export type Direction = 1 | -1;

/** Lines whose sum is exactly the parts' net plus the tax that the seller remits. */
export function documentLines(
  parts: readonly Part[],
  plan: TaxPlan,
  rules: TaxRules,
  direction: Direction,
): DocumentLine[] {
  const collected = new Map<string, { amount: number; description: string }>();
  const lines = parts.flatMap((part) => {
    const { erp, other } = divideTaxes(part, plan, rules);
    for (const tax of other) {
      const description = ['Tax', tax.title, rateOf(tax)].filter(Boolean).join(' ').slice(0, 100);
      const sum = collected.get(description)?.amount ?? 0;
      collected.set(description, { amount: sum + tax.amount, description });
    }
    return pricedUnits(part.net, part.quantity).map(({ quantity, unitPrice }) => ({
      sku: part.sku,
      quantity: direction * quantity,
      unitPrice,
      taxRates: erp,
      ...(part.lineId !== undefined && { lineId: part.lineId }),
    }));
  });
  const taxLines = [...collected.values()]
    .filter(({ amount }) => amount !== 0)
    .map(({ amount, description }) => ({
      sku: collectedTaxProduct(rules, description),
      quantity: direction,
      unitPrice: amount,
      taxRates: [],
      description,
    }));
  return [...lines, ...taxLines];
}

/**
 * A line total as units at whole prices: equal prices where the total divides evenly, else the last units one minor unit
 * dearer, as `unitsShare` of the core values them. Σ quantity × unitPrice is the total, always.
 */
export function pricedUnits(total: number, quantity: number): { quantity: number; unitPrice: number }[] {
  if (!Number.isSafeInteger(total) || !Number.isSafeInteger(quantity) || quantity < 1) {
    throw new RangeError(`${quantity} units for ${total} minor units: give whole numbers and at least one unit`);
  }
  const each = Math.trunc(total / quantity);
  const extra = total - each * quantity;
  const dearer = Math.abs(extra);
  return [
    { quantity: quantity - dearer, unitPrice: each === 0 ? 0 : each },
    { quantity: dearer, unitPrice: each + Math.sign(extra) },
  ].filter((some) => some.quantity > 0);
}

/** Tax that the ERP will compute to the channel's amount, and tax that must be booked as an amount. */
function divideTaxes(part: Part, plan: TaxPlan, rules: TaxRules): { erp: string[]; other: TaxLine[] } {
  const erp: string[] = [];
  const other: TaxLine[] = [];
  for (const tax of part.taxes) {
    if (tax.collectedBy === 'marketplace') continue;
    const rate = plan === 'erp-taxes' ? rateOf(tax) : undefined;
    // The ERP takes a tax once a line, so a second one of the same rate is booked as an amount.
    if (rate !== undefined && rules.erpRates.has(rate) && !erp.includes(rate) && ratedAs(part.net, rate, tax.amount)) {
      erp.push(rate);
    } else {
      other.push(tax);
    }
  }
  return { erp, other };
}

function collectedTaxProduct({ collectedTax }: TaxRules, description: string): string {
  if (collectedTax !== undefined) return collectedTax;
  throw new BusinessError(
    'TAX_NOT_MAPPED',
    `the ERP has no tax for "${description}" at the channel's amount, and the settings name no product for collected tax: map the rate or name the product`,
  );
}

/** A rate that is no decimal text can't be compared; its tax is booked as an amount. */
const rateOf = ({ rate }: TaxLine): string | undefined =>
  rate !== undefined && isDecimal(rate) ? canonicalDecimal(rate) : undefined;
