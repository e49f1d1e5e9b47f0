import { describe, expect, it } from 'vitest';
import { csvOf } from '#core/kernel/csv.ts';

describe('CSV', () => {
  it('ends every row, and quotes what would end a cell', () => {
    expect(csvOf([['a', 'b,c'], ['say "no"', 'two\nlines'], []])).toBe('a,"b,c"\r\n"say ""no""","two\nlines"\r\n\r\n');
  });

  it.each([
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['+1', "'+1"],
    ['@SUM', "'@SUM"],
    ['-1+cmd', "'-1+cmd"],
    ['\tx', "'\tx"],
    ['-12.50', '-12.50'],
    ['-3', '-3'],
    ['#1001', '#1001'],
  ])('%j runs in no spreadsheet', (cell, written) => expect(csvOf([[cell]])).toBe(`${written}\r\n`));
});
