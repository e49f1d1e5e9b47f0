import type { Json, OrderGiven, Sample } from '../under-test.ts';

/** Shopify's webhooks about one order, as its REST resources of 2026-07 put them. */

const usd = (amount: string) => ({
  shop_money: { amount, currency_code: 'USD' },
  presentment_money: { amount, currency_code: 'USD' },
});

const HEADERS = {
  'x-shopify-triggered-at': '2026-07-01T12:00:06.000Z',
  'x-shopify-shop-domain': 'acme.myshopify.com',
};
const sample = (topic: string, body: Json): Sample => ({ topic, body, headers: HEADERS });

const address = {
  name: 'Bob Norman',
  company: 'Norman Ltd',
  address1: 'Chestnut Street 92',
  address2: 'Flat 4',
  city: 'Louisville',
  zip: '40202',
  province_code: 'KY',
  country_code: 'US',
  phone: '+1-555-0100',
};

const ORDER = {
  id: 5001,
  name: '#5001',
  currency: 'USD',
  created_at: '2026-07-01T08:00:00-04:00',
  processed_at: '2026-07-01T08:00:00-04:00',
  updated_at: '2026-07-01T08:00:05-04:00',
  cancelled_at: null,
  taxes_included: false,
  tax_exempt: false,
  total_price: '120.50',
  total_price_set: usd('120.50'),
  line_items: [
    {
      id: 50011,
      sku: 'MUG-BLUE',
      title: 'Mug',
      quantity: 2,
      price: '50.00',
      price_set: usd('50.00'),
      discount_allocations: [{ amount: '5.00', amount_set: usd('5.00') }],
      tax_lines: [{ title: 'Sales Tax', price: '9.50', price_set: usd('9.50'), rate: 0.1, channel_liable: false }],
    },
    {
      id: 50012,
      sku: 'TSHIRT-M',
      title: 'T-shirt',
      quantity: 1,
      price: '10.00',
      price_set: usd('10.00'),
      tax_lines: [],
    },
  ],
  shipping_lines: [{ price: '6.00', price_set: usd('6.00'), tax_lines: [] }],
  email: 'bob.norman@mail.example.com',
  phone: null,
  customer: { id: 207119551, tax_exempt: false, email: 'bob.norman@mail.example.com', phone: null },
  shipping_address: address,
  billing_address: address,
};

const FULFILLMENT = {
  id: 900,
  order_id: 5001,
  status: 'success',
  created_at: '2026-07-02T08:00:00-04:00',
  updated_at: '2026-07-02T08:00:00-04:00',
  tracking_number: '1Z999',
  line_items: [{ id: 50011, quantity: 1 }],
};

const REFUND = {
  id: 800,
  order_id: 5001,
  created_at: '2026-07-03T08:00:00-04:00',
  note: 'it broke',
  transactions: [
    { kind: 'refund', status: 'success', amount: '10.00', amount_set: usd('10.00'), currency: 'USD' },
    { kind: 'refund', status: 'failure', amount: '3.00', amount_set: usd('3.00'), currency: 'USD' },
  ],
  refund_line_items: [{ line_item_id: 50012, quantity: 1, subtotal_set: usd('10.00') }],
};

export const HISTORY = {
  'orders/create': sample('orders/create', ORDER),
  'orders/paid': sample('orders/paid', { ...ORDER, updated_at: '2026-07-01T08:00:07-04:00' }),
  'orders/updated': sample('orders/updated', { ...ORDER, updated_at: '2026-07-01T09:00:00-04:00', name: '#5001' }),
  'orders/edited': sample('orders/edited', { order_edit: { id: 78912328793, order_id: 5001 } }),
  'fulfillments/create': sample('fulfillments/create', { ...FULFILLMENT, status: 'pending' }),
  'fulfillments/update': sample('fulfillments/update', FULFILLMENT),
  'orders/partially_fulfilled': sample('orders/partially_fulfilled', {
    ...ORDER,
    updated_at: '2026-07-02T09:00:00-04:00',
  }),
  'orders/fulfilled': sample('orders/fulfilled', { ...ORDER, updated_at: '2026-07-02T10:00:00-04:00' }),
  'refunds/create': sample('refunds/create', REFUND),
  'orders/cancelled': sample('orders/cancelled', {
    ...ORDER,
    updated_at: '2026-07-04T08:00:00-04:00',
    cancelled_at: '2026-07-04T08:00:00-04:00',
  }),
};

const least = {
  id: 5009,
  currency: 'USD',
  created_at: '2026-07-01T08:00:00-04:00',
  updated_at: '2026-07-01T08:00:05-04:00',
  total_price: '10.00',
  line_items: [{ id: 50091, sku: 'MUG-BLUE', quantity: 1, price: '10.00' }],
};
const leastFulfillment = {
  id: 901,
  order_id: 5001,
  status: 'success',
  created_at: '2026-07-02T08:00:00-04:00',
  line_items: [],
};

export const FEWEST = {
  ...Object.fromEntries(
    Object.keys(HISTORY)
      .filter((topic) => topic.startsWith('orders/'))
      .map((topic) => [topic, sample(topic, least)]),
  ),
  'fulfillments/create': sample('fulfillments/create', leastFulfillment),
  'fulfillments/update': sample('fulfillments/update', leastFulfillment),
  'refunds/create': sample('refunds/create', {
    id: 801,
    order_id: 5001,
    created_at: '2026-07-03T08:00:00-04:00',
    transactions: [{ kind: 'refund', status: 'success', amount: '1.00', currency: 'USD' }],
    refund_line_items: [],
  }),
};

/** Which times the words of an order's own states stand for is not read: what happened comes as its own message. */
export const VOCABULARY = [
  {
    message: 'fulfillments/update',
    path: 'status',
    words: ['success', 'pending', 'open', 'cancelled', 'error', 'failure'],
  },
  {
    message: 'refunds/create',
    path: 'transactions.0.kind',
    words: ['refund', 'authorization', 'capture', 'sale', 'void', 'change', 'emv_authorization'],
  },
  {
    message: 'refunds/create',
    path: 'transactions.0.status',
    words: ['success', 'pending', 'failure', 'error'],
  },
  { message: 'refunds/create', path: 'transactions.1.status', words: ['success', 'pending', 'failure', 'error'] },
];

export const PERSONAL = ['bob.norman@mail.example.com', 'Bob Norman', 'Chestnut Street 92', '+1-555-0100'];

export const order = ({ currency, unitPrice, total, quantity, changedAt, cancelled }: OrderGiven): Sample =>
  sample(cancelled ? 'orders/cancelled' : 'orders/updated', {
    id: 5555,
    name: '#5555',
    currency,
    created_at: '2026-07-01T07:00:00Z',
    updated_at: changedAt,
    cancelled_at: cancelled ? changedAt : null,
    taxes_included: false,
    total_price: total,
    line_items: [{ id: 55551, sku: 'MUG-BLUE', quantity, price: unitPrice, discount_allocations: [], tax_lines: [] }],
    shipping_lines: [],
  });
