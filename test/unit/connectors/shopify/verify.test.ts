import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifier } from '#connectors/channels/shopify/verify.ts';
import { connectors } from '#connectors/registry.ts';
import vectors from './fixtures/webhook-hmac-vectors.json' with { type: 'json' };

const NOW = 1_782_907_200;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sign = (secret: string, body: Uint8Array): string => createHmac('sha256', secret).update(body).digest('base64');

const message = (body: Uint8Array, signature?: string, headers: Record<string, string> = {}) => ({
  headers: {
    'x-shopify-topic': 'orders/create',
    'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    ...(signature !== undefined && { 'x-shopify-hmac-sha256': signature }),
    ...headers,
  },
  body,
});

const codeOf = (...args: Parameters<typeof verifier.verify>): string => {
  const verdict = verifier.verify(...args);
  return verdict.authentic ? 'authentic' : verdict.code;
};

describe('Shopify webhook signature', () => {
  it.each(vectors.cases.map((one) => [one.name, one] as const))(
    'vector: %s',
    (_name, { secret, rawBody, header, valid }) => {
      expect(verifier.verify(message(bytes(rawBody), header), [secret], NOW).authentic).toBe(valid);
    },
  );

  const body = bytes('{"id":450789469,"note":"Zoë"}');

  it('is taken with either of two active secrets', () => {
    for (const secret of ['new', 'old']) {
      expect(codeOf(message(body, sign(secret, body)), ['new', 'old'], NOW)).toBe('authentic');
    }
    expect(codeOf(message(body, sign('older', body)), ['new', 'old'], NOW)).toBe('SIGNATURE_MISMATCH');
  });

  it('is not taken without any secret, or with an empty one', () => {
    expect(codeOf(message(body, sign('x', body)), [], NOW)).toBe('SIGNATURE_MISMATCH');
    expect(codeOf(message(body, sign('', body)), [''], NOW)).toBe('SIGNATURE_MISMATCH');
  });

  it.each([
    ['SIGNATURE_MISSING', undefined],
    ['SIGNATURE_MISSING', ''],
    ['SIGNATURE_MALFORMED', 'abc'],
    ['SIGNATURE_MALFORMED', `${sign('secret', body)}\n`],
    ['SIGNATURE_MALFORMED', createHmac('sha256', 'secret').update(body).digest('hex')],
    ['SIGNATURE_MALFORMED', createHmac('sha256', 'secret').update(body).digest('base64url')],
  ])('is refused as %s when it is %j', (code, signature) => {
    expect(codeOf(message(body, signature), ['secret'], NOW)).toBe(code);
  });

  it('has one writing only: spare bits of base64 are not free to choose', () => {
    const good = sign('secret', body);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const last = alphabet.indexOf(good.charAt(42));
    const twin = `${good.slice(0, 42)}${alphabet[last ^ 1]}=`;
    expect(Buffer.from(twin, 'base64').equals(Buffer.from(good, 'base64'))).toBe(true);
    expect(codeOf(message(body, twin), ['secret'], NOW)).toBe('SIGNATURE_MISMATCH');
  });

  it('names an empty body, even a signed one', () => {
    const empty = new Uint8Array();
    expect(codeOf(message(empty, sign('secret', empty)), ['secret'], NOW)).toBe('BODY_MISSING');
  });

  it('fits no body that differs in one byte', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (raw, at, flip) => {
          const altered = Uint8Array.from(raw);
          const place = at % raw.length;
          altered[place] = (altered[place] ?? 0) ^ flip;
          expect(codeOf(message(raw, sign('secret', raw)), ['secret'], NOW)).toBe('authentic');
          expect(codeOf(message(altered, sign('secret', raw)), ['secret'], NOW)).toBe('SIGNATURE_MISMATCH');
        },
      ),
    );
  });

  it('ties the delivery to topic and webhook id, which every try repeats', () => {
    const signature = sign('secret', body);
    expect(verifier.verify(message(body, signature), ['secret'], NOW)).toEqual({
      authentic: true,
      deliveryId: 'orders/create:b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
      topic: 'orders/create',
    });
  });

  it.each([
    ['no id', undefined],
    ['an id that could be anything', 'a b#c'],
  ])('falls back to the body with %s', (_what, webhookId) => {
    const { 'x-shopify-webhook-id': _id, ...headers } = message(body, sign('secret', body)).headers;
    const given = {
      body,
      headers: { ...headers, ...(webhookId !== undefined && { 'x-shopify-webhook-id': webhookId }) },
    };
    const verdict = verifier.verify(given, ['secret'], NOW);
    expect(verdict.authentic && verdict.deliveryId).toMatch(/^orders\/create:[0-9a-f]{64}$/);
  });

  it('is what the registry hands to the command line', () => expect(connectors.shopify?.verifier).toBe(verifier));
});
