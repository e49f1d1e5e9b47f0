import type { ConnectorManifest } from '../../manifest.ts';

// Tryton answers a write after its transaction is committed, and reads see every commit: absent means absent, once the
// lease that bounds the call has ended.
const authoritative = { read: 'authoritative' } as const;

export const manifest: ConnectorManifest = {
  id: 'tryton',
  label: 'Tryton',
  kind: 'erp',
  secrets: { password: 'required' },
  operations: {
    'erp/sales-order': authoritative,
    'erp/item-receipt': authoritative,
    'erp/credit-memo': authoritative,
    'erp/stock-move': authoritative,
    'erp/journal': authoritative,
    'erp/supplier-claim': authoritative,
  },
  reads: ['order-status', 'shipments', 'accounting-periods'],
  limits: { concurrency: 4, callTimeoutSeconds: 20 },
};
