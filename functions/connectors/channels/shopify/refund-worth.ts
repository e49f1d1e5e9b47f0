import type { StatedWorth } from '#core/refunds/split.ts';
import { type ShopMoney, total } from './money.ts';
import type { WireMoneySet, WireRefund } from './wire.ts';

/**
 * What Shopify reckons the parts of a refund to be worth. Only money sets are read: the plain numbers beside them are JSON
 * numbers, and absent in old payloads. A line of which a part is untold is left out.
 */
export function statedWorth(refund: WireRefund, shop: ShopMoney): StatedWorth | undefined {
  const lines = statedLines(refund, shop);
  const shipping = statedShipping(refund, shop);
  if (lines.length === 0 && !shipping) return undefined;
  return { lines, ...(shipping && { shipping }) };
}

function statedLines({ refund_line_items: items }: WireRefund, shop: ShopMoney): StatedWorth['lines'] {
  const sums = new Map<string, { subtotal: number; tax: number } | undefined>();
  for (const [index, { line_item_id: lineId, subtotal_set: net, total_tax_set: tax }] of items.entries()) {
    const path = `refund_line_items.${index}`;
    const before = sums.has(lineId) ? sums.get(lineId) : { subtotal: 0, tax: 0 };
    const told = net && tax && before;
    sums.set(
      lineId,
      told
        ? {
            subtotal: before.subtotal + minor(net, shop, `${path}.subtotal_set`),
            tax: before.tax + minor(tax, shop, `${path}.total_tax_set`),
          }
        : undefined,
    );
  }
  return [...sums].flatMap(([lineId, worth]) => (worth ? [{ lineId, ...worth }] : []));
}

/** Adjustments are written from the order's side, below zero; they alone tell the tax on shipping. */
function statedShipping(refund: WireRefund, shop: ShopMoney): StatedWorth['shipping'] {
  const lines = refund.refund_shipping_lines;
  const adjusted = refund.order_adjustments.filter(({ kind }) => kind === 'shipping_refund');
  if (lines.length === 0 && adjusted.length === 0) return undefined;
  const subtotal =
    lines.length > 0
      ? total(lines, ({ subtotal_amount_set: set }, index) => minor(set, shop, `refund_shipping_lines.${index}`))
      : total(adjusted, ({ amount_set: set }, index) => minor(set, shop, `order_adjustments.${index}.amount_set`));
  const tax = total(adjusted, ({ tax_amount_set: set }, index) =>
    minor(set, shop, `order_adjustments.${index}.tax_amount_set`),
  );
  return { subtotal, tax };
}

const minor = (set: WireMoneySet, shop: ShopMoney, path: string): number =>
  Math.abs(shop.optional(set, undefined, path) ?? 0);
