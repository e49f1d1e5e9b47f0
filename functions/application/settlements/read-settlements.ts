import type {
  ReadLine,
  ReadOptions,
  SettlementFormat,
  SettlementPart,
  Spool,
  SpoolSource,
} from '#application/ports/settlements.ts';
import type { Reason } from '#core/kernel/decision.ts';
import type { SettlementHeader } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { type SettlementTotals, Tally } from '#core/settlements/totals.ts';
import { type OrderPiece, OrderPieces } from './order-pieces.ts';

/** Enough that a million orders make partitions of some thousands, few enough that each has an open file. */
const PARTITIONS = 64;

export type ReadSettlement = { readonly header: SettlementHeader; readonly totals: SettlementTotals };

/** A settlement file that was read and proved. It holds a spool until it is closed. */
export type ReadFile = {
  readonly settlements: readonly ReadSettlement[];
  /** What the file says of its orders, partition by partition: all pieces of an order come in one. */
  pieces(): AsyncIterable<readonly OrderPiece[]>;
  close(): Promise<void>;
};

export type Reading =
  | { readonly kind: 'read'; readonly file: ReadFile }
  | { readonly kind: 'refused'; readonly reason: Reason; readonly line?: number };

export type ReadTerms = ReadOptions & {
  /** Sums by article too, as the margin needs them. */
  readonly bySku?: boolean;
  /** Sees every batch of lines, in the order of the file; what was seen of a file that is then refused does not count. */
  readonly onLines?: (settlementId: string, lines: readonly ReadLine[]) => void | Promise<void>;
};

/**
 * Reads a settlement file to its end in one pass: classified lines become sums by month and class, and sums by order in a
 * spool. A file that is not whole, to the minor unit, is refused whole, with the reason and the line.
 */
export async function readSettlements(
  spools: SpoolSource,
  format: SettlementFormat,
  bytes: AsyncIterable<Uint8Array>,
  terms: ReadTerms,
): Promise<Reading> {
  const spool = await spools.open(PARTITIONS);
  try {
    const settlements = await readAll(spool, format.read(bytes, terms), terms);
    return { kind: 'read', file: { settlements, pieces: () => piecesOf(spool), close: () => spool.close() } };
  } catch (error) {
    await spool.close();
    if (!(error instanceof SettlementRefused)) throw error;
    const reason = { code: error.code, message: error.message };
    return { kind: 'refused', reason, ...(error.line !== undefined && { line: error.line }) };
  }
}

async function readAll(
  spool: Spool,
  parts: AsyncIterable<SettlementPart>,
  terms: ReadTerms,
): Promise<ReadSettlement[]> {
  const headers = new Map<string, SettlementHeader>();
  const tallies = new Map<string, Tally>();
  const pieces = new OrderPieces(spool, { timeZone: terms.timeZone, bySku: terms.bySku ?? false });
  const tallyOf = (settlementId: string): Tally => {
    const tally = tallies.get(settlementId) ?? new Tally(terms.timeZone);
    tallies.set(settlementId, tally);
    return tally;
  };
  for await (const part of parts) {
    if (part.kind === 'header') headers.set(part.header.id.settlementId, part.header);
    else {
      const tally = tallyOf(part.settlementId);
      for (const line of part.lines) tally.add(line);
      await pieces.add(part.settlementId, part.currency, part.lines);
      await terms.onLines?.(part.settlementId, part.lines);
    }
  }
  await pieces.flush();
  return [...headers].map(([settlementId, header]) => ({
    header,
    totals: totalsOf(tallyOf(settlementId), settlementId),
  }));
}

function totalsOf(tally: Tally, settlementId: string): SettlementTotals {
  const totals = tally.totals();
  if (totals !== undefined) return totals;
  throw new SettlementRefused(
    'SETTLEMENT_TOO_LARGE',
    undefined,
    `amounts of settlement ${settlementId} are beyond what can be counted exactly`,
  );
}

async function* piecesOf(spool: Spool): AsyncIterable<readonly OrderPiece[]> {
  for (let partition = 0; partition < spool.partitions; partition++) {
    const pieces: OrderPiece[] = [];
    for await (const text of spool.read(partition)) pieces.push(JSON.parse(text) as OrderPiece);
    if (pieces.length > 0) yield pieces;
  }
}
