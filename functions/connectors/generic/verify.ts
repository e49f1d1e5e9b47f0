import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Verification, WebhookVerifier } from '#application/ports/connector.ts';
import { manifest } from './manifest.ts';

/**
 * Standard Webhooks 1.0.0, symmetric scheme (https://github.com/standard-webhooks/standard-webhooks): `v1` signatures are
 * base64 of HMAC-SHA256 over `id.timestamp.body`. The time is signed, so an old message is refused as one from the future
 * is; the id is the same in every try of one message.
 */
export const verifier: WebhookVerifier = {
  verify({ headers, body }, secrets, now) {
    const id = headers['webhook-id'];
    const timestamp = headers['webhook-timestamp'];
    const signatures = headers['webhook-signature'];
    if (!id || !timestamp || !signatures) {
      return refused('SIGNATURE_MISSING', 'webhook-id, webhook-timestamp and webhook-signature must be sent');
    }
    if (!ID.test(id))
      return refused('DELIVERY_ID_MALFORMED', 'webhook-id has characters that ids may not have, or a dot');
    const untimely = timeFault(timestamp, now);
    if (untimely) return untimely;

    const keys = secrets.map(keyOf).filter((key) => key !== undefined);
    if (keys.length === 0) {
      return refused('SECRET_UNUSABLE', 'no active secret is "whsec_" and the base64 text of 24 to 64 bytes');
    }
    const given = signatures.split(' ').flatMap(v1Signature);
    if (given.length === 0) return refused('SIGNATURE_MALFORMED', 'webhook-signature holds no signature of version v1');
    if (!signedByAny(keys, `${id}.${timestamp}.`, body, given)) {
      return refused('SIGNATURE_MISMATCH', 'no signature fits an active secret; were the raw bytes given?');
    }
    return { authentic: true, deliveryId: id, topic: TOPIC };
  },
};

/** The kind of message stands in its body, which nobody reads before it is stored. */
export const TOPIC = 'standard-webhook';

/** A dot would let two different messages have one signed text. */
const ID = /^[\w:=+/-]{1,200}$/;
const TOLERANCE = manifest.webhook?.toleranceSeconds ?? 0;

function timeFault(timestamp: string, now: number): Verification | undefined {
  if (!/^\d{1,12}$/.test(timestamp)) {
    return refused('TIMESTAMP_MALFORMED', 'webhook-timestamp is not a whole number of seconds since 1970');
  }
  const age = now - Number(timestamp);
  if (age > TOLERANCE) return refused('TIMESTAMP_TOO_OLD', `signed ${age} s ago; ${TOLERANCE} s are taken`);
  if (age < -TOLERANCE) return refused('TIMESTAMP_IN_FUTURE', `signed ${-age} s ahead of our clock`);
  return undefined;
}

function keyOf(secret: string): Buffer | undefined {
  const text = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length >= 24 && key.length <= 64 ? key : undefined;
}

/** The signature of a `v1,<base64>` entry; entries of other versions are skipped, as the specification asks. */
function v1Signature(entry: string): string[] {
  const [version, signature = ''] = entry.split(',');
  return version === 'v1' && /^[A-Za-z0-9+/]{43}=$/.test(signature) ? [signature] : [];
}

/** Every pair is compared, so that the time taken does not tell which one fits. */
function signedByAny(keys: readonly Buffer[], prefix: string, body: Uint8Array, given: readonly string[]): boolean {
  const expected = keys.map((key) => createHmac('sha256', key).update(prefix).update(body).digest('base64'));
  return expected
    .flatMap((one) => given.map((other) => timingSafeEqual(Buffer.from(one, 'latin1'), Buffer.from(other, 'latin1'))))
    .includes(true);
}

const refused = (code: string, why: string): Verification => ({ authentic: false, code, why });
