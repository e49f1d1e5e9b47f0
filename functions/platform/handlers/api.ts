import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { IdSource, Log, Metrics } from '#application/ports/runtime.ts';
import { BusinessError, CrossdockError, PoisonError, TransientError } from '#core/kernel/errors.ts';
import { type Correlation, correlationOf } from './correlation.ts';
import { describe } from './failure.ts';
import { bodyBytes, type HttpAnswer, type HttpRequest, headersOf, httpRequest, httpResult } from './http-request.ts';
import { childLog, lambdaHandler } from './invocation.ts';

export type ApiContext = Correlation & { readonly log: Log; readonly metrics: Metrics; readonly signal: AbortSignal };

export type ApiOptions = {
  readonly maxBodyBytes: number;
  readonly ids: IdSource;
  /**
   * Answers the request. What it throws becomes a problem document: PoisonError 400 (its context may name the `field` or
   * `path` at fault), Unauthorized 401, NotFound 404, BusinessError 422, TransientError 503; anything else 500.
   */
  readonly run: (request: HttpRequest, context: ApiContext) => Promise<HttpAnswer>;
};

/** The caller could not show who it is. What was wrong stands in the log only. */
export class Unauthorized extends Error {
  override readonly name = 'Unauthorized';
  readonly code: string;

  constructor(code: string) {
    super('the request is not authentic');
    this.code = code;
  }
}

/** What was asked for is not there. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A synchronous endpoint of our own. Errors are RFC 9457 problem documents with a stable code and the correlation id. */
export function apiHandler({ maxBodyBytes, ids, run }: ApiOptions) {
  return lambdaHandler<APIGatewayProxyEvent, APIGatewayProxyResult>(async (event, { logger, metrics, signal }) => {
    const headers = headersOf(event);
    const correlation = correlationOf(
      { correlationId: headers['x-correlation-id'], traceparent: headers.traceparent },
      () => ids.next(),
    );
    const log = childLog(logger, { correlationId: correlation.correlationId });
    try {
      if (bodyBytes(event) > maxBodyBytes) throw new TooLarge(`send at most ${maxBodyBytes} bytes`);
      return httpResult(await run(httpRequest(event), { ...correlation, log, metrics, signal }));
    } catch (error) {
      const answer = problem(error, correlation.correlationId);
      if (answer.status >= 500) log.error('request failed', { ...describe(error), status: answer.status });
      else log.warn('request refused', { ...describe(error), status: answer.status });
      return httpResult(answer);
    }
  });
}

class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

function problem(error: unknown, correlationId: string): HttpAnswer {
  const { status, title, code, detail } = said(error);
  const field = error instanceof CrossdockError ? (error.context.field ?? error.context.path) : undefined;
  const wait = error instanceof TransientError ? (error.retryAfterSeconds ?? 5) : undefined;
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...(wait !== undefined && { 'retry-after': String(wait) }) },
    body: {
      type: 'about:blank',
      title,
      status,
      ...(detail !== undefined && { detail }),
      code,
      correlationId,
      ...(field !== undefined && { errors: [{ field, detail }] }),
    },
  };
}

type Said = { status: number; title: string; code: string; detail?: string };

/** Of a bug and of a missing proof of identity nothing is said. */
function said(error: unknown): Said {
  if (error instanceof PoisonError)
    return { status: 400, title: 'Bad Request', code: error.code, detail: error.message };
  if (error instanceof BusinessError)
    return { status: 422, title: 'Unprocessable Content', code: error.code, detail: error.message };
  if (error instanceof TransientError)
    return { status: 503, title: 'Service Unavailable', code: error.code, detail: 'try again later' };
  if (error instanceof TooLarge)
    return { status: 413, title: 'Content Too Large', code: 'BODY_TOO_LARGE', detail: error.message };
  if (error instanceof NotFound) return { status: 404, title: 'Not Found', code: error.code, detail: error.message };
  if (error instanceof Unauthorized) return { status: 401, title: 'Unauthorized', code: 'UNAUTHORIZED' };
  return { status: 500, title: 'Internal Server Error', code: 'INTERNAL_ERROR' };
}
