import { MOST_BATCHES, type OpenSettlement } from '#core/settlements/state.ts';
import type { SettlementLines } from '../ports/settlement-files.ts';
import { type CollectionId, ordersName, othersName } from './names.ts';
import { type KeptLine, lineText, type OrderRow, rowsIn, rowText } from './rows.ts';
import { PARTITIONS, partitionOf, type SpooledFile, type SpooledSettlement } from './spooled-file.ts';

/** Orders of a batch at least: what one function tells within seconds. */
const ORDERS_A_BATCH = 250;
const OTHERS_AN_OBJECT = 10_000;
/** Characters of all batches that are being filled; a file may mix many settlements. */
const MOST_OPEN = 48 * 1024 * 1024;

export type Kept = { readonly batches: number; readonly others: number };

/** A settlement whose lines are to be kept, and what it takes the place of. */
export type ToKeep = {
  readonly read: SpooledSettlement;
  readonly as: CollectionId;
  readonly before?: { readonly as: CollectionId; readonly collection: OpenSettlement['collection'] };
};

/**
 * Lays the lines of settlements into the archive, in batches of whole orders. An order of which the collection before spoke,
 * and this one no longer does, is kept with no lines: it has to be told so. What is written depends on the content alone, so
 * that a second try after a crash writes the same under the same names.
 */
export async function keepLines(
  lines: SettlementLines,
  file: SpooledFile,
  settlements: readonly ToKeep[],
): Promise<ReadonlyMap<string, Kept>> {
  const writers = new Map(
    settlements.map((one) => [one.as.id.settlementId, new CollectionWriter(lines, one)] as const),
  );
  const gone = await ordersBefore(lines, settlements);
  for (let partition = 0; partition < PARTITIONS - 1; partition++) {
    const left = gone.map((orders) => new Set(orders.get(partition)));
    for await (const { settlementId, row } of file.ordersOf(partition)) {
      const at = settlements.findIndex(({ as }) => as.id.settlementId === settlementId);
      if (at < 0) continue;
      left[at]?.delete(row.orderId);
      await writers.get(settlementId)?.order(row);
    }
    for (const [at, { as }] of settlements.entries()) {
      for (const orderId of [...(left[at] ?? [])].sort()) {
        await writers.get(as.id.settlementId)?.order({ orderId, lines: [] });
      }
    }
    await relieve([...writers.values()]);
  }
  for await (const { settlementId, line } of file.others()) await writers.get(settlementId)?.other(line);
  for (const writer of writers.values()) await writer.end();
  return new Map([...writers].map(([id, { batches, others }]) => [id, { batches, others }]));
}

/** Orders of the collections before, by partition: ids only, and only of settlements that have changed. */
async function ordersBefore(
  lines: SettlementLines,
  settlements: readonly ToKeep[],
): Promise<ReadonlyMap<number, string[]>[]> {
  const all: Map<number, string[]>[] = [];
  for (const { before } of settlements) {
    const orders = new Map<number, string[]>();
    for (let batch = 0; before && batch < before.collection.batches; batch++) {
      for (const { orderId } of rowsIn(await lines.get(ordersName(before.as, batch)))) {
        const partition = partitionOf(orderId);
        const known = orders.get(partition);
        if (known) known.push(orderId);
        else orders.set(partition, [orderId]);
      }
    }
    all.push(orders);
  }
  return all;
}

async function relieve(writers: readonly CollectionWriter[]): Promise<void> {
  const open = writers.reduce((sum, { size }) => sum + size, 0);
  if (open < MOST_OPEN) return;
  for (const writer of writers) await writer.closeBatch();
}

class CollectionWriter {
  readonly #lines: SettlementLines;
  readonly #as: CollectionId;
  readonly #perBatch: number;
  #rows: string[] = [];
  #others: string[] = [];
  /** Characters that are not written yet. */
  size = 0;
  batches = 0;
  others = 0;

  constructor(lines: SettlementLines, { as, read, before }: ToKeep) {
    this.#lines = lines;
    this.#as = as;
    const most = read.orders + (before?.collection.orders ?? 0);
    // Half of the batches that there may be: those that are closed early have room.
    this.#perBatch = Math.max(ORDERS_A_BATCH, Math.ceil(most / (MOST_BATCHES / 2)));
  }

  async order(row: OrderRow): Promise<void> {
    const text = rowText(row);
    this.#rows.push(text);
    this.size += text.length;
    if (this.#rows.length >= this.#perBatch) await this.closeBatch();
  }

  async other(line: KeptLine): Promise<void> {
    this.#others.push(lineText(line));
    if (this.#others.length >= OTHERS_AN_OBJECT) await this.#closeOthers();
  }

  async closeBatch(): Promise<void> {
    if (this.#rows.length === 0) return;
    await this.#lines.put(ordersName(this.#as, this.batches), this.#rows.join(''));
    this.#rows = [];
    this.size = 0;
    this.batches += 1;
  }

  async #closeOthers(): Promise<void> {
    if (this.#others.length === 0) return;
    await this.#lines.put(othersName(this.#as, this.others), this.#others.join(''));
    this.#others = [];
    this.others += 1;
  }

  async end(): Promise<void> {
    await this.closeBatch();
    await this.#closeOthers();
  }
}
