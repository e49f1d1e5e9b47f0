import type { DynamoDBRecord } from 'aws-lambda';
import { conditionFailed, noTable, notSimulated } from './errors.ts';
import { batchGet, getItem } from './reads.ts';
import { type CommandName, known, type Requests } from './requests.ts';
import { query, type SearchOptions, scan } from './searches.ts';
import { streamRecord } from './stream.ts';
import { type Change, Table } from './table.ts';
import type { TableSpec } from './table-spec.ts';
import { RequestTokens, transaction } from './transactions.ts';
import { copyOut, type Item } from './values.ts';
import { deleteWrite, putWrite, updateWrite, type Write } from './writes.ts';

export type SimDynamoOptions = Partial<SearchOptions> & {
  /** The time in epoch milliseconds: request tokens and the lag of indexes end by it. */
  readonly now?: () => number;
  /** How far an index may be behind its table, in milliseconds, where `staleIndexReads` says that it is. */
  readonly indexLagMs?: number;
};

const METADATA = Object.freeze({ httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 });

/**
 * DynamoDB below the document client, in memory and at once: each command is carried out as a whole or throws what the SDK
 * throws. The port contracts run over it as they do over an engine, so that it stays true to the service. What it does not
 * know it refuses loudly.
 */
export class SimDynamo {
  /** The rows of each table by row id, for whoever checks them; never to be changed. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, Item>>;
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #searches: SearchOptions;
  readonly #now: () => number;
  readonly #tokens: RequestTokens;
  readonly #listeners: ((record: DynamoDBRecord) => void)[] = [];
  readonly #watchers: ((change: Change) => void)[] = [];
  #records = 0;

  constructor(specs: readonly TableSpec[], options: SimDynamoOptions = {}) {
    const { now = () => 0, indexLagMs: lag = 5_000, staleIndexReads, pageSize = Number.POSITIVE_INFINITY } = options;
    const clock = { keeps: staleIndexReads !== undefined, now, lag };
    this.#tables = new Map(specs.map((spec) => [spec.name, new Table(spec, clock)]));
    this.tables = new Map([...this.#tables].map(([name, { rows }]) => [name, rows]));
    this.#searches = { pageSize, staleIndexReads: staleIndexReads ?? (() => false) };
    this.#now = now;
    this.#tokens = new RequestTokens(now);
  }

  /** Told of each change of a table with a stream, in the order of the changes. */
  onStream(listener: (record: DynamoDBRecord) => void): void {
    this.#listeners.push(listener);
  }

  /** Told of each change of any table, as it is made: for whoever keeps books beside the service. */
  onChange(watcher: (change: Change) => void): void {
    this.#watchers.push(watcher);
  }

  /** Carries a command of the document client out, and answers what the client would. */
  apply(command: { readonly constructor: { readonly name: string }; readonly input: unknown }): unknown {
    const { name } = command.constructor;
    const carryOut = this.#commands[name as CommandName] as ((input: unknown) => object) | undefined;
    if (!carryOut) throw notSimulated(`a DynamoDB ${name}`);
    return { $metadata: METADATA, ...carryOut(known(name as CommandName, command.input as object)) };
  }

  readonly #tableOf = (name: string | undefined): Table => {
    const table = this.#tables.get(name ?? '');
    if (!table) throw noTable(name ?? '');
    return table;
  };

  readonly #commands: { readonly [Name in CommandName]: (input: Requests[Name]) => object } = {
    GetCommand: (input) => getItem(this.#tableOf(input.TableName), input),
    BatchGetCommand: (input) => batchGet(input, this.#tableOf),
    QueryCommand: (input) => query(this.#tableOf(input.TableName), input, this.#searches),
    ScanCommand: (input) => scan(this.#tableOf(input.TableName), input, this.#searches),
    PutCommand: (input) => this.#write(putWrite(this.#tableOf(input.TableName), input), input),
    UpdateCommand: (input) =>
      this.#write(updateWrite(this.#tableOf(input.TableName), input), input, ['NONE', 'ALL_OLD', 'ALL_NEW']),
    DeleteCommand: (input) => this.#write(deleteWrite(this.#tableOf(input.TableName), input), input),
    TransactWriteCommand: (input) => {
      if (this.#tokens.done(input)) return {};
      this.#carryOut(transaction(input.TransactItems, this.#tableOf));
      this.#tokens.keep(input);
      return {};
    },
  };

  #write(
    write: Write,
    { ReturnValues: wanted = 'NONE' }: { readonly ReturnValues?: string | undefined },
    allowed = ['NONE', 'ALL_OLD'],
  ): object {
    if (!allowed.includes(wanted)) throw notSimulated(`ReturnValues "${wanted}"`);
    const { change, refused } = write.plan();
    if (refused) throw conditionFailed(refused.item);
    this.#carryOut([change as Change]);
    const returned = wanted === 'NONE' ? undefined : wanted === 'ALL_OLD' ? change?.before : change?.after;
    return returned ? { Attributes: copyOut(returned) } : {};
  }

  /** Listeners hear of changes when all of them are made. */
  #carryOut(changes: readonly Change[]): void {
    for (const change of changes) if (change.before !== change.after) change.table.carryOut(change);
    for (const change of changes) for (const watcher of this.#watchers) watcher(change);
    if (this.#listeners.length === 0) return;
    for (const change of changes) {
      const record = change.table.spec.stream && streamRecord(change, ++this.#records, this.#now());
      if (record) for (const listener of this.#listeners) listener(record);
    }
  }
}
