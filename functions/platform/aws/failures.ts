import { TransientError } from '#core/kernel/errors.ts';

/** What AWS says when it is asked too fast, or while it works on the same item; the SDK has tried a few times by then. */
const LATER = new Set([
  'InternalError',
  'InternalFailure',
  'InternalServerError',
  'InternalServiceError',
  'InternalServiceException',
  'LimitExceededException',
  'OverLimit',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

/** The network failed; no answer came. */
const NETWORK = /^(ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR_)/;

/**
 * Runs a call to AWS. What may pass by itself comes out as TransientError; everything else (no permission, no such queue, a
 * request that makes no sense) as it is, for it is a bug or a wrong deployment.
 */
export async function aws<T>(what: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw passing(error) ? new TransientError('AWS_UNAVAILABLE', `${what}: ${nameOf(error)}`, { cause: error }) : error;
  }
}

export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'Error');

export function passing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  if (LATER.has(error.name) || status >= 500 || status === 429) return true;
  if (typeof code === 'string' && NETWORK.test(code)) return true;
  return error.cause !== undefined && error.cause !== error && passing(error.cause);
}
