import { BusinessError, type CrossdockError, PoisonError, TransientError } from '#core/kernel/errors.ts';
import type { HttpAnswer } from './http-request.ts';

/** What is wrong with one field: where it stands (RFC 6901, and the same as a dotted path) and what to do. */
export type FieldFault = { readonly pointer: string; readonly field: string; readonly message: string };

/** A request that is refused as HTTP knows it, before or beside any rule of the business. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: Status;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;
  readonly errors: readonly FieldFault[];

  constructor(status: Status, code: string, message: string, more: RefusalDetails = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.errors = more.errors ?? [];
  }
}

type RefusalDetails = { readonly retryAfterSeconds?: number; readonly errors?: readonly FieldFault[] };

/** The caller could not show who it is. What was wrong stands in the log and the metric only. */
export class Unauthorized extends Error {
  override readonly name = 'Unauthorized';
  readonly code: string;

  constructor(code: string) {
    super('the request is not authentic');
    this.code = code;
  }
}

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

export type Status = keyof typeof TITLES;

/** Refusals of the business that HTTP has a better word for than 422. */
const STATUS_OF: Readonly<Record<string, Status>> = {
  RETURN_CONFLICT: 409,
  RETURN_TOO_FAR: 409,
  ORDER_AMBIGUOUS: 409,
  RETURN_NOT_FOUND: 404,
  ORDER_NOT_FOUND: 404,
};

const RETRY_AFTER_SECONDS = 5;

/** An error as a problem document (RFC 9457). Of a bug and of a missing proof of identity nothing is said. */
export function problem(error: unknown, correlationId: string): HttpAnswer {
  const { status, code, detail, errors, retryAfterSeconds } = said(error);
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      ...(status === 401 && { 'www-authenticate': 'Bearer realm="crossdock"' }),
    },
    body: {
      type: `urn:crossdock:problem:${code.toLowerCase().replaceAll('_', '-')}`,
      title: TITLES[status],
      status,
      ...(detail !== undefined && { detail }),
      instance: `urn:crossdock:request:${encodeURIComponent(correlationId)}`,
      code,
      correlationId,
      ...(errors.length > 0 && { errors }),
    },
  };
}

type Said = {
  readonly status: Status;
  readonly code: string;
  readonly detail?: string;
  readonly errors: readonly FieldFault[];
  readonly retryAfterSeconds?: number;
};

function said(error: unknown): Said {
  if (error instanceof Refusal) {
    const { status, code, message: detail, errors, retryAfterSeconds } = error;
    return { status, code, detail, errors, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  }
  if (error instanceof Unauthorized) return { status: 401, code: 'UNAUTHORIZED', errors: [] };
  if (error instanceof TransientError) {
    const { code, retryAfterSeconds = RETRY_AFTER_SECONDS } = error;
    return { status: 503, code, detail: 'try again later', errors: [], retryAfterSeconds };
  }
  if (error instanceof PoisonError || error instanceof BusinessError) {
    const status = error instanceof PoisonError ? 400 : (STATUS_OF[error.code] ?? 422);
    return { status, code: error.code, detail: error.message, errors: faultsOf(error) };
  }
  return { status: 500, code: 'INTERNAL_ERROR', errors: [] };
}

function faultsOf({ context, message }: CrossdockError): FieldFault[] {
  const field = context.field ?? context.path;
  return field === undefined ? [] : [fieldFault(String(field).split('.'), message)];
}

/** Names a field by its path from the top of the body. */
export const fieldFault = (path: readonly PropertyKey[], message: string): FieldFault => ({
  pointer: path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
  field: path.map(String).join('.'),
  message,
});
