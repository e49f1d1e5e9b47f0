import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Log, LogFields, Metrics } from '#application/ports/runtime.ts';
import { once } from '../env.ts';

/**
 * What every function has per invocation: the Lambda context in its log lines, and its metrics written at the end. The only
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

/**
 * Handlers have a deadline of their own, the signal. An answer of middy's just before the function's end would leave the work
 * frozen in its sandbox, to go on in the middle of the next event; Lambda's own time-out ends the sandbox with it.
 */
const OWN_DEADLINE = { timeoutEarlyInMillis: 0 };

const logger = /* @__PURE__ */ once(() => new Logger());
const emf = /* @__PURE__ */ once(() => new PowertoolsMetrics());

export function lambdaHandler<E, R>(handle: (event: E, invocation: Invocation) => Promise<R>) {
  const run = once(() =>
    middy(OWN_DEADLINE)
      .use(injectLambdaContext(logger()))
      .handler((event: unknown, context: Context) => invoke(handle, event as E, context)),
  );
  return (event: E, context?: Context): Promise<R> => run()(event, context ?? noContext()) as Promise<R>;
}

async function invoke<E, R>(
  handle: (event: E, invocation: Invocation) => Promise<R>,
  event: E,
  context: Context,
): Promise<R> {
  const metrics = new CollectedMetrics();
  const left = context.getRemainingTimeInMillis() - SECONDS_TO_TIDY_UP * 1000;
  const signal = AbortSignal.timeout(Math.max(0, left));
  try {
    return await handle(event, { logger: logger(), log: logOver(logger()), metrics, signal });
  } finally {
    metrics.write(emf());
  }
}

const noContext = (): Context => ({ getRemainingTimeInMillis: () => NO_CONTEXT_MS }) as Context;

type Series = { readonly dimensions: Readonly<Record<string, string>>; readonly counts: Map<string, number> };

/** Counts of one invocation, summed up: a line for each set of dimensions, however many records the batch had. */
class CollectedMetrics implements Metrics {
  readonly #series = new Map<string, Series>();

  count(name: string, value: number, dimensions: Readonly<Record<string, string>> = {}): void {
    const key = JSON.stringify(Object.entries(dimensions).sort());
    const series = this.#series.get(key) ?? { dimensions, counts: new Map() };
    series.counts.set(name, (series.counts.get(name) ?? 0) + value);
    this.#series.set(key, series);
  }

  write(target: PowertoolsMetrics): void {
    for (const { dimensions, counts } of this.#series.values()) {
      target.addDimensions({ ...dimensions });
      for (const [name, value] of counts) target.addMetric(name, 'Count', value);
      target.publishStoredMetrics();
    }
  }
}

/**
 * The log of one record or request: its ids stand in its own lines and in nobody else's. Not by `createChild`, which makes a
 * console of its own each time and takes a fifth of a webhook's CPU.
 */
export const childLog = (parent: Logger, keys: Record<string, string | undefined>): Log =>
  logOver(parent, defined(keys));

function logOver(target: Logger, keys: Readonly<Record<string, string>> = {}): Log {
  const fields = (given: LogFields = {}) => ({ ...keys, ...defined(given) });
  return {
    info: (message, given) => target.info(message, fields(given)),
    warn: (message, given) => target.warn(message, fields(given)),
    error: (message, given) => target.error(message, fields(given)),
  };
}

function defined<T>(fields: Readonly<Record<string, T | undefined>>): Record<string, T> {
  const kept: Record<string, T> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) kept[name] = value;
  return kept;
}
