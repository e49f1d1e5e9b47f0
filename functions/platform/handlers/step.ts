import type { IdSource } from '#application/ports/runtime.ts';
import { CrossdockError } from '#core/kernel/errors.ts';
import { describe } from './failure.ts';
import { childLog, lambdaHandler } from './invocation.ts';
import type { QueueContext } from './queue.ts';

export type StepContext = Omit<QueueContext, 'messageId' | 'traceparent'>;

/** What the workflow picks a field of: one that is missing would end the run, where nothing catches it. */
type Answer = { readonly outcome: string };

export type StepOptions<I, O extends Answer> = {
  /** Reads the state's payload: ids and names of steps, nothing else. Throws PoisonError for what it can't understand. */
  readonly read: (payload: unknown) => I;
  /** Business refusals are answers that a Choice state branches on, never errors. */
  readonly run: (input: I, context: StepContext) => Promise<O>;
  readonly ids: IdSource;
};

/**
 * An error of a step as the workflow sees it: `Retry` and `Catch` go by its name, and its text stays in the history of the
 * run for months, so it holds a code and where to look, and nothing of what went wrong inside.
 */
class StepError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** A synchronous step of a workflow. Errors come out as TransientError (worth a Retry), PoisonError or StepBug. */
export function stepHandler<I, O extends Answer>({ read, run, ids }: StepOptions<I, O>) {
  return lambdaHandler<unknown, O>(async (payload, { logger, metrics, signal }) => {
    const correlationId = ids.next();
    const log = childLog(logger, { correlationId });
    try {
      return await run(read(payload), { correlationId, log, metrics, signal });
    } catch (error) {
      log.error('step failed', describe(error));
      throw error instanceof CrossdockError
        ? new StepError(error.name, `${error.code}: ${error.message}`)
        : new StepError('StepBug', `see the log, correlation ${correlationId}`);
    }
  });
}
