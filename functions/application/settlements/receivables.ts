import { type Month, monthIn } from '#core/kernel/calendar.ts';
import type { ReceivablesByOrder } from '#core/settlements/journal.ts';
import { type Amounts, type ClassKey, classKey } from '#core/settlements/line.ts';
import { receivableOf } from '#core/settlements/roles.ts';
import type { OpenSettlement } from '#core/settlements/state.ts';
import type { SettlementLines } from '../ports/settlement-files.ts';
import { ordersName, othersName } from './names.ts';
import { type KeptLine, linesIn, rowsIn } from './rows.ts';

/**
 * What each order of a settlement clears of what the channel owes, by month of the books, from its kept lines; what belongs
 * to no order is one of its own. The caller sees to it that there are few enough.
 */
export async function receivablesOf(
  lines: SettlementLines,
  { collection, revision }: OpenSettlement,
  timeZone: string,
): Promise<ReceivablesByOrder> {
  const { header, digest, batches, others } = collection;
  const as = { id: header.id, digest, revision };
  const monthOf = monthIn(timeZone);
  const months: Record<Month, { orderId: string; amount: number }[]> = {};
  const add = (orderId: string, kept: readonly KeptLine[]): void => {
    for (const [month, amounts] of amountsByMonth(kept, monthOf)) {
      const amount = receivableOf(amounts);
      if (amount === 0) continue;
      months[month] ??= [];
      months[month].push({ orderId, amount });
    }
  };
  for (let batch = 0; batch < batches; batch++) {
    for (const row of rowsIn(await lines.get(ordersName(as, batch)))) add(row.orderId, row.lines);
  }
  const ofNone: KeptLine[] = [];
  for (let at = 0; at < others; at++) ofNone.push(...linesIn(await lines.get(othersName(as, at))));
  add('(none)', ofNone);
  return months;
}

function amountsByMonth(kept: readonly KeptLine[], monthOf: (instant: string) => Month): Map<Month, Amounts> {
  const months = new Map<Month, Partial<Record<ClassKey, number>>>();
  for (const line of kept) {
    if (line.class === undefined) continue;
    const [month, key] = [monthOf(line.postedAt), classKey(line.class)];
    const amounts = months.get(month) ?? {};
    amounts[key] = (amounts[key] ?? 0) + line.amount;
    months.set(month, amounts);
  }
  return months;
}
