import { PoisonError } from '#core/kernel/errors.ts';
import { RECEIVABLES_NEEDED } from '#core/settlements/decider.ts';
import type { SettlementDifference } from '#core/settlements/difference.ts';
import type { FeeAgreement } from '#core/settlements/fees.ts';
import type { PostingTerms, ReceivablesByOrder } from '#core/settlements/journal.ts';
import { parseSettlementKey } from '#core/settlements/line.ts';
import {
  addDifferences,
  type DifferencesByCause,
  type OpenSettlement,
  type SettlementState,
  tellingOf,
} from '#core/settlements/state.ts';
import { type Cause, handle } from '../aggregate.ts';
import type { OrderAggregate } from '../orders/order-aggregate.ts';
import type { BatchTask, SettlementLines } from '../ports/settlement-files.ts';
import type { ForeignIds, Store } from '../ports/store.ts';
import { termsOn } from './import-file.ts';
import { differencesName, ordersName } from './names.ts';
import { receivablesOf } from './receivables.ts';
import { type OrderRow, rowsIn } from './rows.ts';
import type { SettlementAggregate } from './settlement-aggregate.ts';
import { tellOrder } from './tell-order.ts';

export type RecordPorts = {
  readonly store: Store;
  /** Finds orders that a file names by number. */
  readonly foreignIds: ForeignIds;
  readonly orders: OrderAggregate;
  readonly settlements: SettlementAggregate;
  readonly lines: SettlementLines;
  readonly terms: PostingTerms;
  /** What is agreed with a channel account about its fees. */
  readonly agreements: (channel: string, account: string) => readonly FeeAgreement[];
};

/** Orders that are told at once. */
const AT_ONCE = 8;

/**
 * Tells the orders of one batch what the settlement says of them, and the settlement what does not agree. A crash in the
 * middle repeats the batch: orders that have been told ignore it, and what differs is reckoned from what they hold.
 */
export async function recordBatch(
  ports: RecordPorts,
  { settlement, revision, batch }: BatchTask,
  cause: Cause,
): Promise<'recorded' | 'ignored'> {
  const found = (await ports.store.load<SettlementState>(settlement))?.state;
  if (!found || found.status === 'none') {
    throw new PoisonError('SETTLEMENT_UNKNOWN', `${settlement} was never imported`, {
      context: { subject: settlement },
    });
  }
  // A later collection tells the same orders, and those of which it no longer speaks.
  if (found.revision !== revision) return 'ignored';
  const known = await begin(ports, settlement, found, batch, cause);
  const as = { id: parseSettlementKey(settlement), digest: known.collection.digest, revision };
  const rows = rowsIn(await ports.lines.get(ordersName(as, batch)));
  const differing = await tellAll(ports, known, batch, rows, cause);
  if (differing.length > 0 || known.differences[batch]) {
    await ports.lines.put(differencesName(as, batch), differing.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }
  const differences = byCause(differing, known.collection.header.currency);
  const terms = termsOn(ports.terms, cause.now);
  const telling = tellingOf(known, batch);
  const command = { type: 'record-batch', revision, batch, telling, differences, terms } as const;
  const record = (receivables?: ReceivablesByOrder) => {
    const whole = { ...command, ...(receivables && { receivables }) };
    return handle(ports.store, ports.settlements, settlement, whole, cause);
  };
  const first = await record();
  // Which batch is the last is known to the commit alone, however many are told at once.
  const needed = first.kind === 'rejected' && first.reason.code === RECEIVABLES_NEEDED;
  const handled = needed ? await record(await receivablesOf(ports.lines, known, terms.timeZone)) : first;
  return handled.kind === 'committed' ? 'recorded' : 'ignored';
}

/**
 * Orders that have come since the batch was told are found from here on; one that comes later is noted anew. Were they struck
 * off at the end, one that came in between would be lost.
 */
async function begin(
  { store, settlements }: RecordPorts,
  settlement: string,
  found: OpenSettlement,
  batch: number,
  cause: Cause,
): Promise<OpenSettlement> {
  if (!found.arrived?.includes(batch)) return found;
  const command = { type: 'begin-batch', revision: found.revision, batch } as const;
  const handled = await handle(store, settlements, settlement, command, cause);
  if (handled.kind !== 'committed' && handled.kind !== 'ignored') return found;
  return handled.state.status !== 'none' && handled.state.revision === found.revision ? handled.state : found;
}

async function tellAll(
  ports: RecordPorts,
  known: OpenSettlement,
  batch: number,
  rows: readonly OrderRow[],
  cause: Cause,
): Promise<SettlementDifference[]> {
  const found: SettlementDifference[] = [];
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const some = rows.slice(from, from + AT_ONCE);
    const told = await Promise.all(some.map((row) => tellOrder(ports, known, batch, row, cause)));
    found.push(...told.flat());
  }
  return found;
}

/** Sums by cause. An amount in another currency than the settlement's counts as an order and not as money. */
export const byCause = (found: readonly SettlementDifference[], currency: string): DifferencesByCause =>
  found.reduce<DifferencesByCause>((sums, { cause, orderId, amount, currency: of, since }) => {
    const minor = of === currency ? amount : 0;
    const examples = orderId === undefined ? [] : [orderId];
    return addDifferences(sums, { [cause]: { count: 1, amount: minor, gross: Math.abs(minor), since, examples } });
  }, {});
