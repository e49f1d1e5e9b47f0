import { QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttributeValue, rowOfImage } from '#platform/aws/attribute-values.ts';
import { SimDynamo } from '../../simulation/services/dynamodb/sim-dynamo.ts';

/** Transactions in words of a few rows, for the simulated DynamoDB and for a model that is plain to see. */
type Row = { pk: string; sk: string; version: number; note?: string; dueShard?: string; dueAt?: string };
type Item = {
  readonly does: 'put' | 'count' | 'settle' | 'delete' | 'check';
  readonly pk: string;
  readonly sk: string;
  readonly dueAt: string | undefined;
  readonly only: 'always' | 'if absent' | 'if there' | number;
};

const item: fc.Arbitrary<Item> = fc.record({
  does: fc.constantFrom('put', 'count', 'settle', 'delete', 'check'),
  pk: fc.constantFrom('a', 'b'),
  sk: fc.constantFrom('1', '2', '10'),
  dueAt: fc.constantFrom('t1', 't2', 't3', undefined),
  only: fc.constantFrom('always' as const, 'if absent' as const, 'if there' as const, 1, 2),
});

const TABLE = { name: 'rows', pk: 'pk', sk: 'sk', stream: true };
const DUE = { name: 'due', pk: 'dueShard', sk: 'dueAt', projection: 'keys-only' as const };

const idOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }): string => `${pk}/${sk}`;

function conditionOf(only: Item['only']): { ConditionExpression?: string; ExpressionAttributeValues?: object } {
  if (only === 'always') return {};
  if (only === 'if absent') return { ConditionExpression: 'attribute_not_exists(pk)' };
  if (only === 'if there') return { ConditionExpression: 'attribute_exists(pk)' };
  return { ConditionExpression: 'version = :seen', ExpressionAttributeValues: { ':seen': only } };
}

const ANY = { ConditionExpression: 'attribute_exists(pk) OR attribute_not_exists(pk)' };

function asRequest({ does, pk, sk, dueAt, only }: Item) {
  const Key = { TableName: 'rows', Key: { pk, sk } };
  const condition = conditionOf(only);
  const update = (UpdateExpression: string, values: object) => ({
    Update: {
      ...Key,
      ...condition,
      UpdateExpression,
      ExpressionAttributeValues: { ...condition.ExpressionAttributeValues, ...values },
    },
  });
  switch (does) {
    case 'put':
      return { Put: { TableName: 'rows', Item: { pk, sk, version: 1, dueShard: '0', dueAt }, ...condition } };
    case 'count':
      return update('SET version = if_not_exists(version, :zero) + :one', { ':zero': 0, ':one': 1 });
    case 'settle':
      return update('SET note = :note, version = :two REMOVE dueAt', { ':note': 'settled', ':two': 2 });
    case 'delete':
      return { Delete: { ...Key, ...condition } };
    case 'check':
      return { ConditionCheck: { ...Key, ...ANY, ...condition } };
  }
}

/** What the model's rows become; undefined when the transaction is refused. */
function model(rows: ReadonlyMap<string, Row>, items: readonly Item[]): Map<string, Row> | undefined {
  if (new Set(items.map(idOf)).size < items.length) return undefined;
  const allowed = items.every((one) => {
    const before = rows.get(idOf(one));
    if (one.only === 'always') return true;
    if (one.only === 'if absent') return before === undefined;
    return before !== undefined && (one.only === 'if there' || before.version === one.only);
  });
  if (!allowed) return undefined;
  const after = new Map(rows);
  for (const { does, pk, sk, dueAt } of items) {
    const id = idOf({ pk, sk });
    const before = after.get(id) ?? { pk, sk, version: 0 };
    if (does === 'put') after.set(id, { pk, sk, version: 1, dueShard: '0', ...(dueAt && { dueAt }) });
    if (does === 'count') after.set(id, { ...before, version: before.version + 1 });
    if (does === 'settle') {
      const { dueAt: _settled, ...rest } = before;
      after.set(id, { ...rest, note: 'settled', version: 2 });
    }
    if (does === 'delete') after.delete(id);
  }
  return after;
}

const query = (KeyConditionExpression: string, value: string, more: object = {}) =>
  new QueryCommand({ TableName: 'rows', KeyConditionExpression, ExpressionAttributeValues: { ':v': value }, ...more });

/** All pages of a query. */
function found(sim: SimDynamo, condition: string, value: string, more: object = {}): object[] {
  const items: object[] = [];
  let ExclusiveStartKey: object | undefined;
  do {
    const page = sim.apply(query(condition, value, { ...more, ExclusiveStartKey })) as {
      Items: object[];
      LastEvaluatedKey?: object;
    };
    items.push(...page.Items);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items;
}

function follow(replica: Map<string, object>, { dynamodb }: DynamoDBRecord): void {
  const [keys, image] = [dynamodb?.Keys, dynamodb?.NewImage].map(
    (part) => part && rowOfImage(part as Record<string, AttributeValue>),
  );
  const id = idOf(keys as Row);
  if (image) replica.set(id, image);
  else replica.delete(id);
}

const by =
  (...names: (keyof Row)[]) =>
  (a: Row, b: Row): number => {
    for (const name of names) if (a[name] !== b[name]) return (a[name] ?? '') < (b[name] ?? '') ? -1 : 1;
    return 0;
  };

describe('any transactions', () => {
  it('leave rows, queries, indexes and stream of the simulated DynamoDB as those of a plain model', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(item, { minLength: 1, maxLength: 4 }), { maxLength: 25 }),
        fc.integer({ min: 1, max: 3 }),
        (transactions, pageSize) => {
          const sim = new SimDynamo([{ ...TABLE, indexes: [DUE] }], { pageSize });
          const replica = new Map<string, object>();
          sim.onStream((record) => follow(replica, record));
          let rows = new Map<string, Row>();
          for (const items of transactions) {
            const after = model(rows, items);
            const carryOut = () => sim.apply(new TransactWriteCommand({ TransactItems: items.map(asRequest) }));
            if (after) carryOut();
            else expect(carryOut).toThrow(/cancelled|multiple operations/);
            rows = after ?? rows;
            const all = [...rows.values()].sort(by('pk', 'sk'));
            const stored = [...(sim.tables.get('rows')?.values() ?? [])] as Row[];
            expect(stored.sort(by('pk', 'sk'))).toEqual(all);
            expect(([...replica.values()] as Row[]).sort(by('pk', 'sk'))).toEqual(all);
            for (const pk of ['a', 'b']) {
              const ofOne = all.filter((row) => row.pk === pk);
              expect(found(sim, 'pk = :v', pk)).toEqual(ofOne);
              expect(found(sim, 'pk = :v', pk, { ScanIndexForward: false })).toEqual(ofOne.reverse());
            }
            const due = all.filter((row) => row.dueShard && row.dueAt).sort(by('dueAt', 'pk', 'sk'));
            expect(found(sim, 'dueShard = :v', '0', { IndexName: 'due' })).toEqual(
              due.map(({ pk, sk, dueShard, dueAt }) => ({ pk, sk, dueShard, dueAt })),
            );
          }
        },
      ),
    );
  });
});
