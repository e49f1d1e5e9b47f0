/**
 * The error taxonomy. Only `platform/handlers` turns a kind into a status code, a retry or a parked message; anything
 * that is none of these is a bug, because a blind retry of a bug on a money path is the costly mistake.
 */

export type ErrorKind = 'transient' | 'business' | 'poison';

type Details = {
  /** Ids and numbers only; never personal data: it goes into logs and parked messages. */
  readonly context?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
};

export abstract class CrossdockError extends Error {
  abstract readonly kind: ErrorKind;
  readonly code: string;
  readonly context: NonNullable<Details['context']>;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.context = details.context ?? {};
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** Worth another try later: throttling, a 5xx, a lock, a version conflict. */
export class TransientError extends CrossdockError {
  override readonly name = 'TransientError';
  override readonly kind = 'transient';
}

/**
 * A partner refuses us as we are set up: a wrong secret, a missing right, another server than we think. Trying again is
 * harmless and helps only after a person has mended it.
 */
export class PartnerConfigurationError extends CrossdockError {
  override readonly name: string = 'PartnerConfigurationError';
  override readonly kind = 'transient';
}

/** A refusal by the rules of the business; repeating it changes nothing. */
export class BusinessError extends CrossdockError {
  override readonly name = 'BusinessError';
  override readonly kind = 'business';
}

/** A message that can't be understood: parked at once with its reason. */
export class PoisonError extends CrossdockError {
  override readonly name = 'PoisonError';
  override readonly kind = 'poison';
}
