import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InboundCommand } from '#application/intake/inbound.ts';
import { shopifyTranslator } from '#connectors/channels/shopify/translate.ts';
import { KEEP_HEADERS, verifier } from '#connectors/channels/shopify/verify.ts';
import { computedTotal } from '#core/orders/order.ts';
import { type OpenShop, openShop } from './support.ts';

type Arrived = { readonly deliveryId: string; readonly topic: string; readonly commands: readonly InboundCommand[] };

/** What the shop sends goes through verifier and translator as it does in the house, without the queue between them. */
describe('webhooks of a Shopify shop', () => {
  let shop: OpenShop;
  let server: Server;
  const arrived: Arrived[] = [];

  beforeEach(async () => {
    shop = await openShop();
    arrived.length = 0;
    const translator = shopifyTranslator({ shopDomain: () => shop.server.shopDomain });
    server = createServer(async (request, response) => {
      const body = await read(request);
      const headers = request.headers as Record<string, string>;
      const verdict = verifier.verify({ headers, body }, ['hush', 'hushed'], 0);
      if (!verdict.authentic) return void response.writeHead(401).end();
      const kept = Object.fromEntries(KEEP_HEADERS.map((name) => [name, headers[name] ?? '']));
      const message = { connector: 'shopify', account: 'main', headers: kept, body, receivedAt: shop.clock.now() };
      const translation = translator.translate(message, verdict.topic);
      const commands = translation.kind === 'commands' ? translation.commands : [];
      arrived.push({ deliveryId: verdict.deliveryId, topic: verdict.topic, commands });
      response.end();
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    shop.server.subscribe(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  afterEach(async () => {
    await shop.close();
    await new Promise((closed) => server.close(closed).closeAllConnections());
  });

  it('carry an order that adds up, once per delivery however often it is sent', async () => {
    shop.server.emit('orders/create', JSON.stringify(shop.order.payload), { times: 3 });
    await shop.server.settled();
    expect(new Set(arrived.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    const command = arrived[0]?.commands[0];
    expect(command?.kind).toBe('order');
    if (command?.kind === 'order') expect(computedTotal(command.order)).toBe(8250);
  });

  it('tell of refunds and fulfilments made by staff', async () => {
    const [lineId = ''] = shop.lineIds;
    shop.server.fulfillInAdmin(shop.order, [{ lineId, quantity: 2 }]);
    shop.server.refundInAdmin(shop.order, [{ lineId, quantity: 1 }], 2200);
    await shop.server.settled();
    const commands = arrived.flatMap((one) => one.commands).filter(({ kind }) => kind !== 'order');
    expect(commands).toHaveLength(2);
    expect(commands).toContainEqual(
      expect.objectContaining({
        kind: 'channel-refund',
        refund: expect.objectContaining({
          amount: { minor: 2200, currency: 'USD' },
          note: 'refunded by staff',
          lines: [{ lineId, quantity: 1 }],
        }),
      }),
    );
    expect(commands).toContainEqual(
      expect.objectContaining({
        kind: 'channel-fulfillment',
        fulfillment: expect.objectContaining({ lines: [{ lineId, quantity: 2 }], trackingNumber: 'STAFF-1' }),
      }),
    );
  });

  it('are taken while the secret is rotated, and refused with one that is not ours', async () => {
    shop.server.rotateSecret('hushed');
    shop.server.updateOrder(shop.order);
    await shop.server.settled();
    expect(arrived).toHaveLength(1);
    shop.server.rotateSecret('stolen');
    shop.server.updateOrder(shop.order);
    await expect.poll(() => shop.server.deliveries.at(-1)?.status).toBe(401);
    expect(arrived).toHaveLength(1);
  });
});

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
