import type { ChannelOrder } from '#core/orders/order.ts';

/** Two t-shirts and a mug with 10 % tax, 36.50 USD in all: the order that many specs begin with. */
export function anOrder(changes: Partial<ChannelOrder> = {}): ChannelOrder {
  return {
    id: { channel: 'shopify', account: 'main', orderId: '5001' },
    number: '#1001',
    version: { updatedAt: 1_000, triggeredAt: 1_500 },
    placedAt: '2026-11-20T09:00:00.000Z',
    currency: 'USD',
    lines: [
      {
        lineId: 'L1',
        sku: 'TSHIRT-M',
        title: 'T-shirt M',
        quantity: 2,
        net: 2468,
        discount: 0,
        taxes: [{ title: 'Tax', rate: '0.10', amount: 247, collectedBy: 'seller' }],
      },
      {
        lineId: 'L2',
        sku: 'MUG-BLUE',
        title: 'Blue mug',
        quantity: 1,
        net: 850,
        discount: 0,
        taxes: [{ title: 'Tax', rate: '0.10', amount: 85, collectedBy: 'seller' }],
      },
    ],
    shipping: { net: 0, taxes: [] },
    fees: [],
    total: 3650,
    customer: {
      channelCustomerId: '207119551',
      type: 'consumer',
      taxExempt: false,
      country: 'US',
      region: 'KY',
      postalPrefix: '402',
    },
    personal: {
      email: 'bob.norman@mail.example.com',
      shipTo: { name: 'Bob Norman', lines: ['Chestnut Street 92'], city: 'Louisville', country: 'US' },
    },
    ...changes,
  };
}
