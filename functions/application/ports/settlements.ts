import type { SettlementHeader, SettlementLine, UnclassifiedLine } from '#core/settlements/line.ts';
import type { OrderToMatch } from '#core/settlements/match.ts';
import type { RuleSet } from '#core/settlements/rules.ts';
import type { SettledOrder } from '#core/settlements/settled-order.ts';

export type ReadLine = SettlementLine | UnclassifiedLine;

/**
 * A piece of a settlement file. A file may hold several settlements and mix them; each has exactly one header, before,
 * between or after its lines, because channels say what they pay out in all three places.
 */
export type SettlementPart =
  | { readonly kind: 'header'; readonly header: SettlementHeader }
  | {
      readonly kind: 'lines';
      readonly settlementId: string;
      /** As the header says it, which may come later. */
      readonly currency: string;
      readonly lines: readonly ReadLine[];
    };

export type ReadOptions = {
  /** Account of the channel that the file is of. */
  readonly account: string;
  /** Zone of the books, in which the instant of a deposit has its day. */
  readonly timeZone: string;
  /** Channel as it stands in keys; the format's own when left out. */
  readonly channel?: string;
  /** Rules that take the place of the format's own: a later version, or an account's additions. */
  readonly rules?: RuleSet;
  /** What a generic file's columns mean: the parsed mapping file. Only for formats with `mapping: 'required'`. */
  readonly mapping?: unknown;
};

/** A form of settlement file. Reading one is pure but for the bytes, which come as they arrive. */
export type SettlementFormat = {
  /** As it stands on the command line and in headers: `amazon-v2`. */
  readonly id: string;
  readonly label: string;
  /** Channel whose orders it settles, unless the caller says another. */
  readonly channel: string;
  readonly mapping: 'required' | 'none';
  readonly rules: RuleSet;
  /** The rules of a file that declares its own, by its mapping. Throws SettlementRefused for one that is none. */
  readonly rulesOf?: (mapping: unknown) => RuleSet;
  /**
   * Reads a file with memory that does not grow with it. Ends well only when every settlement's lines come to what it
   * announces, to the minor unit; else throws SettlementRefused with the line, and nothing that was read before counts.
   */
  read(bytes: AsyncIterable<Uint8Array>, options: ReadOptions): AsyncIterable<SettlementPart>;
};

/**
 * Texts by partition, outside of memory: what is put into a partition comes back in the order in which it was put. It
 * belongs to one piece of work and is gone with it.
 */
export type Spool = {
  readonly partitions: number;
  /** Resolves when there is room for more. */
  put(partition: number, text: string): Promise<void>;
  /** The texts of a partition; nothing may be put any more. */
  read(partition: number): AsyncIterable<string>;
  /** Removes all of it, also after a failure. */
  close(): Promise<void>;
};
export type SpoolSource = { open(partitions: number): Promise<Spool> };

/** What is known of an order beside the settlements that are being read. */
export type KnownOrder = {
  /** The order with its ledger, where there is one. */
  readonly order?: OrderToMatch;
  /** What settlements before these have said of it. */
  readonly earlier?: readonly SettledOrder[];
};

export type OrderLookup = {
  /** Orders of the channel account by the channel's own ids; those that are not known are left out. */
  find(orderIds: readonly string[]): Promise<ReadonlyMap<string, KnownOrder>>;
};
