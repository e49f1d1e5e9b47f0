import { describe, expect, it } from 'vitest';
import { replyOf, ShopifyConfigurationError } from '#connectors/channels/shopify/reply.ts';
import type { HttpResult } from '#platform/http-client.ts';

const NOW = '2026-07-01T12:00:00.000Z';

const answered = (status: number, body: unknown, headers: Record<string, string> = {}): HttpResult => ({
  kind: 'answered',
  status,
  header: (name) => headers[name],
  body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
});

const reply = (status: number, body: unknown, headers?: Record<string, string>) =>
  replyOf(answered(status, body, headers), NOW);
const errors = (...codes: (string | undefined)[]) => ({
  errors: codes.map((code) => ({ message: 'no', ...(code !== undefined && { extensions: { code } }) })),
});

const throttleCost = (requestedQueryCost: number, currentlyAvailable: number, restoreRate: number) => ({
  extensions: {
    cost: {
      requestedQueryCost,
      actualQueryCost: null,
      throttleStatus: { maximumAvailable: 1000, currentlyAvailable, restoreRate },
    },
  },
});

describe("a reply of Shopify's Admin API", () => {
  it('is data', () => expect(reply(200, { data: { order: null } })).toEqual({ kind: 'data', data: { order: null } }));

  it('is nothing done when it was not sent, and open when it may have been', () => {
    expect(replyOf({ kind: 'not-sent', cause: 'ECONNREFUSED' }, NOW).kind).toBe('unavailable');
    expect(replyOf({ kind: 'maybe-sent', cause: 'ECONNRESET' }, NOW).kind).toBe('unknown');
  });

  it.each([
    ['200 with THROTTLED in the body', reply(200, { ...errors('THROTTLED'), ...throttleCost(112, 12, 50) }), 2],
    ['200, and less than a second to wait', reply(200, { ...errors('THROTTLED'), ...throttleCost(12, 12, 50) }), 1],
    ['429 with Retry-After', reply(429, errors('THROTTLED'), { 'retry-after': '2.0' }), 2],
    ['429, whose header goes before its body', reply(429, throttleCost(1000, 0, 50), { 'retry-after': '7' }), 7],
    ['429 that says when in its body', reply(429, throttleCost(1000, 0, 50)), 20],
  ])('is throttled with %s', (_what, given, retryAfterSeconds) => {
    expect(given).toEqual({ kind: 'throttled', retryAfterSeconds });
  });

  it.each([
    ['429 alone', reply(429, 'Too Many Requests')],
    ['THROTTLED alone', reply(200, errors('THROTTLED'))],
    ['a bucket that never fills', reply(200, { ...errors('THROTTLED'), ...throttleCost(10, 0, 0) })],
  ])('is throttled without a time with %s', (_what, given) => expect(given).toEqual({ kind: 'throttled' }));

  it.each([
    ['500', reply(500, '')],
    ['503', reply(503, 'Service Unavailable')],
    ['broken JSON', reply(200, '{"data":{')],
    ['a list', reply(200, '[]')],
    ['neither data nor errors', reply(200, '{}')],
    ['data that is null', reply(200, { data: null })],
    ['INTERNAL_SERVER_ERROR', reply(200, errors('INTERNAL_SERVER_ERROR'))],
    ['TIMEOUT', reply(200, { data: null, ...errors('TIMEOUT') })],
    ['a request of the same key under way', reply(200, errors('IDEMPOTENCY_CONCURRENT_REQUEST'))],
    ['data in part', reply(200, { data: { refundCreate: { refund: null } }, ...errors('ACCESS_DENIED') })],
  ])('is open with %s', (_what, given) => expect(given.kind).toBe('unknown'));

  it.each([
    ['402 of a frozen shop', reply(402, '')],
    ['423 of a locked shop', reply(423, '')],
    ['SHOP_INACTIVE', reply(200, errors('SHOP_INACTIVE'))],
  ])('is nothing done with %s', (_what, given) => expect(given.kind).toBe('unavailable'));

  it('is a refusal when the idempotency key says so', () => {
    expect(reply(200, errors('IDEMPOTENCY_KEY_PARAMETER_MISMATCH'))).toEqual({
      kind: 'refused',
      code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH',
      message: 'no',
    });
  });

  it.each([
    ['SHOPIFY_TOKEN_REFUSED', 401, { errors: '[API] Invalid API key or access token' }],
    ['SHOPIFY_TOKEN_REFUSED', 403, ''],
    ['SHOPIFY_HTTP_404', 404, { errors: 'Not Found' }],
    ['SHOPIFY_HTTP_301', 301, ''],
    ['SHOPIFY_ACCESS_DENIED', 200, { data: { order: null }, ...errors('ACCESS_DENIED') }],
  ])('throws %s for a fault of the set-up (HTTP %d)', (code, status, body) => {
    try {
      reply(status, body);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ShopifyConfigurationError);
      expect((error as ShopifyConfigurationError).code).toBe(code);
    }
  });

  it.each([
    ['an unknown field', errors('undefinedField')],
    ['an error without a code', errors(undefined)],
    ['a text for errors', { errors: 'bad' }],
  ])('throws for %s: the request itself is wrong', (_what, body) => {
    expect(() => reply(200, body)).toThrow(/does not understand the request/);
  });
});
