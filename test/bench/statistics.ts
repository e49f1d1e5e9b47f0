/** First and third quartile. */
export type Spread = readonly [low: number, high: number];

export type Summary = { readonly median: number; readonly spread: Spread; readonly count: number };

/** The value below which a share of the sorted values lies, between two of them in proportion. Throws for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined)
    throw new Error('there is no quantile of no values: measure something');
  return below + (above - below) * (place - Math.floor(place));
}

export const summarize = (values: readonly number[]): Summary => ({
  median: quantile(values, 0.5),
  spread: [quantile(values, 0.25), quantile(values, 0.75)],
  count: values.length,
});

/** What was measured of the subject and of its baseline, one right after the other. */
export type Pair<T = number> = { readonly subject: T; readonly baseline: T };

/**
 * How many times the baseline the subject takes: the median of each pair's own ratio. Two runs that lie next to each other
 * have the machine in the same mood; sums or means over all would let one hiccup decide.
 */
export const ratioOf = (pairs: readonly Pair[]): Summary =>
  summarize(pairs.map(({ subject, baseline }) => subject / baseline));

/** Measures a pair; every other time the baseline goes first, so that neither always finds the caches warm. */
export async function pairOf<T>(
  index: number,
  subject: () => Promise<T>,
  baseline: () => Promise<T>,
): Promise<Pair<T>> {
  if (index % 2 === 0) return { subject: await subject(), baseline: await baseline() };
  const first = await baseline();
  return { subject: await subject(), baseline: first };
}
