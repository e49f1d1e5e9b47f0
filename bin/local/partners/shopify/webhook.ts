import { createHmac } from 'node:crypto';
import type { Mutated } from './graphql.ts';
import { fulfillmentPayload, orderPayload, refundPayload } from './payloads.ts';

export type Notice = { readonly topic: string; readonly body: string };

/** What a shop tells of something that was made: the thing itself, then the order as it now stands. */
export function noticesOf(made: Mutated): Notice[] {
  const thing =
    made.kind === 'refund'
      ? { topic: 'refunds/create', body: refundPayload(made.order, made.refund) }
      : { topic: 'fulfillments/create', body: fulfillmentPayload(made.order, made.fulfillment) };
  return [thing, { topic: 'orders/updated', body: orderPayload(made.order) }];
}

export type Sender = { readonly shopDomain: string; readonly apiVersion: string; readonly secret: string };

/** The same in every try of one webhook; `eventId` is the same for all webhooks of one change. */
export type Stamp = { readonly webhookId: string; readonly eventId: string; readonly triggeredAt: Date };

/** Headers with Shopify's signature (https://shopify.dev/docs/apps/build/webhooks/verify-deliveries). */
export function webhookHeaders({ topic, body }: Notice, sender: Sender, stamp: Stamp): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-shopify-topic': topic,
    'x-shopify-shop-domain': sender.shopDomain,
    'x-shopify-api-version': sender.apiVersion,
    'x-shopify-webhook-id': stamp.webhookId,
    'x-shopify-event-id': stamp.eventId,
    'x-shopify-triggered-at': stamp.triggeredAt.toISOString(),
    'x-shopify-hmac-sha256': createHmac('sha256', sender.secret).update(body).digest('base64'),
  };
}
