import { describe, expect, it } from 'vitest';
import { closedUntil } from '#core/operations/maintenance.ts';

const NIGHT = { from: '22:00', to: '04:00', timeZone: 'Europe/Amsterdam' };

describe('closedUntil', () => {
  it.each([
    ['before it', '2026-11-23T20:59:00Z', undefined],
    ['at its first minute (22:00 is 21:00 UTC in winter)', '2026-11-23T21:00:00Z', '2026-11-24T03:00:00.000Z'],
    ['past midnight', '2026-11-24T02:59:30Z', '2026-11-24T03:00:00.000Z'],
    ['at its end', '2026-11-24T03:00:00Z', undefined],
    ['in summer time (22:00 is 20:00 UTC)', '2026-07-01T20:00:00Z', '2026-07-02T02:00:00.000Z'],
  ])('%s', (_when, now, until) => {
    expect(closedUntil([NIGHT], now)).toBe(until);
  });

  it('belongs to the day on which it begins', () => {
    const sundays = [{ ...NIGHT, days: [7] }];
    expect(closedUntil(sundays, '2026-11-22T22:00:00Z')).toBeDefined();
    expect(closedUntil(sundays, '2026-11-23T01:00:00Z')).toBeDefined();
    expect(closedUntil(sundays, '2026-11-23T22:00:00Z')).toBeUndefined();
    expect(closedUntil(sundays, '2026-11-22T01:00:00Z')).toBeUndefined();
  });

  it('takes the latest end of those that overlap', () => {
    const windows = [NIGHT, { from: '21:30', to: '22:30', timeZone: 'UTC' }];
    expect(closedUntil(windows, '2026-11-23T22:00:00Z')).toBe('2026-11-24T03:00:00.000Z');
  });

  it('refuses a time that is none', () => {
    expect(() => closedUntil([{ ...NIGHT, from: '25:00' }], '2026-11-23T22:00:00Z')).toThrow(
      '"25:00" is not a time of day',
    );
  });
});
