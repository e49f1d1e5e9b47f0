import type { Terms } from '#core/settlements/decider.ts';
import type { Amounts, SettlementHeader, SettlementId } from '#core/settlements/line.ts';
import type { Collection } from '#core/settlements/state.ts';
import type { Unclassified } from '#core/settlements/totals.ts';

export const SETTLEMENT: SettlementId = { channel: 'amazon', account: 'main', settlementId: '19842011' };
export const KEY = 'SETTLEMENT#amazon#main#19842011';
export const NOW = '2026-11-20T10:00:00.000Z';
export const TERMS: Terms = { timeZone: 'UTC', detail: 'summary', today: '2026-11-20' };

export const header = (changes: Partial<SettlementHeader> = {}): SettlementHeader => ({
  id: SETTLEMENT,
  format: 'amazon-v2',
  currency: 'USD',
  depositDate: '2026-11-18',
  announced: 8_500,
  told: 'by-part',
  ...changes,
});

type Given = Partial<Collection> & {
  readonly months?: Record<string, Amounts>;
  readonly unclassified?: Unclassified[];
};

/** A collection whose lines come to what it announces: a sale of 100.00 less 15.00 commission, all in November. */
export function collection({ months, unclassified = [], ...changes }: Given = {}): Collection {
  const all = months ?? { '2026-11': { sale: 10_000, 'fee/commission': -1_500 } };
  const classified = Object.values(all)
    .flatMap((amounts) => Object.values(amounts))
    .reduce<number>((total, amount) => total + (amount ?? 0), 0);
  const sum = classified + unclassified.reduce((total, { amount }) => total + amount, 0);
  return {
    header: header({ announced: sum }),
    digest: JSON.stringify([all, unclassified]),
    collectedAt: '2026-11-20T09:59:00Z/1',
    file: 'settlements/amazon/main/amazon-v2/19842011.txt',
    totals: { lines: 3, sum, months: all, unclassified },
    orders: 2,
    batches: 2,
    others: 0,
    ...changes,
  };
}
