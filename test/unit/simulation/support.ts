import { afterEach, vi } from 'vitest';
import type { Translation } from '#application/ports/connector.ts';
import { shopifyConnector } from '#connectors/channels/shopify/connector.ts';
import { graphqlUrl, parseSettings } from '#connectors/channels/shopify/settings.ts';
import { shopifyTranslator } from '#connectors/channels/shopify/translate.ts';
import { verifier as shopifyVerifier } from '#connectors/channels/shopify/verify.ts';
import { type Operation, type OperationKind, operationKey } from '#core/operations/operation.ts';
import { plan } from '#core/operations/protocol.ts';
import type { PartnerServer } from '../../simulation/partners/partner.ts';
import type { Random } from '../../simulation/partners/random.ts';
import type { NewOrder } from '../../simulation/partners/shopify/draw-order.ts';
import { SimShop, type SimShopOptions } from '../../simulation/partners/shopify/sim-shop.ts';
import type { SimWebhook } from '../../simulation/partners/webhook.ts';

export const BEGIN = Date.parse('2026-11-20T10:00:00Z');
export const SECRET = 'hush';
const TOKEN = 'shpat_sim';
const DOMAIN = 'crossdock-demo.myshopify.com';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Puts a partner at the other end of `fetch`, at an instant that the test moves on. */
function answerFetch(partner: PartnerServer, now: () => number): void {
  vi.stubGlobal('fetch', async (url: URL, { method, headers, body }: RequestInit) => {
    const given = Object.fromEntries(new Headers(headers));
    const answer = partner.handle({
      method: String(method),
      url: url.href,
      headers: given,
      body: String(body),
      now: now(),
    });
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  });
}

/** A shop whose other end is the real connector. */
export function openShop(options: Partial<SimShopOptions> = {}) {
  const webhooks: SimWebhook[] = [];
  const emit = (webhook: SimWebhook) => void webhooks.push(webhook);
  const shop = new SimShop({ emit, accessToken: TOKEN, webhookSecret: SECRET, ...options });
  const world = { now: BEGIN, token: TOKEN };
  answerFetch(shop, () => world.now);
  const settings = parseSettings({ shopDomain: DOMAIN });
  const connector = shopifyConnector({
    settings,
    accessToken: async () => world.token,
  });
  const context = () => ({
    signal: new AbortController().signal,
    now: new Date(world.now).toISOString(),
    personal: async () => undefined,
  });
  return {
    shop,
    webhooks,
    world,
    wait(ms: number) {
      world.now += ms;
    },
    execute: (operation: Operation) => connector.execute(operation, context()),
    /** A request past the connector. */
    request: (query: string, variables: object) =>
      shop.handle({
        method: 'POST',
        url: graphqlUrl(settings),
        headers: { 'x-shopify-access-token': world.token },
        body: JSON.stringify({ query, variables }),
        now: world.now,
      }),
    probe: (operation: Operation) => connector.probe(operation, context()),
    /** Topics of the webhooks since the last look. */
    topics: () => webhooks.splice(0).map(({ headers }) => headers['x-shopify-topic']),
  };
}

/** What the real verifier and the real translator make of a webhook. */
export function read(webhook: SimWebhook, secrets: readonly string[] = [SECRET]): Translation {
  const { headers } = webhook;
  const body = Buffer.from(webhook.body);
  const verified = shopifyVerifier.verify({ headers, body }, secrets, BEGIN / 1000);
  if (!verified.authentic) throw new Error(verified.why);
  const message = { connector: 'shopify', account: 'main', headers, body, receivedAt: new Date(BEGIN).toISOString() };
  return shopifyTranslator({ shopDomain: () => DOMAIN }).translate(message, verified.topic);
}

/** The one command of a webhook. */
export function command(webhook: SimWebhook | undefined) {
  const translation = webhook && read(webhook);
  if (translation?.kind !== 'commands') throw new Error('the webhook asks for nothing');
  const [first] = translation.commands;
  if (!first) throw new Error('the webhook has no command');
  return first;
}

/** 2 × 12.34 less 1.00, 10 % tax, and a mug whose tax the marketplace remits: 26.05 + 9.35. */
export const AN_ORDER: NewOrder = {
  lines: [
    { sku: 'TSHIRT-M', title: 'T-shirt', quantity: 2, price: '12.34', taxRate: '0.10' },
    { sku: 'MUG-BLUE', title: 'Mug', quantity: 1, price: '8.50', taxRate: '0.10', channelLiable: true },
  ],
};

type Content = Record<string, unknown> & { readonly orderId: string };

function operation(kind: OperationKind, identity: string, content: Content): Operation {
  const key = operationKey(kind, 'shopify', 'main', content.orderId, identity);
  const subject = `ORDER#shopify#main#${content.orderId}`;
  const planned = { key, kind, target: { connector: 'shopify', account: 'main' }, subject, content: content as never };
  return plan(planned, new Date(BEGIN).toISOString(), 'c-1');
}

export const refundOf = (orderId: string, amount: number, refundId = 'RF1', currency = 'USD', lines: object[] = []) =>
  operation('channel/refund', refundId, { orderId, refundId, currency, amount, lines });

export const fulfillmentOf = (
  orderId: string,
  lines: readonly { readonly lineId: string; readonly quantity: number }[],
  shipmentId = 'CS1',
) =>
  operation('channel/fulfillment', shipmentId, {
    orderId,
    shipmentId,
    lines,
    carrier: 'UPS',
    trackingNumber: `1Z${shipmentId}`,
  });

/** Mulberry32: the same numbers for the same seed. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
