import type { RefundShare } from '../orders/state.ts';
import {
  addParts,
  amountIn,
  type Bucket,
  capturedParts,
  lineOfBucket,
  type Parts,
  totalOf,
  UNASSIGNED,
} from './buckets.ts';
import type { OrderWithMoney } from './of-order.ts';

/** What may be refunded at most of an order, a line or a bucket, and what is left of it. Minor units. */
export type Ceiling = {
  readonly scope: 'order' | 'line' | 'bucket';
  /** The line's id or the bucket; `order` for the whole. */
  readonly name: string;
  readonly captured: number;
  readonly settled: number;
  /** Counts as settled does: what is unknown may have been paid. */
  readonly pending: number;
  /** Below zero when the channel refunded beyond it. */
  readonly left: number;
};

type Held = { readonly refunds: readonly Pick<RefundShare, 'status' | 'parts'>[] };

/** All ceilings of an order: the order's own, then lines, then buckets. */
export function ceilingsOf(order: Omit<OrderWithMoney, 'refunds'> & Held): Ceiling[] {
  const captured = capturedParts(order);
  const settled = heldParts(order, 'settled');
  const pending = heldParts(order, 'pending');
  const buckets = Object.keys(addParts(magnitudes(captured), settled, pending)).filter((name) => name !== UNASSIGNED);
  const over = (scope: Ceiling['scope'], name: string, of: readonly Bucket[]): Ceiling => {
    const sum = (parts: Parts): number => of.reduce((all, bucket) => all + amountIn(parts, bucket), 0);
    return ceiling(scope, name, sum(captured), sum(settled), sum(pending));
  };
  const lines = [...Map.groupBy(buckets, lineOfBucket)].flatMap(([lineId, of]) =>
    lineId === undefined ? [] : [over('line', lineId, of)],
  );
  return [
    ceiling('order', 'order', order.total, totalOf(settled), totalOf(pending)),
    ...lines,
    ...buckets.map((bucket) => over('bucket', bucket, [bucket])),
  ];
}

const ceiling = (scope: Ceiling['scope'], name: string, captured: number, settled: number, pending: number) => ({
  scope,
  name,
  captured,
  settled,
  pending,
  left: Math.max(0, captured) - settled - pending,
});

const heldParts = ({ refunds }: Held, status: 'settled' | 'pending'): Parts =>
  addParts(...refunds.filter((share) => share.status === status).map(({ parts }) => parts));

const magnitudes = (parts: Parts): Parts =>
  Object.fromEntries(Object.entries(parts).map(([bucket, amount]) => [bucket, Math.abs(amount)]));

/** The first ceiling that so much more would break: the order's, else a line's, else a bucket's. */
export function brokenCeiling(
  order: OrderWithMoney,
  parts: Parts,
): { readonly ceiling: Ceiling; readonly asked: number } | undefined {
  for (const after of ceilingsOf({ ...order, refunds: [...order.refunds, { status: 'pending', parts }] })) {
    const asked = askedOf(after, parts);
    if (asked > 0 && after.left < 0) {
      return { ceiling: { ...after, pending: after.pending - asked, left: after.left + asked }, asked };
    }
  }
  return undefined;
}

function askedOf({ scope, name }: Ceiling, parts: Parts): number {
  if (scope === 'order') return totalOf(parts);
  if (scope === 'bucket') return amountIn(parts, name);
  return Object.entries(parts).reduce((sum, [bucket, part]) => (lineOfBucket(bucket) === name ? sum + part : sum), 0);
}

/** What was refunded beyond ceilings. */
export type Excess = {
  /** Beyond what was paid for the order. */
  readonly order: number;
  /** Beyond what was paid for single buckets, which may be while the order has room. */
  readonly buckets: Parts;
};

/** What is refunded, or may have been, beyond what was paid. */
export function excessOf(order: OrderWithMoney): Excess {
  const over = ceilingsOf(order).filter(({ left }) => left < 0);
  return {
    order: Math.max(0, -(over.find(({ scope }) => scope === 'order')?.left ?? 0)),
    buckets: Object.fromEntries(over.filter(({ scope }) => scope === 'bucket').map(({ name, left }) => [name, -left])),
  };
}

/** Minor units that are too many: money beyond a bucket is too many even where the order has room. */
export const excessTotal = ({ order, buckets }: Excess): number => Math.max(order, totalOf(buckets));

/** What one change of an order added to its excess. */
export function excessAdded(before: Excess, after: Excess): Excess {
  const buckets = Object.entries(after.buckets).map(([bucket, over]) => [
    bucket,
    over - amountIn(before.buckets, bucket),
  ]);
  return {
    order: Math.max(0, after.order - before.order),
    buckets: Object.fromEntries(buckets.filter(([, added]) => Number(added) > 0)),
  };
}
