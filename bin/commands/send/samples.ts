import { sampleOrder } from '../../local/demo/sample-order.ts';

/** Messages to send where no file is given: made up, or a vendor's own sample, placed now. */

/** Digits of an id that no real order has: 15 of them, beginning with the time. */
export const newId = (now: string): string => String(Date.parse(now)).padEnd(15, '0').slice(0, 15);

export const shopifySample = async (id: string): Promise<string> =>
  JSON.stringify(await sampleOrder(id, `#${id.slice(-7)}`));

export function genericSample(id: string, now: string): string {
  return JSON.stringify({
    type: 'order.created',
    timestamp: now,
    data: {
      orderId: `W-${id}`,
      version: 1,
      placedAt: now,
      updatedAt: now,
      currency: 'USD',
      pricesIncludeTax: false,
      lines: [
        {
          lineId: '1',
          sku: 'MUG-BLUE',
          title: 'Blue mug',
          quantity: 2,
          unitPrice: '8.50',
          taxes: [{ title: 'Sales tax', rate: '0.10', amount: '1.70', collectedBy: 'seller' }],
        },
      ],
      total: '18.70',
      customer: { type: 'consumer' },
      shipTo: { country: 'US', region: 'KY', postalCode: '40202' },
    },
  });
}
