import { describe, expect, it } from 'vitest';
import { consumedUnits, itemBytes, readUnits, writeUnits } from '../../bench/capacity.ts';

describe('capacity', () => {
  it('counts names and values of a row, and three bytes and one for each member of what is nested', () => {
    expect(itemBytes({ pk: { S: 'ORDER#1' } })).toBe(2 + 7);
    expect(itemBytes({ title: { S: 'Größe' } })).toBe(5 + 7);
    expect(itemBytes({ open: { BOOL: true }, none: { NULL: true } })).toBe(4 + 1 + 4 + 1);
    expect(itemBytes({ list: { L: [{ S: 'ab' }, { S: 'c' }] } })).toBe(4 + 3 + 2 + 3);
    expect(itemBytes({ map: { M: { a: { S: 'xy' } } } })).toBe(3 + 3 + 1 + 1 + 2);
    expect(itemBytes({ raw: { B: 'AAECAw==' } })).toBe(3 + 4);
  });

  it.each([
    ['0', 2],
    ['7', 2],
    ['1234', 3],
    ['-1234', 4],
    ['1000', 2],
    ['0.05', 2],
  ])('takes the number %s for %i bytes', (text, bytes) => expect(itemBytes({ n: { N: text } })).toBe(1 + bytes));

  it('refuses to guess the size of what it does not know', () => {
    expect(() => itemBytes({ tags: { SS: ['a'] } })).toThrow('"SS"');
  });

  it('takes a unit for each KB that is written, twice in a transaction', () => {
    expect([0, 1024, 1025].map((bytes) => writeUnits(bytes, false))).toEqual([1, 1, 2]);
    expect([1024, 1025].map((bytes) => writeUnits(bytes, true))).toEqual([2, 4]);
  });

  it('takes a unit for each 4 KB that is read, half of it when the read may be stale', () => {
    expect([0, 4096, 4097].map((bytes) => readUnits(bytes, true))).toEqual([1, 1, 2]);
    expect(readUnits(4097, false)).toBe(1);
  });

  it('sums up what DynamoDB says of one table or of several', () => {
    expect(consumedUnits({ CapacityUnits: 3 })).toBe(3);
    expect(consumedUnits([{ CapacityUnits: 6 }, { CapacityUnits: 2 }])).toBe(8);
    expect(consumedUnits(undefined)).toBe(0);
  });
});
