import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Spool, SpoolSource } from '#application/ports/settlements.ts';

/** Texts of one partition that wait in memory for one write. */
const WRITE_CHARACTERS = 64 * 1024;

/** Spools in folders of their own under one for temporary files: a run's on a computer, a function's own. */
export const temporarySpools = (root: string): SpoolSource => ({
  async open(partitions) {
    const folder = path.join(root, `spool-${randomUUID()}`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
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
    yield* textsIn(createReadStream(this.#path(partition), 'utf8'));
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

/** Node's own reader of lines also ends them at U+2028 and U+2029, which JSON holds bare and partners write. */
async function* textsIn(chunks: AsyncIterable<string>): AsyncIterable<string> {
  let begun = '';
  for await (const chunk of chunks) {
    const texts = (begun + chunk).split('\n');
    begun = texts.pop() ?? '';
    yield* texts;
  }
}
