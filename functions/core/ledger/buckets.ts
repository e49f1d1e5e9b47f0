import { allocate } from '../kernel/money.ts';
import type { ChannelOrder, Charge, TaxLine } from '../orders/order.ts';

/**
 * A part of an order's money that has a ceiling of its own: `line/L1/net`, `line/L1/own-tax`, `shipping/marketplace-tax`,
 * `fee/tip`. Tax that the marketplace remits is never the seller's, so that the two kinds never share a bucket.
 */
export type Bucket = string;

/** Minor units by bucket; a bucket with nothing in it is left out. */
export type Parts = Readonly<Record<Bucket, number>>;

export type BucketKind = 'net' | 'own-tax' | 'marketplace-tax';

export const lineBucket = (lineId: string, kind: BucketKind): Bucket => `line/${lineId}/${kind}`;
export const shippingBucket = (kind: BucketKind): Bucket => `shipping/${kind}`;
export const feeBucket = (kind: string): Bucket => `fee/${kind}`;

/**
 * Refunded without a word on what for. It counts against the order and against no line: as long as the order's ceiling
 * holds, it can still be laid on lines that have the room.
 */
export const UNASSIGNED: Bucket = 'unassigned';

/** The line that a bucket belongs to, if any. */
export const lineOfBucket = (bucket: Bucket): string | undefined => /^line\/(.+)\/[^/]+$/s.exec(bucket)?.[1];

/** Sums by bucket. */
export function addParts(...all: readonly Parts[]): Parts {
  const sums = new Sums();
  for (const parts of all) for (const [bucket, amount] of Object.entries(parts)) sums.add(bucket, amount);
  return sums.parts();
}

/** Ledgers are proved at every commit of an order, so its parts are summed in one go. */
class Sums {
  readonly #amounts = new Map<Bucket, number>();

  add(bucket: Bucket, amount: number): void {
    this.#amounts.set(bucket, (this.#amounts.get(bucket) ?? 0) + amount);
  }

  charge({ net, taxes }: Charge, bucket: (kind: BucketKind) => Bucket): void {
    this.add(bucket('net'), net);
    for (const tax of taxes) this.add(bucket(kindOf(tax)), tax.amount);
  }

  line(line: Charge & { readonly lineId: string }): void {
    this.charge(line, (kind) => lineBucket(line.lineId, kind));
  }

  parts(): Parts {
    const parts: Record<Bucket, number> = {};
    for (const [bucket, amount] of this.#amounts) if (amount !== 0) parts[bucket] = amount;
    return parts;
  }
}

export const totalOf = (parts: Parts): number => Object.values(parts).reduce((sum, amount) => sum + amount, 0);

export const amountIn = (parts: Parts, bucket: Bucket): number => parts[bucket] ?? 0;

/** Whole, above zero and in sum the amount: the only parts that a refund may have. */
export const soundParts = (amount: number, parts: Parts): boolean =>
  Object.values(parts).every((part) => Number.isSafeInteger(part) && part > 0) && totalOf(parts) === amount;

/** Money of lines, by bucket: of an order's, or of what a return credits. */
export function partsOfLines(lines: readonly (Charge & { readonly lineId: string })[]): Parts {
  const sums = new Sums();
  for (const line of lines) sums.line(line);
  return sums.parts();
}

export function partsOfShipping(shipping: Charge): Parts {
  const sums = new Sums();
  sums.charge(shipping, shippingBucket);
  return sums.parts();
}

const kindOf = ({ collectedBy }: TaxLine): BucketKind => (collectedBy === 'seller' ? 'own-tax' : 'marketplace-tax');

/** What the buyer paid, by bucket. */
export function capturedParts({ lines, shipping, fees }: Pick<ChannelOrder, 'lines' | 'shipping' | 'fees'>): Parts {
  const sums = new Sums();
  for (const line of lines) sums.line(line);
  sums.charge(shipping, shippingBucket);
  for (const { kind, net } of fees) sums.add(feeBucket(kind), net);
  return sums.parts();
}

/**
 * The parts as they would be for another total: less is taken off all of them by largest remainder, more is unassigned,
 * because nobody said what it was for.
 */
export function fitParts(parts: Parts, total: number): Parts {
  const known = totalOf(parts);
  if (total >= known) return addParts(parts, { [UNASSIGNED]: total - known });
  const amounts = allocate(total, Object.values(parts));
  return addParts(...Object.keys(parts).map((bucket, index) => ({ [bucket]: amounts[index] ?? 0 })));
}
