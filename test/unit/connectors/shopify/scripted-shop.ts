import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { shopifyConnector } from '#connectors/channels/shopify/connector.ts';
import { parseSettings } from '#connectors/channels/shopify/settings.ts';
import type { JsonObject, Operation, OperationKind } from '#core/operations/operation.ts';
import { plan } from '#core/operations/protocol.ts';

/** A scripted peer over real HTTP, for answers that Shopify gives on a bad day and no test shop can be made to give. */
type Request = {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly token: string;
  readonly url: string;
};
export type Answer = { readonly status?: number; readonly body?: unknown; readonly drop?: true };

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => new Promise((closed) => server.close(closed).closeAllConnections())),
  );
});

export async function shop(...script: Answer[]) {
  const requests: Request[] = [];
  const server = createServer(async (request, response) => {
    requests.push(await read(request));
    const { status = 200, body = {}, drop } = script[requests.length - 1] ?? { status: 599 };
    if (drop) return void request.socket.resetAndDestroy();
    response.writeHead(status).end(JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = parseSettings({ shopDomain: 'acme.myshopify.com', endpoint });
  const executor = shopifyConnector({ settings, accessToken: async () => 'shpat_test' });
  return { executor, requests, settings };
}

async function read(request: IncomingMessage): Promise<Request> {
  let text = '';
  for await (const part of request) text += part;
  const given = JSON.parse(text) as Pick<Request, 'query' | 'variables'>;
  return { ...given, token: String(request.headers['x-shopify-access-token']), url: request.url ?? '' };
}

export const operation = (kind: OperationKind, key: string, content: JsonObject): Operation =>
  plan(
    { key, kind, target: { connector: 'shopify', account: 'main' }, subject: 'ORDER#shopify#main#5001', content },
    '2026-07-01T12:00:00.000Z',
    'c-1',
  );

export const context = () => ({
  signal: new AbortController().signal,
  now: '2026-07-01T12:00:00.000Z',
  personal: async () => undefined,
});

export const userError = (message: string) => ({ field: ['input', 'transactions'], message });
