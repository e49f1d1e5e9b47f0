import { formatMoney } from '#core/kernel/money.ts';
import type { BuiltLine, OrderSpec } from '../../../../bin/local/partners/shopify/builder.ts';
import type { Random } from '../random.ts';

/** An order as a buyer places it; the shop numbers and dates it. */
export type NewOrder = Omit<OrderSpec, 'id' | 'name' | 'at'>;

export type Article = {
  readonly sku: string;
  readonly title: string;
  /** Minor units, each. */
  readonly price: number;
};

export type DrawOptions = {
  readonly catalogue: readonly Article[];
  /** Of the shop: a shop keeps its books in one. */
  readonly currency: string;
};

const MAX_LINES = 4;
const MAX_UNITS = 5;
const RATES = ['0.06', '0.0725', '0.10', '0.19'] as const;

/** An order such as buyers place: every part of one that changes how it adds up comes up now and then. */
export function drawOrder(random: Random, { catalogue, currency }: DrawOptions): NewOrder {
  if (catalogue.length === 0) throw new Error('an order is drawn from a catalogue of at least one article');
  const often = (share: number): boolean => random() < share;
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  const text = (minor: number): string => formatMoney({ minor, currency });

  const articles = shuffled(catalogue, random).slice(0, upTo(Math.min(MAX_LINES, catalogue.length)));
  const taxed = often(0.8);
  const marketplaceCollects = often(0.25);
  const ordered = articles.map((article) => ({ ...article, quantity: upTo(MAX_UNITS) }));
  const lines = ordered.map(
    ({ sku, title, price, quantity }): BuiltLine => ({
      sku,
      title,
      quantity,
      price: text(price),
      ...(taxed && { taxRate: oneOf(RATES, random), channelLiable: marketplaceCollects }),
    }),
  );
  const items = ordered.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  const discount = often(0.3) ? Math.floor(items * random() * 0.4) : 0;
  return {
    currency,
    lines,
    taxesIncluded: often(0.3),
    ...(discount > 0 && { discount: text(discount) }),
    ...(often(0.6) && {
      shipping: { price: text(upTo(Math.max(1, items))), ...(taxed && { taxRate: oneOf(RATES, random) }) },
    }),
  };
}

function oneOf<T>(all: readonly [T, ...T[]], random: Random): T {
  return all[Math.floor(random() * all.length)] ?? all[0];
}

/** Fisher and Yates. */
function shuffled<T>(all: readonly T[], random: Random): T[] {
  const list = [...all];
  for (let end = list.length - 1; end > 0; end--) {
    const pick = Math.floor(random() * (end + 1));
    [list[end], list[pick]] = [list[pick] as T, list[end] as T];
  }
  return list;
}
