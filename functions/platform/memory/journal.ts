import type { JournalRow } from '#application/relay/relay-journal.ts';
import type { JournalReader } from '../journal.ts';
import type { Tables } from './tables.ts';

export class MemoryJournal implements JournalReader {
  readonly #tables: Pick<Tables, 'journal' | 'foreignIds'>;

  constructor(tables: Pick<Tables, 'journal' | 'foreignIds'>) {
    this.#tables = tables;
  }

  async row(key: string, row: string): Promise<JournalRow | undefined> {
    return structuredClone(this.#tables.journal.find((one) => one.key === key && one.row === row));
  }

  async history(key: string): Promise<JournalRow[]> {
    const rows = this.#tables.journal.filter((one) => one.key === key);
    return structuredClone(rows.sort((a, b) => (a.row < b.row ? -1 : 1)));
  }

  async subjectsOf(foreignId: string): Promise<string[]> {
    return [...(this.#tables.foreignIds.get(foreignId) ?? [])];
  }
}
