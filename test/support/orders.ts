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

/** An order with money in every kind of bucket: two lines and shipping under both kinds of tax, a discount, a tip. */
export function aFullOrder(changes: Partial<ChannelOrder> = {}): ChannelOrder {
  const taxes = (own: number, remitted: number) => [
    { rate: '0.06', amount: own, collectedBy: 'seller' as const },
    { rate: '0.01', amount: remitted, collectedBy: 'marketplace' as const },
  ];
  return anOrder({
    lines: [
      { lineId: 'L1', sku: 'TSHIRT-M', quantity: 3, net: 1_000, discount: 200, taxes: taxes(61, 11) },
      { lineId: 'L2', sku: 'MUG-BLUE', quantity: 1, net: 850, discount: 0, taxes: taxes(51, 9) },
    ],
    shipping: { net: 500, taxes: taxes(30, 5) },
    fees: [{ kind: 'tip', net: 100 }],
    total: 1_072 + 910 + 535 + 100,
    ...changes,
  });
}
