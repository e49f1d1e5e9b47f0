import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { CaseStore } from '#application/ports/store.ts';
import { CASE_OWNERS, type Case, type CaseToOpen } from '#core/cases/case.ts';
import { TransientError } from '#core/kernel/errors.ts';
import { caseRow, type Place } from '../journal.ts';
import { closeCaseUpdate, openCaseUpdate, placeUpdate, type TransactItem } from './commit-items.ts';
import { documentClient } from './document-client.ts';
import { aws } from './failures.ts';
import { journalItem } from './journal-rows.ts';
import { caseOf, caseSortKey, type Row, STATE_ROW, storedOf } from './rows.ts';
import { tableNames } from './state-store.ts';

const TRIES = 4;

/**
 * Cases that no aggregate's decision opened or closed. News of one goes into the journal, and into the aggregate's own books
 * where there is an aggregate, in one transaction with the case.
 */
export class DynamoCases implements CaseStore {
  readonly #client: DynamoDBDocumentClient;

  constructor(client: DynamoDBDocumentClient = documentClient()) {
    this.#client = client;
  }

  async open(subject: string, found: CaseToOpen, now: string): Promise<void> {
    await this.#changing(subject, found.code, (before, place) => {
      const update = openCaseUpdate(tableNames.state(), subject, found, now);
      const opened: Case = {
        ...found,
        subject,
        status: 'open',
        count: (before?.count ?? 0) + 1,
        firstSeenAt: before?.firstSeenAt ?? now,
        lastSeenAt: now,
      };
      const item = { Update: ifCount(update, before) };
      return before?.status === 'open' ? [item] : [item, ...this.#news('opened', opened, place, now)];
    });
  }

  async close(subject: string, code: string, now: string): Promise<void> {
    await this.#changing(subject, code, (before, place) => {
      if (before?.status !== 'open') return [];
      const update = closeCaseUpdate(tableNames.state(), subject, code, now);
      return [{ Update: ifCount(update, before) }, ...this.#news('closed', before, place, now)];
    });
  }

  async listOpen({ owner, limit }: { readonly owner?: string; readonly limit: number }): Promise<Case[]> {
    const owners = owner === undefined ? CASE_OWNERS : [owner];
    const found = await Promise.all(owners.map((one) => this.#keysOfOpen(one, limit)));
    const latest = found
      .flat()
      .sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt))
      .slice(0, limit);
    const cases = (await this.#read(latest)).map(caseOf).filter(({ status }) => status === 'open');
    return cases.sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt));
  }

  /** Reads a case and its aggregate's books, and writes what `change` makes of them, unless somebody was faster: then again. */
  async #changing(
    subject: string,
    code: string,
    change: (before: Case | undefined, place: Place | undefined) => TransactItem[],
  ): Promise<void> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const [row, state] = await Promise.all([this.#get(subject, caseSortKey(code)), this.#get(subject, STATE_ROW)]);
      const TransactItems = change(row && caseOf(row), state && storedOf(state));
      if (TransactItems.length === 0) return;
      try {
        await aws('write a case', this.#client.send(new TransactWriteCommand({ TransactItems })));
        return;
      } catch (error) {
        if (!overtaken(error)) throw error;
      }
    }
    throw new TransientError('VERSION_CONFLICT', `case ${code} of ${subject} changed under ${TRIES} attempts`);
  }

  #news(what: 'opened' | 'closed', about: Case, place: Place | undefined, now: string): TransactItem[] {
    const TableName = tableNames.state();
    const Item = journalItem(caseRow(what, about, place, now));
    if (!place) return [{ Put: { TableName, Item } }];
    const others = place.openCases.filter((code) => code !== about.code);
    const openCases = what === 'opened' ? [...others, about.code] : others;
    return [{ Put: { TableName, Item } }, { Update: placeUpdate(TableName, about.subject, place, openCases) }];
  }

  async #get(pk: string, sk: string): Promise<Row | undefined> {
    const read = new GetCommand({ TableName: tableNames.state(), Key: { pk, sk }, ConsistentRead: true });
    return (await aws('read a case', this.#client.send(read))).Item;
  }

  async #keysOfOpen(owner: string, limit: number) {
    const query = new QueryCommand({
      TableName: tableNames.state(),
      IndexName: 'openCases',
      KeyConditionExpression: 'openOwner = :owner',
      ExpressionAttributeValues: { ':owner': owner },
      ScanIndexForward: false,
      Limit: limit,
    });
    const { Items = [] } = await aws('list cases', this.#client.send(query));
    return Items as { pk: string; sk: string; lastSeenAt: string }[];
  }

  /** The index holds keys only; the cases themselves are read as they are now. */
  async #read(keys: readonly { pk: string; sk: string }[]): Promise<Row[]> {
    const TableName = tableNames.state();
    const rows: Row[] = [];
    for (let from = 0; from < keys.length; from += 100) {
      const Keys = keys.slice(from, from + 100).map(({ pk, sk }) => ({ pk, sk }));
      const read = new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } });
      const { Responses, UnprocessedKeys } = await aws('read cases', this.#client.send(read));
      if (UnprocessedKeys?.[TableName])
        throw new TransientError('AWS_UNAVAILABLE', 'read cases: the table is throttled');
      rows.push(...(Responses?.[TableName] ?? []));
    }
    return rows;
  }
}

/** The update, on condition that nobody opened or closed the case since it was read. */
function ifCount<U extends { ExpressionAttributeNames: object; ExpressionAttributeValues: object }>(
  update: U,
  before: Case | undefined,
) {
  if (!before) return { ...update, ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ...update,
    ConditionExpression: '#count = :seen AND #status = :before',
    ExpressionAttributeNames: { ...update.ExpressionAttributeNames, '#count': 'count', '#status': 'status' },
    ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ':seen': before.count, ':before': before.status },
  };
}

const overtaken = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  (error.CancellationReasons ?? []).some(
    ({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict',
  );
