import { describe, expect, it } from 'vitest';
import { adjustmentOf } from '#core/settlements/adjustment.ts';
import { journalOf, MOST_JOURNAL_LINES, type PostingTerms } from '#core/settlements/journal.ts';
import type { SettlementHeader } from '#core/settlements/line.ts';
import { depositDifferences } from '#core/settlements/match.ts';
import type { SettlementTotals } from '#core/settlements/totals.ts';

const HEADER: SettlementHeader = {
  id: { channel: 'amazon', account: 'main', settlementId: 'S1' },
  format: 'amazon-v2',
  currency: 'USD',
  depositDate: '2026-11-04',
  announced: 9_000,
  told: 'by-part',
};
const totals = (months: SettlementTotals['months'], more: Partial<SettlementTotals> = {}): SettlementTotals => ({
  lines: 3,
  sum: Object.values(months)
    .flatMap((amounts) => Object.values(amounts))
    .reduce((sum: number, one) => sum + (one ?? 0), 0),
  months,
  unclassified: [],
  ...more,
});
const BOOKS: PostingTerms = { timeZone: 'UTC', detail: 'summary' };
const MONTHS = {
  '2026-10': { sale: 10_000, 'fee/commission': -1_500 },
  '2026-11': { sale: 600, 'reserve/held': -100 },
} as const;

describe('the journal', () => {
  it('has a move for each month, and the deposit’s month takes over what the others hold', () => {
    expect(journalOf(HEADER, totals(MONTHS), BOOKS)).toEqual({
      kind: 'ready',
      parts: [
        {
          settlement: HEADER.id,
          part: '2026-10',
          date: '2026-10-31',
          currency: 'USD',
          description: 'settlement S1 of amazon/main, 2026-10',
          lines: [
            { account: 'receivable', label: 'sale', amount: -10_000 },
            { account: 'fee/commission', label: 'fee: commission', amount: 1_500 },
            { account: 'in-transit', label: 'paid out in 2026-11', amount: 8_500 },
          ],
        },
        {
          settlement: HEADER.id,
          part: '2026-11',
          date: '2026-11-04',
          currency: 'USD',
          description: 'settlement S1 of amazon/main, 2026-11',
          lines: [
            { account: 'receivable', label: 'sale', amount: -600 },
            { account: 'reserve', label: 'reserve held', amount: 100 },
            { account: 'deposit', label: 'deposit', amount: 9_000 },
            { account: 'in-transit', label: 'of other months', amount: -8_500 },
          ],
        },
      ],
    });
  });

  it('dates what belongs to a closed month on the first open day, and says so', () => {
    const journal = journalOf(HEADER, totals(MONTHS), { ...BOOKS, closedThrough: '2026-10-31' });
    expect(
      journal.kind === 'ready' && journal.parts.map(({ part, date, description }) => [part, date, description]),
    ).toEqual([
      ['2026-10', '2026-11-01', 'settlement S1 of amazon/main, 2026-10 (of 2026-10-31; closed through 2026-10-31)'],
      ['2026-11', '2026-11-04', 'settlement S1 of amazon/main, 2026-11'],
    ]);
  });

  it('posts nothing while a cent is unexplained or a word unknown', () => {
    expect(journalOf({ ...HEADER, announced: 9_001 }, totals(MONTHS), BOOKS)).toMatchObject({
      kind: 'blocked',
      reasons: [
        { code: 'SETTLEMENT_RESIDUAL', message: expect.stringMatching(/; unexplained: -1 minor unit of USD$/) },
      ],
    });
    const unknown = totals(MONTHS, { unclassified: [{ source: 'Order/X/Y', lines: 1, amount: 0, at: 7 }] });
    expect(journalOf(HEADER, unknown, BOOKS)).toEqual({
      kind: 'blocked',
      reasons: [
        {
          code: 'SETTLEMENT_UNCLASSIFIED',
          message: '1 line has words that no rule knows ("Order/X/Y" at line 7): add a rule for them',
        },
      ],
    });
  });

  it('keeps the marketplace’s tax out of the receivable: collected and withheld meet', () => {
    const months = { '2026-11': { sale: 9_000, 'tax/seller': 1_000, 'tax/marketplace': -1_000 } } as const;
    const journal = journalOf(HEADER, totals(months), BOOKS);
    const lines = journal.kind === 'ready' ? (journal.parts[0]?.lines ?? []) : [];
    const on = (account: string) =>
      lines.filter((line) => line.account === account).reduce((sum, { amount }) => sum + amount, 0);
    expect([on('receivable'), on('marketplace-tax'), on('deposit')]).toEqual([-9_000, 0, 9_000]);
    expect(lines.filter(({ account }) => account === 'marketplace-tax')).toHaveLength(2);
  });

  it('clears the receivable order by order, when the orders come to it', () => {
    const per = { ...BOOKS, detail: 'per-order' as const };
    const months = { '2026-11': { sale: 10_000, 'fee/commission': -1_000 } } as const;
    const orders = {
      '2026-11': [
        { orderId: 'A', amount: 6_000 },
        { orderId: 'B', amount: 4_000 },
      ],
    };
    const journal = journalOf(HEADER, totals(months), per, orders);
    expect(journal.kind === 'ready' && journal.parts[0]?.lines.map(({ label, amount }) => [label, amount])).toEqual([
      ['order A', -6_000],
      ['order B', -4_000],
      ['fee: commission', 1_000],
      ['deposit', 9_000],
    ]);
    expect(journalOf(HEADER, totals(months), per, { '2026-11': [{ orderId: 'A', amount: 6_000 }] })).toMatchObject({
      kind: 'blocked',
      reasons: [{ code: 'SETTLEMENT_RECEIVABLES_DISAGREE' }],
    });
    const many = Array.from({ length: MOST_JOURNAL_LINES + 1 }, (_, index) => ({ orderId: String(index), amount: 1 }));
    expect(journalOf(HEADER, totals(months), per, { '2026-11': many })).toMatchObject({
      reasons: [{ code: 'SETTLEMENT_JOURNAL_TOO_LONG' }],
    });
  });

  it('names a deposit that is not what was announced', () => {
    const asOf = '2026-11-10T00:00:00Z';
    expect(depositDifferences(HEADER, totals(MONTHS), { asOf, banked: 9_000 })).toEqual([]);
    expect(depositDifferences(HEADER, totals(MONTHS), { asOf, banked: 8_990 })).toMatchObject([
      { cause: 'unannounced-deposit-difference', about: 'deposit', amount: 10, ageDays: 6, owner: 'finance' },
    ]);
  });
});

describe('a settlement that is collected again', () => {
  const posted = { announced: 9_000, currency: 'USD', months: MONTHS, key: 'erp/journal/amazon/main/S1/2026-10' };
  const again = { ...BOOKS, sequence: 1, date: '2026-11-18' };

  it('adds nothing when nothing has changed', () => {
    expect(adjustmentOf(posted, HEADER, totals(MONTHS), again)).toEqual({ kind: 'ready', parts: [] });
  });

  it('adds the difference alone, and refers to the first posting', () => {
    const months = { ...MONTHS, '2026-10': { sale: 10_000, 'fee/commission': -1_600 } } as const;
    const journal = adjustmentOf(posted, { ...HEADER, announced: 8_900 }, totals(months), again);
    expect(
      journal.kind === 'ready' &&
        journal.parts.map(({ part, adjusts, date, lines }) => ({ part, adjusts, date, lines })),
    ).toEqual([
      {
        part: 'adjustment/1/2026-10',
        adjusts: posted.key,
        date: '2026-10-31',
        lines: [
          { account: 'fee/commission', label: 'fee: commission', amount: 100 },
          { account: 'in-transit', label: 'paid out in 2026-11', amount: -100 },
        ],
      },
      {
        part: 'adjustment/1/2026-11',
        adjusts: posted.key,
        date: '2026-11-18',
        lines: [
          { account: 'deposit', label: 'deposit', amount: -100 },
          { account: 'in-transit', label: 'of other months', amount: 100 },
        ],
      },
    ]);
  });

  it('is blocked by a residual as a first posting is', () => {
    expect(adjustmentOf(posted, { ...HEADER, announced: 8_900 }, totals(MONTHS), again)).toMatchObject({
      kind: 'blocked',
    });
    expect(adjustmentOf({ ...posted, currency: 'EUR' }, HEADER, totals(MONTHS), again)).toMatchObject({
      reasons: [{ code: 'SETTLEMENT_CURRENCY_CHANGED' }],
    });
  });
});
