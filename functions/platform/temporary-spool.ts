import { createReadStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Spool, SpoolSource } from '#application/ports/settlements.ts';

/** Texts of one partition that wait in memory for one write. */
const WRITE_CHARACTERS = 64 * 1024;

/** Spools in a folder of their own under the system's temporary folder: of a computer, or of a function. */
export const temporarySpools = (root = tmpdir()): SpoolSource => ({
  async open(partitions) {
    const folder = await mkdtemp(path.join(root, 'crossdock-spool-'));
    return new TemporarySpool(folder, partitions);
  },
});

class TemporarySpool implements Spool {
  readonly partitions: number;
  readonly #folder: string;
  readonly #files = new Map<number, FileHandle>();
  readonly #waiting: string[];

  constructor(folder: string, partitions: number) {
    this.#folder = folder;
    this.partitions = partitions;
    this.#waiting = Array.from({ length: partitions }, () => '');
  }

  async put(partition: number, text: string): Promise<void> {
    if (text.includes('\n')) throw new Error('a text of a spool is one line');
    const waiting = `${this.#waiting[partition] ?? ''}${text}\n`;
    this.#waiting[partition] = waiting;
    if (waiting.length >= WRITE_CHARACTERS) await this.#write(partition);
  }

  async *read(partition: number): AsyncIterable<string> {
    await this.#write(partition);
    if (!this.#files.has(partition)) return;
    yield* createInterface({ input: createReadStream(this.#path(partition)), crlfDelay: Number.POSITIVE_INFINITY });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.close()));
    this.#files.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #write(partition: number): Promise<void> {
    const text = this.#waiting[partition] ?? '';
    if (text === '') return;
    this.#waiting[partition] = '';
    const file = this.#files.get(partition) ?? (await open(this.#path(partition), 'ax', OWNER_ONLY));
    this.#files.set(partition, file);
    await file.appendFile(text);
  }

  #path(partition: number): string {
    return path.join(this.#folder, String(partition));
  }
}

const OWNER_ONLY = 0o600;
