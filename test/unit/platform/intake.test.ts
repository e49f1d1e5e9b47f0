import './support.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RawMessage } from '#application/ports/connector.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { intakeHandler } from '#platform/handlers/intake.ts';
import type { IntakeMessage } from '#platform/handlers/intake-message.ts';
import type { QueueControl } from '#platform/handlers/queue-control.ts';
import { MemoryClock, MemoryIds, noFaults } from '#platform/memory/runtime.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { context, sqsRecord, writtenDuring } from './support.ts';

describe('the intake handler', () => {
  let store: MemoryStore;
  let translated: { message: RawMessage; topic: string }[];
  let parked: { code: string; contract: string; id: string }[];
  let translating: () => void;
  beforeEach(() => {
    store = new MemoryStore();
    translated = [];
    parked = [];
    translating = () => undefined;
  });

  const control: QueueControl = {
    park: async (_record, { code }, { contract, id }) => void parked.push({ code, contract, id }),
    putOff: async () => undefined,
    done: async () => undefined,
    letGo: async () => undefined,
  };

  const take = async (...messages: object[]) => {
    const handler = intakeHandler(
      () => ({
        store,
        translator: {
          translate(message, topic) {
            translating();
            translated.push({ message, topic });
            return { kind: 'ignored', why: 'a test message' };
          },
        },
        takers: {},
        archive: { put: async () => undefined, get: async (key) => Buffer.from(`archived under ${key}`) },
        clock: new MemoryClock(),
        faults: noFaults,
        control,
      }),
      new MemoryIds(),
    );
    const Records = messages.map((one, index) => sqsRecord(`m${index}`, JSON.stringify(one)));
    return (await writtenDuring(() => handler({ Records }, context))).result;
  };

  const message = (changes: Partial<IntakeMessage> = {}): IntakeMessage => ({
    connector: 'shopify',
    account: 'main',
    headers: { 'x-shopify-topic': 'orders/create' },
    body: Buffer.from([0xff, 0x7b]).toString('base64'),
    receivedAt: '2026-11-20T09:59:59.000Z',
    deliveryId: 'delivery-1',
    topic: 'orders/create',
    correlationId: 'correlation-1',
    ...changes,
  });

  it('gives the translator the message as it came in, and leaves a mark of it', async () => {
    expect(await take(message())).toEqual({ batchItemFailures: [] });
    expect(translated).toEqual([
      {
        topic: 'orders/create',
        message: {
          connector: 'shopify',
          account: 'main',
          headers: { 'x-shopify-topic': 'orders/create' },
          body: Buffer.from([0xff, 0x7b]),
          receivedAt: '2026-11-20T09:59:59.000Z',
        },
      },
    ]);
    expect(await store.seen('shopify#main', 'delivery-1')).toMatchObject({ outcome: 'ignored', why: 'a test message' });
  });

  it('fetches a large body from the archive, and remembers where it lies', async () => {
    await take(message({ body: { s3: 'raw/shopify/main/2026-11-20/1' } }));
    expect(Buffer.from(translated[0]?.message.body ?? []).toString()).toBe(
      'archived under raw/shopify/main/2026-11-20/1',
    );
    expect(await store.seen('shopify#main', 'delivery-1')).toMatchObject({ rawRef: 'raw/shopify/main/2026-11-20/1' });
  });

  it('parks what the translator can not understand, with its contract', async () => {
    translating = () => {
      throw new PoisonError('FIELD_WRONG', '"total_price" must be a decimal text');
    };
    expect(await take(message())).toEqual({ batchItemFailures: [] });
    expect(parked).toEqual([{ code: 'FIELD_WRONG', contract: 'shopify:orders/create', id: 'delivery-1' }]);
  });

  it.each([
    ['without a delivery id', { ...message(), deliveryId: undefined }],
    ['without a body', { ...message(), body: { elsewhere: 1 } }],
    ['without headers', { ...message(), headers: null }],
    ['that is a list', [1]],
  ])('parks a message %s', async (_what, given) => {
    expect(await take(given)).toEqual({ batchItemFailures: [] });
    expect(parked).toMatchObject([{ code: 'MESSAGE_MALFORMED' }]);
    expect(translated).toEqual([]);
  });
});
