import type { SchemaName } from './document.ts';

/** Examples of the document; a test holds each to its schema. */

const usd = (minor: number) => ({ minor, currency: 'USD' });
const WINDOW = { from: 'delivery', since: '2026-11-24', until: '2026-12-24', zone: 'America/New_York' };
const ORDER_STATUS = { source: 'erp', asOf: '2026-11-25T09:59:59.000Z' };

const AUTHORIZATION = {
  returnId: 'R-1001',
  rma: 'RMA-GD26SHXB3N',
  decision: 'approved',
  reasons: [],
  lines: [
    {
      lineId: '466157049',
      quantity: 1,
      decision: 'approved',
      reasons: [],
      reasonCode: { given: 'UNWANTED', canonical: 'changed-mind', mappingVersion: '2026-11-01' },
      refundEstimate: usd(1_357),
      refund: { net: usd(1_234), taxes: [{ title: 'Tax', rate: '0.10', amount: usd(123), collectedBy: 'seller' }] },
      window: WINDOW,
      dispositionHint: 'restock',
    },
  ],
  policyVersion: '2026-11-01',
  mappingVersion: '2026-11-01',
  orderStatus: ORDER_STATUS,
  refundEstimate: usd(1_357),
  resolution: 'refund',
  returnBy: '2027-01-09T10:00:00.000Z',
};

const LATE = { code: 'WINDOW_PASSED', message: 'line 466157049 could be returned until 2026-12-24' };

export const EXAMPLES: Partial<Record<SchemaName, Readonly<Record<string, object>>>> = {
  AuthorizationRequest: {
    oneUnit: {
      returnId: 'R-1001',
      channel: 'shopify',
      account: 'main',
      orderId: '450789469',
      requestedAt: '2026-11-25T10:00:00Z',
      lines: [{ lineId: '466157049', quantity: 1, reasonCode: 'UNWANTED', note: 'Too large for my kitchen.' }],
    },
    exchange: {
      returnId: 'R-1003',
      channel: 'shopify',
      account: 'main',
      orderId: '450789469',
      requestedAt: '2026-11-25T10:00:00Z',
      lines: [{ lineId: '466157049', quantity: 1, reasonCode: 'UNWANTED' }],
      resolution: 'exchange',
      replacement: {
        lines: [
          {
            lineId: 'X-1',
            sku: 'TSHIRT-L',
            quantity: 1,
            net: usd(1_434),
            taxes: [{ title: 'Tax', rate: '0.10', amount: usd(143), collectedBy: 'seller' }],
          },
        ],
        collected: usd(220),
      },
    },
  },
  AuthorizationAnswer: {
    approved: AUTHORIZATION,
    rejectedWhileErpIsDown: {
      returnId: 'R-1002',
      decision: 'rejected',
      reasons: [LATE],
      lines: [
        {
          lineId: '466157049',
          quantity: 1,
          decision: 'rejected',
          reasons: [LATE],
          reasonCode: { given: 'UNWANTED', canonical: 'changed-mind', mappingVersion: '2026-11-01' },
          refundEstimate: usd(0),
          window: WINDOW,
        },
      ],
      policyVersion: '2026-11-01',
      mappingVersion: '2026-11-01',
      orderStatus: { source: 'last-known', asOf: '2026-11-20T08:15:00.000Z' },
      refundEstimate: usd(0),
      resolution: 'refund',
    },
  },
  EligibilityRequest: { wholeOrder: { channel: 'shopify', account: 'main', orderId: '450789469' } },
  EligibilityAnswer: {
    partly: {
      channel: 'shopify',
      account: 'main',
      orderId: '450789469',
      orderNumber: '#1001',
      isEligible: true,
      eligibleReasonCodes: [{ code: 'UNWANTED', description: 'changed-mind' }],
      fees: [],
      items: [
        {
          lineId: '466157049',
          sku: 'TSHIRT-M',
          isEligible: true,
          eligibleQuantity: 2,
          decision: 'approved',
          reasons: [],
          refundEstimate: usd(2_715),
          window: WINDOW,
          dispositionHint: 'restock',
          keepItem: true,
        },
      ],
      policyVersion: '2026-11-01',
      mappingVersion: '2026-11-01',
      orderStatus: ORDER_STATUS,
    },
  },
  CancelRequest: { plain: {} },
  Return: {
    received: {
      returnId: 'R-1001',
      rma: 'RMA-GD26SHXB3N',
      status: 'received',
      orderNumber: '#1001',
      requestedAt: '2026-11-25T10:00:00.000Z',
      decidedAt: '2026-11-25T10:00:00.420Z',
      authorization: AUTHORIZATION,
      transit: { occurredAt: '2026-11-26T09:00:00.000Z', carrier: 'UPS', trackingNumber: '1Z999AA10123456784' },
      receipts: [
        { receiptId: 'RC-1', occurredAt: '2026-11-28T09:00:00.000Z', lines: [{ lineId: '466157049', quantity: 1 }] },
      ],
      inspections: [],
    },
  },
  Order: {
    delivered: {
      channel: 'shopify',
      account: 'main',
      orderId: '450789469',
      orderNumber: '#1001',
      status: 'shipped',
      orderedAt: '2026-11-20T09:00:00.000Z',
      currency: 'USD',
      total: usd(2_715),
      shipping: { net: usd(0), taxes: [] },
      customerType: 'consumer',
      shipToCountry: 'US',
      lines: [
        {
          lineId: '466157049',
          sku: 'TSHIRT-M',
          title: 'T-shirt M',
          quantity: 2,
          shipped: 2,
          returning: 1,
          refunded: 0,
          returnable: 1,
          net: usd(2_468),
          taxes: [{ title: 'Tax', rate: '0.10', amount: usd(247), collectedBy: 'seller' }],
        },
      ],
      shipments: [
        {
          shipmentId: 'CS-0009',
          shippedAt: '2026-11-21T09:00:00.000Z',
          deliveredAt: '2026-11-24T15:12:00.000Z',
          trackingNumber: '1Z999AA10123456784',
          lines: [{ lineId: '466157049', quantity: 2 }],
        },
      ],
      returns: ['R-1001'],
    },
  },
  Problem: {
    malformed: {
      type: 'urn:crossdock:problem:request-malformed',
      title: 'Bad Request',
      status: 400,
      detail: 'lines.0.quantity: Too small: expected number to be >=1',
      instance: 'urn:crossdock:request:01JD4Z7Q8N3V',
      code: 'REQUEST_MALFORMED',
      correlationId: '01JD4Z7Q8N3V',
      errors: [
        {
          pointer: '/lines/0/quantity',
          field: 'lines.0.quantity',
          message: 'Too small: expected number to be >=1',
        },
      ],
    },
  },
};
