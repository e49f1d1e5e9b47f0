import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { temporarySpools } from '#platform/temporary-spool.ts';

const root = mkdtempSync(join(tmpdir(), 'crossdock-spools-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const spools = temporarySpools(root);

/** Whatever a partner may have written, and what ends a line anywhere but here. */
const texts = fc.array(
  fc.oneof(
    fc.constantFrom('', 'a\u2028b', 'a\u2029b', 'a\rb', 'a\u0085b', 'é'.repeat(40_000)),
    fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && !text.includes('\n')),
  ),
  { maxLength: 20 },
);

async function read(texts: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const text of texts) all.push(text);
  return all;
}

describe('a temporary spool', () => {
  it('gives the texts of each partition back as they were put, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, async (first, second) => {
        const spool = await spools.open(3);
        try {
          for (const text of first) await spool.put(0, text);
          for (const text of second) await spool.put(1, text);
          expect(await read(spool.read(0))).toEqual(first);
          expect(await read(spool.read(1))).toEqual(second);
          expect(await read(spool.read(2))).toEqual([]);
          expect(await read(spool.read(0))).toEqual(first);
        } finally {
          await spool.close();
        }
        expect(readdirSync(root)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('takes no text of two lines, which it would give back as two', async () => {
    const spool = await spools.open(1);
    await expect(spool.put(0, 'a\nb')).rejects.toThrow('a text of a spool is one line');
    await spool.close();
  });
});
