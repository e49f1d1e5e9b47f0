import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Log, LogFields, Metrics } from '#application/ports/runtime.ts';
import { once } from '../env.ts';

/**
 * What every function has per invocation: the Lambda context in its log lines, and its metrics flushed at the end. The only
 * place that knows middy. No tracer: Lambda's own active tracing shows the function and its AWS calls' time as a whole,
 * and the X-Ray SDK alone would take half the budget of a receiver's bundle.
 */
export type Invocation = {
  readonly logger: Logger;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Aborted before the function's time ends, early enough to write down what has become of the work. */
  readonly signal: AbortSignal;
};

const SECONDS_TO_TIDY_UP = 2;
/** Where nobody says how long a function may run. */
const NO_CONTEXT_MS = 30_000;

const logger = /* @__PURE__ */ once(() => new Logger());
const metrics = /* @__PURE__ */ once(() => new PowertoolsMetrics());

export function lambdaHandler<E, R>(handle: (event: E, invocation: Invocation) => Promise<R>) {
  const run = once(() =>
    middy()
      .use(injectLambdaContext(logger()))
      .use(logMetrics(metrics()))
      .handler((event: unknown, context: Context) => handle(event as E, invocation(context))),
  );
  return (event: E, context?: Context): Promise<R> => run()(event, context ?? noContext()) as Promise<R>;
}

function invocation(context: Context): Invocation {
  const left = context.getRemainingTimeInMillis();
  return {
    logger: logger(),
    log: logOver(logger()),
    metrics: metricsOver(metrics()),
    signal: AbortSignal.timeout(Math.max(0, left - SECONDS_TO_TIDY_UP * 1000)),
  };
}

const noContext = (): Context => ({ getRemainingTimeInMillis: () => NO_CONTEXT_MS }) as Context;

/** The log of one record or request: its ids stand in its own lines and in nobody else's. */
export const childLog = (parent: Logger, keys: Record<string, string | undefined>): Log =>
  logOver(parent.createChild({ persistentKeys: defined(keys) }));

function logOver(target: Logger): Log {
  const fields = (given: LogFields | undefined) => (given ? defined(given) : {});
  return {
    info: (message, given) => target.info(message, fields(given)),
    warn: (message, given) => target.warn(message, fields(given)),
    error: (message, given) => target.error(message, fields(given)),
  };
}

/** Counts with dimensions go out on their own, for a dimension belongs to all metrics of a line. */
function metricsOver(target: PowertoolsMetrics): Metrics {
  return {
    count(name, value, dimensions) {
      const metric = dimensions ? target.singleMetric() : target;
      if (dimensions) metric.addDimensions({ ...dimensions });
      metric.addMetric(name, 'Count', value);
    },
  };
}

function defined<T>(fields: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, T] => field[1] !== undefined));
}
