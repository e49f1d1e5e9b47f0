import { expect, it } from 'vitest';
import type { ErpOrderStatus } from '#application/ports/connector.ts';
import { MemoryClock } from '#platform/memory/runtime.ts';
import { type Exchange, Tape } from '../tape.ts';
import type { OrderStatusUnderTest } from '../under-test.ts';

const NOW = '2026-07-01T12:00:00.000Z';

/** What a returns decision is made on: never a guess about a state. */
export function orderStatus({ open, orderKey, inState, states, unknownOrder }: OrderStatusUnderTest): void {
  const ask = (tape: readonly Exchange[]): Promise<ErpOrderStatus | undefined> =>
    Tape.playing(tape, (url) => open(url, new MemoryClock(NOW)).orderStatus(orderKey, new AbortController().signal));

  it.each(Object.entries(states))('%s is %s', async (name, state) => {
    expect(await ask(inState(name))).toMatchObject({ state, asOf: NOW });
  });

  it('a state that nobody knows is refused', async () => {
    await expect(ask(inState('kit-unknown-word'))).rejects.toThrow('kit-unknown-word');
  });

  it('an order that the ERP does not know is none', async () => {
    expect(await ask(unknownOrder)).toBeUndefined();
  });

  it('an ERP that does not answer is a passing trouble', async () => {
    for (const answer of [{ breaks: 'before-answer' as const }, { status: 503 }, { status: 429 }]) {
      const tape = unknownOrder.map((one, at) => (at === unknownOrder.length - 1 ? { ...one, answer } : one));
      await expect(ask(tape)).rejects.toMatchObject({ kind: 'transient' });
    }
  });
}
