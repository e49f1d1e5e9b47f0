import type { LogFields } from '#application/ports/runtime.ts';
import { CrossdockError, type ErrorKind } from '#core/kernel/errors.ts';

/** What an error is; anything that nobody classified is a bug. */
export const kindOf = (error: unknown): ErrorKind | 'bug' => (error instanceof CrossdockError ? error.kind : 'bug');

/**
 * What a log line may say of an error. Our own errors hold ids only. The text of others may quote what they choked on (a
 * JSON parser does), so of those only the engine's own and AWS's are told; the stack says where to look.
 */
export function describe(error: unknown): LogFields {
  if (error instanceof CrossdockError) {
    const { name, code, message, context, cause } = error;
    return { ...context, error: name, code, reason: message, ...(cause !== undefined && { cause: nameOf(cause) }) };
  }
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    ...(tellsNoPayload(error) && { reason: error.message }),
    stack: frames.map((line) => line.trim()).slice(0, 12),
  };
}

const tellsNoPayload = (error: Error): boolean =>
  ['TypeError', 'ReferenceError', 'RangeError', 'ConfigurationError'].includes(error.name) || '$metadata' in error;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
