import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import type {
  CaseStore,
  CursorStore,
  OperationStore,
  PauseStore,
  Store,
  TimerStore,
  WaitStore,
} from '#application/ports/store.ts';
import { DynamoCases } from '#platform/aws/case-store.ts';
import { DynamoCursors } from '#platform/aws/cursor-store.ts';
import { documentsOver } from '#platform/aws/document-client.ts';
import { DynamoJournal } from '#platform/aws/journal-reader.ts';
import { DynamoOperations } from '#platform/aws/operation-store.ts';
import { DynamoPauses } from '#platform/aws/pause-store.ts';
import { DynamoStore } from '#platform/aws/state-store.ts';
import { DynamoTimers, DynamoWaits } from '#platform/aws/timer-store.ts';
import type { JournalReader } from '#platform/journal.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { type Capability, supports } from '../../../bin/local/engines/capabilities.ts';

/** The stores of one place, empty at the beginning. */
export type World = {
  readonly store: Store;
  readonly operations: OperationStore;
  readonly cases: CaseStore;
  readonly waits: WaitStore;
  readonly timers: TimerStore;
  readonly cursors: CursorStore;
  readonly pauses: PauseStore;
  readonly journal: JournalReader;
};

/** Set in the project `ports`, whose files run against AWS; the same files run in memory in `quick`. */
export const endpoint = inject('engineEndpoint');

/** One of two places by the project that runs: an adapter is tried in one and its twin in the other. */
export const oneOf = <T>(memory: T, aws: T): readonly [T] => [endpoint === undefined ? memory : aws];

/** Whether this place does it; what is in memory does all. */
export const can = (capability: Capability): boolean =>
  endpoint === undefined || supports(inject('engineName'), capability);

export const WORLDS = oneOf({ name: 'memory', open: memoryWorld }, { name: 'DynamoDB', open: dynamoWorld });

async function memoryWorld(): Promise<World> {
  const store = new MemoryStore();
  const { operations, cases, waits, timers, cursors, pauses, journalReader: journal } = store;
  return { store, operations, cases, waits, timers, cursors, pauses, journal };
}

export const clientOptions = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  ...(endpoint && { endpoint }),
};

/** Names of what a test makes for itself on the engine that all share. */
export const fresh = (): string => Math.random().toString(36).slice(2, 10);

async function dynamoWorld(): Promise<World> {
  const client = new DynamoDBClient(clientOptions);
  const suffix = fresh();
  await createTables(client, suffix);
  process.env.STATE_TABLE_NAME = `state-${suffix}`;
  process.env.OPERATIONS_TABLE_NAME = `operations-${suffix}`;
  process.env.INBOX_TABLE_NAME = `inbox-${suffix}`;
  const documents = documentsOver(client);
  return {
    store: new DynamoStore(documents),
    operations: new DynamoOperations(documents),
    cases: new DynamoCases(documents),
    waits: new DynamoWaits(documents),
    timers: new DynamoTimers(documents),
    cursors: new DynamoCursors(documents),
    pauses: new DynamoPauses(documents),
    journal: new DynamoJournal(documents),
  };
}

/** Keys and indexes as the state stack makes them. */
async function createTables(client: DynamoDBClient, suffix: string): Promise<void> {
  await createTable(client, `state-${suffix}`, ['pk', 'sk'], {
    foreignId: ['foreignId', 'pk'],
    openCases: ['openOwner', 'lastSeenAt'],
    due: ['dueShard', 'dueAt'],
  });
  await createTable(client, `operations-${suffix}`, ['key'], { due: ['dueShard', 'dueAt'] });
  await createTable(client, `inbox-${suffix}`, ['mailbox', 'deliveryId'], {});
}

async function createTable(
  client: DynamoDBClient,
  TableName: string,
  key: readonly string[],
  indexes: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const names = new Set([key, ...Object.values(indexes)].flat());
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: schema(key),
      ...(Object.keys(indexes).length > 0 && {
        GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, parts]) => ({
          IndexName,
          KeySchema: schema(parts),
          Projection: { ProjectionType: 'KEYS_ONLY' as const },
        })),
      }),
    }),
  );
}

const schema = (parts: readonly string[]) =>
  parts.map((AttributeName, index) => ({
    AttributeName,
    KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const),
  }));
