import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onReturnTimer } from '#application/returns/on-return-timer.ts';
import type { ReturnCommand } from '#core/returns/decider.ts';
import { dayIn, endOfBusinessDay } from '#core/returns/duties/business-days.ts';
import { breachOf, dutyTimer, parseDutyTimer, warningOf } from '#core/returns/duties/deadlines.ts';
import type { Duty } from '#core/returns/duties/duty.ts';
import { dutiesOf, MARKETPLACE_DUTIES } from '#core/returns/duties/marketplace-duties.ts';
import { termsFor } from '#core/returns/terms.ts';
import { decided, effectsOf, stateAfter } from './given-return.ts';
import { House } from './house.ts';
import {
  at,
  authorizedBy,
  inspected,
  kept,
  REFUND_ID,
  RETURN_KEY,
  received,
  refunded,
  report,
  validate,
  wholeWay,
} from './samples.ts';

const pacific = { timeZone: 'America/Los_Angeles' };
const duty: Duty = {
  id: 'refund-after-receipt',
  within: { businessDays: 2 },
  calendar: pacific,
  warnHours: 12,
  source: 'the marketplace',
};
const bound = authorizedBy({ duties: [duty] });
const goods = report(received());
const note = (stage: 'warning' | 'breach'): ReturnCommand => ({ type: 'note-duty', duty: duty.id, stage, at: at(18) });

describe('business days', () => {
  it('are counted after the day on which it began, in the zone of the calendar', () => {
    // Friday in Los Angeles, Saturday in UTC: Monday and Tuesday count.
    expect(endOfBusinessDay('2026-11-28T02:00:00Z', 2, pacific)).toBe('2026-12-02T08:00:00.000Z');
    expect(endOfBusinessDay('2026-11-28T02:00:00Z', 2, { timeZone: 'UTC' })).toBe('2026-12-02T00:00:00.000Z');
    expect(dayIn('America/Los_Angeles', '2026-11-28T02:00:00Z')).toBe('2026-11-27');
  });

  it('leave weekends and holidays out', () => {
    const thanksgiving = { ...pacific, holidays: ['2026-11-26', '2026-11-27'] };
    expect(endOfBusinessDay('2026-11-25T20:00:00Z', 1, thanksgiving)).toBe('2026-12-01T08:00:00.000Z');
    const sundays = { ...pacific, weekend: [7] };
    expect(endOfBusinessDay('2026-11-27T20:00:00Z', 1, sundays)).toBe('2026-11-29T08:00:00.000Z');
  });

  it('last 23 or 25 hours when clocks change', () => {
    const daily = { timeZone: 'America/Los_Angeles', weekend: [] };
    const [before, spring] = [
      endOfBusinessDay('2026-03-06T20:00:00Z', 1, daily),
      endOfBusinessDay('2026-03-07T20:00:00Z', 1, daily),
    ];
    expect(Date.parse(spring) - Date.parse(before)).toBe(23 * 3_600_000);
    const [day, autumn] = [
      endOfBusinessDay('2026-10-30T20:00:00Z', 1, daily),
      endOfBusinessDay('2026-10-31T20:00:00Z', 1, daily),
    ];
    expect(Date.parse(autumn) - Date.parse(day)).toBe(25 * 3_600_000);
  });

  it('end at a midnight, after the beginning, and the later the more of them', () => {
    const zones = fc.constantFrom(
      'UTC',
      'America/Los_Angeles',
      'Europe/Berlin',
      'Asia/Kathmandu',
      'Pacific/Apia',
      'America/Sao_Paulo',
    );
    const instants = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(zones, instants, fc.integer({ min: 1, max: 20 }), (timeZone, since, n) => {
        const begins = since.toISOString();
        const end = endOfBusinessDay(begins, n, { timeZone });
        expect(end > begins).toBe(true);
        expect(end > endOfBusinessDay(begins, n - 1 || 1, { timeZone }) || n === 1).toBe(true);
        const justBefore = new Date(Date.parse(end) - 1).toISOString();
        expect(dayIn(timeZone, justBefore) < dayIn(timeZone, end)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('duties', () => {
  it('are those of the marketplace, and each names its source', () => {
    expect(dutiesOf({ channel: 'amazon', account: 'us' })).toMatchObject([{ within: { businessDays: 2 } }]);
    expect(dutiesOf({ channel: 'walmart', account: 'us' })).toMatchObject([{ within: { hours: 48 } }]);
    expect(dutiesOf({ channel: 'shopify', account: 'main' })).toEqual([]);
    expect(dutiesOf({ channel: 'constructor', account: 'main' })).toEqual([]);
    for (const one of Object.values(MARKETPLACE_DUTIES).flat())
      expect(one.source).toMatch(/^[A-Za-z]+( Marketplace)?, .*refund within/);
  });

  it('are the merchant’s own where they are set, for an account before its channel', () => {
    const own = { amazon: [], 'amazon/us': [duty] };
    expect(dutiesOf({ channel: 'amazon', account: 'us' }, own)).toEqual([duty]);
    expect(dutiesOf({ channel: 'amazon', account: 'de' }, own)).toEqual([]);
    const order = { channel: 'amazon', account: 'us', currency: 'USD' };
    expect(termsFor({ duties: own }, order).duties).toEqual([duty]);
    expect(termsFor(undefined, order)).toMatchObject({ partialDays: 0, approvalDays: 7, duties: [{}] });
  });

  it('in hours end to the minute, and warn at once when the lead is longer than the duty', () => {
    const hours: Duty = { ...duty, within: { hours: 6 } };
    expect(breachOf(hours, '2026-11-26T09:00:00.000Z')).toBe('2026-11-26T15:00:00.000Z');
    expect(warningOf(hours, '2026-11-26T09:00:00.000Z')).toBe('2026-11-26T09:00:00.000Z');
  });

  it('begin with the first receipt, whatever the order of the reports', () => {
    const timers = [
      { name: 'duty/warning/refund-after-receipt', dueAt: '2026-11-27T21:00:00.000Z' },
      { name: 'duty/breach/refund-after-receipt', dueAt: '2026-11-28T09:00:00.000Z' },
    ];
    const inHours = authorizedBy({ duties: [{ ...duty, within: { hours: 48 } }] });
    expect(effectsOf(inHours).setTimers.map(({ name }) => name)).toEqual(['receipt-deadline']);
    const late = report(received([{ lineId: 'L2', quantity: 1 }], 15, 'REC2'));
    for (const history of [
      [inHours, goods],
      [inHours, late, goods],
      [inHours, goods, late],
    ]) {
      const { setTimers } = effectsOf(...history);
      expect(setTimers.filter(({ name }) => name.startsWith('duty/'))).toEqual(timers);
    }
  });

  it('are told before the breach and at it, each once', () => {
    const warned = [bound, goods, note('warning')];
    expect(effectsOf(...warned).openCases).toMatchObject([
      { code: 'DUTY_AT_RISK#refund-after-receipt', owner: 'customer-service', moneyAtRisk: { currency: 'USD' } },
    ]);
    expect(decided(warned, note('warning'))).toMatchObject({ kind: 'ignored' });
    expect(effectsOf(...warned, note('breach'))).toMatchObject({
      openCases: [{ code: 'DUTY_BREACHED#refund-after-receipt' }],
      closeCases: ['DUTY_AT_RISK#refund-after-receipt'],
    });
    for (const stage of ['warning', 'breach'] as const)
      expect(decided([...warned, note('breach')], note(stage))).toMatchObject({ kind: 'ignored' });
    const again = effectsOf(...warned, report(inspected()));
    expect(again.setTimers.map(({ name }) => name)).toEqual(['duty/breach/refund-after-receipt']);
  });

  it('are met when the channel has taken the refund, and end with what ends the return', () => {
    const paid = [bound, ...wholeWay.slice(1, 11), refunded('issued')];
    const { clearTimers, closeCases } = effectsOf(...paid);
    expect(clearTimers).toEqual(['duty/warning/refund-after-receipt', 'duty/breach/refund-after-receipt']);
    expect(closeCases).toContain('DUTY_AT_RISK#refund-after-receipt');
    expect(decided(paid, note('breach'))).toMatchObject({ kind: 'ignored' });
    expect(effectsOf(bound, goods, report({ type: 'cancelled', occurredAt: at(10) })).clearTimers).toContain(
      'duty/breach/refund-after-receipt',
    );
    expect(decided([bound, kept], note('breach'))).toMatchObject({ kind: 'ignored' });
    expect(stateAfter(bound, goods, report(inspected()), validate).status).toBe('approved');
  });

  it('are not met by a refund that the channel took and does not show', () => {
    const denied: ReturnCommand = { type: 'record-refund', refundId: REFUND_ID, standing: 'issued', unconfirmed: true };
    const history = [bound, ...wholeWay.slice(1, 11), refunded('issued')];
    expect(effectsOf(...history, denied).setTimers).toMatchObject([
      { name: 'duty/warning/refund-after-receipt' },
      { name: 'duty/breach/refund-after-receipt' },
    ]);
    expect(decided([...history, denied], note('breach'))).toMatchObject({ kind: 'accepted' });
  });

  it('come as timers of the return', async () => {
    const house = new House();
    await house.shippedOrder();
    await house.return(bound, goods);
    const name = dutyTimer(duty.id, 'breach');
    await onReturnTimer({ ...house.ports }, { subject: RETURN_KEY, name }, at(23));
    await onReturnTimer({ ...house.ports }, { subject: RETURN_KEY, name }, at(23));
    expect(await house.openCases()).toEqual(['DUTY_BREACHED#refund-after-receipt']);
    expect(parseDutyTimer('receipt-deadline')).toBeUndefined();
    await expect(onReturnTimer({ ...house.ports }, { subject: RETURN_KEY, name: 'x' }, at(23))).rejects.toThrow(
      'no timer',
    );
  });
});
