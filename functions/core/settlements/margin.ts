import { allocate } from '../kernel/money.ts';
import type { Amounts, ClassKey } from './line.ts';
import { addAmounts, amountOf } from './settled-order.ts';

/** What a unit of an article costs, in minor units of one currency. */
export type UnitCost = { readonly minor: number; readonly currency: string };

/** What settlements say of one article of an order; `sku` is empty for what belongs to the order as a whole. */
export type ArticleAmounts = { readonly sku: string; readonly units: number; readonly amounts: Amounts };

/** What is left of an article of an order, in minor units: sale less cost, fees, refunds and shipping. Tax is nobody's gain. */
export type MarginRow = {
  readonly orderId: string;
  readonly sku: string;
  readonly currency: string;
  readonly units: number;
  /** Goods and delivery as paid, discounts taken off. With tax in it where the channel tells one amount for all. */
  readonly sale: number;
  /** Left out where the table has no cost of it in this currency; the margin is then before cost. */
  readonly cost?: number;
  readonly fees: number;
  readonly refunds: number;
  readonly shipping: number;
  /** Chargebacks and adjustments, as the seller sees them. */
  readonly other: number;
  readonly margin: number;
};

/** Fees that pay for getting the goods to the buyer. */
const SHIPPING: ReadonlySet<ClassKey> = new Set(['fee/shipping-label', 'fee/shipping-chargeback', 'fee/fulfilment']);

/**
 * Margin rows of one order. What belongs to the order as a whole is laid on its articles in proportion to their sales, to
 * the minor unit; where there is no article, it is a row without one.
 */
export function marginOf(
  orderId: string,
  currency: string,
  articles: readonly ArticleAmounts[],
  costs: ReadonlyMap<string, UnitCost>,
): MarginRow[] {
  return spread(articles).map(({ sku, units, amounts }) => {
    const [sale, refunds] = [amountOf(amounts, isSale), 0 - amountOf(amounts, isRefund)];
    const shipping = 0 - amountOf(amounts, (key) => SHIPPING.has(key));
    const fees =
      0 - amountOf(amounts, (key) => (key.startsWith('fee/') && !SHIPPING.has(key)) || key === 'advertising');
    const other = amountOf(amounts, (key) => key === 'chargeback' || key === 'adjustment');
    const unit = costs.get(sku);
    const cost = unit?.currency === currency ? unit.minor * units : undefined;
    const margin = sale - (cost ?? 0) - fees - refunds - shipping + other;
    return {
      orderId,
      sku,
      currency,
      units,
      sale,
      ...(cost !== undefined && { cost }),
      fees,
      refunds,
      shipping,
      other,
      margin,
    };
  });
}

const isSale = (key: ClassKey): boolean => key === 'sale' || key === 'shipping' || key === 'discount';
const isRefund = (key: ClassKey): boolean =>
  key === 'refund/sale' || key === 'refund/shipping' || key === 'refund/discount';

function spread(articles: readonly ArticleAmounts[]): ArticleAmounts[] {
  const whole = articles
    .filter(({ sku }) => sku === '')
    .map(({ amounts }) => amounts)
    .reduce(addAmounts, {});
  const named = articles.filter(({ sku }) => sku !== '');
  if (named.length === 0) return articles.length === 0 ? [] : [{ sku: '', units: unitsOf(articles), amounts: whole }];
  const sales = named.map(({ amounts }) => Math.max(0, amountOf(amounts, isSale)));
  const weights = sales.some((sale) => sale > 0) ? sales : sales.map(() => 1);
  const shares = (Object.entries(whole) as [ClassKey, number][]).map(
    ([key, amount]) => [key, allocate(amount, weights)] as const,
  );
  return named.map((article, index) => {
    const share: Amounts = Object.fromEntries(shares.map(([key, parts]) => [key, parts[index] ?? 0]));
    return { ...article, amounts: addAmounts(article.amounts, share) };
  });
}

const unitsOf = (articles: readonly ArticleAmounts[]): number => articles.reduce((sum, { units }) => sum + units, 0);

/** Margins of the same article, or of everything in a currency: the sums of their rows. */
export function sumMargins(rows: Iterable<MarginRow>, by: 'sku' | 'channel'): MarginRow[] {
  const sums = new Map<string, MarginRow>();
  for (const row of rows) {
    const sku = by === 'sku' ? row.sku : '';
    const key = `${row.currency} ${sku}`;
    const known = sums.get(key);
    sums.set(key, known === undefined ? { ...row, orderId: '', sku } : added(known, row));
  }
  return [...sums.values()];
}

function added(a: MarginRow, b: MarginRow): MarginRow {
  const { cost: first, ...rest } = a;
  // A sum in which one cost is missing has none: it would look like more gain than there is.
  const cost = first === undefined || b.cost === undefined ? undefined : first + b.cost;
  const sum = (field: 'units' | 'sale' | 'fees' | 'refunds' | 'shipping' | 'other'): number => a[field] + b[field];
  const parts = {
    units: sum('units'),
    sale: sum('sale'),
    fees: sum('fees'),
    refunds: sum('refunds'),
    shipping: sum('shipping'),
    other: sum('other'),
  };
  const margin = parts.sale - (cost ?? 0) - parts.fees - parts.refunds - parts.shipping + parts.other;
  return { ...rest, ...parts, ...(cost !== undefined && { cost }), margin };
}
