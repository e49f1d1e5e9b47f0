import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildShopifyOrder } from '../../../bin/local/partners/shopify/builder.ts';
import { openShopify, type ShopifyServer } from '../../../bin/local/partners/shopify/server.ts';

const open: { close(): unknown }[] = [];
/** Closes at `closeAll` what a test has opened. */
export const closeLater = (one: { close(): unknown }): void => void open.push(one);

export async function closeAll(): Promise<void> {
  for (const one of open.splice(0)) await one.close();
}

export async function shop(webhookSecret = 'test_secret_key'): Promise<ShopifyServer> {
  const server = await openShopify({
    accessToken: 'shpat_test',
    webhookSecret,
    sender: { retryDelaysMs: [10, 10, 10] },
  });
  open.push(server);
  return server;
}

/** A receiver of webhooks that answers with the given statuses, then 200. */
export async function receiver(...statuses: (number | (() => number))[]) {
  const got: { headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      const status = statuses.shift() ?? 200;
      response.writeHead(typeof status === 'function' ? status() : status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export const AT = '2026-11-20T10:00:00Z';

export const LINE = { sku: 'TSHIRT-M', title: 'T-shirt', quantity: 2, price: '12.34', taxRate: '0.10' };

/** Order 5001 with line 50011: 27.15 with the tax. */
export const anOrder = () => buildShopifyOrder({ id: '5001', name: '#1001', at: AT, lines: [LINE] });
