import { PartnerConfigurationError } from '#core/kernel/errors.ts';
import { type ExactJson, ExactNumber, parseExactJson } from '#core/kernel/exact-json.ts';
import { type HttpAnswered, type HttpResult, retryAfterSeconds } from '#platform/http-client.ts';

/**
 * What an answer of the Admin GraphQL API means. Shopify says most of its noes with HTTP 200 and a list of `errors`, so
 * the status alone proves nothing.
 */
export type Reply =
  | { readonly kind: 'data'; readonly data: ExactJson }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds?: number }
  /** Certainly nothing was done. */
  | { readonly kind: 'unavailable'; readonly cause: string }
  /** Something may have been done. */
  | { readonly kind: 'unknown'; readonly cause: string }
  /** Refused for what was asked; nothing was done. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** The account is set up wrongly: no retry mends it, so it is thrown, and a person is told. */
export class ShopifyConfigurationError extends PartnerConfigurationError {
  override readonly name = 'ShopifyConfigurationError';
}

/** Throws ShopifyConfigurationError, and Error for a request that Shopify can't understand. */
export function replyOf(result: HttpResult, now: string): Reply {
  if (result.kind === 'not-sent') return { kind: 'unavailable', cause: `Shopify can't be reached (${result.cause})` };
  if (result.kind === 'maybe-sent') return { kind: 'unknown', cause: `Shopify's answer is lost (${result.cause})` };
  const { status } = result;
  if (status === 200) return replyOfBody(bodyOf(result), result, now);
  if (status === 429) return throttled(bodyOf(result), result, now);
  if (status >= 500) return { kind: 'unknown', cause: `Shopify answered HTTP ${status}` };
  // Payment Required: the shop is frozen. Locked: too many requests, or fraud is suspected.
  if (status === 402 || status === 423)
    return { kind: 'unavailable', cause: `Shopify answered HTTP ${status}: the shop is closed` };
  if (status === 401 || status === 403) {
    throw new ShopifyConfigurationError('SHOPIFY_TOKEN_REFUSED', `Shopify refuses the access token (HTTP ${status})`);
  }
  throw new ShopifyConfigurationError(
    `SHOPIFY_HTTP_${status}`,
    `Shopify answered HTTP ${status}: check the account's shopDomain, apiVersion and endpoint`,
  );
}

type Body = { readonly [key: string]: ExactJson };

const isBody = (value: ExactJson | undefined): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);

/** Undefined when it is not a JSON object. */
function bodyOf({ body }: HttpAnswered): Body | undefined {
  try {
    const parsed = parseExactJson(body);
    return isBody(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function replyOfBody(body: Body | undefined, answered: HttpAnswered, now: string): Reply {
  if (!body) return { kind: 'unknown', cause: 'Shopify answered with broken JSON' };
  const errors = errorsIn(body);
  if (errors.length === 0) {
    return body.data === undefined || body.data === null
      ? { kind: 'unknown', cause: 'Shopify answered without data and without errors' }
      : { kind: 'data', data: body.data };
  }
  const codes = errors.map(({ code }) => code);
  if (codes.includes('THROTTLED')) return throttled(body, answered, now);
  const told = errors.map(({ code, message }) => `${code}: ${message}`).join('; ');
  // A write that was done can still fail to show a part of what it made.
  if (isBody(body.data) && Object.values(body.data).some((part) => part !== null)) {
    return { kind: 'unknown', cause: `Shopify answered in part: ${told}` };
  }
  return replyOfErrors(errors, codes, told);
}

type GraphqlError = { readonly code: string; readonly message: string };

function replyOfErrors([first]: readonly GraphqlError[], codes: readonly string[], told: string): Reply {
  if (codes.includes('ACCESS_DENIED')) {
    throw new ShopifyConfigurationError('SHOPIFY_ACCESS_DENIED', `the app lacks an access scope: ${told}`);
  }
  if (codes.includes('SHOP_INACTIVE')) return { kind: 'unavailable', cause: 'the shop is inactive' };
  if (codes.some((code) => OPEN.has(code))) return { kind: 'unknown', cause: told };
  if (first && IDEMPOTENCY.test(first.code)) return { kind: 'refused', ...first };
  // Anything else is told before a field is resolved: a document or a variable of ours is wrong.
  throw new Error(`Shopify does not understand the request: ${told}`);
}

/** Errors after which the work may be, or become, done. */
const OPEN = new Set(['INTERNAL_SERVER_ERROR', 'TIMEOUT', 'IDEMPOTENCY_CONCURRENT_REQUEST']);
const IDEMPOTENCY = /^IDEMPOTENCY_/;

const SHOWN = 200;

function errorsIn({ errors }: Body): GraphqlError[] {
  if (errors === undefined || errors === null) return [];
  const list = Array.isArray(errors) ? errors : [errors];
  return list.map((error: ExactJson): GraphqlError => {
    if (!isBody(error)) return { code: 'ERROR', message: String(error).slice(0, SHOWN) };
    const code = isBody(error.extensions) ? error.extensions.code : undefined;
    return {
      code: typeof code === 'string' ? code.slice(0, SHOWN) : 'ERROR',
      message: String(error.message).slice(0, SHOWN),
    };
  });
}

/** What the header says, else how long the bucket takes to hold what the request needs. */
function throttled(body: Body | undefined, { header }: HttpAnswered, now: string): Reply {
  const seconds = retryAfterSeconds(header('retry-after'), now) ?? secondsToRestore(body);
  return { kind: 'throttled', ...(seconds !== undefined && { retryAfterSeconds: seconds }) };
}

/** https://shopify.dev/docs/api/usage/rate-limits: points come back at `restoreRate` a second. */
function secondsToRestore(body: Body | undefined): number | undefined {
  const cost = isBody(body?.extensions) ? body.extensions.cost : undefined;
  if (!isBody(cost) || !isBody(cost.throttleStatus)) return undefined;
  const { currentlyAvailable, restoreRate } = cost.throttleStatus;
  const [needed, available, rate] = [cost.requestedQueryCost, currentlyAvailable, restoreRate].map(numberIn);
  if (needed === undefined || available === undefined || rate === undefined || rate <= 0) return undefined;
  return Math.max(1, Math.ceil((needed - available) / rate));
}

function numberIn(value: ExactJson | undefined): number | undefined {
  const given = value instanceof ExactNumber ? Number(value.text) : Number.NaN;
  return Number.isFinite(given) ? given : undefined;
}
