import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { AggregateWrite, Commit, CommitResult, InboxMark } from '#application/ports/store.ts';
import type { CaseToOpen } from '#core/cases/case.ts';
import { journalRow } from '../journal.ts';
import { journalItem } from './journal-rows.ts';
import { caseSortKey, dueShard, operationRow, STATE_ROW, stateRow, timerSortKey } from './rows.ts';

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One item of a commit's transaction, and what it means when its condition does not hold. */
export type CommitItem = { readonly item: TransactItem; readonly refusal?: CommitResult };

export type TableNames = {
  readonly state: () => string;
  readonly operations: () => string;
  readonly inbox: () => string;
};

/** How long a mark outlives its delivery: longer than any sender sends again, as long as the archive keeps raw messages. */
const MARK_DAYS = 30;

export function commitItems({ aggregates, inbox, operation, now }: Commit, tables: TableNames): CommitItem[] {
  return [
    ...aggregates.flatMap((write) => aggregateItems(write, now, tables)),
    ...(operation ? [operationItem(operation, tables)] : []),
    ...(inbox ? [inboxItem(inbox, now, tables)] : []),
  ];
}

function aggregateItems(write: AggregateWrite, now: string, tables: TableNames): CommitItem[] {
  const TableName = tables.state();
  const row = journalRow(write);
  const opening = new Map(write.casesToOpen.map((found) => [found.code, found]));
  const setting = new Map(write.timersToSet.map((timer) => [timer.name, timer]));
  return [
    stateItem(write, TableName),
    ...(row ? [{ item: { Put: { TableName, Item: journalItem(row, write.foreignId) } } }] : []),
    ...write.operations.map((operation) => ({
      item: {
        Put: {
          TableName: tables.operations(),
          Item: operationRow(operation),
          ConditionExpression: 'attribute_not_exists(#key)',
          ExpressionAttributeNames: { '#key': 'key' },
        },
      },
      refusal: { kind: 'operation-exists' as const, key: operation.key },
    })),
    ...[...opening.values()].map((found) => ({ item: { Update: openCaseUpdate(TableName, write.key, found, now) } })),
    ...write.casesToClose
      .filter((code) => !opening.has(code))
      .map((code) => ({ item: { Update: closeCaseUpdate(TableName, write.key, code, now) } })),
    ...[...setting.values()].map(({ name, dueAt }) => ({
      item: {
        Put: {
          TableName,
          Item: { pk: write.key, sk: timerSortKey(name), dueShard: dueShard(write.key), dueAt },
        },
      },
    })),
    ...write.timersToClear
      .filter((name) => !setting.has(name))
      .map((name) => ({ item: { Delete: { TableName, Key: { pk: write.key, sk: timerSortKey(name) } } } })),
  ];
}

function stateItem(write: AggregateWrite, TableName: string): CommitItem {
  const condition =
    write.expectedVersion === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#version = :expected',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':expected': write.expectedVersion },
        };
  return { item: { Put: { TableName, Item: stateRow(write), ...condition } }, refusal: { kind: 'conflict' } };
}

/** Opens a case or counts it once more. It is on its owner's list (a sparse index) while it is open. */
export function openCaseUpdate(TableName: string, subject: string, found: CaseToOpen, now: string) {
  const { owner, message, suggestedFix, moneyAtRisk } = found;
  const risk = moneyAtRisk ? ', moneyAtRisk = :risk' : '';
  return {
    TableName,
    Key: { pk: subject, sk: caseSortKey(found.code) },
    UpdateExpression:
      'SET code = :code, #owner = :owner, openOwner = :owner, message = :message, suggestedFix = :fix, #status = :open, ' +
      `#count = if_not_exists(#count, :zero) + :one, firstSeenAt = if_not_exists(firstSeenAt, :now), lastSeenAt = :now${risk} ` +
      `REMOVE closedAt${moneyAtRisk ? '' : ', moneyAtRisk'}`,
    ExpressionAttributeNames: { '#owner': 'owner', '#status': 'status', '#count': 'count' },
    ExpressionAttributeValues: {
      ':code': found.code,
      ':owner': owner,
      ':message': message,
      ':fix': suggestedFix,
      ':open': 'open',
      ':zero': 0,
      ':one': 1,
      ':now': now,
      ...(moneyAtRisk && { ':risk': moneyAtRisk }),
    },
  };
}

export function closeCaseUpdate(TableName: string, subject: string, code: string, now: string) {
  return {
    TableName,
    Key: { pk: subject, sk: caseSortKey(code) },
    UpdateExpression: 'SET #status = :closed, closedAt = :now REMOVE openOwner',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':closed': 'closed', ':now': now },
  };
}

/** Moves an aggregate's own books on by one event about a case, if they are still as they were read. */
export function placeUpdate(
  TableName: string,
  subject: string,
  before: { readonly version: number; readonly sequence: number },
  openCases: readonly string[],
) {
  return {
    TableName,
    Key: { pk: subject, sk: STATE_ROW },
    UpdateExpression: 'SET #version = :next, #sequence = :sequence, openCases = :cases',
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: { '#version': 'version', '#sequence': 'sequence' },
    ExpressionAttributeValues: {
      ':next': before.version + 1,
      ':sequence': before.sequence + 1,
      ':cases': openCases,
      ':version': before.version,
    },
  };
}

function operationItem({ row, expectedRevision }: NonNullable<Commit['operation']>, tables: TableNames): CommitItem {
  return {
    item: { Put: { TableName: tables.operations(), Item: operationRow(row), ...ifRevision(expectedRevision) } },
    refusal: { kind: 'conflict' },
  };
}

export const ifRevision = (revision: number) => ({
  ConditionExpression: 'revision = :revision',
  ExpressionAttributeValues: { ':revision': revision },
});

function inboxItem(mark: InboxMark, now: string, tables: TableNames): CommitItem {
  const expiresAt = Math.floor(Date.parse(now) / 1000) + MARK_DAYS * 86_400;
  return {
    item: {
      Put: {
        TableName: tables.inbox(),
        Item: { ...mark, expiresAt },
        ConditionExpression: 'attribute_not_exists(mailbox)',
      },
    },
    refusal: { kind: 'seen' },
  };
}
