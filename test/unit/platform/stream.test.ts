import './support.ts';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { relayRetryHandler } from '#platform/handlers/relay-retry.ts';
import { type JournalRowName, journalStreamHandler } from '#platform/handlers/stream.ts';
import { MemoryOperationQueue, MemoryPublisher } from '#platform/memory/queues.ts';
import { MemoryIds, noFaults } from '#platform/memory/runtime.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { aCommit, anEvent, anOperation, KEY } from '../../contract/ports/given.ts';
import { context, sqsRecord, writtenDuring } from './support.ts';

/** A row as the stream has it; the number is the sequence of its one event. */
const inserted = (sequence: number, image: object = {}) => ({
  eventName: 'INSERT' as const,
  dynamodb: {
    Keys: { pk: { S: KEY }, sk: { S: `EVENT#00000000000${sequence}` } },
    NewImage: {
      pk: { S: KEY },
      sk: { S: `EVENT#00000000000${sequence}` },
      occurredAt: { S: '2026-11-20T10:00:00.000Z' },
      correlationId: { S: 'correlation-1' },
      causationId: { S: 'shopify/main/delivery-1' },
      channel: { S: 'shopify' },
      account: { S: 'main' },
      events: {
        L: [
          {
            M: {
              type: { S: 'order.captured.v1' },
              schemaVersion: { N: '1' },
              sequence: { N: String(sequence) },
              data: { M: { orderId: { S: '5001' } } },
            },
          },
        ],
      },
      operations: {
        L: [{ M: { key: { S: anOperation().key }, connector: { S: 'tryton' }, account: { S: 'main' } } }],
      },
      ...image,
    },
  },
});

describe('the stream relay', () => {
  let publisher: MemoryPublisher;
  let queue: MemoryOperationQueue;
  let later: JournalRowName[];
  let keeps: boolean;
  beforeEach(() => {
    publisher = new MemoryPublisher();
    queue = new MemoryOperationQueue();
    later = [];
    keeps = true;
  });
  const relay = (...records: object[]) =>
    writtenDuring(() =>
      journalStreamHandler(
        () => ({
          relay: { publisher, queue, faults: noFaults },
          async retryLater(rows) {
            later.push(...rows);
            return keeps ? [] : [...rows];
          },
        }),
        [1, 1],
      )({ Records: records } as DynamoDBStreamEvent, context),
    );

  it('publishes the events of rows and hands their operations over', async () => {
    const { result } = await relay(inserted(1), inserted(2));
    expect(result).toEqual({ batchItemFailures: [] });
    expect(publisher.published).toEqual([anEvent(1), anEvent(2)]);
    expect(queue.sent).toHaveLength(2);
    expect(later).toEqual([]);
  });

  it('tries what was refused again, and only that', async () => {
    let refusals = 1;
    publisher.refuses = ({ envelope }) => envelope.metadata.sequence === 2 && refusals-- > 0;
    await relay(inserted(1), inserted(2));
    expect(publisher.published.map(({ envelope }) => envelope.metadata.sequence)).toEqual([1, 2]);
    expect(later).toEqual([]);
  });

  it('keeps for later what stays refused, and reports no record as failed', async () => {
    publisher.refuses = ({ envelope }) => envelope.metadata.sequence === 2;
    const { result, lines } = await relay(inserted(1), inserted(2), inserted(3));
    expect(result).toEqual({ batchItemFailures: [] });
    expect(later).toEqual([{ key: KEY, row: 'EVENT#000000000002' }]);
    expect(publisher.published).toHaveLength(2);
    expect(lines.find((line) => line.RowsRelayed !== undefined)).toMatchObject({ RowsRelayed: 2, RowsRelayedLater: 1 });
  });

  it('keeps for later a row that it can not read, and all of them when a port throws', async () => {
    await relay(inserted(1, { events: { L: [{ N: '1.5' }] } }), inserted(2));
    expect(later).toEqual([{ key: KEY, row: 'EVENT#000000000001' }]);
    expect(publisher.published).toHaveLength(1);
    later = [];
    queue.send = async () => {
      throw new TypeError('OPERATION_QUEUE_URLS is not set');
    };
    expect((await relay(inserted(3))).result).toEqual({ batchItemFailures: [] });
    expect(later).toEqual([{ key: KEY, row: 'EVENT#000000000003' }]);
  });

  it('fails as a whole only when nothing else keeps its rows', async () => {
    publisher.refuses = () => true;
    keeps = false;
    await expect(relay(inserted(1))).rejects.toThrow('1 journal rows');
  });
});

describe('the second try of the relay', () => {
  const message = (row: string) => sqsRecord(row, JSON.stringify({ key: KEY, row }));
  const retry = async (publisher: MemoryPublisher, ...rows: string[]) => {
    const store = new MemoryStore();
    await store.commit(aCommit({ sequence: 1, events: [anEvent(1)] }));
    const ports = {
      relay: { publisher, queue: new MemoryOperationQueue(), faults: noFaults },
      journal: { row: async (_key: string, row: string) => store.journal.find((one) => one.row === row) },
      control: {
        park: async () => undefined,
        putOff: async (_record: unknown, error: Error) => {
          throw error;
        },
        done: async () => undefined,
        letGo: async () => undefined,
      },
    };
    const handler = relayRetryHandler(() => ports, new MemoryIds());
    return (await writtenDuring(() => handler({ Records: rows.map(message) }, context))).result;
  };

  it('relays the row that is named', async () => {
    const publisher = new MemoryPublisher();
    expect(await retry(publisher, 'EVENT#000000000001')).toEqual({ batchItemFailures: [] });
    expect(publisher.published).toEqual([anEvent(1)]);
  });

  it('lets it come again while it is refused, and shows a row that is not there', async () => {
    const publisher = new MemoryPublisher();
    publisher.refuses = () => true;
    const { batchItemFailures } = await retry(publisher, 'EVENT#000000000001', 'EVENT#000000000009');
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual([
      'EVENT#000000000001',
      'EVENT#000000000009',
    ]);
  });
});
