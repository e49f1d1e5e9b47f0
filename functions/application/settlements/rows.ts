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

/** A line with what it says. */
export type SaidLine = { readonly line: KeptLine; readonly content: string };

/** Lines in the order of what they say. */
export const sorted = (lines: readonly KeptLine[]): SaidLine[] =>
  lines
    .map((line) => ({ line, content: contentOf(line) }))
    .sort((a, b) => (a.content < b.content ? -1 : a.content > b.content ? 1 : 0));
