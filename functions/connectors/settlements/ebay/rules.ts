import type { LineClass } from '#core/settlements/line.ts';
import type { ClassRule, RuleSet } from '#core/settlements/rules.ts';

/**
 * eBay's transactions: transactionType/amount, and transactionType/fee/feeType for each fee. Fees that eBay charges apart
 * (NON_SALE_CHARGE) have their feeType too. LOAN_REPAYMENT is left to a person.
 */
export const rules: RuleSet = {
  name: 'ebay',
  version: '2026-11-01',
  rules: [
    { words: 'SALE/amount', class: { kind: 'sale' } },
    { words: 'REFUND/amount', class: { kind: 'refund', of: 'sale' } },
    { words: 'DISPUTE/amount', class: { kind: 'chargeback' } },
    { words: 'CREDIT/amount', class: { kind: 'adjustment' } },
    { words: 'ADJUSTMENT/amount', class: { kind: 'adjustment' } },
    { words: 'SHIPPING_LABEL/amount', class: { kind: 'fee', fee: 'shipping-label' } },
    { words: 'TRANSFER/amount', class: { kind: 'payout' } },
    ...fees('commission', ['FINAL_VALUE_FEE', 'FINAL_VALUE_FEE_FIXED_PER_ORDER', 'FINAL_VALUE_SHIPPING_FEE']),
    ...fees('international', ['INTERNATIONAL_FEE']),
    ...fees('regulatory', ['REGULATORY_OPERATING_FEE']),
    ...fees('payment', ['PAYMENT_PROCESSING_FEE']),
    ...fees('dispute', ['PAYMENT_DISPUTE_FEE']),
    ...fees('performance', ['BELOW_STANDARD_FEE', 'HIGH_ITEM_NOT_AS_DESCRIBED_FEE']),
    ...fees('listing', ['INSERTION_FEE', 'SUBTITLE_FEE', 'BOLD_FEE', 'GALLERY_FEE']),
    ...fees('subscription', ['STORE_SUBSCRIPTION_FEE']),
    ...advertising(['AD_FEE', 'PREMIUM_AD_FEES', 'PROMOTED_LISTINGS_FEE']),
  ],
};

function fees(fee: string, words: readonly string[]): ClassRule[] {
  return words.flatMap((word) => everywhere(word, { kind: 'fee', fee }));
}

function advertising(words: readonly string[]): ClassRule[] {
  return words.flatMap((word) => everywhere(word, { kind: 'advertising' }));
}

function everywhere(feeType: string, of: LineClass): ClassRule[] {
  return [
    { words: `*/fee/${feeType}`, class: of },
    { words: `NON_SALE_CHARGE/${feeType}`, class: of },
  ];
}
