import type { ConnectorManifest } from '../manifest.ts';

/** Any sender of signed Standard Webhooks: returns platforms, own shops, warehouses. */
export const manifest: ConnectorManifest = {
  id: 'generic',
  label: 'Standard Webhooks',
  kind: 'generic',
  webhook: {
    path: 'generic',
    maxBodyBytes: 1024 * 1024,
    answers: { accepted: 202, unauthenticated: 401, tooLarge: 413 },
    toleranceSeconds: 300,
    // The schedule that the specification suggests ends after some 75 hours.
    redeliveryHours: 96,
  },
  secrets: { webhookSecrets: 'rotating' },
  operations: {},
  limits: { concurrency: 4, callTimeoutSeconds: 20 },
};
