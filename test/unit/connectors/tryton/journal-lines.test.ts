import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountsOf, assertBalanced, entriesOf, sameTexts } from '#connectors/erps/tryton/journal-lines.ts';
import type { JournalContent } from '#core/settlements/posting.ts';

const content = (amounts: readonly number[], currency = 'USD'): JournalContent => ({
  settlement: { channel: 'shopify', account: 'main', settlementId: 'ST1' },
  part: '2026-10',
  date: '2026-10-31',
  currency,
  description: 'Settlement ST1',
  lines: amounts.map((amount) => ({ account: 'fee', amount, label: 'Fee' })),
});

const decimal = (text: string) => ({ __class__: 'Decimal' as const, decimal: text });
const sides = (debit: string, credit: string) => ({ debit: decimal(debit), credit: decimal(credit) });

describe('a journal', () => {
  it.each([
    ['nothing', [], 'fewer than two lines'],
    ['one line', [5], 'fewer than two lines'],
    ['a cent too much', [1000, -999], '0.01 USD'],
    ['a line of nothing', [5, -5, 0], 'no amount'],
    ['an amount that is no whole number', [0.5, -0.5], 'no amount'],
    ['an amount that can not be counted', [2 ** 53, -(2 ** 53)], 'no amount'],
  ])('of %s is not sent', (_what, amounts, told) => {
    expect(() => assertBalanced(content(amounts))).toThrow(told);
  });

  it('that is balanced is sent, and no other', () => {
    const cents = fc.integer({ min: -(10 ** 12), max: 10 ** 12 }).filter((amount) => amount !== 0);
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1, maxLength: 50 }), fc.integer({ min: -3, max: 3 }), (some, off) => {
        const last = off - some.reduce((sum, amount) => sum + amount, 0);
        fc.pre(last !== 0);
        const send = () => assertBalanced(content([...some, last]));
        if (off === 0) expect(send).not.toThrow();
        else expect(send).toThrow(expect.objectContaining({ code: 'JOURNAL_UNBALANCED' }));
      }),
    );
  });
});

describe('lines are the same', () => {
  it('in any order, and however many zeros the ERP writes', () => {
    const read = [sides('0', '11.5'), sides('11.5000', '0E-8')];
    expect(sameTexts(amountsOf(read), amountsOf(content([1150, -1150])))).toBe(true);
  });

  it.each([
    ['a cent more', [sides('11.51', '0'), sides('0', '11.50')]],
    ['sides changed', [sides('11.50', '0'), sides('11.50', '0')]],
    ['one more', [sides('11.50', '0'), sides('0', '11.50'), sides('0', '0')]],
    ['one less', [sides('11.50', '0')]],
  ])('but not with %s', (_what, read) => {
    expect(sameTexts(amountsOf(read), amountsOf(content([1150, -1150])))).toBe(false);
  });

  it('with the decimals of their currency', () => {
    expect(amountsOf(content([1, -1], 'KWD'))).toEqual(['0 0.001', '0.001 0']);
    expect(amountsOf(content([1, -1], 'JPY'))).toEqual(['0 1', '1 0']);
  });

  it('only in the same accounts, where accounts count', () => {
    const one = [{ account: 1, ...sides('5', '0') }];
    expect(sameTexts(entriesOf(one), entriesOf([{ account: 1, ...sides('5.00', '0.00') }]))).toBe(true);
    expect(sameTexts(entriesOf(one), entriesOf([{ account: 2, ...sides('5', '0') }]))).toBe(false);
  });
});
