import type { OperationStore } from '#application/ports/store.ts';
import type { Operation } from '#core/operations/operation.ts';
import { oldestDue, type Tables } from './tables.ts';

export class MemoryOperations implements OperationStore {
  readonly #tables: Pick<Tables, 'operations'>;

  constructor(tables: Pick<Tables, 'operations'>) {
    this.#tables = tables;
  }

  async get(key: string): Promise<Operation | undefined> {
    return structuredClone(this.#tables.operations.get(key));
  }

  async save(row: Operation, expectedRevision: number): Promise<boolean> {
    if (this.#tables.operations.get(row.key)?.revision !== expectedRevision) return false;
    this.#tables.operations.set(row.key, structuredClone(row));
    return true;
  }

  async due(now: string, limit: number): Promise<{ key: string; dueAt: string }[]> {
    return oldestDue(this.#tables.operations.values(), now, limit).map(({ key, dueAt = '' }) => ({ key, dueAt }));
  }

  /** Every operation, as it lies there. */
  get all(): Operation[] {
    return structuredClone([...this.#tables.operations.values()]);
  }
}
