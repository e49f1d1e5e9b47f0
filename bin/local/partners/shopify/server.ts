import { createHmac, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Fault, Faults, parseFault } from '../faults.ts';
import { listen, reply } from '../http-server.ts';
import { type SenderOptions, type Sending, WebhookSender } from '../webhook-sender.ts';
import { adminApi, type Mutated } from './graphql.ts';
import { fulfillmentPayload, orderPayload, refundPayload } from './payloads.ts';
import { Shop, type ShopOrder } from './shop.ts';

export type ShopifyOptions = {
  readonly shopDomain?: string;
  readonly apiVersion?: string;
  readonly accessToken: string;
  /** The app's client secret, which signs webhooks. */
  readonly webhookSecret: string;
  readonly sender?: Partial<SenderOptions>;
};

export type ShopifyServer = Awaited<ReturnType<typeof openShopify>>;

export type { Sending } from '../webhook-sender.ts';

/**
 * A Shopify shop over HTTP on the loopback address: the Admin GraphQL API at Shopify's path, webhooks with Shopify's
 * headers and signature (https://shopify.dev/docs/apps/build/webhooks/verify-deliveries), and, on a port of its own, the
 * controls of the drill: `POST /__control/faults`, `GET /__state`.
 */
export async function openShopify(options: ShopifyOptions) {
  const { shopDomain = 'crossdock-demo.myshopify.com', apiVersion = '2026-07', accessToken } = options;
  const shop = new Shop();
  const faults = new Faults();
  const sender = new WebhookSender(options.sender);
  const requests: { readonly operation: string; readonly status: number }[] = [];
  let secret = options.webhookSecret;

  /** One webhook. All webhooks of one change share its event id, and each has an id of its own. */
  const emit = (topic: string, body: string, sending?: Sending, eventId: string = randomUUID()): void => {
    const headers = {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': shopDomain,
      'x-shopify-api-version': apiVersion,
      'x-shopify-webhook-id': sending?.webhookId ?? randomUUID(),
      'x-shopify-event-id': eventId,
      'x-shopify-triggered-at': shop.now().toISOString(),
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    };
    sender.send({ headers, body, what: topic }, sending);
  };

  const onChange = (change: Mutated): void => {
    const eventId = randomUUID();
    if (change.kind === 'refund') emit('refunds/create', refundPayload(change.order, change.refund), {}, eventId);
    else emit('fulfillments/create', fulfillmentPayload(change.order, change.fulfillment), {}, eventId);
    emit('orders/updated', orderPayload(change.order), {}, eventId);
  };
  const admin = adminApi(shop, faults, onChange, shopDomain);

  const api = await listen(async (request, body, response) => {
    if (request.method !== 'POST' || request.url !== `/admin/api/${apiVersion}/graphql.json`) {
      return reply(response, 404, { errors: 'Not Found' });
    }
    if (request.headers['x-shopify-access-token'] !== accessToken) {
      return reply(response, 401, {
        errors: '[API] Invalid API key or access token (unrecognized login or wrong password)',
      });
    }
    const asked = parseQuery(body);
    if (!asked) return reply(response, 400, { errors: 'Bad Request' });
    const { query, variables } = asked;
    const operation = operationOf(query);
    if (refuse(response, faults, operation)) {
      requests.push({ operation, status: response.statusCode });
      return;
    }
    const result = await admin.execute(query, variables);
    requests.push({ operation, status: 200 });
    if (faults.strike(operation, 'lose-answer')) return void request.socket.destroy();
    const delay = faults.strike(operation, 'delay');
    if (delay) await new Promise((resolve) => setTimeout(resolve, delay.delayMs ?? 1000).unref());
    reply(response, 200, result);
  });

  const control = await listen(async (request, body, response) => {
    if (request.url === '/__state') {
      return reply(response, 200, {
        orders: [...shop.orders.values()],
        requests,
        deliveries: sender.deliveries,
        faults: faults.armed,
      });
    }
    if (request.method === 'POST' && request.url === '/__control/faults') {
      faults.arm(parseFault(JSON.parse(body)));
      return reply(response, 200, { armed: faults.armed });
    }
    reply(response, 404, { error: 'use GET /__state or POST /__control/faults' });
  });

  return {
    url: api.url,
    controlUrl: control.url,
    shopDomain,
    apiVersion,
    accessToken,
    get webhookSecret() {
      return secret;
    },
    /** Signs with another secret from now on, as after a rotation. */
    rotateSecret(next: string) {
      secret = next;
    },
    shop,
    requests,
    deliveries: sender.deliveries,
    /** `https://…/webhooks/shopify/main` of Crossdock; nothing is sent before it is set. */
    subscribe(url: string) {
      sender.url = url;
    },
    settled: () => sender.settled(),
    fault: (fault: Fault) => faults.arm(fault),
    clearFaults: () => faults.clear(),
    emit,
    placeOrder(payload: Record<string, unknown>, sending?: Sending): ShopOrder {
      const order = shop.place(payload);
      emit('orders/create', orderPayload(order), sending);
      return order;
    },
    updateOrder(order: ShopOrder, sending?: Sending) {
      order.updatedAt = shop.timestamp();
      emit('orders/updated', orderPayload(order), sending);
    },
    cancelOrder(order: ShopOrder, sending?: Sending) {
      shop.cancel(order);
      emit('orders/cancelled', orderPayload(order), sending);
    },
    /** A refund by the shop's own staff, which Crossdock did not ask for. */
    refundInAdmin(order: ShopOrder, lines: readonly { lineId: string; quantity: number }[], amount: number) {
      const [sale] = order.transactions;
      const made = shop.refund(order, {
        note: 'refunded by staff',
        lines: lines.map((line) => ({ ...line, restockType: 'NO_RESTOCK' })),
        payments: [{ gateway: sale?.gateway ?? 'bogus', amount, ...(sale && { parentId: sale.id }) }],
      });
      if (!('id' in made)) throw new Error(made.map(({ message }) => message).join('; '));
      onChange({ kind: 'refund', order, refund: made });
      return made;
    },
    /** A fulfilment by the shop's own staff. */
    fulfillInAdmin(order: ShopOrder, lines: readonly { lineId: string; quantity: number }[]) {
      const made = shop.fulfill(order, lines, { number: 'STAFF-1' });
      if (!('id' in made)) throw new Error(made.map(({ message }) => message).join('; '));
      onChange({ kind: 'fulfillment', order, fulfillment: made });
      return made;
    },
    async close() {
      sender.stop();
      await Promise.all([api.close(), control.close()] satisfies Promise<void>[]);
    },
  };
}

type Asked = { readonly query: string; readonly variables?: Record<string, unknown> };

function parseQuery(body: string): Asked | undefined {
  try {
    const asked = JSON.parse(body) as Partial<Asked> | null;
    return typeof asked?.query === 'string' ? (asked as Asked) : undefined;
  } catch {
    return undefined;
  }
}

/** Name of the first field of a query or mutation: how faults and logs call a request. */
const operationOf = (query: string): string => /\{\s*(?:\w+\s*:\s*)?(\w+)/.exec(query)?.[1] ?? 'unknown';

/** Refuses before any effect, when a fault says so. */
function refuse(response: ServerResponse, faults: Faults, operation: string): boolean {
  const fault = faults.strike(operation, 'unavailable', 'throttle');
  if (!fault) return false;
  if (fault.kind === 'unavailable') {
    reply(response, 503, { errors: 'Service Unavailable' });
    return true;
  }
  const retryAfter: Record<string, string> =
    fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
  reply(
    response,
    fault.status ?? 200,
    {
      errors: [
        {
          message: 'Throttled',
          extensions: { code: 'THROTTLED', documentation: 'https://shopify.dev/api/usage/rate-limits' },
        },
      ],
      extensions: {
        cost: {
          requestedQueryCost: 112,
          actualQueryCost: null,
          throttleStatus: { maximumAvailable: 1000, currentlyAvailable: 12, restoreRate: 50 },
        },
      },
    },
    retryAfter,
  );
  return true;
}
