import { shopifyConnector } from '#connectors/channels/shopify/connector.ts';
import { parseSettings } from '#connectors/channels/shopify/settings.ts';
import type { OperationsUnderTest } from '../under-test.ts';
import { fulfillmentUnderTest } from './shopify-fulfillment.ts';
import { confirmationUnderTest, refundUnderTest } from './shopify-refund.ts';

export const operations: OperationsUnderTest = {
  open: (url) =>
    shopifyConnector({
      settings: parseSettings({ shopDomain: 'acme.myshopify.com', endpoint: url }),
      accessToken: async () => 'shpat_test',
    }),
  now: '2026-07-01T12:00:00.000Z',
  throttled: {
    withTime: (seconds) => ({ status: 429, headers: { 'retry-after': String(seconds) } }),
    withoutTime: { status: 429 },
  },
  // The token is the merchant's to renew.
  credentials: { refused: { status: 401 } },
  lost: {
    'HTTP 502': { status: 502, body: '<html>' },
    'broken JSON': { body: '{"data": {' },
    'an answer without data and errors': { body: {} },
  },
  kinds: {
    'channel/refund': refundUnderTest(),
    'channel/refund-confirmation': confirmationUnderTest(),
    'channel/fulfillment': fulfillmentUnderTest(),
  },
};
