import { describe, expect, it } from 'vitest';
import { context, operation, shop } from './scripted-shop.ts';

describe('the Shopify executor', () => {
  it('carries out what its manifest declares, and nothing else', async () => {
    const { executor } = await shop();
    expect([...executor.kinds].sort()).toEqual([
      'channel/fulfillment',
      'channel/refund',
      'channel/refund-confirmation',
    ]);
    for (const kind of executor.kinds) expect(executor.probePolicy(kind)).toEqual({ read: 'authoritative' });
    expect(executor.probePolicy('erp/sales-order')).toEqual({ read: 'impossible' });
    const misrouted = operation('erp/sales-order', 'erp/sales-order/shopify/main/5001', {});
    await expect(async () => executor.execute(misrouted, context())).rejects.toThrow(/routed to Shopify/);
  });
});
