/** What the Admin API says over HTTP around its GraphQL. Pure: both the server on the loopback address and tests answer by it. */

export type AdminRequest = {
  readonly method: string;
  readonly path: string;
  /** Of `X-Shopify-Access-Token`. */
  readonly token: string | undefined;
  readonly body: string;
};

export type AdminAnswer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Question = {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  /** Name of the first field: how faults and logs call a request. */
  readonly operation: string;
};

export type Cost = {
  readonly requestedQueryCost: number;
  /** None of what was not done. */
  readonly actualQueryCost: number | null;
  readonly throttleStatus: {
    readonly maximumAvailable: number;
    readonly currentlyAvailable: number;
    readonly restoreRate: number;
  };
};

type Expected = { readonly apiVersion: string; readonly accessToken: string };

/** The question of a request that may be asked, or the answer to one that may not. */
export function questionIn(request: AdminRequest, { apiVersion, accessToken }: Expected): Question | AdminAnswer {
  if (request.method !== 'POST' || request.path !== `/admin/api/${apiVersion}/graphql.json`) {
    return { status: 404, body: { errors: 'Not Found' } };
  }
  if (request.token !== accessToken) {
    const errors = '[API] Invalid API key or access token (unrecognized login or wrong password)';
    return { status: 401, body: { errors } };
  }
  const asked = parsed(request.body);
  if (typeof asked?.query !== 'string') return { status: 400, body: { errors: 'Bad Request' } };
  const { query, variables } = asked;
  return { query, operation: operationOf(query), ...(variables && { variables }) };
}

type Asked = { readonly query?: unknown; readonly variables?: Record<string, unknown> };

function parsed(body: string): Asked | null {
  try {
    return JSON.parse(body) as Asked | null;
  } catch {
    return null;
  }
}

const operationOf = (query: string): string => /\{\s*(?:\w+\s*:\s*)?(\w+)/.exec(query)?.[1] ?? 'unknown';

export const UNAVAILABLE: AdminAnswer = { status: 503, body: { errors: 'Service Unavailable' } };

/**
 * Refused before any effect, because the app calls too often. The status is seen to be 200 as well as 429, so the body is
 * what tells (https://shopify.dev/docs/api/usage/rate-limits).
 */
export function throttledAnswer(
  cost: Cost,
  { status = 200, retryAfterSeconds }: { readonly status?: 200 | 429; readonly retryAfterSeconds?: number } = {},
): AdminAnswer {
  const extensions = { code: 'THROTTLED', documentation: 'https://shopify.dev/api/usage/rate-limits' };
  return {
    status,
    body: { errors: [{ message: 'Throttled', extensions }], extensions: { cost } },
    ...(retryAfterSeconds !== undefined && { headers: { 'retry-after': String(retryAfterSeconds) } }),
  };
}
