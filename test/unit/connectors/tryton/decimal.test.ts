import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalDecimal,
  DecimalError,
  decimalFromMinor,
  minorFromDecimal,
  parseDecimal,
  ratedAs,
  sameDecimal,
  sumDecimals,
} from '#connectors/erps/tryton/decimal.ts';

describe("the ERP's decimals", () => {
  it.each([
    ['12.34', 'USD', 1234],
    ['-13.57', 'USD', -1357],
    ['36.5', 'USD', 3650],
    ['36.500000', 'USD', 3650],
    ['0E-8', 'USD', 0],
    ['1E+3', 'USD', 100000],
    ['5', 'JPY', 5],
    ['1.234', 'KWD', 1234],
  ])('reads %s %s as %i minor units', (text, currency, minor) => {
    expect(minorFromDecimal(text, currency)).toBe(minor);
  });

  it.each(['12.345', '0.001', '1E-3'])('never rounds: %s USD is refused', (text) => {
    expect(() => minorFromDecimal(text, 'USD')).toThrow(DecimalError);
  });

  it.each(['', 'NaN', 'Infinity', '1,5', '0x10', ' 1', '1.', '.5', '1e999'])('refuses %j', (text) => {
    expect(() => parseDecimal(text)).toThrow(DecimalError);
  });

  it('refuses an amount that is too large to be exact', () => {
    expect(() => minorFromDecimal('90071992547409.92', 'USD')).toThrow(DecimalError);
  });

  it('writes and reads any amount without loss', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'), (minor, currency) => {
        expect(minorFromDecimal(decimalFromMinor(minor, currency), currency)).toBe(minor === 0 ? 0 : minor);
      }),
    );
  });

  it('gives equal rates one text', () => {
    expect(['0.10', '0.1', '0.1000'].map(canonicalDecimal)).toEqual(['0.1', '0.1', '0.1']);
    expect(canonicalDecimal('0.00')).toBe('0');
    expect(canonicalDecimal('1')).toBe('1');
  });

  it('adds exactly where floats do not', () => {
    expect(sameDecimal(sumDecimals(['0.1', '0.2']), parseDecimal('0.3'))).toBe(true);
    expect(sameDecimal(sumDecimals(['22.92', '-20.00']), sumDecimals([]))).toBe(false);
  });
});

describe('ratedAs', () => {
  it.each([
    [1234, '0.1', 123, true],
    [1234, '0.1', 124, false],
    // 12.345 is a tie: half up and half even are both taken.
    [12345, '0.1', 1234, true],
    [12345, '0.1', 1235, true],
    [12345, '0.1', 1236, false],
    [-1234, '0.1', -123, true],
    [850, '0.0825', 70, true],
    [0, '0.1', 0, true],
    [1000, '0', 0, true],
  ])('%i at %s is %i: %s', (base, rate, amount, expected) => {
    expect(ratedAs(base, rate, amount)).toBe(expected);
  });
});
