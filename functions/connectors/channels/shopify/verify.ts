import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Verification, WebhookVerifier } from '#application/ports/connector.ts';

/**
 * Shopify's webhook signature: base64 of HMAC-SHA256 over the raw body, keyed with the app's client secret
 * (https://shopify.dev/docs/apps/build/webhooks/verify-deliveries). For an hour after a rotation the old secret is still
 * used, so every active one is tried.
 *
 * The signature covers no time and no header. A replay is therefore authentic; the inbox and the order's version stop it.
 */
export const verifier: WebhookVerifier = {
  verify({ headers, body }, secrets) {
    const given = headers['x-shopify-hmac-sha256'];
    if (given === undefined || given === '') return refuse('SIGNATURE_MISSING', 'no X-Shopify-Hmac-Sha256 header');
    if (!/^[A-Za-z0-9+/]{43}=$/.test(given)) {
      return refuse('SIGNATURE_MALFORMED', 'X-Shopify-Hmac-Sha256 is not the base64 of 32 bytes');
    }
    const signature = Buffer.from(given, 'base64');
    // Every secret is tried, fitting or not, so that the time taken tells nothing.
    const fits = secrets.map((secret) =>
      timingSafeEqual(createHmac('sha256', secret).update(body).digest(), signature),
    );
    if (!fits.includes(true))
      return refuse('SIGNATURE_MISMATCH', `the body was not signed with any of ${secrets.length} secrets`);
    const topic = headers['x-shopify-topic'] ?? '';
    return { authentic: true, topic, deliveryId: `${topic}:${headers['x-shopify-webhook-id'] ?? digest(body)}` };
  },
};

/** Headers that the translator needs beside the body. */
export const KEEP_HEADERS = [
  'x-shopify-topic',
  'x-shopify-triggered-at',
  'x-shopify-shop-domain',
  'x-shopify-webhook-id',
];

const refuse = (code: string, why: string): Verification => ({ authentic: false, code, why });

const digest = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');
