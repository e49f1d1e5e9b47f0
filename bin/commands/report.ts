import Table from 'cli-table3';

/** 0: good. 1: not found, refused, unhealthy. 2: called wrongly. 3: the stack can't be reached. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What a verb answers: the same for machines and for people. */
export type Report = {
  readonly json: unknown;
  readonly text: string;
  /** Other than 0 for an answer that is not good news. */
  readonly exit?: 0 | 1 | 3;
};

/** Ends the command with one line. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exit: 1 | 2 | 3;

  constructor(exit: 1 | 2 | 3, message: string) {
    super(message);
    this.exit = exit;
  }
}

export type Cell = string | number | undefined;

/** Where text goes: a terminal of so many columns, or none. */
export type Screen = { readonly isTTY?: boolean; readonly columns?: number };

/** Rows under a head: drawn on a terminal and folded to its width, tab-separated in a pipe. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { isTTY = false, columns = 120 }: Screen = process.stdout,
): string {
  const cells = rows.map((row) => row.map((cell) => (cell === undefined ? '' : String(cell))));
  if (!isTTY) return [head, ...cells].map((row) => row.map((cell) => cell.replace(/\s+/g, ' ')).join('\t')).join('\n');
  const longest = (text = ''): number => Math.max(...text.split('\n').map(({ length }) => length));
  const natural = head.map((_, column) => Math.max(...[head, ...cells].map((row) => longest(row[column]))));
  const widths = fitted(natural, columns);
  const drawn = new Table({ head: [...head], style: { head: [], border: [] } });
  drawn.push(...cells.map((row) => row.map((cell, column) => fold(cell, widths[column] ?? cell.length))));
  return onlyUnderTheHead(drawn.toString());
}

/** Of the lines between rows only the first stays. */
function onlyUnderTheHead(drawn: string): string {
  const lines = drawn.split('\n');
  const first = lines.findIndex((line) => line.startsWith('├'));
  return lines.filter((line, index) => index === first || !line.startsWith('├')).join('\n');
}

const NARROWEST = 10;
/** Blanks on both sides of a cell, and the line before it. */
const FRAME = 3;

/** How wide each column may be; where all together exceed the screen, the widest gives way. */
export function fitted(natural: readonly number[], columns: number): number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width + FRAME, 1) - columns;
  for (; over > 0 && Math.max(...widths) > NARROWEST; over--) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** Breaks a text into lines, between words or after a mark inside a long name, and in the middle only where it must. */
export const fold = (text: string, width: number): string =>
  text
    .split('\n')
    .map((line) => foldLine(line, width))
    .join('\n');

function foldLine(text: string, width: number): string {
  const parts = text.match(/[^\s/#:,;]*[\s/#:,;]?/g) ?? [];
  const lines = [''];
  for (const part of parts) {
    if (((lines.at(-1) ?? '') + part).trimEnd().length > width && lines.at(-1) !== '') lines.push('');
    let rest = (lines.pop() ?? '') + part;
    for (; rest.trimEnd().length > width; rest = rest.slice(width)) lines.push(rest.slice(0, width));
    lines.push(rest);
  }
  return lines.map((line) => line.trim()).join('\n');
}

/** A table, or a sentence when there is nothing in it. */
export const tableOr = (nothing: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  rows.length === 0 ? nothing : table(head, rows);

export function print({ json, text, exit = 0 }: Report, asJson: boolean): void {
  process.stdout.write(`${asJson ? JSON.stringify(json, null, 2) : text}\n`);
  process.exitCode = exit;
}
