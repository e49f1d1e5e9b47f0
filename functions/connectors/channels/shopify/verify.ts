import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Verification, WebhookVerifier } from '#application/ports/connector.ts';

/**
 * Shopify signs the raw body: base64 of HMAC-SHA256 with the app's client secret
 * (https://shopify.dev/docs/apps/build/webhooks/verify-deliveries). For an hour after a rotation it may still use the old
 * secret. Nothing else is signed, neither a time nor the topic nor the shop, so a message can't be told to be stale here:
 * the inbox refuses what it has seen, versions refuse what is old, the translator refuses a message of another shop.
 */
export const verifier: WebhookVerifier = {
  verify({ headers, body }, secrets) {
    const signature = headers['x-shopify-hmac-sha256'];
    if (!signature) return refused('SIGNATURE_MISSING', 'there is no X-Shopify-Hmac-Sha256 header');
    if (!SIGNATURE.test(signature)) {
      return refused('SIGNATURE_MALFORMED', 'X-Shopify-Hmac-Sha256 is not the base64 text of 32 bytes');
    }
    if (body.byteLength === 0) return refused('BODY_MISSING', 'the message has no body');
    if (!signedByAny(secrets, body, signature)) {
      return refused('SIGNATURE_MISMATCH', 'the signature fits none of the active secrets; were the raw bytes given?');
    }
    const topic = headers['x-shopify-topic'] ?? '';
    return { authentic: true, deliveryId: deliveryIdOf(topic, headers['x-shopify-webhook-id'], body), topic };
  },
};

/** Lower-case names of the headers that the translator reads; all others may be left behind when a message is stored. */
export const KEEP_HEADERS = ['x-shopify-triggered-at', 'x-shopify-shop-domain'] as const;

/** 32 bytes in base64, as Shopify writes them. */
const SIGNATURE = /^[A-Za-z0-9+/]{43}=$/;

/** Every secret is tried, so that the time taken does not tell which one fits. */
function signedByAny(secrets: readonly string[], body: Uint8Array, signature: string): boolean {
  const given = Buffer.from(signature, 'latin1');
  return secrets
    .filter((secret) => secret !== '')
    .map((secret) => Buffer.from(createHmac('sha256', secret).update(body).digest('base64'), 'latin1'))
    .map((expected) => timingSafeEqual(expected, given))
    .includes(true);
}

/** X-Shopify-Webhook-Id is the same in every try of one delivery; a shop sends one event under several topics. */
function deliveryIdOf(topic: string, webhookId: string | undefined, body: Uint8Array): string {
  const usable = webhookId !== undefined && /^[\w.:-]{1,100}$/.test(webhookId);
  return `${topic.slice(0, 60)}:${usable ? webhookId : createHash('sha256').update(body).digest('hex')}`;
}

const refused = (code: string, why: string): Verification => ({ authentic: false, code, why });
