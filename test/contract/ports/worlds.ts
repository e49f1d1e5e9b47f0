import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type {
  CaseStore,
  CursorStore,
  OperationStore,
  PauseStore,
  Store,
  TimerStore,
  WaitStore,
} from '#application/ports/store.ts';
import type { JournalRow } from '#application/relay/relay-journal.ts';
import { DynamoCases } from '#platform/aws/case-store.ts';
import { DynamoCursors } from '#platform/aws/cursor-store.ts';
import { documentsOver } from '#platform/aws/document-client.ts';
import { DynamoJournal } from '#platform/aws/journal-reader.ts';
import { DynamoOperations } from '#platform/aws/operation-store.ts';
import { DynamoPauses } from '#platform/aws/pause-store.ts';
import { DynamoStore } from '#platform/aws/state-store.ts';
import { DynamoTimers, DynamoWaits } from '#platform/aws/timer-store.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { SimDynamo } from '../../simulation/services/dynamodb/sim-dynamo.ts';
import { crossdockTables } from '../../simulation/services/dynamodb/table-spec.ts';
import { createTables } from './tables.ts';

/** The stores of one place, empty at the beginning. */
export type World = {
  readonly store: Store;
  readonly operations: OperationStore;
  readonly cases: CaseStore;
  readonly waits: WaitStore;
  readonly timers: TimerStore;
  readonly cursors: CursorStore;
  readonly pauses: PauseStore;
  readonly history: (key: string) => Promise<JournalRow[]>;
};

/**
 * Where the contract of the ports is tried: in memory and over the simulated DynamoDB always, and over an engine's where one
 * answers. The endpoint is given by the run's global set-up.
 */
export const endpoint = process.env.CROSSDOCK_TEST_ENDPOINT;

export const WORLDS: readonly { readonly name: string; readonly open: () => Promise<World> }[] = [
  { name: 'memory', open: memoryWorld },
  { name: 'simulated DynamoDB', open: simulatedWorld },
  ...(endpoint ? [{ name: 'DynamoDB', open: () => dynamoWorld(endpoint) }] : []),
];

async function memoryWorld(): Promise<World> {
  const store = new MemoryStore();
  const { operations, cases, waits, timers, cursors, pauses } = store;
  const history = async (key: string) => store.journal.filter((row) => row.key === key);
  return { store, operations, cases, waits, timers, cursors, pauses, history };
}

export const clientOptions = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  ...(endpoint && { endpoint }),
};

async function dynamoWorld(endpoint: string): Promise<World> {
  const client = new DynamoDBClient({ ...clientOptions, endpoint });
  const suffix = Math.random().toString(36).slice(2, 10);
  await createTables(client, crossdockTables(tablesOf(suffix)));
  return adaptersOver(documentsOver(client), suffix);
}

async function simulatedWorld(): Promise<World> {
  const sim = new SimDynamo(crossdockTables(tablesOf('simulated')));
  const documents: Pick<DynamoDBDocumentClient, 'send'> = {
    send: async (command: never) => sim.apply(command) as never,
  };
  return adaptersOver(documents as DynamoDBDocumentClient, 'simulated');
}

const tablesOf = (suffix: string) => ({
  state: `state-${suffix}`,
  operations: `operations-${suffix}`,
  inbox: `inbox-${suffix}`,
});

/** The real adapters, whatever is below the document client. */
function adaptersOver(documents: DynamoDBDocumentClient, suffix: string): World {
  const { state, operations, inbox } = tablesOf(suffix);
  process.env.STATE_TABLE_NAME = state;
  process.env.OPERATIONS_TABLE_NAME = operations;
  process.env.INBOX_TABLE_NAME = inbox;
  const journal = new DynamoJournal(documents);
  return {
    store: new DynamoStore(documents),
    operations: new DynamoOperations(documents),
    cases: new DynamoCases(documents),
    waits: new DynamoWaits(documents),
    timers: new DynamoTimers(documents),
    cursors: new DynamoCursors(documents),
    pauses: new DynamoPauses(documents),
    history: (key) => journal.history(key),
  };
}
