/**
 * One HTTP call to a partner, told by what became of it. A write that got no whole answer may have happened: the caller
 * must know this case from one in which nothing was sent.
 */
export type HttpRequest = {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly timeoutSeconds: number;
  readonly maxAnswerBytes?: number;
};

export type HttpOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Headers; readonly body: Uint8Array }
  /** No connection was made: the partner can't have acted. */
  | { readonly kind: 'not-sent'; readonly cause: string }
  /** Sent, and the answer is lost, cut off or too long. */
  | { readonly kind: 'maybe-sent'; readonly cause: string };

const MAX_ANSWER_BYTES = 5 * 1024 * 1024;

/** Causes of fetch that come before a byte is sent. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

export async function callPartner(request: HttpRequest): Promise<HttpOutcome> {
  const { url, method, headers, body, timeoutSeconds, maxAnswerBytes = MAX_ANSWER_BYTES } = request;
  if (request.signal.aborted) return { kind: 'not-sent', cause: 'our own time was up before the call' };
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
  try {
    // A redirect is not followed: a signed or authorized request goes where it was meant to go, or nowhere.
    const response = await fetch(url, {
      method,
      headers,
      signal,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    const answer = await readAnswer(response, maxAnswerBytes);
    if (!answer) return { kind: 'maybe-sent', cause: `the answer is longer than ${maxAnswerBytes} bytes` };
    return { kind: 'answered', status: response.status, headers: response.headers, body: answer };
  } catch (error) {
    const code = codeOf(error);
    return { kind: BEFORE_SENDING.has(code) ? 'not-sent' : 'maybe-sent', cause: code };
  }
}

async function readAnswer(response: Response, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** fetch hides the socket's error in `cause`; a time-out names itself. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  const cause = error.cause as { code?: unknown; errors?: { code?: unknown }[] } | undefined;
  const code = cause?.code ?? cause?.errors?.[0]?.code;
  return typeof code === 'string' ? code : error.name;
}
