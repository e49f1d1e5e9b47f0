import { canonicalJson } from '#core/kernel/fingerprint.ts';
import type { SettlementLine, UnclassifiedLine } from '#core/settlements/line.ts';

/** A line of a settlement as it is kept, with its class if a rule knows it. */
export type KeptLine = SettlementLine | UnclassifiedLine;

/** What a collection says of one order: its lines, or that it no longer speaks of it. */
export type OrderRow = { readonly orderId: string; readonly lines: readonly KeptLine[] };

/** One order a row; lines in an order that does not depend on the file's. */
export const rowText = ({ orderId, lines }: OrderRow): string => `${canonicalJson({ orderId, lines })}\n`;

export const rowsIn = (text: string): OrderRow[] => parsed(text);

export const lineText = (line: KeptLine): string => `${canonicalJson(line)}\n`;

export const linesIn = (text: string): KeptLine[] => parsed(text);

const parsed = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

/** What a line says, wherever in its file it stands: what tells one content from another. */
export function contentOf(line: KeptLine): string {
  const { at: _place, ...said } = line;
  return canonicalJson(said);
}

/** Lines in the order of what they say. */
export const sorted = (lines: readonly KeptLine[]): KeptLine[] =>
  lines
    .map((line) => ({ line, text: contentOf(line) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ line }) => line);
