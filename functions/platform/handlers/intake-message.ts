import type { RawMessage } from '#application/ports/connector.ts';
import { PoisonError } from '#core/kernel/errors.ts';

/** A message on an intake queue: authentic, and otherwise as it came in. */
export type IntakeMessage = {
  readonly connector: string;
  readonly account: string;
  /** Those that the translator needs; nothing else is kept. */
  readonly headers: Readonly<Record<string, string>>;
  /** Base64, or where the archive has it when it was too large for the queue. */
  readonly body: string | { readonly s3: string };
  readonly receivedAt: string;
  readonly deliveryId: string;
  readonly topic: string;
  readonly correlationId: string;
  readonly traceparent?: string;
};

/** Bytes of a raw body that still go on the queue: as base64 with all the rest they stay below 256 KB. */
export const INLINE_BYTES = 180_000;

/** Reads a queue message. Throws PoisonError when it is none of ours. */
export function parseIntakeMessage(text: string): IntakeMessage {
  const given = parsed(text);
  const texts = ['connector', 'account', 'receivedAt', 'deliveryId', 'topic', 'correlationId'];
  const wrong = texts.find((field) => typeof given[field] !== 'string');
  if (wrong) throw notOurs(`"${wrong}" must be a text`);
  const { body, headers } = given;
  const s3 = (body as { s3?: unknown } | null)?.s3;
  if (typeof body !== 'string' && typeof s3 !== 'string') throw notOurs('"body" must be base64 or {"s3": key}');
  if (typeof headers !== 'object' || headers === null) throw notOurs('"headers" must be an object');
  return given as unknown as IntakeMessage;
}

export function rawMessage(message: IntakeMessage, body: Uint8Array): RawMessage {
  const { connector, account, headers, receivedAt } = message;
  return { connector, account, headers, body, receivedAt };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const given: unknown = JSON.parse(text);
    if (typeof given === 'object' && given !== null) return given as Record<string, unknown>;
  } catch {
    // Not quoted: the text may be anything.
  }
  throw notOurs('it is no JSON object');
}

const notOurs = (why: string): PoisonError => new PoisonError('MESSAGE_MALFORMED', `not a message for intake: ${why}`);
