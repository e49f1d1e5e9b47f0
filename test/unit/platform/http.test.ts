import './support.ts';
import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import type { WebhookVerifier } from '#application/ports/connector.ts';
import { TransientError } from '#core/kernel/errors.ts';
import type { Secret } from '#platform/aws/secrets.ts';
import { type WebhookPorts, webhookHandler } from '#platform/handlers/http.ts';
import { INLINE_BYTES, type IntakeMessage, parseIntakeMessage } from '#platform/handlers/intake-message.ts';
import { MemoryClock, MemoryIds, noFaults } from '#platform/memory/runtime.ts';
import { context, writtenDuring } from './support.ts';

const MAX_BYTES = 400_000;

const verifier: WebhookVerifier = {
  verify({ headers, body }, secrets) {
    const fits = secrets.some(
      (secret) => createHmac('sha256', secret).update(body).digest('hex') === headers['x-sign'],
    );
    return fits
      ? { authentic: true, deliveryId: headers['x-delivery'] ?? 'none', topic: headers['x-topic'] ?? 'none' }
      : { authentic: false, code: 'SIGNATURE_WRONG', why: 'no active secret fits' };
  },
};

const manifest = {
  id: 'northbay',
  label: 'Northbay',
  kind: 'channel' as const,
  webhook: {
    path: 'northbay',
    maxBodyBytes: MAX_BYTES,
    answers: { accepted: 202 as const, unauthenticated: 401 as const, tooLarge: 413 as const },
    redeliveryHours: 4,
  },
  secrets: { webhookSecret: 'rotating' as const },
  operations: {},
  limits: { concurrency: 1, callTimeoutSeconds: 10 },
};

const PERSON = '{"name":"Bob Norman"}';

describe('the webhook handler', () => {
  let enqueued: IntakeMessage[];
  let archived: Map<string, Uint8Array>;
  let secret: Secret;
  let renewed: Secret | undefined;
  let ports: WebhookPorts;
  beforeEach(() => {
    enqueued = [];
    archived = new Map();
    secret = { webhookSecret: 'first' };
    renewed = undefined;
    ports = {
      account: (connector, account) =>
        account === 'main'
          ? { connector, account, secretName: 'crossdock/dev/northbay/main', settings: {} }
          : undefined,
      secrets: { get: async () => secret, refresh: async () => renewed },
      archive: {
        put: async (key, body) => void archived.set(key, body),
        get: async (key) => archived.get(key) ?? new Uint8Array(),
      },
      enqueue: async (body) => void enqueued.push(parseIntakeMessage(body)),
      clock: new MemoryClock(),
      faults: noFaults,
    };
  });

  const handler = () =>
    webhookHandler({
      manifest,
      verifier,
      secretPart: 'webhookSecret',
      keepHeaders: ['x-topic'],
      ids: new MemoryIds(),
      ports: () => ports,
    });

  const answer = async (event: APIGatewayProxyEvent) => (await writtenDuring(() => handler()(event, context))).result;

  function request(body: Uint8Array | string, changes: Partial<APIGatewayProxyEvent> = {}, key = 'first') {
    const bytes = Buffer.from(body as Uint8Array);
    return {
      headers: {
        'X-Sign': createHmac('sha256', key).update(bytes).digest('hex'),
        'X-Delivery': 'delivery-1',
        'X-Topic': 'orders/create',
        'X-Customer-Email': 'bob.norman@mail.example.com',
      },
      pathParameters: { account: 'main' },
      body: bytes.toString('base64'),
      isBase64Encoded: true,
      ...changes,
    } as unknown as APIGatewayProxyEvent;
  }

  it('answers what the sender expects once the queue has the message, byte for byte', async () => {
    const bytes = new Uint8Array([0xff, 0xfe, 0, 0xc3, 0x28]);
    expect(await answer(request(bytes))).toMatchObject({ statusCode: 202 });
    expect(enqueued).toMatchObject([
      {
        connector: 'northbay',
        account: 'main',
        headers: { 'x-topic': 'orders/create' },
        body: Buffer.from(bytes).toString('base64'),
        deliveryId: 'delivery-1',
        topic: 'orders/create',
        correlationId: 'id-1',
        receivedAt: '2026-11-20T10:00:00.000Z',
      },
    ]);
  });

  it('takes a body that comes as text too', async () => {
    const text = { body: PERSON, isBase64Encoded: false };
    expect(await answer(request(PERSON, text))).toMatchObject({ statusCode: 202 });
    expect(enqueued[0]?.body).toBe(Buffer.from(PERSON).toString('base64'));
  });

  it('passes a trace on if it is one', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const event = request(PERSON);
    await answer({ ...event, headers: { ...event.headers, Traceparent: traceparent } });
    await answer({ ...event, headers: { ...event.headers, Traceparent: 'anything "else"' } });
    expect(enqueued.map((message) => message.traceparent)).toEqual([traceparent, undefined]);
  });

  it('puts a large body into the archive first', async () => {
    const large = Buffer.alloc(INLINE_BYTES + 1, 'x');
    expect(await answer(request(large))).toMatchObject({ statusCode: 202 });
    const key = 'raw/northbay/main/2026-11-20/id-1';
    expect(enqueued[0]?.body).toEqual({ s3: key });
    expect(Buffer.compare(archived.get(key) ?? Buffer.of(), large)).toBe(0);
  });

  it('keeps the largest body that still goes inline below the limit of a queue', async () => {
    await answer(request(Buffer.alloc(INLINE_BYTES, 'x')));
    expect(Buffer.byteLength(JSON.stringify(enqueued[0]))).toBeLessThan(256 * 1024 - 4_096);
    expect(archived.size).toBe(0);
  });

  it('refuses what is forged, unsigned or for an account that is not, without telling which', async () => {
    const forged = await answer(request(PERSON, {}, 'guessed'));
    const unsigned = await answer(request(PERSON, { headers: {} }));
    const stranger = await answer(request(PERSON, { pathParameters: { account: 'other' } }));
    const empty = await answer(request(PERSON, { body: null, pathParameters: null }));
    expect(forged).toMatchObject({ statusCode: 401, body: '' });
    for (const other of [unsigned, stranger, empty]) expect(other).toEqual(forged);
    expect(enqueued).toEqual([]);
  });

  it('refuses what is too large without looking at it', async () => {
    const refusal = await answer(request(Buffer.alloc(MAX_BYTES + 1)));
    expect(refusal).toMatchObject({ statusCode: 413 });
    expect(enqueued).toEqual([]);
    expect(await answer(request(Buffer.alloc(MAX_BYTES)))).toMatchObject({ statusCode: 202 });
  });

  it('takes either of two active secrets', async () => {
    secret = { webhookSecret: ['second', 'first'] };
    expect(await answer(request(PERSON))).toMatchObject({ statusCode: 202 });
    expect(await answer(request(PERSON, {}, 'second'))).toMatchObject({ statusCode: 202 });
  });

  it('reads secrets anew before it refuses a message', async () => {
    renewed = { webhookSecret: 'rotated' };
    expect(await answer(request(PERSON, {}, 'rotated'))).toMatchObject({ statusCode: 202 });
    expect(await answer(request(PERSON, {}, 'guessed'))).toMatchObject({ statusCode: 401 });
  });

  it('asks the sender to come again when queue, archive or secrets can not be reached or are not set', async () => {
    const down = async () => {
      throw new TransientError('AWS_UNAVAILABLE', 'send a message: TimeoutError');
    };
    const before = ports;
    const large = Buffer.alloc(INLINE_BYTES + 1);
    ports = { ...before, enqueue: down };
    expect(await answer(request(PERSON))).toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': '30' },
    });
    ports = { ...before, archive: { ...before.archive, put: down } };
    expect(await answer(request(large))).toMatchObject({ statusCode: 503 });
    expect(enqueued).toEqual([]);
    ports = { ...before, secrets: { get: down, refresh: down } };
    expect(await answer(request(PERSON))).toMatchObject({ statusCode: 503 });
    ports = { ...before, secrets: { get: async () => ({ unset: 'x' }), refresh: down } };
    expect(await answer(request(PERSON))).toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': '60' },
    });
  });

  it('says nothing of what is inside when it fails', async () => {
    ports = {
      ...ports,
      enqueue: async () => {
        throw new Error(`no such queue for ${PERSON}`);
      },
    };
    const { result, text } = await writtenDuring(() => handler()(request(PERSON), context));
    expect(result).toMatchObject({ statusCode: 500, body: '' });
    expect(text).toContain('webhook failed');
    expect(text).not.toContain('Bob');
  });

  it('logs ids and never a body or a header', async () => {
    const { text, lines } = await writtenDuring(() => handler()(request(PERSON), context));
    const stored = lines.find(({ message }) => message === 'webhook stored');
    expect(stored).toMatchObject({
      correlationId: 'id-1',
      deliveryId: 'delivery-1',
      account: 'main',
      connector: 'northbay',
    });
    for (const secretThing of ['Bob', 'bob.norman', Buffer.from(PERSON).toString('base64'), 'first']) {
      expect(text).not.toContain(secretThing);
    }
    expect(lines.some((line) => line.WebhookStored === 1)).toBe(true);
  });
});
