import { PartnerConfigurationError } from '#core/kernel/errors.ts';
/**
 * What can go wrong between us and the ERP, named by what it means for a write. Everything the server, the network or the
 * runtime says is classified here and nowhere else.
 */

export type FailureKind =
  /** No connection was made: certainly nothing happened. */
  | 'unreachable'
  /** The request may have arrived and the answer did not: nobody can tell. */
  | 'no-answer'
  /** Too many calls or bad logins (HTTP 429): refused before any effect. */
  | 'throttled'
  /** The ERP's rules say no, and its transaction was rolled back. */
  | 'refused'
  /** The ERP asks "are you sure?" (UserWarning), and its transaction was rolled back. */
  | 'warning'
  /** The record changed since it was read (ConcurrencyException). */
  | 'stale'
  /** The session is not, or no longer, valid (HTTP 401): nothing happened. */
  | 'unauthenticated';

export class TrytonFailure extends Error {
  override readonly name = 'TrytonFailure';
  readonly kind: FailureKind;
  /** SCREAMING_SNAKE; listed in this folder's README. */
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;
  /** Name of the warning, when the ERP asks for confirmation. */
  readonly warning: string | undefined;

  constructor(
    kind: FailureKind,
    code: string,
    message: string,
    details: { retryAfterSeconds?: number | undefined; warning?: string; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.code = code;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.warning = details.warning;
  }
}

/** The account is set up wrongly: no retry mends it, so it is thrown, and a person is told. */
export class ErpConfigurationError extends PartnerConfigurationError {
  override readonly name = 'ErpConfigurationError';
}

export type HttpAnswer = {
  readonly status: number;
  readonly retryAfter?: string | null | undefined;
  readonly body: string;
};

/** The result in an answer of the server. Throws TrytonFailure, or ErpConfigurationError for an answer of another server. */
export function resultOf({ status, retryAfter, body }: HttpAnswer): unknown {
  if (status === 401) throw new TrytonFailure('unauthenticated', 'ERP_SESSION_ENDED', 'the ERP ended the session');
  if (status === 429) {
    throw new TrytonFailure('throttled', 'ERP_THROTTLED', 'the ERP takes no more calls for now', {
      retryAfterSeconds: seconds(retryAfter),
    });
  }
  if (status >= 500) throw new TrytonFailure('no-answer', 'ERP_HTTP_ERROR', `the ERP answered HTTP ${status}`);
  if (status !== 200) {
    throw new ErpConfigurationError(
      `ERP_HTTP_${status}`,
      `the ERP answered HTTP ${status}: check the account's url and database, and that the user may call the method`,
    );
  }
  const answer = parsed(body);
  if ('error' in answer) throw errorOf(answer.error);
  return answer.result;
}

function parsed(body: string): { result: unknown } | { error: unknown } {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch (cause) {
    throw new TrytonFailure('no-answer', 'ERP_ANSWER_BROKEN', 'the ERP answered with broken JSON', { cause });
  }
  if (typeof answer === 'object' && answer !== null && ('result' in answer || 'error' in answer)) {
    return answer as { result: unknown } | { error: unknown };
  }
  throw new TrytonFailure('no-answer', 'ERP_ANSWER_BROKEN', 'the ERP answered without result and without error');
}

/** Errors come with HTTP 200 as `[class, arguments]`, or `[message, traceback]` for what Tryton itself did not foresee. */
function errorOf(error: unknown): TrytonFailure {
  const [name, details] = Array.isArray(error) ? error : [];
  const args = Array.isArray(details) ? details : [details];
  switch (name) {
    case 'UserError': {
      const code = userErrorCode(String(args[0]));
      // Between two looks at a sale the warehouse splits its moves: what was read is old, and says nothing against the work.
      return new TrytonFailure(code === 'ERP_RECORD_GONE' ? 'stale' : 'refused', code, shown(args[0]));
    }
    case 'UserWarning':
      return new TrytonFailure('warning', 'ERP_WARNING', shown(args[1]), { warning: String(args[0]) });
    case 'ConcurrencyException':
      return new TrytonFailure('stale', 'ERP_RECORD_CHANGED', 'the record changed while it was worked on');
    case 'LoginException':
      throw new ErpConfigurationError(
        'ERP_LOGIN_REFUSED',
        'the ERP asks for a second factor: give the user a password',
      );
    default:
      if (DATABASE_TROUBLE.test(String(name))) {
        return new TrytonFailure('no-answer', 'ERP_DATABASE_ERROR', "the ERP's database did not answer");
      }
      return new TrytonFailure('refused', 'ERP_DEFECT', `the ERP failed: ${shown(name)}`);
  }
}

// The server retries these itself and reports what remains as a plain message; whether a commit went through is open.
const DATABASE_TROUBLE =
  /database is locked|disk I\/O|could not connect|connection to server|server closed the connection|connection already closed|terminating connection|could not serialize|deadlock detected|too many clients|SSL SYSCALL/i;

// Texts of the English message catalogues (message.xml of ir, account, account_invoice, stock and web_shop); every call
// asks for English.
const USER_ERRORS: readonly (readonly [RegExp, string])[] = [
  [/web ID on the sale must be unique/i, 'DUPLICATE_KEY'],
  [/balance all its lines/i, 'JOURNAL_UNBALANCED'],
  [/create a period for the date|reopen the period|period .* is closed|closed (journal-)?period/i, 'PERIOD_CLOSED'],
  [/set an invoice date after/i, 'INVOICE_DATE_TOO_EARLY'],
  [/quantities of shipment .* are different/i, 'QUANTITY_MISMATCH'],
  [/not allowed/i, 'ERP_ACCESS_DENIED'],
  [/value is required/i, 'ERP_VALUE_MISSING'],
  [
    /not valid according to its domain|not one of the allowed options|exceeds the limit|is too long/i,
    'ERP_VALUE_REFUSED',
  ],
  [/don't exist|does not exist/i, 'ERP_RECORD_GONE'],
];

const userErrorCode = (message: string): string =>
  USER_ERRORS.find(([pattern]) => pattern.test(message))?.[1] ?? 'ERP_REFUSED';

const SHOWN = 200;

/**
 * The part of the ERP's message that may be shown: its first line, short, and without values and record names, which can
 * be a buyer's address.
 */
function shown(message: unknown): string {
  const [line = ''] = String(message ?? '').split('\n');
  return line
    .replace(/The value "[^"]*" (for|of)/, 'A value $1')
    .replace(/ in "[^"]*" of "/, ' of "')
    .slice(0, SHOWN);
}

/** Seconds from a Retry-After header; the date form is not used by Tryton or the proxies before it. */
function seconds(header: string | null | undefined): number | undefined {
  const value = Number(header);
  return header && Number.isFinite(value) && value > 0 ? Math.ceil(value) : undefined;
}

// Raised before a byte of the request has left: names (getaddrinfo), routes, refused connections, and certificates.
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*)$/;

/** What a failed `fetch` means. Never carries the request: it may hold personal data. */
export function transportFailure(error: unknown): TrytonFailure {
  const codes = causes(error);
  const code = codes.find((one) => NEVER_SENT.test(one));
  if (code) return new TrytonFailure('unreachable', 'ERP_UNREACHABLE', `the ERP can't be reached (${code})`);
  const name = codes[0] ?? (error instanceof Error ? error.name : 'unknown error');
  return new TrytonFailure('no-answer', 'ERP_NO_ANSWER', `the ERP's answer did not arrive (${name})`);
}

/** Error codes from outside in; a host with several addresses fails with an AggregateError. */
function causes(error: unknown): string[] {
  const codes: string[] = [];
  const open = [error];
  while (open.length > 0 && codes.length < 10) {
    const one = open.shift();
    if (typeof one !== 'object' || one === null) continue;
    if ('code' in one && typeof one.code === 'string') codes.push(one.code);
    if ('cause' in one) open.push(one.cause);
    if ('errors' in one && Array.isArray(one.errors)) open.push(...one.errors.slice(0, 5));
  }
  return codes;
}
