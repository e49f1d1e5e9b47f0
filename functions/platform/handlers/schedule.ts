import type { IdSource } from '#application/ports/runtime.ts';
import { describe } from './failure.ts';
import { childLog, lambdaHandler } from './invocation.ts';
import type { StepContext } from './step.ts';

/**
 * What a rule sets off at its times. A tick may come late, twice or not at all, so `run` looks at what is due and at nothing
 * else. One that fails is logged and comes out as an error: Lambda tries it again, and the alarm on errors sees it.
 */
export function scheduleHandler({
  run,
  ids,
}: {
  readonly run: (context: StepContext) => Promise<void>;
  readonly ids: IdSource;
}) {
  return lambdaHandler<unknown, void>(async (_tick, { logger, metrics, signal }) => {
    const correlationId = ids.next();
    const log = childLog(logger, { correlationId });
    try {
      await run({ correlationId, log, metrics, signal });
    } catch (error) {
      log.error('scheduled run failed', describe(error));
      throw error;
    }
  });
}
