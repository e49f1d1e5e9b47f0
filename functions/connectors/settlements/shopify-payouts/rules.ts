import type { LineClass } from '#core/settlements/line.ts';
import type { ClassRule, RuleSet } from '#core/settlements/rules.ts';

/**
 * Types of Shopify's balance transactions: type/amount or fee/credit or debit (as the seller sees it). The payout's own row
 * is no line: it announces what is paid out.
 *
 * The older API has ten types, the newer one more than a hundred, of most of which its page says nothing but the name
 * (https://shopify.dev/docs/api/admin-graphql/latest/enums/ShopifyPaymentsTransactionType). Those whose name leaves no doubt
 * are here; any other blocks its settlement until somebody who knows what it was adds it.
 */
export const rules: RuleSet = {
  name: 'shopify-payouts',
  version: '2026-11-25',
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
    ...['dispute', 'dispute_withdrawal', 'dispute_reversal', 'chargeback'].flatMap((type) =>
      both(`${type}/fee`, { kind: 'fee', fee: 'dispute' }),
    ),
    ...both('refund_failure/amount', { kind: 'refund', of: 'sale' }),
    ...['dispute_withdrawal', 'dispute_reversal'].flatMap((type) => both(`${type}/amount`, { kind: 'chargeback' })),
    ...['chargeback_fee', 'chargeback_fee_refund'].flatMap((type) =>
      both(`${type}/amount`, { kind: 'fee', fee: 'dispute' }),
    ),
    { words: 'reserved_funds/amount/debit', class: { kind: 'reserve', move: 'held' } },
    ...['reserved_funds', 'reserved_funds_reversal'].map(
      (type): ClassRule => ({ words: `${type}/amount/credit`, class: { kind: 'reserve', move: 'released' } }),
    ),
    ...['transfer_failure', 'transfer_cancel'].flatMap((type) => both(`${type}/amount`, { kind: 'payout' })),
    ...['shipping_label', 'shipping_label_adjustment'].flatMap((type) =>
      both(`${type}/amount`, { kind: 'fee', fee: 'shipping-label' }),
    ),
  ],
};

function both(words: string, of: LineClass): ClassRule[] {
  return [
    { words: `${words}/credit`, class: of },
    { words: `${words}/debit`, class: of },
  ];
}
