import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Case } from '#core/cases/case.ts';
import { documentClient } from '#platform/aws/document-client.ts';
import { caseOf, type Row, STATE_ROW, timerName } from '#platform/aws/rows.ts';
import { tableNames } from '#platform/aws/state-store.ts';
import { caseStore, journal, operationStore, stateStore } from '#platform/aws/stores.ts';
import type { DeployedStage } from '../stage.ts';
import type { FindPorts } from './find.ts';
import type { Chapter } from './story.ts';

/** The tables of a stage, read so that neither personal data nor a workflow's token ever leaves them. */
export function stageTables({ accounts }: DeployedStage): FindPorts {
  const read = new Map<string, Promise<Chapter | undefined>>();
  return {
    accounts,
    chapter(key) {
      const chapter = read.get(key) ?? readChapter(key);
      read.set(key, chapter);
      return chapter;
    },
    operation: (key) => operationStore().get(key),
    subjectsOf: (foreignId) => journal().subjectsOf(foreignId),
    delivered: async (mailbox, deliveryId) => (await stateStore().seen(mailbox, deliveryId))?.subject,
    async parked(deliveryId) {
      const open = await caseStore().listOpen({ owner: 'integration', limit: 1000 });
      const codes = [`MESSAGE_PARKED#${deliveryId}`, `MESSAGE_PUT_OFF#${deliveryId}`];
      return open.find(({ code }) => codes.includes(code))?.subject;
    },
  };
}

async function readChapter(key: string): Promise<Chapter | undefined> {
  const [state, rows, cases, told] = await Promise.all([
    stateRow(key),
    otherRows(key, 'PAUSE', 'WAIT#~'),
    otherRows(key, 'CASE#', 'CASE#~'),
    journal().history(key),
  ]);
  if (!state && rows.length + cases.length + told.length === 0) return undefined;
  const starting = (prefix: string): Row[] => rows.filter(({ sk }) => String(sk).startsWith(prefix));
  const pausedUntil = rows.find(({ sk }) => sk === 'PAUSE')?.pausedUntil;
  return {
    key,
    ...(state && { state: state.state, version: Number(state.version) }),
    journal: told,
    cases: cases.map((row): Case => caseOf(row)),
    timers: starting('TIMER#').map(({ sk, dueAt }) => ({ name: timerName(String(sk)), dueAt: String(dueAt) })),
    waits: starting('WAIT#').map(({ sk, since, dueAt }) => ({
      step: String(sk).slice('WAIT#'.length),
      since: String(since),
      checkAt: String(dueAt),
    })),
    ...(typeof pausedUntil === 'string' && { pausedUntil }),
  };
}

async function stateRow(pk: string): Promise<Row | undefined> {
  const read = new GetCommand({
    TableName: tableNames.state(),
    Key: { pk, sk: STATE_ROW },
    ProjectionExpression: '#state, #version',
    ExpressionAttributeNames: { '#state': 'state', '#version': 'version' },
    ConsistentRead: true,
  });
  return (await documentClient().send(read)).Item;
}

/** What may be read of cases, timers, waits and pauses. */
const SHOWN = [
  ...['pk', 'sk', 'code', 'owner', 'message', 'suggestedFix', 'moneyAtRisk', 'status', 'count', 'firstSeenAt'],
  ...['lastSeenAt', 'closedAt', 'dueAt', 'since', 'pausedUntil'],
];

async function otherRows(pk: string, from: string, to: string): Promise<Row[]> {
  const rows: Row[] = [];
  let ExclusiveStartKey: Row | undefined;
  do {
    const query: QueryCommand = new QueryCommand({
      TableName: tableNames.state(),
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
      ProjectionExpression: SHOWN.map((name) => `#${name}`).join(', '),
      ExpressionAttributeNames: Object.fromEntries(SHOWN.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
      ConsistentRead: true,
      ExclusiveStartKey,
    });
    const page = await documentClient().send(query);
    rows.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return rows;
}
