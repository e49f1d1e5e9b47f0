import { describe, expect, it } from 'vitest';
import { billOf, chunksOf, PRICED_AT, PRICES, totalOf, type Usage } from '../../bench/prices.ts';

const NOTHING = Object.fromEntries(Object.keys(PRICES).map((key) => [key, 0])) as Usage;

describe('the bill', () => {
  it('scales what some orders used to so many, dearest line first', () => {
    const usage = { ...NOTHING, apiRequests: 20, writeUnits: 400, sqsRequests: 120 };
    const lines = billOf(usage, { orders: 20, scaledTo: 1000 });
    expect(lines.slice(0, 3)).toEqual([
      { what: 'DynamoDB write request units', usd: expect.closeTo(0.0125, 10) },
      { what: 'API Gateway requests (REST)', usd: expect.closeTo(0.0035, 10) },
      { what: 'SQS requests (standard, for each 64 KB)', usd: expect.closeTo(0.0024, 10) },
    ]);
    expect(totalOf(lines)).toBeCloseTo(0.0184, 10);
  });

  it('prices compute by the GB-second and logs by the GB', () => {
    const lines = billOf({ ...NOTHING, gbSeconds: 1, logBytes: 2_000_000 }, { orders: 1, scaledTo: 1000 });
    expect(totalOf(lines)).toBeCloseTo(0.0133334 + 1, 10);
  });

  it('is not made of no orders', () => {
    expect(() => billOf(NOTHING, { orders: 0, scaledTo: 1000 })).toThrow('not from 0');
  });

  it('counts payloads by the 64 KB begun', () => {
    expect([0, 1, 65_536, 65_537].map(chunksOf)).toEqual([1, 1, 1, 2]);
  });

  it('says of every price where it is from, and when', () => {
    expect(PRICED_AT).toMatch(/^\d{4}-\d\d-\d\d$/);
    for (const { source } of Object.values(PRICES)) expect(source).not.toBe('');
  });
});
