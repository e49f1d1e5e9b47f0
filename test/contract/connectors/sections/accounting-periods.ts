import { expect, it } from 'vitest';
import type { AccountingPeriod } from '#application/ports/connector.ts';
import { MemoryClock } from '#platform/memory/runtime.ts';
import { type Exchange, Tape } from '../tape.ts';
import type { AccountingPeriodsUnderTest } from '../under-test.ts';

/** What is posted when is decided on this: a period is open only where the ERP says so. */
export function accountingPeriods({ open, date, inState, states, missing }: AccountingPeriodsUnderTest): void {
  const ask = (tape: readonly Exchange[]): Promise<AccountingPeriod> =>
    Tape.playing(tape, (url) => open(url, new MemoryClock()).accountingPeriod(date, new AbortController().signal));

  it.each(Object.entries(states))('%s is %s', async (name, state) => {
    expect(await ask(inState(name))).toEqual({ state, name: expect.stringMatching(/./) });
  });

  it('a state that nobody knows is refused', async () => {
    await expect(ask(inState('kit-unknown-word'))).rejects.toThrow(/another form/);
  });

  it('a day of which there is none is told apart', async () => {
    expect(await ask(missing)).toEqual({ state: 'missing' });
  });

  it('an ERP that does not answer is a passing trouble', async () => {
    for (const answer of [{ breaks: 'before-answer' as const }, { status: 503 }, { status: 429 }]) {
      const tape = missing.map((one, at) => (at === missing.length - 1 ? { ...one, answer } : one));
      await expect(ask(tape)).rejects.toMatchObject({ kind: 'transient' });
    }
  });
}
