import type { ReadLine, Spool } from '#application/ports/settlements.ts';
import { type Month, monthIn } from '#core/kernel/calendar.ts';
import { type ClassKey, classKey } from '#core/settlements/line.ts';
import type { SettledOrder } from '#core/settlements/settled-order.ts';

/** What one settlement says of one order in one month of the books; of one article, where that was asked for. */
export type OrderPiece = {
  readonly settlementId: string;
  readonly month: Month;
  /** Empty for what belongs to no order. */
  readonly settled: SettledOrder;
  readonly sku?: string;
  /** Units on lines of sales. */
  readonly units?: number;
};

/** Pieces in memory before they go to the spool: lines of an order mostly stand together, so each is written about once. */
const MOST_OPEN = 256;

type Growing = {
  readonly settlementId: string;
  readonly month: Month;
  readonly orderId: string;
  readonly currency: string;
  readonly amounts: Partial<Record<ClassKey, number>>;
  readonly sku: string | undefined;
  units: number;
  lines: number;
  from: string;
  until: string;
  origin: { currency: string; amounts: Partial<Record<ClassKey, number>>; partly: Set<ClassKey> } | undefined;
};

/** Sums lines by order and lays the sums into a spool, partitioned by order, so that memory holds a few thousand of them. */
export class OrderPieces {
  readonly #spool: Spool;
  readonly #monthOf: (instant: string) => Month;
  readonly #bySku: boolean;
  readonly #open = new Map<string, Growing>();

  constructor(spool: Spool, { timeZone, bySku }: { readonly timeZone: string; readonly bySku: boolean }) {
    this.#spool = spool;
    this.#monthOf = monthIn(timeZone);
    this.#bySku = bySku;
  }

  /** Lines without a class have no place in an order's sums. */
  async add(settlementId: string, currency: string, lines: readonly ReadLine[]): Promise<void> {
    for (const line of lines)
      if (line.class !== undefined) this.#line(settlementId, currency, line, classKey(line.class));
    if (this.#open.size > MOST_OPEN) await this.flush();
  }

  #line(settlementId: string, currency: string, line: ReadLine, key: ClassKey): void {
    const { orderId = '', amount, postedAt, quantity = 0, converted } = line;
    const sku = this.#bySku ? (line.sku ?? '') : undefined;
    const month = this.#monthOf(postedAt);
    const id =
      sku === undefined ? `${settlementId}\t${month}\t${orderId}` : `${settlementId}\t${month}\t${orderId}\t${sku}`;
    let piece = this.#open.get(id);
    if (piece === undefined) {
      piece = {
        settlementId,
        month,
        orderId,
        currency,
        amounts: {},
        sku,
        units: 0,
        lines: 0,
        from: postedAt,
        until: postedAt,
        origin: undefined,
      };
      this.#open.set(id, piece);
    }
    piece.amounts[key] = (piece.amounts[key] ?? 0) + amount;
    piece.lines += 1;
    if (key === 'sale') piece.units += quantity;
    if (postedAt < piece.from) piece.from = postedAt;
    if (postedAt > piece.until) piece.until = postedAt;
    if (converted || piece.origin) convert(piece, key, converted);
  }

  async flush(): Promise<void> {
    for (const piece of this.#open.values()) {
      await this.#spool.put(partitionOf(piece.orderId, this.#spool.partitions), JSON.stringify(pieceOf(piece)));
    }
    this.#open.clear();
  }
}

function convert(piece: Growing, key: ClassKey, converted: ReadLine['converted']): void {
  if (piece.origin === undefined && converted) {
    const before = Object.keys(piece.amounts) as ClassKey[];
    // Lines before this one said nothing of their origin.
    const partly = piece.lines > 1 ? before : [];
    piece.origin = { currency: converted.currency, amounts: {}, partly: new Set(partly) };
  }
  const { origin } = piece;
  if (origin === undefined) return;
  if (converted?.currency !== origin.currency) origin.partly.add(key);
  else origin.amounts[key] = (origin.amounts[key] ?? 0) + converted.amount;
}

function pieceOf({ settlementId, month, sku, units, origin, ...rest }: Growing): OrderPiece {
  return {
    settlementId,
    month,
    settled: { ...rest, ...(origin && { origin: { ...origin, partly: [...origin.partly].sort() } }) },
    ...(sku !== undefined && { sku, units }),
  };
}

/** FNV-1a: even enough over ids that differ in their last digits, and the same on every machine. */
export function partitionOf(orderId: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < orderId.length; at++) hash = Math.imul(hash ^ orderId.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % partitions;
}
