import { BatchGetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { aRow, givenTable, type Row } from './given-table.ts';

const MINUTE = 60_000;

describe('the simulated DynamoDB', () => {
  it('keeps rows apart from what callers gave and got', () => {
    const { put, get, update } = givenTable();
    const given = aRow('a', { list: [{ n: 1 }], tags: new Set(['x']) });
    const value = { n: 1 };
    put(given);
    update('a', 'SET extra = :v, third = :v', { ':v': value });
    (given.list as Row[])[0] = { n: 9 };
    value.n = 9;
    const got = get('a') as { tags: Set<string> };
    got.tags.add('y');
    expect(get('a')).toEqual(aRow('a', { list: [{ n: 1 }], tags: new Set(['x']), extra: { n: 1 }, third: { n: 1 } }));
  });

  it('finds out who changes what he has read', () => {
    const { put, get, update } = givenTable();
    put(aRow('a', { list: [{ n: 1 }], map: { n: 1 } }));
    put(aRow('b', { list: [{ n: 1 }], tags: new Set(['x']) }));
    update('a', 'SET extra = :v', { ':v': { n: 1 } });
    const got = get('a') as { n: number; list: { n: number }[]; map: { n: number }; extra: { n: number } };
    const beside = get('b') as { list: { n: number }[] };
    const changes = [
      () => got.list.push({ n: 9 }),
      () => ((got.list[0] as { n: number }).n = 9),
      () => (got.map.n = 9),
      () => (got.n = 9),
      () => beside.list.push({ n: 9 }),
    ];
    for (const change of changes) expect(change).toThrow(TypeError);
  });

  it('weighs and measures what it has stored before as if it were new', () => {
    const { put, get } = givenTable();
    const nested = (value: unknown, deep: number): unknown => (deep === 0 ? value : { in: nested(value, deep - 1) });
    put(aRow('a', { deep: nested('x'.repeat(500), 20), large: { text: 'x'.repeat(150_000) } }));
    const { deep, large } = get('a') as Row;
    put(aRow('b', { deep: nested(deep, 11), large, again: large }));
    expect(get('b')).toEqual(aRow('b', { deep: nested('x'.repeat(500), 31), large, again: large }));
    expect(() => put(aRow('b', { deep: nested(deep, 12) }))).toThrow('Nesting Levels');
    expect(() => put(aRow('b', { large, again: large, oncemore: large }))).toThrow('maximum allowed size');
  });

  it('shows its rows to whoever checks them', () => {
    const { sim, put } = givenTable();
    put(aRow('a', { n: 1 }));
    put(aRow('b'));
    expect([...(sim.tables.get('rows')?.values() ?? [])]).toEqual([aRow('a', { n: 1 }), aRow('b')]);
  });

  it.each([
    [
      'a command',
      new (class ExecuteStatementCommand {
        readonly input = {};
      })(),
    ],
    ['a parameter', new PutCommand({ TableName: 'rows', Item: aRow('a'), Expected: {} })],
    ['a parameter within a transaction', transactionOf({ Put: { Item: aRow('a'), ReturnValues: 'NONE' } })],
    [
      'a function of a condition',
      new PutCommand({ TableName: 'rows', Item: aRow('a'), ConditionExpression: 'size(pk) > sk' }),
    ],
    ['a place in a list as target', updateOf('REMOVE parts[0]')],
    ['a fraction in a sum', updateOf('SET n = :a + :b', { ':a': 0.1, ':b': 0.2 })],
    ['binary', new PutCommand({ TableName: 'rows', Item: aRow('a', { bytes: new Uint8Array(1) }) })],
    ['what it should return', new PutCommand({ TableName: 'rows', Item: aRow('a'), ReturnValues: 'UPDATED_NEW' })],
  ])('refuses loudly what it does not simulate: %s', (_what, command) => {
    expect(() => givenTable().send(command)).toThrow(/is not simulated/);
  });

  it.each([
    ['an object of a class', new Date(0)],
    ['no number', Number.NaN],
    ['a number that is not safe', 2 ** 53],
    ['an empty set', new Set()],
  ])('takes no value that the document client takes not: %s', (_what, value) => {
    expect(() => givenTable().put(aRow('a', { value }))).toThrow(Error);
  });

  it('refuses an update that an index could not follow', () => {
    const { put, update } = givenTable();
    put(aRow('a'));
    expect(() => update('a', 'SET dueAt = :v', { ':v': 5 })).toThrow(/Index Key dueAt/);
  });

  it('makes what one item of a transaction may not do a reason', () => {
    const { transact, putItem } = givenTable();
    const wrong = { Update: { TableName: 'rows', Key: aRow('b'), UpdateExpression: 'SET n = absent' } };
    expect(() => transact([putItem(aRow('a')), wrong])).toThrow(
      expect.objectContaining({
        name: 'TransactionCanceledException',
        CancellationReasons: [{ Code: 'None' }, expect.objectContaining({ Code: 'ValidationError' })],
      }),
    );
  });

  it('forgets the token of a transaction after ten minutes', () => {
    let now = 0;
    const { transact, get } = givenTable({ now: () => now });
    const add = [{ Update: { TableName: 'rows', Key: aRow('a'), ...ADD_ONE } }];
    transact(add, 'token');
    now = 10 * MINUTE - 1;
    transact(add, 'token');
    expect(get('a')?.n).toBe(1);
    now = 10 * MINUTE;
    transact(add, 'token');
    expect(get('a')?.n).toBe(2);
  });

  it('answers a batch in another order than asked for', () => {
    const { put, send } = givenTable();
    const Keys = [aRow('a'), aRow('b')];
    for (const key of Keys) put(key);
    const { Responses } = send(new BatchGetCommand({ RequestItems: { rows: { Keys } } }));
    expect(Responses).toEqual({ rows: [aRow('b'), aRow('a')] });
  });

  it('leaves keys of a batch over when their rows exceed 16 MB', () => {
    const { put, send } = givenTable();
    const Keys = Array.from({ length: 50 }, (_, n) => aRow(`k${n}`));
    for (const key of Keys) put({ ...key, text: 'x'.repeat(400_000) });
    const { Responses, UnprocessedKeys } = send(new BatchGetCommand({ RequestItems: { rows: { Keys } } })) as {
      Responses: { rows: Row[] };
      UnprocessedKeys: { rows: { Keys: Row[] } };
    };
    expect(Responses.rows.length).toBe(41);
    expect(UnprocessedKeys.rows.Keys).toEqual(Keys.slice(41));
  });

  it('ends every page where the simulation wants it', () => {
    const { put, send } = givenTable({ pageSize: 2 });
    for (const sk of ['1', '2', '3']) put({ pk: 'a', sk });
    const query = { TableName: 'rows', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'a' } };
    expect(send(new QueryCommand({ ...query, Limit: 3 }))).toMatchObject({ Count: 2, LastEvaluatedKey: { sk: '2' } });
    expect(send(new QueryCommand({ ...query, Limit: 1 }))).toMatchObject({ Count: 1 });
  });
});

const ADD_ONE = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': 1 } };

function transactionOf(...items: Record<string, object>[]): TransactWriteCommand {
  const TransactItems = items.map((item) =>
    Object.fromEntries(Object.entries(item).map(([kind, what]) => [kind, { TableName: 'rows', ...what }])),
  );
  return new TransactWriteCommand({ TransactItems });
}

function updateOf(UpdateExpression: string, ExpressionAttributeValues?: Row): UpdateCommand {
  return new UpdateCommand({ TableName: 'rows', Key: aRow('a'), UpdateExpression, ExpressionAttributeValues });
}
