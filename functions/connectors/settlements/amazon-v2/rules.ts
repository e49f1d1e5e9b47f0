import type { LineClass } from '#core/settlements/line.ts';
import type { ClassRule, RuleSet } from '#core/settlements/rules.ts';

/**
 * Words of Amazon's V2 settlement report: transaction-type/amount-type/amount-description. Compiled from its documentation
 * and from words seen in public code; the vocabulary is open, and what is not here is unclassified.
 */
export const rules: RuleSet = {
  name: 'amazon-v2',
  version: '2026-11-01',
  rules: [
    // What a buyer paid. "Tax" is all tax: what the marketplace remits of it is taken off again by ItemWithheldTax.
    ...sales('Order'),
    ...sales('Order_Retrocharge'),
    ...refunds('Refund'),
    ...refunds('Refund_Retrocharge'),
    // Amazon refunds the buyer on the seller's behalf: the same money, by another hand.
    ...refunds('A-to-z Guarantee Refund'),
    ...each('Chargeback Refund', ['ItemPrice/*', 'Promotion/*', 'ItemWithheldTax/*'], { kind: 'chargeback' }),
    ...Object.entries(FEES()).flatMap(([fee, words]) => each('*', words, { kind: 'fee', fee })),
    ...each(
      '*',
      ['ItemWithheldTax/TCS-CGST', 'ItemWithheldTax/TCS-SGST', 'ItemWithheldTax/TCS-IGST', 'ItemWithheldTax/TDS'],
      {
        kind: 'fee',
        fee: 'tax-deducted-at-source',
      },
    ),
    ...each('*', ['Cost of Advertising/TransactionTotalAmount'], { kind: 'advertising' }),
    ...each('*', ['other-transaction/Current Reserve Amount'], { kind: 'reserve', move: 'held' }),
    ...each('*', ['other-transaction/Previous Reserve Amount Balance'], { kind: 'reserve', move: 'released' }),
    ...each('*', REIMBURSEMENTS(), { kind: 'adjustment' }),
    ...each('SAFE-T Reimbursement', ['*/*'], { kind: 'adjustment' }),
    ...each('Liquidations', ['*/*'], { kind: 'adjustment' }),
    ...each('Liquidations Adjustments', ['*/*'], { kind: 'adjustment' }),
    ...each('Commingling VAT', ['*/*'], { kind: 'adjustment' }),
    // The description of these is the name of a coupon or a deal.
    ...each('CouponRedemptionFee', ['*/*'], { kind: 'fee', fee: 'coupon' }),
    ...each('Lightning Deal Fee', ['*/*'], { kind: 'fee', fee: 'deal' }),
    ...each('SellerReviewEnrollmentPayment', ['*/*'], { kind: 'fee', fee: 'review-program' }),
    ...each('Vine Enrollment Fee', ['*/*'], { kind: 'fee', fee: 'review-program' }),
    ...each('Grade and Resell Fees', ['*/*'], { kind: 'fee', fee: 'grade-and-resell' }),
    ...each('Fee Adjustment', ['*/*'], { kind: 'fee', fee: 'fee-adjustment' }),
    ...each('Income Tax Charged', ['*/*'], { kind: 'fee', fee: 'tax-deducted-at-source' }),
    ...each('Transfer', ['*/*'], { kind: 'payout' }),
  ],
};

function each(type: string, words: readonly string[], of: LineClass): ClassRule[] {
  return words.map((rest) => ({ words: `${type}/${rest}`, class: of }));
}

function WITHHELD(): string[] {
  const facilitator = ['Principal', 'Shipping', 'Giftwrap', 'Other'].map((of) => `MarketplaceFacilitatorTax-${of}`);
  const others = ['MarketplaceFacilitatorVAT-Principal', 'MarketplaceFacilitatorVAT-Shipping'];
  return [...facilitator, ...others, 'LowValueGoodsTax-Principal', 'LowValueGoodsTax-Shipping'].map(
    (word) => `ItemWithheldTax/${word}`,
  );
}

function sales(type: string): ClassRule[] {
  return [
    ...each(type, ['ItemPrice/Principal', 'ItemPrice/Goodwill'], { kind: 'sale' }),
    ...each(type, ['ItemPrice/Shipping', 'ItemPrice/GiftWrap'], { kind: 'shipping' }),
    ...each(type, ['ItemPrice/Tax', 'ItemPrice/ShippingTax', 'ItemPrice/GiftWrapTax'], {
      kind: 'tax',
      collectedBy: 'seller',
    }),
    ...each(type, ['Promotion/Principal', 'Promotion/Shipping'], { kind: 'discount' }),
    ...each(type, WITHHELD(), { kind: 'tax', collectedBy: 'marketplace' }),
  ];
}

function refunds(type: string): ClassRule[] {
  return [
    // A restocking fee is what the seller keeps of the price.
    ...each(type, ['ItemPrice/Principal', 'ItemPrice/Goodwill', 'ItemPrice/RestockingFee'], {
      kind: 'refund',
      of: 'sale',
    }),
    ...each(type, ['ItemPrice/Shipping', 'ItemPrice/GiftWrap'], { kind: 'refund', of: 'shipping' }),
    ...each(type, ['ItemPrice/Tax', 'ItemPrice/ShippingTax', 'ItemPrice/GiftWrapTax'], {
      kind: 'refund',
      of: 'own-tax',
    }),
    ...each(type, ['Promotion/Principal', 'Promotion/Shipping'], { kind: 'refund', of: 'discount' }),
    ...each(type, WITHHELD(), { kind: 'refund', of: 'marketplace-tax' }),
  ];
}

/** Fees by our name of them. Given back, they come with the same words and the other sign. */
function FEES(): Record<string, string[]> {
  return {
    commission: [
      'ItemFees/Commission',
      'ItemFees/RefundCommission',
      'ItemFees/FixedClosingFee',
      'ItemFees/VariableClosingFee',
    ],
    'shipping-chargeback': ['ItemFees/ShippingChargeback', 'ItemFees/GiftwrapChargeback', 'ItemFees/ShippingHB'],
    fulfilment: [
      'ItemFees/FBAPerUnitFulfillmentFee',
      'ItemFees/FBAPerOrderFulfillmentFee',
      'ItemFees/FBAWeightBasedFee',
    ],
    technology: ['ItemFees/TechnologyFee'],
    storage: ['other-transaction/Storage Fee'],
    subscription: ['other-transaction/Subscription Fee'],
  };
}

function REIMBURSEMENTS(): string[] {
  return ['other-transaction/SAFE-T Reimbursement', 'FBA Inventory Reimbursement/WAREHOUSE_DAMAGE'];
}
