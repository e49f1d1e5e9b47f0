import { CONDITIONS, DISPOSITIONS } from '#core/returns/return.ts';
import type { Json, OrderGiven, Sample } from '../under-test.ts';

/** Messages of our own webhook format: an order, and two returns of an order that the house has. */

const sample = (type: string, data: Json, timestamp = '2026-07-01T08:00:00Z'): Sample => ({
  topic: type,
  body: { type, timestamp, data },
});

const ORDER = {
  orderId: 'G-1',
  orderNumber: 'G1',
  version: 1,
  placedAt: '2026-07-01T08:00:00+02:00',
  updatedAt: '2026-07-01T08:00:00+02:00',
  currency: 'USD',
  pricesIncludeTax: false,
  lines: [
    {
      lineId: 'L1',
      sku: 'MUG-BLUE',
      title: 'Mug',
      quantity: 2,
      unitPrice: '50.00',
      discount: '5.00',
      taxes: [{ title: 'Sales Tax', rate: '0.10', amount: '9.50', collectedBy: 'seller' }],
    },
  ],
  shipping: {
    price: '6.00',
    taxes: [{ title: 'Sales Tax', rate: '0.10', amount: '0.60', collectedBy: 'marketplace' }],
  },
  total: '111.10',
  customer: {
    id: 'C-1',
    type: 'business',
    taxExempt: false,
    vatId: 'DE123456789',
    email: 'bob.norman@mail.example.com',
    phone: '+1-555-0100',
  },
  shipTo: {
    name: 'Bob Norman',
    company: 'Norman Ltd',
    lines: ['Chestnut Street 92'],
    city: 'Louisville',
    region: 'KY',
    postalCode: '40202',
    country: 'US',
    phone: '+1-555-0100',
  },
};

const at = (hour: number): string => `2026-07-01T${String(hour).padStart(2, '0')}:00:00Z`;
const progress = (type: string, returnId: string, hour: number, more: Record<string, Json> = {}): Sample =>
  sample(type, { returnId, occurredAt: at(hour), ...more }, at(hour));

export const HISTORY = {
  'order.created': sample('order.created', ORDER),
  'order.updated': sample('order.updated', { ...ORDER, version: 2, updatedAt: '2026-07-01T09:00:00+02:00' }),
  'return.in_transit': progress('return.in_transit', 'R-1', 8, { carrier: 'UPS', trackingNumber: '1Z999' }),
  'return.received': progress('return.received', 'R-1', 9, {
    receiptId: 'RC-1',
    lines: [{ lineId: 'L1', quantity: 2 }],
    location: 'dock 3',
  }),
  'return.inspected': progress('return.inspected', 'R-1', 10, {
    inspectionId: 'IN-1',
    lines: [{ lineId: 'L1', quantity: 2, condition: 'new', disposition: 'restock' }],
  }),
  'return.cancelled': progress('return.cancelled', 'R-2', 11, { reason: 'kept it' }),
  'order.cancelled': sample('order.cancelled', {
    ...ORDER,
    version: 3,
    updatedAt: '2026-07-03T09:00:00+02:00',
    cancelledAt: '2026-07-03T09:00:00+02:00',
  }),
};

const least = {
  orderId: 'G-9',
  version: 1,
  placedAt: '2026-07-01T08:00:00Z',
  updatedAt: '2026-07-01T08:00:00Z',
  currency: 'USD',
  pricesIncludeTax: false,
  lines: [{ lineId: 'L1', sku: 'MUG-BLUE', quantity: 1, unitPrice: '10.00' }],
  total: '10.00',
};

export const FEWEST = {
  'order.created': sample('order.created', least),
  'order.updated': sample('order.updated', least),
  'order.cancelled': sample('order.cancelled', least),
  'return.in_transit': progress('return.in_transit', 'R-1', 8),
  'return.received': HISTORY['return.received'],
  'return.inspected': HISTORY['return.inspected'],
  'return.cancelled': progress('return.cancelled', 'R-2', 11),
};

export const VOCABULARY = [
  { message: 'return.inspected', path: 'data.lines.0.condition', words: CONDITIONS },
  { message: 'return.inspected', path: 'data.lines.0.disposition', words: DISPOSITIONS },
  { message: 'order.created', path: 'data.customer.type', words: ['consumer', 'business'] },
  { message: 'order.created', path: 'data.lines.0.taxes.0.collectedBy', words: ['seller', 'marketplace'] },
  { message: 'order.created', path: 'data.shipping.taxes.0.collectedBy', words: ['seller', 'marketplace'] },
];

export const PERSONAL = ['bob.norman@mail.example.com', 'Bob Norman', 'Chestnut Street 92', 'DE123456789'];

export const order = ({ currency, unitPrice, total, quantity, changedAt, cancelled }: OrderGiven): Sample =>
  sample(cancelled ? 'order.cancelled' : 'order.updated', {
    orderId: 'G-5',
    version: 1,
    placedAt: '2026-07-01T07:00:00Z',
    updatedAt: changedAt,
    ...(cancelled && { cancelledAt: changedAt }),
    currency,
    pricesIncludeTax: false,
    lines: [{ lineId: 'L1', sku: 'MUG-BLUE', quantity, unitPrice }],
    total,
  });
