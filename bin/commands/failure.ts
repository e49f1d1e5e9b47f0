import { CommanderError } from 'commander';
import { CrossdockError } from '#core/kernel/errors.ts';
import { passing } from '#platform/aws/failures.ts';
import { ConfigurationError } from '#platform/env.ts';
import { CliError, type ExitCode } from './report.ts';

/** Why a command ended without an answer. */
export type Failure = { readonly exit: ExitCode; readonly code?: string; readonly message: string };

/** AWS does not know who calls, or does not let them. */
const NOT_ALLOWED =
  /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|UnrecognizedClientException|InvalidClientTokenId|ExpiredToken|ExpiredTokenException|SignatureDoesNotMatch|InvalidSignatureException)$/;

/** The exit code and the one line for whatever a command threw. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CliError) return { exit: error.exit, message: error.message };
  if (error instanceof CommanderError) return { exit: 2, code: 'CALLED_WRONGLY', message: usageLine(error.message) };
  if (error instanceof ConfigurationError) return { exit: 3, message: error.message };
  if (error instanceof CrossdockError) {
    return { exit: error.code === 'AWS_UNAVAILABLE' ? 3 : 1, code: error.code, message: error.message };
  }
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  if (NOT_ALLOWED.test(name)) {
    return { exit: 3, code: name, message: `AWS refuses these credentials: ${oneLine(message)}` };
  }
  if (name === 'CredentialsProviderError') {
    return { exit: 3, code: name, message: 'no AWS credentials: log in, or set AWS_PROFILE' };
  }
  if (/Region is missing/.test(message)) {
    return { exit: 3, code: 'NO_REGION', message: 'no AWS region is set: export AWS_REGION' };
  }
  if (passing(error)) return { exit: 3, code: 'AWS_UNAVAILABLE', message: `AWS can't be reached: ${oneLine(message)}` };
  return { exit: 1, code: 'UNEXPECTED', message: `unexpected: ${name}: ${oneLine(message)}` };
}

/** "error: unknown option '--x'\n(Did you mean --y?)" as one line. */
const usageLine = (message: string): string => oneLine(message).replace(/^error: /, '');

const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, ' ');
