import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { inject } from 'vitest';
import type { Limiter } from '#application/ports/limiter.ts';
import type {
  CaseStore,
  CursorStore,
  ForeignIds,
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
import { DynamoLimiter } from '#platform/aws/limiter.ts';
import { DynamoOperations } from '#platform/aws/operation-store.ts';
import { DynamoPauses } from '#platform/aws/pause-store.ts';
import { DynamoReplays } from '#platform/aws/replay-store.ts';
import { DynamoStore } from '#platform/aws/state-store.ts';
import { DynamoTimers, DynamoWaits } from '#platform/aws/timer-store.ts';
import { type Replay, replaying } from '#platform/handlers/replay.ts';
import type { JournalReader } from '#platform/journal.ts';
import { MemoryLimiter } from '#platform/memory/limiter.ts';
import { MemoryReplays } from '#platform/memory/replays.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { type Capability, supports } from '../../../bin/local/engines/capabilities.ts';
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
  readonly journal: JournalReader & ForeignIds;
  readonly limiter: Limiter;
  readonly replay: Replay;
};

/** Set in the project `ports`, whose files run against AWS; the same files run in memory in `quick`. */
export const endpoint = inject('engineEndpoint');

/** One of two places by the project that runs: an adapter is tried in one and its twin in the other. */
export const oneOf = <T>(memory: T, aws: T): readonly [T] => [endpoint === undefined ? memory : aws];

/** Whether this place does it; what is in memory does all. */
export const can = (capability: Capability): boolean =>
  endpoint === undefined || supports(inject('engineName'), capability);

/** In memory and over the simulated DynamoDB, or over an engine's. */
export const WORLDS: readonly { readonly name: string; readonly open: () => Promise<World> }[] =
  endpoint === undefined
    ? [
        { name: 'memory', open: memoryWorld },
        { name: 'simulated DynamoDB', open: simulatedWorld },
      ]
    : [{ name: 'DynamoDB', open: dynamoWorld }];

async function memoryWorld(): Promise<World> {
  const store = new MemoryStore();
  const { operations, cases, waits, timers, cursors, pauses, journalReader: journal } = store;
  const [limiter, replay] = [new MemoryLimiter(), replaying(new MemoryReplays())];
  return { store, operations, cases, waits, timers, cursors, pauses, journal, limiter, replay };
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
  return {
    store: new DynamoStore(documents),
    operations: new DynamoOperations(documents),
    cases: new DynamoCases(documents),
    waits: new DynamoWaits(documents),
    timers: new DynamoTimers(documents),
    cursors: new DynamoCursors(documents),
    pauses: new DynamoPauses(documents),
    journal: new DynamoJournal(documents),
    limiter: new DynamoLimiter(documents),
    replay: replaying(new DynamoReplays(documents)),
  };
}
