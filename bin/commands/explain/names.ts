import { formatMoney, isCurrency, type Money } from '#core/kernel/money.ts';
import type { LineQuantity } from '#core/kernel/quantity.ts';

/** How things are called on a terminal. */

/** `ORDER#shopify#main#5001` → `order 5001`, `CLAIM#acme#2026-11` → `claim acme 2026-11`. */
export function shortName(key: string): string {
  const [kind = '', ...rest] = key.split('#');
  if (kind === 'TARGET') return rest.join('/');
  if (kind === 'CLAIM') return `claim ${rest.join(' ')}`;
  return `${kind.toLowerCase()} ${rest.at(-1) ?? ''}`.trim();
}

export const moneyText = ({ minor, currency }: Money): string =>
  isCurrency(currency) ? `${formatMoney({ minor, currency })} ${currency}` : `${minor} ${currency}`;

/** `2 × L1, 1 × L2` */
export const linesText = (lines: readonly LineQuantity[]): string =>
  lines.map(({ lineId, quantity }) => `${quantity} × ${lineId}`).join(', ');

/** `2026-11-25T10:00:00.123Z` → `2026-11-25 10:00:00Z` */
export const timeText = (instant: string): string => instant.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
