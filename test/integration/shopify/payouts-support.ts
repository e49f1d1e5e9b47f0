import { ShopifyClient } from '#connectors/channels/shopify/client.ts';
import { ShopifyPayouts } from '#connectors/channels/shopify/payouts.ts';
import { parseSettings } from '#connectors/channels/shopify/settings.ts';
import { MemoryClock } from '#platform/memory/runtime.ts';
import type { BalanceTransaction, ShopPayout } from '../../../bin/local/partners/shopify/payouts.ts';
import { openShopify } from '../../../bin/local/partners/shopify/server.ts';

const TOKEN = 'shpat_integration';

/** A Shopify shop on the loopback address, its payouts, and the connector to them. */
export async function openPayouts() {
  const server = await openShopify({ accessToken: TOKEN, webhookSecret: 'hush' });
  return {
    server,
    connect(token = TOKEN): ShopifyPayouts {
      const settings = parseSettings({ shopDomain: server.shopDomain, endpoint: server.url });
      const client = new ShopifyClient({ settings, accessToken: async () => token, callTimeoutSeconds: 10 });
      return new ShopifyPayouts(client, new MemoryClock());
    },
    issue: (payoutId: string, given: Partial<ShopPayout>) =>
      void server.shop.payouts.set(payoutId, {
        ...{ payoutId, currency: 'USD', issuedAt: '2026-11-20T05:00:00Z', status: 'PAID', transactions: [charge(1)] },
        ...given,
      }),
    charge,
  };
}

export type OpenPayouts = Awaited<ReturnType<typeof openPayouts>>;

/** An order of 20.00 of which Shopify keeps 0.30. */
const charge = (number: number): BalanceTransaction => ({
  id: String(7_000 + number),
  type: 'charge',
  amount: 2_000,
  fee: 30,
  orderId: String(5_000 + number),
  at: '2026-11-19T10:00:00Z',
});
