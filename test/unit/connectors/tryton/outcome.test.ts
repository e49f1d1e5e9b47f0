import { describe, expect, it } from 'vitest';
import type { Calls } from '#connectors/erps/tryton/calls.ts';
import { ErpConfigurationError, type FailureKind, TrytonFailure } from '#connectors/erps/tryton/failure.ts';
import { ask, attempt, outcomeOf } from '#connectors/erps/tryton/outcome.ts';
import { BusinessError } from '#core/kernel/errors.ts';

const failure = (kind: FailureKind, retryAfterSeconds?: number) =>
  new TrytonFailure(kind, 'CODE', 'what happened', { retryAfterSeconds });
const calls = { changed: false } as Calls;
const made = { ref: '7', facts: { number: '7' } };

describe('what a failure means for a write', () => {
  it.each([
    ['unreachable', false, 'unavailable'],
    ['unreachable', true, 'unknown'],
    ['no-answer', false, 'unavailable'],
    ['no-answer', true, 'unknown'],
    ['throttled', true, 'throttled'],
    ['stale', true, 'throttled'],
    ['refused', true, 'rejected'],
    ['warning', false, 'rejected'],
  ] as const)('%s, changed before: %s → %s', (kind, changed, outcome) => {
    expect(outcomeOf(failure(kind), changed).kind).toBe(outcome);
  });

  it('hands on how long to wait', () => {
    expect(outcomeOf(failure('throttled', 30), false)).toEqual({ kind: 'throttled', retryAfterSeconds: 30 });
  });

  it('rejects for a reason of the business', () => {
    expect(outcomeOf(new BusinessError('SKU_UNKNOWN', 'create it'), false)).toEqual({
      kind: 'rejected',
      reason: { code: 'SKU_UNKNOWN', message: 'create it' },
    });
  });

  it.each([new TypeError('a bug'), new ErpConfigurationError('ERP_LOGIN_REFUSED', 'check the secret')])(
    'throws what no retry mends: %s',
    (error) => {
      expect(() => outcomeOf(error, true)).toThrow(error);
    },
  );
});

describe('attempt', () => {
  it('does the work again, once, when a record changed under it', async () => {
    let tries = 0;
    const work = async () => {
      tries += 1;
      if (tries === 1) throw failure('stale');
      return made;
    };
    expect(await attempt(calls, work)).toEqual({ kind: 'applied', ...made });
    expect(tries).toBe(2);
  });

  it('gives way when it changes again', async () => {
    let tries = 0;
    const work = async () => {
      tries += 1;
      throw failure('stale');
    };
    expect(await attempt(calls, work)).toMatchObject({ kind: 'throttled' });
    expect(tries).toBe(2);
  });
});

describe('ask', () => {
  it('finds what is as it must be', async () => {
    expect(await ask(async () => made)).toEqual({ kind: 'found', ...made });
  });

  it.each([
    ['nothing there', async () => undefined],
    [
      'something there that is not as it must be',
      async () => {
        throw new BusinessError('TOTAL_MISMATCH', 'no');
      },
    ],
  ])('answers absent for %s', async (_name, work) => {
    expect(await ask(work)).toEqual({ kind: 'absent' });
  });

  it.each(['unreachable', 'no-answer', 'refused', 'stale'] as const)('never says absent when %s', async (kind) => {
    const work = async () => {
      throw failure(kind);
    };
    expect(await ask(work)).toMatchObject({ kind: 'unavailable' });
  });
});
