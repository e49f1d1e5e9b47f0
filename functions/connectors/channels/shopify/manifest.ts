import type { ConnectorManifest } from '../../manifest.ts';

export const manifest: ConnectorManifest = {
  id: 'shopify',
  label: 'Shopify',
  kind: 'channel',
  webhook: {
    path: 'shopify',
    // Shopify sends orders of up to 250 lines whole; what is larger is none of its.
    maxBodyBytes: 2 * 1024 * 1024,
    // Only a 2xx counts; after eight failures in a row a subscription made by API is deleted
    // (https://shopify.dev/changelog/updates-to-webhook-retry-mechanism).
    answers: { accepted: 200, unauthenticated: 401, tooLarge: 413 },
    redeliveryHours: 48,
  },
  secrets: { webhookSecrets: 'rotating', accessToken: 'required' },
  operations: {
    // Reads of an order show its refunds and fulfilments at once as far as is documented. Should one lag, a refund's repeat
    // carries the same idempotency key and returns the first result; a fulfilment can't exceed what is left to fulfil.
    'channel/refund': { read: 'authoritative' },
    'channel/fulfillment': { read: 'authoritative' },
  },
  limits: { concurrency: 4, callTimeoutSeconds: 20 },
};
