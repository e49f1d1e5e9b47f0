import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentLines, type Part, pricedUnits, type TaxRules } from '#connectors/erps/tryton/booking.ts';
import { unitsShare } from '#core/kernel/money.ts';

const RULES: TaxRules = { erpRates: new Set(['0.1', '0.06']), collectedTax: 'TAX-COLLECTED' };
const seller = (rate: string, amount: number, title = 'Sales tax') =>
  ({ rate, amount, title, collectedBy: 'seller' }) as const;

const part = (changes: Partial<Part> = {}): Part => ({
  sku: 'TSHIRT-M',
  quantity: 2,
  net: 2468,
  taxes: [],
  ...changes,
});
const worth = (lines: readonly { quantity: number; unitPrice: number }[]) =>
  lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);

describe('pricedUnits', () => {
  it('gives every unit the same price where the total divides evenly', () => {
    expect(pricedUnits(2468, 2)).toEqual([{ quantity: 2, unitPrice: 1234 }]);
  });

  it('makes the last units a minor unit dearer where it does not', () => {
    expect(pricedUnits(100, 3)).toEqual([
      { quantity: 2, unitPrice: 33 },
      { quantity: 1, unitPrice: 34 },
    ]);
    expect(pricedUnits(-2, 3)).toEqual([
      { quantity: 1, unitPrice: 0 },
      { quantity: 2, unitPrice: -1 },
    ]);
  });

  it('always comes to the total, with all units, and values units as the core does', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 5000 }), (total, quantity) => {
        const lines = pricedUnits(total, quantity);
        expect(worth(lines)).toBe(total);
        expect(lines.reduce((sum, line) => sum + line.quantity, 0)).toBe(quantity);
        expect(lines.length).toBeLessThanOrEqual(2);
        expect(lines[0]?.unitPrice).toBe(unitsShare(total, quantity, 0, 1) + 0);
      }),
    );
  });

  it.each([
    [100, 0],
    [100, -1],
    [100, 1.5],
    [0.5, 1],
  ])('refuses %d minor units for %d units', (total, quantity) => {
    expect(() => pricedUnits(total, quantity)).toThrow(RangeError);
  });
});

describe('documentLines', () => {
  it('uses the ERP tax where it comes to the channel amount', () => {
    const lines = documentLines([part({ lineId: 'L1', taxes: [seller('0.10', 247)] })], 'erp-taxes', RULES, 1);
    expect(lines).toEqual([{ sku: 'TSHIRT-M', quantity: 2, unitPrice: 1234, taxRates: ['0.1'], lineId: 'L1' }]);
  });

  it.each([
    ['another amount than base × rate', [seller('0.10', 260)], 260],
    ['a rate the ERP does not have', [seller('0.08875', 219)], 219],
    ['a rate that is no number', [seller('ten percent', 247)], 247],
    ['no rate', [{ amount: 247, collectedBy: 'seller' as const }], 247],
    ['the same rate twice', [seller('0.10', 247), seller('0.10', 247, 'County')], 247],
  ])('books tax with %s as an amount', (_name, taxes, booked) => {
    const lines = documentLines([part({ taxes })], 'erp-taxes', RULES, 1);
    const amounts = lines.filter(({ sku }) => sku === 'TAX-COLLECTED');
    expect(amounts).toHaveLength(1);
    expect(amounts[0]).toMatchObject({ quantity: 1, unitPrice: booked, taxRates: [] });
  });

  it('adds amounts of one tax up, and leaves zero out', () => {
    const parts = [part({ taxes: [seller('0.07', 100), seller('0.05', 0)] }), part({ taxes: [seller('0.070', 23)] })];
    const lines = documentLines(parts, 'erp-taxes', RULES, 1);
    expect(lines.filter(({ sku }) => sku === 'TAX-COLLECTED')).toEqual([
      { sku: 'TAX-COLLECTED', quantity: 1, unitPrice: 123, taxRates: [], description: 'Tax Sales tax 0.07' },
    ]);
  });

  it('never books tax that the marketplace remits', () => {
    const taxes = [{ rate: '0.10', amount: 247, collectedBy: 'marketplace' as const }];
    expect(documentLines([part({ taxes })], 'erp-taxes', RULES, 1)).toHaveLength(1);
    expect(documentLines([part({ taxes })], 'collected-lines', RULES, 1)).toEqual([
      { sku: 'TSHIRT-M', quantity: 2, unitPrice: 1234, taxRates: [] },
    ]);
  });

  it('refuses tax it has no place for', () => {
    const rules = { erpRates: new Set<string>() };
    expect(() => documentLines([part({ taxes: [seller('0.10', 247)] })], 'erp-taxes', rules, 1)).toThrow(
      expect.objectContaining({ code: 'TAX_NOT_MAPPED' }),
    );
  });

  it('comes to net plus seller tax exactly when all tax is booked as amounts, for sales and returns', () => {
    const tax = fc.record({
      rate: fc.constantFrom('0.1', '0.06', '0.0825'),
      amount: fc.integer({ min: 0, max: 1e6 }),
      collectedBy: fc.constantFrom('seller' as const, 'marketplace' as const),
    });
    const parts = fc.array(
      fc.record({
        sku: fc.constantFrom('A', 'B'),
        quantity: fc.integer({ min: 1, max: 500 }),
        net: fc.integer({ min: 0, max: 1e7 }),
        taxes: fc.array(tax, { maxLength: 3 }),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(parts, fc.constantFrom(1 as const, -1 as const), (some, direction) => {
        const expected = some.reduce(
          (sum, { net, taxes }) =>
            sum + net + taxes.reduce((of, one) => of + (one.collectedBy === 'seller' ? one.amount : 0), 0),
          0,
        );
        expect(worth(documentLines(some, 'collected-lines', RULES, direction)) + 0).toBe(direction * expected + 0);
      }),
    );
  });
});
