import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { IdSource, Log, LogFields, Metrics } from '#application/ports/runtime.ts';
import { type Correlation, correlationOf } from './correlation.ts';
import { describe } from './failure.ts';
import { bodyBytes, type HttpAnswer, type HttpRequest, headersOf, httpRequest, httpResult } from './http-request.ts';
import { childLog, lambdaHandler } from './invocation.ts';
import { problem, Refusal, Unauthorized } from './problem.ts';

export type ApiContext = Correlation & { readonly log: Log; readonly metrics: Metrics; readonly signal: AbortSignal };

export type ApiOptions = {
  readonly maxBodyBytes: number;
  readonly ids: IdSource;
  /**
   * Answers the request. What it throws becomes a problem document: Refusal as it says, PoisonError 400 (its context may
   * name the `field` or `path` at fault), Unauthorized 401, BusinessError 422 or what its code stands for, TransientError
   * 503; anything else 500.
   */
  readonly run: (request: HttpRequest, context: ApiContext) => Promise<HttpAnswer>;
};

/**
 * A synchronous endpoint of our own. Errors are RFC 9457 problem documents with a stable code and the correlation id; each
 * is counted by its code, with nothing of who sent it.
 */
export function apiHandler({ maxBodyBytes, ids, run }: ApiOptions) {
  return lambdaHandler<APIGatewayProxyEvent, APIGatewayProxyResult>(async (event, { logger, metrics, signal }) => {
    const headers = headersOf(event);
    const correlation = correlationOf(
      { correlationId: headers['x-correlation-id'], traceparent: headers.traceparent },
      () => ids.next(),
    );
    const log = childLog(logger, { correlationId: correlation.correlationId });
    const echoed = { 'x-correlation-id': correlation.correlationId };
    try {
      if (bodyBytes(event) > maxBodyBytes) {
        throw new Refusal(413, 'BODY_TOO_LARGE', `send at most ${maxBodyBytes} bytes`);
      }
      const answer = await run(httpRequest(event), { ...correlation, log, metrics, signal });
      return httpResult({ ...answer, headers: { ...echoed, ...answer.headers } });
    } catch (error) {
      const answer = problem(error, correlation.correlationId);
      if (answer.status >= 500) log.error('request failed', { ...describe(error), status: answer.status });
      else log.warn('request refused', { ...toldOf(error), status: answer.status });
      metrics.count('ApiRefused', 1, { status: String(answer.status), code: codeOf(error) });
      return httpResult({ ...answer, headers: { ...echoed, ...answer.headers } });
    }
  });
}

/** A refusal names its code; what it says quotes the request, which may hold anything. */
const toldOf = (error: unknown): LogFields =>
  error instanceof Refusal || error instanceof Unauthorized ? { error: error.name, code: error.code } : describe(error);

/** Also of an Unauthorized, of which the caller is told less. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL_ERROR';
