import './support.ts';
import { describe, expect, it } from 'vitest';
import { PoisonError, TransientError } from '#core/kernel/errors.ts';
import { scheduleHandler } from '#platform/handlers/schedule.ts';
import { stepHandler } from '#platform/handlers/step.ts';
import { MemoryIds } from '#platform/memory/runtime.ts';
import { context, writtenDuring } from './support.ts';

describe('the handler of workflow steps', () => {
  const step = (run: (input: { returnKey: string }) => Promise<{ outcome: string }>) =>
    stepHandler({
      ids: new MemoryIds(),
      read(payload) {
        const { returnKey } = payload as { returnKey?: unknown };
        if (typeof returnKey !== 'string') throw new PoisonError('STEP_INPUT_WRONG', '"returnKey" must be a text');
        return { returnKey };
      },
      run,
    });

  it('answers what the step comes to', async () => {
    const handler = step(async ({ returnKey }) => ({ outcome: `approved ${returnKey}` }));
    expect(await handler({ returnKey: 'RETURN#1' }, context)).toEqual({ outcome: 'approved RETURN#1' });
  });

  it('is refused by the compiler with an answer that the workflow could not read', () => {
    // @ts-expect-error: no outcome
    const handler = stepHandler({ ids: new MemoryIds(), read: () => ({}), run: async () => ({ result: 'approved' }) });
    expect(handler).toBeTypeOf('function');
  });

  it.each([
    [
      new TransientError('VERSION_CONFLICT', 'changed meanwhile'),
      'TransientError',
      'VERSION_CONFLICT: changed meanwhile',
    ],
    [new TypeError('Bob Norman is not a function'), 'StepBug', 'see the log, correlation id-1'],
  ])('lets the workflow tell %s by its name', async (error, name, message) => {
    const handler = step(async () => {
      throw error;
    });
    const { result } = await writtenDuring(() => handler({ returnKey: 'RETURN#1' }, context).catch((thrown) => thrown));
    expect(result).toMatchObject({ name, message });
  });

  it('names an input that it can not read', async () => {
    const handler = step(async () => ({ outcome: 'never' }));
    const { result } = await writtenDuring(() => handler({}, context).catch((thrown) => thrown));
    expect(result).toMatchObject({ name: 'PoisonError', message: 'STEP_INPUT_WRONG: "returnKey" must be a text' });
  });
});

describe('the handler of schedules', () => {
  it('gives time until shortly before its end', async () => {
    let aborted: boolean | undefined;
    const handler = scheduleHandler({
      ids: new MemoryIds(),
      run: async ({ signal }) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        aborted = signal.aborted;
      },
    });
    await handler({}, { ...context, getRemainingTimeInMillis: () => 2_001 });
    expect(aborted).toBe(true);
    await handler({}, context);
    expect(aborted).toBe(false);
  });

  it('lets the engine see what failed', async () => {
    const handler = scheduleHandler({
      ids: new MemoryIds(),
      run: async () => {
        throw new TransientError('AWS_UNAVAILABLE', 'read what is due: TimeoutError');
      },
    });
    const { result, lines } = await writtenDuring(() => handler({}, context).catch((thrown) => thrown));
    expect(result).toMatchObject({ code: 'AWS_UNAVAILABLE' });
    expect(lines.find(({ message }) => message === 'scheduled run failed')).toMatchObject({ correlationId: 'id-1' });
  });
});
