import type {
  AggregateWrite,
  Commit,
  CommitResult,
  CursorStore,
  InboxMark,
  PauseStore,
  Store,
  Stored,
} from '#application/ports/store.ts';
import type { JournalRow } from '#application/relay/relay-journal.ts';
import { type JournalReader, journalRow } from '../journal.ts';
import { closeCase, MemoryCases, openCase } from './cases.ts';
import { MemoryJournal } from './journal.ts';
import { MemoryOperations } from './operations.ts';
import { emptyTables, type Tables, timerId } from './tables.ts';
import { MemoryTimers, MemoryWaits } from './timers.ts';

/**
 * The stores in memory, with the conditions, conflicts and answers of the ones on DynamoDB: for tests and simulations.
 * What goes in and comes out is copied, so that nobody can change a row but by a commit.
 *
 * `due`, `get`, `put` and `remove` mean different things to operations, timers and waits: each store is a part of its own
 * over the same rows.
 */
export class MemoryStore implements Store {
  readonly #tables: Tables = emptyTables();
  readonly operations = new MemoryOperations(this.#tables);
  readonly cases = new MemoryCases(this.#tables);
  readonly waits = new MemoryWaits(this.#tables);
  readonly timers = new MemoryTimers(this.#tables);
  readonly journalReader: JournalReader = new MemoryJournal(this.#tables);
  readonly cursors: CursorStore = {
    get: async (name) => this.#tables.cursors.get(name),
    set: async (name, cursor) => void this.#tables.cursors.set(name, cursor),
  };
  readonly pauses: PauseStore = {
    pausedUntil: async ({ connector, account }) => this.#tables.pauses.get(`${connector}/${account}`),
    pause: async ({ connector, account }, until) => {
      const name = `${connector}/${account}`;
      if (until > (this.#tables.pauses.get(name) ?? '')) this.#tables.pauses.set(name, until);
    },
  };

  async load<S>(key: string): Promise<Stored<S> | undefined> {
    return structuredClone(this.#tables.states.get(key)) as Stored<S> | undefined;
  }

  async seen(mailbox: string, deliveryId: string): Promise<InboxMark | undefined> {
    return structuredClone(this.#tables.inbox.get(`${mailbox}/${deliveryId}`));
  }

  async commit(given: Commit): Promise<CommitResult> {
    const commit = structuredClone(given);
    const refusal = this.#refusal(commit);
    if (refusal) return refusal;
    for (const write of commit.aggregates) this.#write(write, commit.now);
    if (commit.operation) this.#tables.operations.set(commit.operation.row.key, commit.operation.row);
    if (commit.inbox) this.#tables.inbox.set(`${commit.inbox.mailbox}/${commit.inbox.deliveryId}`, commit.inbox);
    return { kind: 'committed' };
  }

  /** Rows of the journal, oldest first. */
  get journal(): readonly JournalRow[] {
    return structuredClone(this.#tables.journal);
  }

  /** Keys of all aggregates. */
  get keys(): string[] {
    return [...this.#tables.states.keys()];
  }

  /** A delivery that was taken tells more than the conflict which its first taking caused, so it is looked for first. */
  #refusal({ aggregates, inbox, operation }: Commit): CommitResult | undefined {
    const { states, operations, inbox: marks } = this.#tables;
    if (inbox && marks.has(`${inbox.mailbox}/${inbox.deliveryId}`)) return { kind: 'seen' };
    if (aggregates.some(({ key, expectedVersion }) => (states.get(key)?.version ?? 0) !== expectedVersion)) {
      return { kind: 'conflict' };
    }
    if (operation && operations.get(operation.row.key)?.revision !== operation.expectedRevision) {
      return { kind: 'conflict' };
    }
    const taken = aggregates.flatMap((write) => write.operations).find(({ key }) => operations.has(key));
    return taken && { kind: 'operation-exists', key: taken.key };
  }

  #write(write: AggregateWrite, now: string): void {
    const { states, operations, journal, timers, foreignIds } = this.#tables;
    const { key, state, expectedVersion, sequence, openCases, foreignId } = write;
    states.set(key, { state, version: expectedVersion + 1, sequence, openCases });
    const row = journalRow(write);
    if (row) journal.push(row);
    // The id stands in the journal's row, so that a commit which tells nothing leaves none.
    if (row && foreignId !== undefined) foreignIds.set(foreignId, new Set(foreignIds.get(foreignId)).add(key));
    for (const operation of write.operations) operations.set(operation.key, operation);
    for (const code of write.casesToClose) closeCase(this.#tables, key, code, now);
    for (const found of write.casesToOpen) openCase(this.#tables, key, found, now);
    for (const name of write.timersToClear) timers.delete(timerId(key, name));
    for (const { name, dueAt } of write.timersToSet) timers.set(timerId(key, name), { subject: key, name, dueAt });
  }
}
