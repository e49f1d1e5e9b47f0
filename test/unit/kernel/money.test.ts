import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  allocate,
  currencyExponent,
  formatMoney,
  money,
  parseMoney,
  subtract,
  unitsShare,
} from '#core/kernel/money.ts';

describe('parseMoney', () => {
  it.each([
    ['12.34', 'USD', 1234],
    ['-3', 'EUR', -300],
    ['0.5', 'USD', 50],
    ['19940', 'JPY', 19940],
    ['19940.00', 'JPY', 19940],
    ['1.234', 'KWD', 1234],
    ['-0.00', 'USD', 0],
  ])('reads "%s" %s as %d minor units', (text, currency, minor) => {
    expect(parseMoney(text, currency)).toEqual({ minor, currency });
  });

  it.each([
    ['12.345', 'USD', 'more decimals'],
    ['1.5', 'JPY', 'more decimals'],
    ['1,50', 'EUR', 'not an amount'],
    ['', 'USD', 'not an amount'],
    ['1e3', 'USD', 'not an amount'],
    ['NaN', 'USD', 'not an amount'],
    ['1.00', 'XXX', 'ISO 4217'],
    ['1.00', 'constructor', 'ISO 4217'],
    ['99999999999999.99', 'UYW', 'whole number'],
  ])('refuses "%s" %s', (text, currency, why) => {
    expect(() => parseMoney(text, currency)).toThrow(why);
  });

  it('gives back what formatMoney writes, in every exponent', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'),
        (minor, currency) => {
          expect(parseMoney(formatMoney(money(minor, currency)), currency)).toEqual(money(minor, currency));
        },
      ),
    );
  });
});

describe('money', () => {
  it('refuses fractions, unsafe numbers and the meeting of two currencies', () => {
    expect(() => money(0.1, 'USD')).toThrow('whole number');
    expect(() => money(2 ** 53, 'USD')).toThrow('whole number');
    expect(() => add(money(1, 'USD'), money(1, 'EUR'))).toThrow("EUR can't be added to USD");
  });

  it('subtracts what it added', () => {
    expect(subtract(add(money(10, 'USD'), money(32, 'USD')), money(32, 'USD'))).toEqual(money(10, 'USD'));
  });

  it('knows the decimals of a currency', () => {
    expect(['USD', 'JPY', 'KWD', 'CLF'].map(currencyExponent)).toEqual([2, 0, 3, 4]);
  });
});

describe('allocate', () => {
  it('gives the larger parts to the larger remainders', () => {
    expect(allocate(1000, [1, 1, 1])).toEqual([334, 333, 333]);
    expect(allocate(100, [1, 5, 2])).toEqual([13, 62, 25]);
    expect(allocate(-1000, [1, 1, 1])).toEqual([-334, -333, -333]);
  });

  it('sums exactly and stays within one unit of each exact share', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), weights, (total, parts) => {
        fc.pre(parts.some((weight) => weight > 0));
        const shares = allocate(total, parts);
        const all = parts.reduce((sum, weight) => sum + weight, 0);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
        shares.forEach((share, index) => {
          const exact = BigInt(total) * BigInt(parts[index] ?? 0);
          const off = BigInt(share) * BigInt(all) - exact;
          expect(off < BigInt(all) && off > -BigInt(all)).toBe(true);
        });
      }),
    );
  });

  it('refuses weights that say nothing', () => {
    expect(() => allocate(1, [])).toThrow('at least one');
    expect(() => allocate(1, [0, 0])).toThrow('above zero');
    expect(() => allocate(1, [-1, 2])).toThrow('none negative');
  });
});

describe('unitsShare', () => {
  it('splits a line as allocate does, odd units last, however its units come back', () => {
    const line = fc.record({ total: fc.integer({ min: -1e9, max: 1e9 }), quantity: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(line, fc.array(fc.integer({ min: 1, max: 5 })), ({ total, quantity }, steps) => {
        let taken = 0;
        let sum = 0;
        for (const step of [...steps, quantity]) {
          const count = Math.min(step, quantity - taken);
          sum += unitsShare(total, quantity, taken, count);
          taken += count;
          expect(sum).toBe(
            allocate(total, new Array(quantity).fill(1))
              .reverse()
              .slice(0, taken)
              .reduce((a, b) => a + b, 0),
          );
        }
        expect(sum).toBe(total);
      }),
    );
  });

  it('never pays the first units more than their exact share', () => {
    expect([unitsShare(247, 2, 0, 1), unitsShare(247, 2, 1, 1), unitsShare(-247, 2, 0, 1)]).toEqual([123, 124, -123]);
  });

  it('refuses units that the line does not have', () => {
    expect(() => unitsShare(100, 2, 1, 2)).toThrow('outside a line of 2');
  });
});
