import type { SettlementLine, UnclassifiedLine } from './line.ts';

/** Lines of one identity: what a channel says under the same words about the same thing. */
export type LineChange = {
  readonly key: string;
  /** Minor units before and after; one of both is left out where the lines are new, or are gone. */
  readonly before?: number;
  readonly after?: number;
};

type AnyLine = SettlementLine | UnclassifiedLine;

/**
 * What a line is known by when a settlement is collected again: the channel's id of the transaction, its words, and what it
 * is about. Not its place in the file and not its time, which change. Lines that share it are one amount together.
 */
export const lineKey = ({ transactionId = '', source, orderId = '', orderLineId = '', sku = '' }: AnyLine): string =>
  JSON.stringify([transactionId, source, orderId, orderLineId, sku]);

/**
 * What has changed between two collections of the same lines: of a settlement, or of a partition of it. The differences of
 * all changes are the difference of both sums, so that each minor unit of an adjustment has a line that explains it.
 */
export function changedLines(before: readonly AnyLine[], after: readonly AnyLine[]): LineChange[] {
  const [old, now] = [amountsByKey(before), amountsByKey(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key): LineChange[] => {
    const [was, is] = [old.get(key), now.get(key)];
    if (was === is) return [];
    return [{ key, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }];
  });
}

function amountsByKey(lines: readonly AnyLine[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const line of lines) {
    const key = lineKey(line);
    sums.set(key, (sums.get(key) ?? 0) + line.amount);
  }
  return sums;
}
