/** Whole units of one order line. */
export type LineQuantity = { readonly lineId: string; readonly quantity: number };

/** One entry a line: partners name a line twice when its units differ (serials, conditions), and a check must see the sum. */
export function mergeLines(lines: readonly LineQuantity[]): LineQuantity[] {
  const merged = new Map<string, number>();
  for (const { lineId, quantity } of lines) merged.set(lineId, (merged.get(lineId) ?? 0) + quantity);
  return [...merged].map(([lineId, quantity]) => ({ lineId, quantity }));
}

/** Units in all. */
export const unitsOf = (lines: readonly LineQuantity[]): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0);
