import { createHash, type Hash } from 'node:crypto';
import { canonicalJson } from '#core/kernel/fingerprint.ts';
import type { SettlementHeader } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { type SettlementTotals, Tally } from '#core/settlements/totals.ts';
import type { ReadLine, SettlementPart, Spool } from '../ports/settlements.ts';
import { partitionOf as partitionAmong } from './order-pieces.ts';
import { contentOf, type KeptLine, type OrderRow, sorted } from './rows.ts';

/**
 * Lines of a file outside of memory: those of one order lie in one partition, whichever settlement and place of the file they
 * are of, and lines of no order in the last. A partition of a settlement of a million lines holds some thousand.
 */
export const PARTITIONS = 129;
const OTHERS = PARTITIONS - 1;

/** A settlement of a file after its first reading. */
export type SpooledSettlement = {
  readonly header: SettlementHeader;
  readonly totals: SettlementTotals;
  readonly orders: number;
  readonly digest: string;
};

type Spooled = { readonly s: number; readonly l: ReadLine };

const MOST_SETTLEMENTS_IN_FILE = 2_000;

/** Reads a file to its end. Only then is it known to be whole: nothing of it counts before. */
export async function spoolFile(
  parts: AsyncIterable<SettlementPart>,
  spool: Spool,
  timeZone: string,
): Promise<SpooledFile> {
  const file = new SpooledFile(spool, timeZone);
  for await (const part of parts) {
    if (part.kind === 'header') file.header(part.header);
    else for (const line of part.lines) await file.line(part.settlementId, line);
  }
  return file;
}

export class SpooledFile {
  readonly #spool: Spool;
  readonly #timeZone: string;
  readonly #ids: string[] = [];
  readonly #places = new Map<string, number>();
  readonly #headers = new Map<number, SettlementHeader>();
  readonly #tallies: Tally[] = [];

  constructor(spool: Spool, timeZone: string) {
    this.#spool = spool;
    this.#timeZone = timeZone;
  }

  header(header: SettlementHeader): void {
    this.#headers.set(this.#placeOf(header.id.settlementId), header);
  }

  async line(settlementId: string, line: ReadLine): Promise<void> {
    const place = this.#placeOf(settlementId);
    this.#tallies[place]?.add(line);
    const spooled: Spooled = { s: place, l: line };
    await this.#spool.put(partitionOf(line.orderId), JSON.stringify(spooled));
  }

  #placeOf(settlementId: string): number {
    const known = this.#places.get(settlementId);
    if (known !== undefined) return known;
    const place = this.#ids.push(settlementId) - 1;
    if (place >= MOST_SETTLEMENTS_IN_FILE) {
      const message = `the file holds more than ${MOST_SETTLEMENTS_IN_FILE} settlements: split it`;
      throw new SettlementRefused('SETTLEMENT_TOO_LARGE', undefined, message);
    }
    this.#places.set(settlementId, place);
    this.#tallies.push(new Tally(this.#timeZone));
    return place;
  }

  /** The settlements of the file, in the order of their first mention. */
  async settlements(): Promise<SpooledSettlement[]> {
    const digests = this.#ids.map((_id, place) => digestOf(this.#headerOf(place)));
    const orders = this.#ids.map(() => 0);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      for await (const { place, row } of this.#rows(partition)) {
        orders[place] = (orders[place] ?? 0) + (row.orderId === '' ? 0 : 1);
        const digest = digests[place];
        for (const line of row.lines) digest?.update(`${contentOf(line)}\n`);
      }
    }
    return this.#ids.map((_id, place) => ({
      header: this.#headerOf(place),
      totals: this.#totalsOf(place),
      orders: orders[place] ?? 0,
      digest: digests[place]?.digest('base64url') ?? '',
    }));
  }

  /** Orders of a partition with the settlement that speaks of them, sorted by settlement and order. */
  async *ordersOf(partition: number): AsyncIterable<{ readonly settlementId: string; readonly row: OrderRow }> {
    for await (const { place, row } of this.#rows(partition)) yield { settlementId: this.#ids[place] ?? '', row };
  }

  /** Lines of no order, as they stand in the file. */
  async *others(): AsyncIterable<{ readonly settlementId: string; readonly line: KeptLine }> {
    for await (const { place, row } of this.#rows(OTHERS)) {
      for (const line of row.lines) yield { settlementId: this.#ids[place] ?? '', line };
    }
  }

  async *#rows(partition: number): AsyncIterable<{ readonly place: number; readonly row: OrderRow }> {
    if (partition === OTHERS) {
      for await (const text of this.#spool.read(partition)) {
        const { s: place, l: line } = JSON.parse(text) as Spooled;
        yield { place, row: { orderId: '', lines: [line] } };
      }
      return;
    }
    const groups = new Map<string, { readonly place: number; readonly orderId: string; readonly lines: ReadLine[] }>();
    for await (const text of this.#spool.read(partition)) {
      const { s: place, l: line } = JSON.parse(text) as Spooled;
      const orderId = line.orderId ?? '';
      const key = `${String(place).padStart(5, '0')} ${orderId}`;
      const group = groups.get(key) ?? { place, orderId, lines: [] };
      group.lines.push(line);
      groups.set(key, group);
    }
    for (const key of [...groups.keys()].sort()) {
      const group = groups.get(key);
      if (group) yield { place: group.place, row: { orderId: group.orderId, lines: sorted(group.lines) } };
    }
  }

  #headerOf(place: number): SettlementHeader {
    const header = this.#headers.get(place);
    if (!header) throw new Error(`the format told lines of settlement ${this.#ids[place]} and no header`);
    return header;
  }

  #totalsOf(place: number): SettlementTotals {
    const totals = this.#tallies[place]?.totals();
    if (totals) return totals;
    const message = `settlement ${this.#ids[place]} comes to more than can be counted exactly`;
    throw new SettlementRefused('SETTLEMENT_AMOUNT', undefined, message);
  }
}

const digestOf = (header: SettlementHeader): Hash => createHash('sha256').update(`${canonicalJson(header)}\n`);

/** All lines of an order lie in one; lines of no order in the last. */
export const partitionOf = (orderId: string | undefined): number =>
  orderId === undefined ? OTHERS : partitionAmong(orderId, OTHERS);
