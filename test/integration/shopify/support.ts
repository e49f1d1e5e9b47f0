import { shopifyConnector } from '#connectors/channels/shopify/connector.ts';
import { parseSettings } from '#connectors/channels/shopify/settings.ts';
import { type JsonObject, type Operation, type OperationKind, operationKey } from '#core/operations/operation.ts';
import { plan } from '#core/operations/protocol.ts';
import { MemoryClock } from '#platform/memory/runtime.ts';
import { buildShopifyOrder } from '../../../bin/local/partners/shopify/builder.ts';
import { openShopify, type ShopifyServer } from '../../../bin/local/partners/shopify/server.ts';
import { ProtocolRun } from '../tryton/support/protocol.ts';

const TOKEN = 'shpat_integration';

/** A Shopify shop on the loopback address with one paid order, and the house's protocol over the connector to it. */
export async function openShop() {
  const server = await openShopify({ accessToken: TOKEN, webhookSecret: 'hush' });
  const clock = new MemoryClock();
  const order = server.placeOrder(
    buildShopifyOrder({
      id: '5001',
      name: '#5001',
      at: '2026-11-20T10:00:00Z',
      lines: [
        { sku: 'MUG-BLUE', title: 'Mug', quantity: 3, price: '20.00', taxRate: '0.10' },
        { sku: 'TEE-RED', title: 'T-shirt', quantity: 1, price: '15.00', taxRate: '0.10' },
      ],
    }),
  );
  const executor = connectTo(server);
  const run = new ProtocolRun(executor, clock);
  return {
    server,
    order,
    clock,
    executor,
    run,
    lineIds: order.lines.map(({ id }) => id),
    /** What a queue message with this key does, some time after the last one. */
    async later(operation: Operation, seconds = 60) {
      clock.advance(seconds);
      return run.execute(operation);
    },
    writes: (name: string) => server.requests.filter(({ operation }) => operation === name).length,
    close: () => server.close(),
  };
}

export type OpenShop = Awaited<ReturnType<typeof openShop>>;

export function connectTo({ url, shopDomain }: ShopifyServer, accessToken = TOKEN) {
  const settings = parseSettings({ shopDomain, endpoint: url });
  return shopifyConnector({ settings, accessToken: async () => accessToken });
}

export function operationOf(kind: OperationKind, identity: string, content: JsonObject): Operation {
  const key = operationKey(kind, 'shopify', 'main', '5001', identity);
  const target = { connector: 'shopify', account: 'main' };
  const subject = 'ORDER#shopify#main#5001';
  return plan(
    { key, kind, target, subject, content: { orderId: '5001', ...content } },
    '2026-11-20T10:00:00.000Z',
    'c-1',
  );
}
