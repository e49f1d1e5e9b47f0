import type { LineClass } from '#core/settlements/line.ts';
import type { ClassRule, RuleSet } from '#core/settlements/rules.ts';

/**
 * Types of Mirakl's transaction logs. PAYMENT is no line: it announces what is paid out. Of the types that its
 * specification names, those whose meaning is not plain are left out, and so to a person.
 */
export const rules: RuleSet = {
  name: 'mirakl',
  version: '2026-11-01',
  rules: [
    ...types({ kind: 'sale' }, ['ORDER_AMOUNT']),
    ...types({ kind: 'shipping' }, [
      'ORDER_SHIPPING_AMOUNT',
      'ORDER_FEE_AMOUNT',
      'OPERATOR_PAID_ORDER_SHIPPING_AMOUNT',
    ]),
    ...types({ kind: 'tax', collectedBy: 'seller' }, [
      'ORDER_AMOUNT_TAX',
      'ORDER_SHIPPING_AMOUNT_TAX',
      'OPERATOR_PAID_ORDER_SHIPPING_AMOUNT_TAX',
    ]),
    ...types({ kind: 'tax', collectedBy: 'marketplace' }, [
      'OPERATOR_REMITTED_ORDER_AMOUNT_TAX',
      'OPERATOR_REMITTED_ORDER_SHIPPING_AMOUNT_TAX',
    ]),
    ...types({ kind: 'refund', of: 'sale' }, ['REFUND_ORDER_AMOUNT']),
    ...types({ kind: 'refund', of: 'shipping' }, [
      'REFUND_ORDER_SHIPPING_AMOUNT',
      'REFUND_ORDER_FEE_AMOUNT',
      'OPERATOR_PAID_REFUND_ORDER_SHIPPING_AMOUNT',
    ]),
    ...types({ kind: 'refund', of: 'own-tax' }, [
      'REFUND_ORDER_AMOUNT_TAX',
      'REFUND_ORDER_SHIPPING_AMOUNT_TAX',
      'OPERATOR_PAID_REFUND_ORDER_SHIPPING_AMOUNT_TAX',
    ]),
    ...types({ kind: 'refund', of: 'marketplace-tax' }, [
      'OPERATOR_REMITTED_REFUND_ORDER_AMOUNT_TAX',
      'OPERATOR_REMITTED_REFUND_ORDER_SHIPPING_AMOUNT_TAX',
    ]),
    ...fee('commission', ['COMMISSION_FEE', 'REFUND_COMMISSION_FEE']),
    ...fee('commission-vat', ['COMMISSION_VAT', 'REFUND_COMMISSION_VAT']),
    ...fee('subscription', ['SUBSCRIPTION_FEE']),
    ...fee('subscription-vat', ['SUBSCRIPTION_VAT']),
    ...fee('order', ['SELLER_FEE_ON_ORDER']),
    ...fee('penalty', ['SELLER_PENALTY_FEE']),
    ...types({ kind: 'adjustment' }, ['MANUAL_CREDIT', 'MANUAL_CREDIT_VAT', 'MANUAL_INVOICE', 'MANUAL_INVOICE_VAT']),
    ...types({ kind: 'reserve', move: 'held' }, ['RESERVE_FUNDING']),
    ...types({ kind: 'reserve', move: 'released' }, ['RESERVE_SETTLEMENT']),
  ],
};

function types(of: LineClass, words: readonly string[]): ClassRule[] {
  return words.map((word) => ({ words: word, class: of }));
}

function fee(name: string, words: readonly string[]): ClassRule[] {
  return types({ kind: 'fee', fee: name }, words);
}
