import { createHmac } from 'node:crypto';

export type SignedWebhook = { readonly body: string; readonly headers: Readonly<Record<string, string>> };

export type Sender = { readonly secret: string; readonly shopDomain: string };

/** An order as its shop sends it when it is placed; the delivery's id is made of the order's. */
export function signedWebhook(order: Readonly<Record<string, unknown>>, { secret, shopDomain }: Sender): SignedWebhook {
  const body = JSON.stringify(order);
  const headers = {
    'content-type': 'application/json',
    'x-shopify-topic': 'orders/create',
    'x-shopify-shop-domain': shopDomain,
    'x-shopify-webhook-id': `b54557e4-bdd9-4b37-8a5f-${String(order.id).slice(-12)}`,
    'x-shopify-triggered-at': '2026-07-01T12:00:00.000Z',
    'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
  };
  return { body, headers };
}
