import type { Random } from '../kernel/random.ts';
import { type Article, drawOrder, type NewOrder } from '../partners/shopify/draw-order.ts';
import { COMPANY } from './company.ts';
import type { Workload } from './workloads.ts';

/** What the shop sells: all goods of the company. */
export const CATALOGUE: readonly Article[] = COMPANY.products
  .filter(({ type }) => type === 'goods')
  .map(({ sku, name }, index) => ({ sku, title: name, price: 850 + 1_234 * index }));

const NOT_IN_ERP: Article = { sku: 'NOT-IN-ERP', title: 'Novelty', price: 1_990 };

/** Lines of an order that is too large for a queue's message. */
const MANY_LINES = 220;

/** What somebody buys. `own`: the buyer's own source of chance. */
export function drawPurchase(own: Random, { unitsOnSale, unknownArticle }: Workload, currency: string): NewOrder {
  const onSale = unitsOnSale === undefined ? CATALOGUE : CATALOGUE.slice(0, 1);
  const catalogue = own.chance(unknownArticle) ? [NOT_IN_ERP] : onSale;
  const order = drawOrder(() => own.real(), { catalogue, currency });
  // A company buys for all its offices.
  return own.chance(0.003) ? { ...order, lines: repeated(order.lines, MANY_LINES) } : order;
}

const repeated = <T>(all: readonly T[], count: number): T[] =>
  Array.from({ length: count }, () => all)
    .flat()
    .slice(0, count);
