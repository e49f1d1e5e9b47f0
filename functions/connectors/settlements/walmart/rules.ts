import type { LineClass } from '#core/settlements/line.ts';
import type { ClassRule, RuleSet } from '#core/settlements/rules.ts';

/** Words of Walmart's reconciliation report: Transaction Type/Amount Type, as its documentation names them. */
export const rules: RuleSet = {
  name: 'walmart',
  version: '2026-11-01',
  rules: [
    ...words('Sale', ['Product Price'], { kind: 'sale' }),
    ...words('Sale', ['Shipping'], { kind: 'shipping' }),
    ...words('Sale', ['Product tax', 'Shipping tax'], { kind: 'tax', collectedBy: 'seller' }),
    ...words('Sale', ['Product tax withheld', 'Shipping tax withheld'], { kind: 'tax', collectedBy: 'marketplace' }),
    ...words('Refund', ['Product Price'], { kind: 'refund', of: 'sale' }),
    ...words('Refund', ['Shipping'], { kind: 'refund', of: 'shipping' }),
    ...words('Refund', ['Product tax', 'Shipping tax'], { kind: 'refund', of: 'own-tax' }),
    ...words('Refund', ['Product tax withheld', 'Shipping tax withheld'], { kind: 'refund', of: 'marketplace-tax' }),
    ...words('*', ['Commission on Product', 'Commission on Shipping'], { kind: 'fee', fee: 'commission' }),
    ...words('Adjustment', ['*'], { kind: 'adjustment' }),
    ...words('Service Fee', ['*'], { kind: 'fee', fee: 'service' }),
    ...words('Reserve', ['*'], { kind: 'reserve', move: 'held' }),
    ...words('Release Reserve', ['*'], { kind: 'reserve', move: 'released' }),
  ],
};

function words(type: string, amounts: readonly string[], of: LineClass): ClassRule[] {
  return amounts.map((amount) => ({ words: `${type}/${amount}`, class: of }));
}
