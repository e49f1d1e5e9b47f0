import { createReadStream, readFileSync } from 'node:fs';
import type { ReadLine, ReadOptions, SettlementFormat, SettlementPart } from '#application/ports/settlements.ts';
import { type Reading, type ReadTerms, readSettlements } from '#application/settlements/read-settlements.ts';
import type { SettlementHeader } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { temporarySpools } from '#platform/temporary-spool.ts';
import { runFolder } from '../../bin/local/cache.ts';

export const fixturePath = (name: string): string => `test/fixtures/settlements/${name}`;
export const fixtureText = (name: string): string => readFileSync(fixturePath(name), 'utf8');

/** A text as a file that arrives in chunks of so many bytes. */
export async function* inChunks(given: string | Uint8Array, size = 64 * 1024): AsyncIterable<Uint8Array> {
  const bytes = typeof given === 'string' ? Buffer.from(given) : given;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export type Read = { readonly headers: readonly SettlementHeader[]; readonly lines: readonly ReadLine[] };

/** All that a format makes of a file, or why it is refused. */
export async function readAll(
  format: SettlementFormat,
  bytes: AsyncIterable<Uint8Array>,
  options: ReadOptions = { account: 'main', timeZone: 'UTC' },
): Promise<Read | SettlementRefused> {
  const parts: SettlementPart[] = [];
  try {
    for await (const part of format.read(bytes, options)) parts.push(part);
  } catch (error) {
    if (error instanceof SettlementRefused) return error;
    throw error;
  }
  return {
    headers: parts.flatMap((part) => (part.kind === 'header' ? part.header : [])),
    lines: parts.flatMap((part) => (part.kind === 'lines' ? part.lines : [])),
  };
}

export function whole(read: Read | SettlementRefused): Read {
  if (read instanceof SettlementRefused) throw read;
  return read;
}

/** A file read into a real spool. */
export const readFixture = (format: SettlementFormat, name: string, terms: Partial<ReadTerms> = {}): Promise<Reading> =>
  readSettlements(temporarySpools(runFolder()), format, createReadStream(fixturePath(name)), {
    account: 'main',
    timeZone: 'UTC',
    ...terms,
  });
