import { describe, expect, it } from 'vitest';
import { idempotencyKey, uuidV5 } from '#connectors/channels/shopify/idempotency-key.ts';
import { graphqlUrl, parseSettings } from '#connectors/channels/shopify/settings.ts';

const shopDomain = 'acme.myshopify.com';

describe('settings of a Shopify account', () => {
  it('lead to the shop itself', () => {
    expect(graphqlUrl(parseSettings({ shopDomain }))).toBe('https://acme.myshopify.com/admin/api/2026-07/graphql.json');
  });

  it('may lead to a server on this machine, at the version named', () => {
    const settings = parseSettings({ shopDomain, apiVersion: '2026-10', endpoint: 'http://127.0.0.1:4567' });
    expect(graphqlUrl(settings)).toBe('http://127.0.0.1:4567/admin/api/2026-10/graphql.json');
  });

  it.each([
    ['shopDomain', {}],
    ['shopDomain', { shopDomain: 'shop.acme.com' }],
    ['shopDomain', { shopDomain: 'acme.myshopify.com/admin' }],
    ['apiVersion', { shopDomain, apiVersion: 'unstable' }],
    ['endpoint', { shopDomain, endpoint: 'http://10.0.0.7:80' }],
    ['endpoint', { shopDomain, endpoint: 'ftp://127.0.0.1' }],
    ['accessToken', { shopDomain, accessToken: 'shpat_1' }],
    ['payouts', { shopDomain, payouts: true }],
    ['payouts', { shopDomain, payouts: { from: '1 November' } }],
  ])('are refused with the name %s', (name, given) => {
    expect(() => parseSettings(given)).toThrow(name);
  });
});

describe('the idempotency key of an operation', () => {
  it('is a UUID of version 5 (example of Python’s documentation)', () => {
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'python.org')).toBe('886313e1-3b8a-5372-9b90-0c9aee199e5d');
  });

  // Shopify knows refunds that were made under these keys.
  it('never changes', () => {
    expect(idempotencyKey({ key: 'channel/refund/shopify/main/5001/generic.main.R-1' })).toBe(
      '4f2d7f6c-51be-5ff1-8505-8535b32bcb56',
    );
  });
});
