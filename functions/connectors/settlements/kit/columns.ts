import { SettlementRefused } from '#core/settlements/refused.ts';
import type { Row } from './rows.ts';

/**
 * Where each column of a header stands, by its name: files differ in the order of columns and gain new ones. A name that
 * stands twice is refused, for nobody can say which of the two is meant.
 */
export function columnsOf<N extends string>(
  header: Row,
  required: readonly N[],
  optional: readonly N[] = [],
): Record<N, number> {
  const places = new Map<string, number>();
  for (const [at, cell] of header.cells.entries()) {
    const name = nameOf(cell);
    if (name === '') continue;
    if (places.has(name)) {
      throw new SettlementRefused('SETTLEMENT_HEADER', header.line, `the column "${cell}" stands twice`);
    }
    places.set(name, at);
  }
  const missing = required.filter((name) => !places.has(nameOf(name)));
  if (missing.length > 0) {
    const names = missing.map((name) => `"${name}"`).join(', ');
    throw new SettlementRefused(
      'SETTLEMENT_HEADER',
      header.line,
      `the header lacks ${names}: is it a file of this format?`,
    );
  }
  const all = [...required, ...optional].map((name) => [name, places.get(nameOf(name)) ?? ABSENT] as const);
  return Object.fromEntries(all) as Record<N, number>;
}

/** Place of a column that the file does not have: its cells read as empty. */
export const ABSENT = -1;

/** Header names differ in case and in blanks between versions of a file. */
const nameOf = (cell: string): string => cell.trim().toLowerCase().replace(/\s+/g, ' ');
