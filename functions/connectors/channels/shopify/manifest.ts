import type { ConnectorManifest } from '../../manifest.ts';

export const manifest: ConnectorManifest = {
  id: 'shopify',
  label: 'Shopify',
  kind: 'channel',
  webhook: {
    path: 'shopify',
    // An order of some hundred lines comes to about a megabyte. As base64 this is the most that fits into the 6 MB that a
    // function may be called with.
    maxBodyBytes: 4 * 1024 * 1024,
    // Only 2xx counts as delivered, and a subscription that fails eight times in a row is removed
    // (https://shopify.dev/changelog/updates-to-webhook-retry-mechanism).
    answers: { accepted: 200, unauthenticated: 401, tooLarge: 413 },
    // Eight tries in four hours now, nineteen in 48 hours before 2024-09: marks outlive the longer of the two.
    redeliveryHours: 48,
  },
  secrets: { webhookSecrets: 'rotating', accessToken: 'required' },
  operations: {
    // Shopify does not say whether a read right after a write shows it. A refund that a stale read hides is not paid again:
    // the second call bears the same idempotency key, which Shopify keeps for 24 hours and answers with the first result
    // (https://shopify.dev/docs/api/usage/implementing-idempotency). After a day no read is stale.
    'channel/refund': { read: 'authoritative' },
    'channel/refund-confirmation': { read: 'authoritative' },
    // No idempotency key is taken here. Should a stale read hide a fulfilment, Shopify still lets nobody fulfil more units
    // than were ordered, and units fulfilled beyond what the ERP shipped open a case (FULFILLED_OUTSIDE_ERP).
    'channel/fulfillment': { read: 'authoritative' },
  },
  reads: ['settlements'],
  limits: { concurrency: 4, callTimeoutSeconds: 20 },
};
