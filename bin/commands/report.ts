import Table from 'cli-table3';

/** What a verb answers: the same for machines and for people. */
export type Report = {
  readonly json: unknown;
  readonly text: string;
  /** 1 for an answer that is not good news: not found, refused, unhealthy. */
  readonly exit?: 0 | 1;
};

/** Ends the command with one line. 1: refused or not found; 2: called wrongly; 3: the stack can't be reached. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exit: 1 | 2 | 3;

  constructor(exit: 1 | 2 | 3, message: string) {
    super(message);
    this.exit = exit;
  }
}

export type Cell = string | number | undefined;

/** Rows under a head: drawn on a terminal, tab-separated in a pipe. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  terminal = process.stdout.isTTY === true,
): string {
  const cells = rows.map((row) => row.map((cell) => (cell === undefined ? '' : String(cell))));
  if (!terminal) return [head, ...cells].map((row) => row.join('\t')).join('\n');
  const drawn = new Table({ head: [...head], style: { head: [], border: [] }, wordWrap: true });
  drawn.push(...cells);
  return drawn.toString();
}

/** A table, or a sentence when there is nothing in it. */
export const tableOr = (nothing: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  rows.length === 0 ? nothing : table(head, rows);

export function print({ json, text, exit = 0 }: Report, asJson: boolean): void {
  process.stdout.write(`${asJson ? JSON.stringify(json, null, 2) : text}\n`);
  process.exitCode = exit;
}
