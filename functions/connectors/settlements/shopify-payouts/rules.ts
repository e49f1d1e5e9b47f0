import type { LineClass } from '#core/settlements/line.ts';
import type { ClassRule, RuleSet } from '#core/settlements/rules.ts';

/**
 * Types of Shopify's balance transactions: type/amount or fee/credit or debit (as the seller sees it). The payout's own row
 * is no line: it announces what is paid out.
 */
export const rules: RuleSet = {
  name: 'shopify-payouts',
  version: '2026-11-01',
  rules: [
    ...both('charge/amount', { kind: 'sale' }),
    ...both('refund/amount', { kind: 'refund', of: 'sale' }),
    ...both('dispute/amount', { kind: 'chargeback' }),
    ...both('chargeback/amount', { kind: 'chargeback' }),
    ...['adjustment', 'credit', 'debit'].flatMap((type) => both(`${type}/amount`, { kind: 'adjustment' })),
    { words: 'reserve/amount/debit', class: { kind: 'reserve', move: 'held' } },
    { words: 'reserve/amount/credit', class: { kind: 'reserve', move: 'released' } },
    ...['payout_failure', 'payout_cancellation'].flatMap((type) => both(`${type}/amount`, { kind: 'payout' })),
    ...['charge', 'refund', 'adjustment'].flatMap((type) => both(`${type}/fee`, { kind: 'fee', fee: 'payment' })),
    ...['dispute', 'chargeback'].flatMap((type) => both(`${type}/fee`, { kind: 'fee', fee: 'dispute' })),
  ],
};

function both(words: string, of: LineClass): ClassRule[] {
  return [
    { words: `${words}/credit`, class: of },
    { words: `${words}/debit`, class: of },
  ];
}
