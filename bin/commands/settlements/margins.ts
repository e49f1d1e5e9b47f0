import * as z from 'zod';
import type { OrderLookup } from '#application/ports/settlements.ts';
import type { OrderPiece } from '#application/settlements/order-pieces.ts';
import type { ReadFile } from '#application/settlements/read-settlements.ts';
import { currencyExponent, isCurrency, parseMoney } from '#core/kernel/money.ts';
import { type ArticleAmounts, type MarginRow, marginOf, type UnitCost } from '#core/settlements/margin.ts';
import type { OrderToMatch } from '#core/settlements/match.ts';
import { addAmounts } from '#core/settlements/settled-order.ts';
import { CliError } from '../report.ts';
import { readJson } from './files.ts';

const costs = z.record(z.string(), z.strictObject({ cost: z.string(), currency: z.string() }));

/** `{"<sku>": {"cost": "12.50", "currency": "EUR"}}`: what a unit costs. Throws CliError. */
export function readCosts(file: string): ReadonlyMap<string, UnitCost> {
  const result = costs.safeParse(readJson('--costs', file));
  if (!result.success) {
    throw new CliError(2, `--costs ${file} is not of the form {"<sku>": {"cost": "12.50", "currency": "EUR"}}`);
  }
  return new Map(
    Object.entries(result.data).map(([sku, { cost, currency }]) => [sku, unitCost(file, sku, cost, currency)]),
  );
}

function unitCost(file: string, sku: string, cost: string, currency: string): UnitCost {
  try {
    return { minor: parseMoney(cost, currency).minor, currency };
  } catch (error) {
    const known = isCurrency(currency) ? ` (${currencyExponent(currency)} decimals)` : '';
    throw new CliError(2, `--costs ${file}, "${sku}": ${(error as Error).message}${known}`);
  }
}

/** Margin rows of a file's orders, an order and article each. Fees and reserves that belong to no order are not in them. */
export async function* marginRows(
  file: ReadFile,
  lookup: OrderLookup | undefined,
  unitCosts: ReadonlyMap<string, UnitCost>,
): AsyncIterable<MarginRow> {
  for await (const pieces of file.pieces()) {
    const orders = Map.groupBy(
      pieces.filter(({ settled }) => settled.orderId !== ''),
      ({ settled }) => `${settled.currency} ${settled.orderId}`,
    );
    const ids = [...new Set([...orders.values()].flatMap(([piece]) => piece?.settled.orderId ?? []))];
    const known = (await lookup?.find(ids)) ?? new Map();
    for (const group of orders.values()) {
      const { orderId = '', currency = '' } = group[0]?.settled ?? {};
      const articles = articlesOf(group, known.get(orderId)?.order);
      yield* marginOf(orderId, currency, articles, unitCosts);
    }
  }
}

function articlesOf(pieces: readonly OrderPiece[], order: OrderToMatch | undefined): ArticleAmounts[] {
  const bySku = Map.groupBy(pieces, ({ sku = '' }) => sku);
  const articles = [...bySku].map(([sku, group]) => ({
    sku,
    units: group.reduce((sum, { units = 0 }) => sum + units, 0),
    amounts: group.map(({ settled }) => settled.amounts).reduce(addAmounts, {}),
  }));
  const unnamed = articles.every(({ sku }) => sku === '');
  // A channel that tells one amount for an order names no article: the order does.
  return unnamed && order ? [...articles, ...articlesOfOrder(order)] : articles;
}

const articlesOfOrder = ({ lines }: OrderToMatch): ArticleAmounts[] =>
  [...Map.groupBy(lines, ({ sku }) => sku)].map(([sku, group]) => ({
    sku,
    units: group.reduce((sum, { quantity }) => sum + quantity, 0),
    amounts: {},
  }));
