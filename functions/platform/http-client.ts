/**
 * HTTP to partners over fetch, and the one place that says what a failed call means. For a write everything hangs on one
 * question: can the partner have seen the request? Only failures before the connection stood, or of its certificate, say
 * no; whatever comes later is `maybe-sent`, and its outcome is unknown.
 */

export type HttpCall = {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The caller's own end of time; the call ends with it. */
  readonly signal: AbortSignal;
  readonly timeoutSeconds: number;
  readonly maxAnswerBytes: number;
};

export type HttpAnswered = {
  readonly kind: 'answered';
  /** Any status, also 3xx: redirects are never followed, for they would carry our credentials along. */
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
};

/** `cause` is a code such as ECONNREFUSED; it never holds any of the request, which may be personal data. */
export type HttpResult =
  | HttpAnswered
  /** No byte of the request reached the partner. */
  | { readonly kind: 'not-sent'; readonly cause: string }
  /** The partner may have acted, and its answer did not reach us whole. */
  | { readonly kind: 'maybe-sent'; readonly cause: string };

/** Makes one call, without retries: whoever calls knows what a second one would do. Throws only for an unusable URL. */
export async function callHttp(call: HttpCall): Promise<HttpResult> {
  if (call.signal.aborted) return { kind: 'not-sent', cause: 'NO_TIME_LEFT' };
  const { method, headers, body, timeoutSeconds } = call;
  const url = new URL(call.url);
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
  try {
    const response = await fetch(url, {
      method,
      headers,
      signal,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    return {
      kind: 'answered',
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      body: await readBody(response, call.maxAnswerBytes),
    };
  } catch (error) {
    return failureOf(error);
  }
}

class AnswerTooLarge extends Error {
  readonly code = 'ANSWER_TOO_LARGE';
}

async function readBody(response: Response, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    // Leaving the loop cancels the stream, which closes the connection.
    if (size > limit) throw new AnswerTooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

type Failure = { readonly code: string; readonly syscall?: string };

// Codes of a certificate that is not accepted (Node's TLS errors): the handshake ends before the request goes out.
const CERTIFICATE =
  /^(ERR_TLS_CERT_.*|CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET|VERIFY)_.*)$/;

function failureOf(error: unknown): Exclude<HttpResult, HttpAnswered> {
  const failures = failuresIn(error);
  const neverSent = failures.find(
    ({ code, syscall }) =>
      code === 'UND_ERR_CONNECT_TIMEOUT' ||
      CERTIFICATE.test(code) ||
      // The same errno can come from a standing connection: only the call that failed tells.
      syscall === 'connect' ||
      syscall === 'getaddrinfo',
  );
  if (neverSent) return { kind: 'not-sent', cause: neverSent.code };
  const name = error instanceof Error ? error.name : 'unknown';
  return { kind: 'maybe-sent', cause: failures[0]?.code ?? name };
}

/** Codes from outside in: fetch wraps its causes, and a host with several addresses fails with an AggregateError. */
function failuresIn(error: unknown): Failure[] {
  const found: Failure[] = [];
  const open = [error];
  for (let steps = 0; open.length > 0 && steps < 12; steps++) {
    const one = open.shift();
    if (typeof one !== 'object' || one === null) continue;
    const { code, syscall, cause, errors } = one as Record<string, unknown>;
    if (typeof code === 'string') found.push({ code, ...(typeof syscall === 'string' && { syscall }) });
    open.push(cause);
    if (Array.isArray(errors)) open.push(...errors.slice(0, 5));
  }
  return found;
}

/** Seconds from a Retry-After header in either of its forms (RFC 9110, 10.2.3); `now` is an ISO 8601 instant. */
export function retryAfterSeconds(header: string | undefined, now: string): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - Date.parse(now)) / 1000;
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : undefined;
}
