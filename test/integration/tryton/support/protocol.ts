import { type ExecutePorts, executeOperation } from '#application/operations/execute-operation.ts';
import type { OperationExecutor } from '#application/ports/connector.ts';
import type { Clock } from '#application/ports/runtime.ts';
import type { CaseToOpen } from '#core/cases/case.ts';
import type { Operation } from '#core/operations/operation.ts';
import { DEFAULT_SETTINGS } from '#core/operations/protocol.ts';

/**
 * The house's own executor use case over rows in memory, with the conditional save that the operations table has. Only
 * the tables are left out; the protocol is the real one.
 */
export class ProtocolRun {
  readonly #rows = new Map<string, Operation>();
  readonly cases: CaseToOpen[] = [];
  readonly #ports: ExecutePorts;

  constructor(executor: OperationExecutor, clock: Clock = { now: () => new Date().toISOString() }) {
    let ids = 0;
    const save = async (row: Operation, expectedRevision: number): Promise<boolean> => {
      if (this.#rows.get(row.key)?.revision !== expectedRevision) return false;
      this.#rows.set(row.key, row);
      return true;
    };
    this.#ports = {
      operations: { get: async (key) => this.#rows.get(key), save, due: async () => [] },
      subjects: {
        unwanted: async () => undefined,
        settle: async (ended, expectedRevision) => void (await save(ended, expectedRevision)),
        replan: async () => undefined,
      },
      cases: {
        open: async (_subject, found) => void this.cases.push(found),
        close: async () => undefined,
        listOpen: async () => [],
      },
      pauses: { pausedUntil: async () => undefined, pause: async () => undefined },
      queue: { send: async () => [] },
      executor: () => executor,
      settings: DEFAULT_SETTINGS,
      personal: async () => undefined,
      clock,
      ids: { next: () => `executor-${++ids}` },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      metrics: { count: () => undefined },
      faults: { at: async () => undefined },
    };
  }

  plan(operation: Operation): void {
    this.#rows.set(operation.key, operation);
  }

  /** What a queue message with this key does. */
  execute({ key }: Operation) {
    return executeOperation(this.#ports, key, AbortSignal.timeout(60_000));
  }

  row({ key }: Operation): Operation | undefined {
    return this.#rows.get(key);
  }
}
