import { finished } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { utf8 } from './encoding.ts';

/** A record of a file: its cells in the order of the columns, and the line of the text that it begins at. */
export type Row = { readonly line: number; readonly cells: readonly string[] };

export type RowOptions = {
  readonly delimiter: string;
  /** Whether cells may be quoted; where they may not, a quote is a character. */
  readonly quotes: boolean;
  /** Lines before the header that are no part of the table. */
  readonly skip?: number;
};

const LONGEST_RECORD = 64 * 1024;
const MOST_COLUMNS = 256;
const MOST_ROWS = 20_000_000;

/** Takes one row; what it throws refuses the file. */
export type OnRow = (row: Row) => void;

/**
 * Gives the records of a text file to `onRow`, the header first, and yields after each chunk of the file: what was made of
 * its rows is then to be handed on, so that memory does not grow with the file. Every row has as many cells as the header,
 * and the last line ends: anything else is a file that was cut off or damaged, and is refused with its line.
 */
export async function* readRows(
  bytes: AsyncIterable<Uint8Array>,
  options: RowOptions,
  onRow: OnRow,
): AsyncIterable<void> {
  const parser = parse({
    delimiter: options.delimiter,
    quote: options.quotes ? '"' : false,
    escape: options.quotes ? '"' : null,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: LONGEST_RECORD,
    from_line: (options.skip ?? 0) + 1,
  });
  const table = new Table(options, onRow);
  parser.on('error', (error) => table.fail(error));
  // Flowing, it hands over the records of a chunk while that is written: nothing piles up between us.
  parser.on('data', (cells: string[]) => table.take(cells));
  let last = 0;
  for await (const chunk of utf8(bytes)) {
    last = chunk[chunk.length - 1] ?? last;
    parser.write(chunk);
    table.check();
    yield;
  }
  parser.end();
  await finished(parser).catch((error: unknown) => table.fail(error));
  table.check();
  if (table.isEmpty) throw new SettlementRefused('SETTLEMENT_EMPTY', undefined, 'the file is empty');
  if (last !== LINE_FEED && last !== CARRIAGE_RETURN) throw unended(table.line);
  yield;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const unended = (line: number) =>
  new SettlementRefused(
    'SETTLEMENT_TRUNCATED',
    line,
    'the file ends in the middle of its last line: it was cut off, fetch it again',
  );

/** Numbers records by the lines that they take, and holds each against the header. */
class Table {
  readonly #quotes: boolean;
  readonly #onRow: OnRow;
  #columns = 0;
  #rows = 0;
  #next: number;
  /** What refuses the file; kept until the parser has returned, for nothing may be thrown through it. */
  #fault: { readonly error: unknown } | undefined;
  /** Line of the last record. */
  line: number;

  constructor({ quotes, skip = 0 }: RowOptions, onRow: OnRow) {
    this.#quotes = quotes;
    this.#onRow = onRow;
    this.#next = skip + 1;
    this.line = skip + 1;
  }

  get isEmpty(): boolean {
    return this.#rows === 0;
  }

  fail(error: unknown): void {
    this.#fault ??= { error: refusalOf(error) };
  }

  check(): void {
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  take(cells: string[]): void {
    if (this.#fault !== undefined) return;
    this.line = this.#next;
    this.#next += 1 + (this.#quotes ? breaksIn(cells) : 0);
    // A blank line, as some tools leave at the end.
    if (cells.length === 1 && cells[0] === '') return;
    this.#rows += 1;
    if (this.#rows === 1) this.#columns = cells.length;
    try {
      this.#fit(cells);
      this.#onRow({ line: this.line, cells });
    } catch (error) {
      this.#fault = { error };
    }
  }

  #fit({ length }: string[]): void {
    if (length !== this.#columns) throw ragged(this.line, length, this.#columns);
    if (length > MOST_COLUMNS) {
      const message = `${length} columns, at most ${MOST_COLUMNS} are read`;
      throw new SettlementRefused('SETTLEMENT_COLUMNS', this.line, message);
    }
    if (this.#rows > MOST_ROWS) {
      throw new SettlementRefused('SETTLEMENT_TOO_LARGE', this.line, `more than ${MOST_ROWS} rows: split the file`);
    }
  }
}

function breaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) breaks += 1;
  }
  return breaks;
}

const ragged = (line: number, cells: number, columns: number) =>
  new SettlementRefused(
    'SETTLEMENT_ROW',
    line,
    `${cells} cells where the header has ${columns}: the row is damaged or cut off`,
  );

function refusalOf(error: unknown): unknown {
  if (error instanceof SettlementRefused || !(error instanceof CsvError)) return error;
  const line = typeof error.lines === 'number' ? error.lines : undefined;
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return new SettlementRefused('SETTLEMENT_ROW', line, `a record is longer than ${LONGEST_RECORD} characters`);
  }
  return new SettlementRefused('SETTLEMENT_ROW', line, `the record can't be read (${error.code})`);
}
