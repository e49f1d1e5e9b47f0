import { executeOperation } from '#application/operations/execute-operation.ts';
import type { OperationExecutor } from '#application/ports/connector.ts';
import type { Operation, PlannedOperation } from '#core/operations/operation.ts';
import { DEFAULT_SETTINGS, plan } from '#core/operations/protocol.ts';
import { MemoryOperationQueue } from '#platform/memory/queues.ts';
import { MemoryClock, MemoryIds, MemoryLog, MemoryMetrics, noFaults } from '#platform/memory/runtime.ts';
import { MemoryStore } from '#platform/memory/store.ts';

/** The real executor of operations over stores in memory; what the outcome means for a subject is left out. */
export class ExecutionHouse {
  readonly store = new MemoryStore();
  readonly clock: MemoryClock;
  readonly #ids = new MemoryIds();

  constructor(now: string) {
    this.clock = new MemoryClock(now);
  }

  async plan(operation: PlannedOperation): Promise<void> {
    const now = this.clock.now();
    await this.store.commit({
      now,
      aggregates: [
        {
          key: operation.subject,
          expectedVersion: 0,
          state: {},
          sequence: 0,
          openCases: [],
          events: [],
          operations: [plan(operation, now, 'kit')],
          casesToOpen: [],
          casesToClose: [],
          timersToSet: [],
          timersToClear: [],
        },
      ],
    });
  }

  /** What a message with the operation's key does, at a connector that this sandbox has made. */
  async execute({ key }: PlannedOperation, executor: OperationExecutor): Promise<Operation> {
    const { operations, cases, pauses } = this.store;
    const settle = async (ended: Operation, revision: number): Promise<void> => {
      if (!(await operations.save(ended, revision))) throw new Error(`${key} changed while its end was written`);
    };
    await executeOperation(
      {
        operations,
        cases,
        pauses,
        subjects: { unwanted: async () => undefined, settle, replan: async () => undefined },
        queue: new MemoryOperationQueue(),
        executor: () => executor,
        settings: DEFAULT_SETTINGS,
        personal: async () => undefined,
        clock: this.clock,
        ids: this.#ids,
        log: new MemoryLog(),
        metrics: new MemoryMetrics(),
        faults: noFaults,
      },
      key,
      new AbortController().signal,
    );
    return this.row({ key });
  }

  async row({ key }: Pick<PlannedOperation, 'key'>): Promise<Operation> {
    const row = await this.store.operations.get(key);
    if (!row) throw new Error(`no operation ${key}`);
    return row;
  }

  /** Lets time go by until the operation may be tried again; answers for how many seconds it had to wait. */
  async untilDue(operation: PlannedOperation): Promise<number> {
    const { dueAt } = await this.row(operation);
    const seconds = dueAt === undefined ? 0 : (Date.parse(dueAt) - Date.parse(this.clock.now())) / 1000;
    this.clock.advance(Math.max(0, seconds));
    return seconds;
  }

  async caseCodes(): Promise<string[]> {
    return (await this.store.cases.listOpen({ limit: 10 })).map(({ code }) => code);
  }
}
