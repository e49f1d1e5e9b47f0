import { expect, it } from 'vitest';
import { ExecutionHouse } from '../execution-house.ts';
import { Tape } from '../tape.ts';
import { answeredAt, execute, type OperationSubject, probe } from './calls.ts';

/** A partner that asks to be left alone: it is, by all operations, for as long as it said. */
export function throttling({ partner, under }: OperationSubject): void {
  const { withTime, withoutTime } = partner.throttled;
  const first = Math.max(
    0,
    under.applied.findIndex(({ effect }) => effect),
  );

  it('at any request: says so, with the time that it was told', async () => {
    for (const at of under.applied.keys()) {
      const told = await execute(partner, under, answeredAt(under.applied, at, withTime(37)));
      expect(told, under.applied[at]?.name).toEqual({ kind: 'throttled', retryAfterSeconds: 37 });
    }
  });

  it('at any request, without a time: says so', async () => {
    for (const at of under.applied.keys()) {
      const told = await execute(partner, under, answeredAt(under.applied, at, withoutTime));
      expect(told, under.applied[at]?.name).toEqual({ kind: 'throttled' });
    }
  });

  it('at any request of its probe: nothing is known', async () => {
    for (const at of under.absent.keys()) {
      expect(await probe(partner, under, answeredAt(under.absent, at, withTime(37)))).toMatchObject({
        kind: 'throttled',
      });
    }
  });

  it.each([
    ['for as long as it said', withTime(300), 300],
    ['for a while of our own', withoutTime, undefined],
  ])('leaves the partner alone %s, then makes the write, once', async (_how, answer, seconds) => {
    const house = new ExecutionHouse(partner.now);
    await house.plan(under.operation);
    await Tape.playing(answeredAt(under.applied, first, answer), async (url) => {
      const row = await house.execute(under.operation, partner.open(url, house.clock));
      expect(row).toMatchObject({ status: 'deferred', reason: { code: 'THROTTLED' } });
      // The tape has ended: another request would fail it.
      await house.execute(under.operation, partner.open(url, house.clock));
    });
    const paused = Date.parse((await house.store.pauses.pausedUntil(under.operation.target)) ?? '');
    expect(paused).toBeGreaterThan(Date.parse(house.clock.now()));
    const waited = await house.untilDue(under.operation);
    if (seconds !== undefined) expect(waited).toBe(seconds);
    expect(waited).toBeGreaterThan(0);
    await Tape.playing(under.applied, async (url) => {
      const row = await house.execute(under.operation, partner.open(url, house.clock));
      expect(row).toMatchObject({ status: 'applied', ref: under.outcome.ref });
    });
  });
}
