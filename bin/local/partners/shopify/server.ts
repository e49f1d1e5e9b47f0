import { randomUUID } from 'node:crypto';
import { type Fault, Faults, parseFault } from '../faults.ts';
import { listen, reply } from '../http-server.ts';
import { type SenderOptions, type Sending, WebhookSender } from '../webhook-sender.ts';
import { type AdminAnswer, type Cost, questionIn, throttledAnswer, UNAVAILABLE } from './admin-http.ts';
import { adminApi, type Mutated } from './graphql.ts';
import type { ShopOrder } from './order.ts';
import { orderPayload } from './payloads.ts';
import { Shop } from './shop.ts';
import { noticesOf, webhookHeaders } from './webhook.ts';

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
  const shop = new Shop({ now: () => new Date() });
  const faults = new Faults();
  const sender = new WebhookSender(options.sender);
  const requests: { readonly operation: string; readonly status: number }[] = [];
  let secret = options.webhookSecret;

  /** One webhook. All webhooks of one change share its event id, and each has an id of its own. */
  const emit = (topic: string, body: string, sending?: Sending, eventId: string = randomUUID()): void => {
    const stamp = { webhookId: sending?.webhookId ?? randomUUID(), eventId, triggeredAt: shop.now() };
    const headers = webhookHeaders({ topic, body }, { shopDomain, apiVersion, secret }, stamp);
    sender.send({ headers, body, what: topic }, sending);
  };

  const onChange = (change: Mutated): void => {
    const eventId = randomUUID();
    for (const { topic, body } of noticesOf(change)) emit(topic, body, {}, eventId);
  };
  const admin = adminApi(shop, faults, onChange, shopDomain);

  const api = await listen(async (request, body, response) => {
    const token = request.headers['x-shopify-access-token']?.toString();
    const asked = questionIn(
      { method: request.method ?? '', path: request.url ?? '', token, body },
      { apiVersion, accessToken },
    );
    if ('status' in asked) return reply(response, asked.status, asked.body);
    const { query, variables, operation } = asked;
    const refused = refusal(faults, operation);
    requests.push({ operation, status: refused?.status ?? 200 });
    if (refused) return reply(response, refused.status, refused.body, refused.headers);
    const result = { ...admin.execute(query, variables), extensions: { cost: COST } };
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

/** The answer before any effect, when a fault says so. */
function refusal(faults: Faults, operation: string): AdminAnswer | undefined {
  const fault = faults.strike(operation, 'unavailable', 'throttle');
  if (!fault) return undefined;
  return fault.kind === 'unavailable' ? UNAVAILABLE : throttledAnswer(THROTTLED_COST, fault);
}

const COST: Cost = {
  requestedQueryCost: 12,
  actualQueryCost: 10,
  throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 1990, restoreRate: 100 },
};

const THROTTLED_COST: Cost = {
  requestedQueryCost: 112,
  actualQueryCost: null,
  throttleStatus: { maximumAvailable: 1000, currentlyAvailable: 12, restoreRate: 50 },
};
