import { daysBetween } from '#core/kernel/calendar.ts';
import type { Operation } from '#core/operations/operation.ts';
import { ageBucket, type DifferenceCause, OWNER_OF_CAUSE } from '#core/settlements/difference.ts';
import { journalKey } from '#core/settlements/posting.ts';
import { differencesOf, type OpenSettlement } from '#core/settlements/state.ts';
import type { OperationStore, Store } from '../ports/store.ts';

/** What is known of a settlement that a stage has read, for people and for machines; amounts are minor units. */
export type SettlementView = ReturnType<typeof viewOf>;

/** `now` ages what differs. */
export function viewOf(state: OpenSettlement, operations: readonly (Operation | undefined)[], now: string) {
  const { header, totals, orders, file, collectedAt } = state.collection;
  const { id, currency, announced, format, depositDate } = header;
  const known = new Map(operations.flatMap((one) => (one ? [[one.key, one] as const] : [])));
  return {
    id,
    status: state.status,
    format,
    currency,
    announced,
    ...(depositDate !== undefined && { depositDate }),
    lines: totals.lines,
    orders,
    collection: {
      revision: state.revision,
      file,
      collectedAt,
      importedAt: state.importedAt,
      pending: state.pending.length,
    },
    months: totals.months,
    unclassified: totals.unclassified,
    /** Whether it is due to be collected again, and how often it has been. */
    collectAgain: { due: state.awaited, times: state.asked },
    blocked: state.blocked,
    differences: Object.entries(differencesOf(state)).map(([cause, { count, amount, gross, since, examples }]) => {
      const ageDays = daysBetween(since, now);
      const owner = OWNER_OF_CAUSE[cause as DifferenceCause];
      return { cause, orders: count, amount, atRisk: gross, since, ageDays, age: ageBucket(ageDays), owner, examples };
    }),
    journal: state.parts.map((part) => {
      const key = journalKey(id, part.part);
      return { ...part, operation: key, ...(known.get(key) && { operationStatus: known.get(key)?.status }) };
    }),
  };
}

/** Reads a settlement and the operations that post it; undefined when it was never imported. */
export async function viewSettlement(
  { store, operations }: { readonly store: Pick<Store, 'load'>; readonly operations: Pick<OperationStore, 'get'> },
  key: string,
  now: string,
): Promise<SettlementView | undefined> {
  const state = (await store.load<OpenSettlement>(key))?.state;
  if (!state) return undefined;
  const keys = state.parts.map(({ part }) => journalKey(state.collection.header.id, part));
  return viewOf(state, await Promise.all(keys.map((one) => operations.get(one))), now);
}
