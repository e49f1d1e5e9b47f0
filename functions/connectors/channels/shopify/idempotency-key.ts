import { createHash } from 'node:crypto';
import type { Operation } from '#core/operations/operation.ts';

/** Namespace of our keys; made once at random, and never to be changed. */
const NAMESPACE = '6d0f8d2c-5a1e-4c0b-9a57-1f6d2b7f3c94';

/**
 * The key of Shopify's `@idempotent` directive for an operation: the same for ever. Shopify recommends UUIDs, and version 5
 * where one is to be derived (https://shopify.dev/docs/api/usage/implementing-idempotency).
 *
 * Shopify repeats its first answer for a key, a refusal too. So a person's new try after a refusal, which had no effect, goes
 * by its own key; a retry of ours never does.
 */
export const idempotencyKey = ({ key, generation = 0 }: Pick<Operation, 'key' | 'generation'>): string =>
  uuidV5(NAMESPACE, generation === 0 ? key : `${key}#${generation}`);

/** RFC 9562, 5.5. */
export function uuidV5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
