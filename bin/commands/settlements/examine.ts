import type { KnownOrder, OrderLookup, SettlementFormat } from '#application/ports/settlements.ts';
import { matchOrders } from '#application/settlements/match-orders.ts';
import {
  type ReadFile,
  type ReadSettlement,
  type ReadTerms,
  readSettlements,
} from '#application/settlements/read-settlements.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import {
  type AgeBucket,
  ageBucket,
  type DifferenceCause,
  type SettlementDifference,
} from '#core/settlements/difference.ts';
import {
  type Journal,
  journalOf,
  MOST_JOURNAL_LINES,
  type PostingTerms,
  type ReceivablesByOrder,
} from '#core/settlements/journal.ts';
import { depositDifferences, type MatchTerms } from '#core/settlements/match.ts';
import { receivableOf } from '#core/settlements/roles.ts';
import { mergeSettled, type SettledOrder } from '#core/settlements/settled-order.ts';
import { temporarySpools } from '#platform/temporary-spool.ts';
import { runFolder } from '../../local/cache.ts';
import { progress } from '../progress.ts';
import { bytesOf } from './files.ts';

/** Differences that are listed one by one; all are counted. */
const MOST_LISTED = 5_000;

export type CauseSummary = {
  readonly orders: number;
  readonly amounts: Record<string, number>;
  readonly ages: Partial<Record<AgeBucket, number>>;
};

export type Examined = {
  readonly settlements: readonly (ReadSettlement & { readonly journal: Journal })[];
  readonly orders?: { readonly matched: number; readonly different: number };
  readonly causes: Partial<Record<DifferenceCause, CauseSummary>>;
  readonly differences: readonly SettlementDifference[];
  readonly differencesLeftOff: number;
};

/** Reads a file that must be whole. Throws PoisonError with the reason and the line when it is refused. */
export async function readFileOrThrow(format: SettlementFormat, file: string, terms: ReadTerms): Promise<ReadFile> {
  const shown = progress();
  let lines = 0;
  const reading = await readSettlements(temporarySpools(runFolder()), format, bytesOf(file), {
    ...terms,
    onLines: (_id, batch) => {
      lines += batch.length;
      shown.tell(`${lines.toLocaleString('en')} lines read`);
    },
  });
  shown.end();
  if (reading.kind === 'read') return reading.file;
  throw new PoisonError(reading.reason.code, `refused: ${reading.reason.message}`);
}

/** What earlier files have said of each order, kept with the orders that are known. */
export async function withEarlier(lookup: OrderLookup, earlier: readonly ReadFile[]): Promise<OrderLookup> {
  const said = new Map<string, SettledOrder[]>();
  for (const file of earlier) {
    for await (const pieces of file.pieces()) {
      for (const { settled } of pieces)
        if (settled.orderId !== '') said.set(settled.orderId, [...(said.get(settled.orderId) ?? []), settled]);
    }
  }
  return {
    find: async (ids) => {
      const known = new Map<string, KnownOrder>(await lookup.find(ids));
      for (const id of ids) {
        const before = said.get(id);
        if (before) known.set(id, { ...known.get(id), earlier: oneACurrency(before) });
      }
      return known;
    },
  };
}

const oneACurrency = (pieces: readonly SettledOrder[]): SettledOrder[] =>
  [...Map.groupBy(pieces, ({ currency }) => currency).values()].map((group) => group.reduce(mergeSettled));

/** Journals and differences of a file, without writing anything. */
export async function examine(
  file: ReadFile,
  lookup: OrderLookup | undefined,
  terms: PostingTerms & Omit<MatchTerms, 'told'>,
): Promise<Examined> {
  const found = new Findings();
  for (const { header, totals } of file.settlements) {
    for (const one of depositDifferences(header, totals, terms)) found.add(one);
  }
  if (lookup) {
    for await (const { match } of matchOrders(file, lookup, terms)) found.order(match.differences);
  }
  const receivables = terms.detail === 'per-order' ? await receivablesOf(file) : undefined;
  const settlements = file.settlements.map((one) => ({
    ...one,
    journal: journalOf(one.header, one.totals, terms, receivables?.get(one.header.id.settlementId)),
  }));
  return { settlements, ...(lookup && { orders: found.orders }), ...found.summary() };
}

class Findings {
  readonly orders = { matched: 0, different: 0 };
  readonly #causes: Partial<
    Record<
      DifferenceCause,
      { orders: number; amounts: Record<string, number>; ages: Partial<Record<AgeBucket, number>> }
    >
  > = {};
  readonly #listed: SettlementDifference[] = [];
  #count = 0;

  order(differences: readonly SettlementDifference[]): void {
    if (differences.length === 0) this.orders.matched += 1;
    else this.orders.different += 1;
    for (const one of differences) this.add(one);
  }

  add(one: SettlementDifference): void {
    this.#count += 1;
    if (this.#listed.length < MOST_LISTED) this.#listed.push(one);
    const cause = this.#causes[one.cause] ?? { orders: 0, amounts: {}, ages: {} };
    this.#causes[one.cause] = cause;
    cause.orders += 1;
    cause.amounts[one.currency] = (cause.amounts[one.currency] ?? 0) + one.amount;
    const age = ageBucket(one.ageDays);
    cause.ages[age] = (cause.ages[age] ?? 0) + 1;
  }

  summary() {
    return { causes: this.#causes, differences: this.#listed, differencesLeftOff: this.#count - this.#listed.length };
  }
}

/** What each order clears, by settlement and month; no more of them than a journal may have lines, and one. */
async function receivablesOf(file: ReadFile): Promise<Map<string, ReceivablesByOrder>> {
  const all = new Map<string, Record<string, { orderId: string; amount: number }[]>>();
  for await (const pieces of file.pieces()) {
    const sums = new Map<string, { settlementId: string; month: string; orderId: string; amount: number }>();
    for (const { settlementId, month, settled } of pieces) {
      const key = `${settlementId} ${month} ${settled.orderId}`;
      const known = sums.get(key) ?? { settlementId, month, orderId: settled.orderId || '(none)', amount: 0 };
      known.amount += receivableOf(settled.amounts);
      sums.set(key, known);
    }
    for (const { settlementId, month, orderId, amount } of sums.values()) {
      const months = all.get(settlementId) ?? {};
      all.set(settlementId, months);
      months[month] ??= [];
      const list = months[month];
      if (amount !== 0 && list.length <= MOST_JOURNAL_LINES) list.push({ orderId, amount });
    }
  }
  return all;
}
