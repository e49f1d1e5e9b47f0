import { createHmac } from 'node:crypto';

/** A webhook as its sender would make it: what goes over the wire, byte for byte. */
export type SignedMessage = { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array };

/** As Shopify signs: the body alone, with the app's client secret. */
export function signAsShopify(
  { topic, shopDomain, webhookId, body }: { topic: string; shopDomain: string; webhookId: string; body: Uint8Array },
  secret: string,
  now: string,
): SignedMessage {
  return {
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': shopDomain,
      'x-shopify-webhook-id': webhookId,
      'x-shopify-triggered-at': now,
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    },
    body,
  };
}

/** By the rules of Standard Webhooks: id, time and body, with a `whsec_…` secret. */
export function signAsStandardWebhook(
  { webhookId, body }: { webhookId: string; body: Uint8Array },
  secret: string,
  now: string,
): SignedMessage {
  const timestamp = String(Math.floor(Date.parse(now) / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${webhookId}.${timestamp}.`).update(body).digest('base64');
  return {
    headers: {
      'content-type': 'application/json',
      'webhook-id': webhookId,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
    body,
  };
}
