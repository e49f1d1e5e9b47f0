import { describe, expect, it } from 'vitest';
import { type ReturnCommand, returnDecider } from '#core/returns/decider.ts';
import { pauseBeforeRetry } from '#core/returns/pause.ts';
import { specify } from '../../support/given.ts';
import { at, wayTo } from './samples.ts';

const { after } = specify(returnDecider);
const stalled = (hour: number, step = 'PostItemReceipt', error = 'StepBug'): ReturnCommand => ({
  type: 'note-stalled',
  at: at(hour),
  step,
  error,
});
const asked: ReturnCommand = { type: 'request-step', step: 'item-receipt', salesOrder: { ref: '7', number: 'S0007' } };
const pauseAfter = (now: string, ...commands: readonly ReturnCommand[]) =>
  pauseBeforeRetry(after(...commands), 300, now);

describe('the pause before a stuck step is tried again', () => {
  it('is the first one, then grows with the time that nothing has moved on', () => {
    const history = [...wayTo.approved, stalled(14)];
    expect(pauseAfter(at(14), ...history)).toBe(300);
    expect(pauseAfter('2026-11-26T14:05:00.900Z', ...history)).toBe(600);
    expect(pauseAfter(at(19), ...history)).toBe(300 + 5 * 3_600);
  });

  it('is six hours at most', () => {
    expect(pauseAfter('2027-02-01T00:00:00.000Z', ...wayTo.approved, stalled(14))).toBe(21_600);
  });

  it('does not begin anew with another trouble', () => {
    expect(pauseAfter(at(16), ...wayTo.approved, stalled(14), stalled(15, 'item-receipt', 'other'))).toBe(7_500);
  });

  it('begins anew when anything has moved on', () => {
    expect(pauseAfter(at(16), ...wayTo.approved, stalled(14), asked, stalled(16))).toBe(300);
  });

  it('is never less than the first, however clocks differ', () => {
    expect(pauseAfter(at(13), ...wayTo.approved, stalled(14))).toBe(300);
  });

  it('is a number of seconds for a return that is not stuck, or not known', () => {
    expect(pauseAfter(at(21), ...wayTo.closed)).toBe(21_600);
    expect(pauseBeforeRetry(returnDecider.initial, 300, at(9))).toBe(21_600);
  });
});
