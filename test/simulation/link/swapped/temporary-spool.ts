import type { Spool, SpoolSource } from '#application/ports/settlements.ts';

/** Spools in memory: the real ones lie on a disk, whose speed is no part of a simulation. */
export const temporarySpools = (_root: string): SpoolSource => ({
  open: async (partitions) => new MemorySpool(partitions),
});

class MemorySpool implements Spool {
  readonly partitions: number;
  readonly #texts: string[][];

  constructor(partitions: number) {
    this.partitions = partitions;
    this.#texts = Array.from({ length: partitions }, () => []);
  }

  async put(partition: number, text: string): Promise<void> {
    this.#texts[partition]?.push(text);
  }

  async *read(partition: number): AsyncIterable<string> {
    yield* this.#texts[partition] ?? [];
  }

  async close(): Promise<void> {
    this.#texts.length = 0;
  }
}
