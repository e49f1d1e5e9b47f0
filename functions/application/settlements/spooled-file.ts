import { createHash, type Hash } from 'node:crypto';
import { canonicalJson } from '#core/kernel/fingerprint.ts';
import type { SettlementHeader } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { type SettlementTotals, Tally } from '#core/settlements/totals.ts';
import type { ReadLine, SettlementPart, Spool } from '../ports/settlements.ts';
import { partitionOf as partitionAmong } from './order-pieces.ts';
import { contentOf, type KeptLine, type OrderRow, type SaidLine, sorted } from './rows.ts';

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

/** All lines of one order in one settlement of the file; of no order, one line. */
type Said = { readonly place: number; readonly orderId: string; readonly lines: readonly SaidLine[] };

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
    await this.#spool.put(partitionOf(line.orderId), spooled(place, line));
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
      for await (const { place, orderId, lines } of this.#said(partition)) {
        orders[place] = (orders[place] ?? 0) + (orderId === '' ? 0 : 1);
        const digest = digests[place];
        for (const { content } of lines) digest?.update(`${content}\n`);
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
    for await (const { place, orderId, lines } of this.#said(partition)) {
      yield { settlementId: this.#ids[place] ?? '', row: { orderId, lines: lines.map(({ line }) => line) } };
    }
  }

  /** Lines of no order, as they stand in the file. */
  async *others(): AsyncIterable<{ readonly settlementId: string; readonly line: KeptLine }> {
    for await (const { place, lines } of this.#said(OTHERS)) {
      for (const { line } of lines) yield { settlementId: this.#ids[place] ?? '', line };
    }
  }

  async *#said(partition: number): AsyncIterable<Said> {
    if (partition !== OTHERS) return yield* this.#orders(partition);
    for await (const text of this.#spool.read(partition)) {
      const line = lineIn(text);
      yield { place: placeIn(text), orderId: '', lines: [{ line, content: contentOf(line) }] };
    }
  }

  /** A partition is in memory as the texts of its lines: they take a third of what lines take, and one order is read at a time. */
  async *#orders(partition: number): AsyncIterable<Said> {
    const groups = new Map<string, string[]>();
    for await (const text of this.#spool.read(partition)) {
      const key = text.slice(0, text.indexOf('\t'));
      const group = groups.get(key);
      if (group) group.push(text);
      else groups.set(key, [text]);
    }
    const inOrder = [...groups]
      .map(([key, texts]) => ({ place: placeIn(key), orderId: JSON.parse(key.slice(PLACE)) as string, texts }))
      .sort((a, b) => a.place - b.place || (a.orderId < b.orderId ? -1 : 1));
    for (const { texts, ...of } of inOrder) yield { ...of, lines: sorted(texts.map(lineIn)) };
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

/** Digits of a settlement's place, of which there are fewer than `MOST_SETTLEMENTS_IN_FILE`. */
const PLACE = 5;

/** One line of text: whose it is, a tab (which no JSON holds bare), the line. */
const spooled = (place: number, line: ReadLine): string =>
  `${String(place).padStart(PLACE, '0')}${JSON.stringify(line.orderId ?? '')}\t${JSON.stringify(line)}`;

const placeIn = (text: string): number => Number(text.slice(0, PLACE));

const lineIn = (text: string): ReadLine => JSON.parse(text.slice(text.indexOf('\t') + 1)) as ReadLine;

const digestOf = (header: SettlementHeader): Hash => createHash('sha256').update(`${canonicalJson(header)}\n`);

/** All lines of an order lie in one; lines of no order in the last. */
export const partitionOf = (orderId: string | undefined): number =>
  orderId === undefined ? OTHERS : partitionAmong(orderId, OTHERS);
