import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { PLACES, type Rows } from './dynamodb-places.ts';

type Row = Record<string, unknown>;

const ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' };
const invalid = { name: 'ValidationException' };
const failed = { name: 'ConditionalCheckFailedException' };
const cancelled = (...codes: string[]) => ({
  name: 'TransactionCanceledException',
  CancellationReasons: codes.map((Code) => expect.objectContaining({ Code })),
});

const nested = (depth: number): unknown => (depth === 0 ? 1 : { in: nested(depth - 1) });

/** What no table takes, and what is just allowed. */
const WRONG_ROWS: readonly [string, Row][] = [
  ['no sort key', { pk: 'a' }],
  ['a key that is empty', { pk: 'a', sk: '' }],
  ['a key that is no text', { pk: 5, sk: '1' }],
  ['a sort key that is too long', { pk: 'a', sk: 'x'.repeat(1025) }],
  ['a partition key that is too long', { pk: 'é'.repeat(1025), sk: '1' }],
  ['an index key that is no text', { pk: 'a', sk: '1', dueShard: '0', dueAt: 5 }],
  ['an index key that is empty', { pk: 'a', sk: '1', dueAt: '' }],
  ['more than 400 KB', { pk: 'a', sk: '1', text: 'x'.repeat(400 * 1024 - 9) }],
  ['more than 400 KB in letters of two bytes', { pk: 'a', sk: '1', text: 'é'.repeat(200 * 1024 - 4) }],
  ['maps too deep in each other', { pk: 'a', sk: '1', map: nested(32) }],
];
const LARGEST_ROWS: readonly [string, Row][] = [
  ['a long sort key', { pk: 'a', sk: 'x'.repeat(1024) }],
  ['400 KB', { pk: 'a', sk: '1', text: 'x'.repeat(400 * 1024 - 10) }],
  ['maps deep in each other', { pk: 'a', sk: '1', map: nested(31) }],
];

const QUERIES: readonly [string, Row, string[] | 'refused'][] = [
  ['pk = :pk', {}, ['s0', 's1', 's2', 's3', 's4']],
  ['pk = :pk AND sk = :a', { ':a': 's3' }, ['s3']],
  ['sk < :a AND pk = :pk', { ':a': 's2' }, ['s0', 's1']],
  ['pk = :pk AND sk <= :a', { ':a': 's2' }, ['s0', 's1', 's2']],
  ['pk = :pk AND sk > :a', { ':a': 's2' }, ['s3', 's4']],
  ['(pk = :pk) AND (sk >= :a)', { ':a': 's2x' }, ['s3', 's4']],
  ['pk = :pk AND sk BETWEEN :a AND :b', { ':a': 's1', ':b': 's2' }, ['s1', 's2']],
  ['pk = :pk AND begins_with(sk, :a)', { ':a': 's4' }, ['s4']],
  ['pk = :pk AND sk <> :a', { ':a': 's4' }, 'refused'],
  ['pk = :pk AND sk BETWEEN :a AND :b', { ':a': 's2', ':b': 's1' }, 'refused'],
  ['pk = :pk AND contains(sk, :a)', { ':a': 's4' }, 'refused'],
  ['pk = :pk AND number = :a', { ':a': 4 }, 'refused'],
  ['pk = :pk AND sk = :a', { ':a': '' }, 'refused'],
  ['pk = :pk OR sk = :a', { ':a': 's4' }, 'refused'],
  ['pk > :pk', {}, 'refused'],
];

describe.each(PLACES)('requests to DynamoDB ($name)', ({ open }) => {
  let rows: Rows;
  beforeAll(async () => {
    rows = await open();
    await rows.putAll(
      [0, 1, 2, 3, 4].map((n) => ({ pk: 'q', sk: `s${n}`, nth: n, dueShard: '0', dueAt: `d${9 - n}` })),
    );
  });
  const sortKeys = ({ Items }: Row) => (Items as Row[]).map(({ sk }) => sk);

  it.each(WRONG_ROWS)('refuses %s', (_what, row) => expect(rows.put(row)).rejects.toMatchObject(invalid));

  it.each(LARGEST_ROWS)('takes %s', (_what, row) => expect(rows.put(row)).resolves.toBeDefined());

  it('gives back what a write replaces when asked', async () => {
    expect((await rows.put({ pk: 'old', sk: '1', n: 1 }, { ReturnValues: 'ALL_OLD' })).Attributes).toBeUndefined();
    const replaced = await rows.put({ pk: 'old', sk: '1', n: 2 }, { ReturnValues: 'ALL_OLD' });
    expect(replaced.Attributes).toEqual({ pk: 'old', sk: '1', n: 1 });
    expect((await rows.delete('old', { ReturnValues: 'ALL_OLD' })).Attributes).toEqual({ pk: 'old', sk: '1', n: 2 });
  });

  it('shows what refused a condition when asked, in its own form', async () => {
    const row = { pk: 'shown', sk: '1', n: 1, list: ['a', null], set: new Set(['x']) };
    await rows.put(row);
    await expect(rows.put(row, ABSENT)).rejects.toSatisfy((error: { Item?: unknown }) => error.Item === undefined);
    await expect(rows.put(row, { ...ABSENT, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).rejects.toMatchObject({
      ...failed,
      Item: { pk: { S: 'shown' }, n: { N: '1' }, list: { L: [{ S: 'a' }, { NULL: true }] }, set: { SS: ['x'] } },
    });
  });

  it('refuses a key that is not as the table has it', async () => {
    await expect(rows.get('a', '1', { Key: { pk: 'a' } })).rejects.toMatchObject(invalid);
    await expect(rows.get('a', '1', { Key: { pk: 'a', sk: '1', n: 1 } })).rejects.toMatchObject(invalid);
    await expect(rows.get('a', '1', { TableName: 'rows-of-nobody' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('carries a transaction out as a whole', async () => {
    await rows.put({ pk: 'gone', sk: '1' });
    await rows.transact([
      { Put: { Item: { pk: 'made', sk: '1' }, ...ABSENT } },
      {
        Update: { Key: { pk: 'up', sk: '1' }, UpdateExpression: 'SET n = :v', ExpressionAttributeValues: { ':v': 1 } },
      },
      { Delete: { Key: { pk: 'gone', sk: '1' } } },
      { ConditionCheck: { Key: { pk: 'q', sk: 's0' }, ConditionExpression: 'attribute_exists(pk)' } },
    ]);
    expect(await Promise.all([rows.get('made', '1'), rows.get('up', '1'), rows.get('gone', '1')])).toEqual([
      { pk: 'made', sk: '1' },
      { pk: 'up', sk: '1', n: 1 },
      undefined,
    ]);
  });

  it('carries nothing of a transaction out when one item refuses, and says which', async () => {
    await rows.put({ pk: 'nested', sk: '1', map: { deep: { n: 1 } } });
    const nest = { UpdateExpression: 'SET #m.deep.n = :v', ExpressionAttributeNames: { '#m': 'map' } };
    const refused = await rows
      .transact([
        { Update: { Key: { pk: 'nested', sk: '1' }, ...nest, ExpressionAttributeValues: { ':v': 2 } } },
        { Put: { Item: { pk: 'q', sk: 's0' }, ...ABSENT } },
        { Delete: { Key: { pk: 'q', sk: 's1' }, ...ABSENT, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
      ])
      .catch((error) => error);
    expect(refused).toMatchObject(cancelled('None', 'ConditionalCheckFailed', 'ConditionalCheckFailed'));
    expect(refused).toBeInstanceOf(TransactionCanceledException);
    const [, silent, telling] = refused.CancellationReasons;
    expect(silent.Item).toBeUndefined();
    expect(telling.Item).toMatchObject({ sk: { S: 's1' }, nth: { N: '1' } });
    expect(await rows.get('nested', '1')).toEqual({ pk: 'nested', sk: '1', map: { deep: { n: 1 } } });
    expect(await rows.get('q', 's0')).toMatchObject({ nth: 0 });
  });

  it('looks at conditions of a transaction before any of its writes', async () => {
    await rows.put({ pk: 'before', sk: '1', n: 1 });
    const condition = { ConditionExpression: 'n = :v', ExpressionAttributeValues: { ':v': 2 } };
    await expect(
      rows.transact([
        { Put: { Item: { pk: 'before', sk: '2', n: 2 } } },
        { ConditionCheck: { Key: { pk: 'before', sk: '1' }, ...condition } },
      ]),
    ).rejects.toMatchObject(cancelled('None', 'ConditionalCheckFailed'));
  });

  const puts = (count: number, more: Row = {}) =>
    Array.from({ length: count }, (_, n) => ({ Put: { Item: { pk: `many-${count}`, sk: `${n}`, ...more } } }));

  it('takes a hundred items in a transaction, four megabytes, and each row once', async () => {
    await rows.transact(puts(100));
    await expect(rows.transact(puts(101))).rejects.toMatchObject(invalid);
    await expect(rows.transact([])).rejects.toMatchObject(invalid);
    await expect(rows.transact(puts(12, { text: 'x'.repeat(380_000) }))).rejects.toMatchObject(invalid);
    await expect(rows.transact([...puts(1), { Delete: { Key: { pk: 'many-1', sk: '0' } } }])).rejects.toMatchObject(
      invalid,
    );
    await expect(rows.transact([{}])).rejects.toMatchObject(invalid);
  });

  it('carries a transaction out once for its token', async () => {
    const token = `token-${rows.name}`;
    const add = (n: number) => [
      { Update: { Key: { pk: 'sum', sk: '1' }, UpdateExpression: 'ADD n :v', ExpressionAttributeValues: { ':v': n } } },
    ];
    await rows.transact(add(1), token);
    await rows.transact(add(1), token);
    await expect(rows.transact(add(2), token)).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    await rows.transact(add(1), `${token}-2`);
    expect((await rows.get('sum', '1'))?.n).toBe(2);
  });

  it.each(QUERIES)('finds by %s %o: %o', async (condition, values, found) => {
    const page = rows.query(condition, { ':pk': 'q', ...values });
    if (found === 'refused') await expect(page).rejects.toMatchObject(invalid);
    else expect(sortKeys(await page)).toEqual(found);
  });

  it('sorts texts by their bytes in UTF-8', async () => {
    const sorted = ['Z', 'a', 'z', 'ä', '\uE000', '\uFFFD', '\u{1F600}'];
    await rows.putAll([3, 6, 0, 5, 2, 1, 4].map((n) => ({ pk: 'sorted', sk: sorted[n] })));
    expect(sortKeys(await rows.query('pk = :pk', { ':pk': 'sorted' }))).toEqual(sorted);
  });

  it('ends a page at its limit, and says so even when nothing follows', async () => {
    const page = (more: Row) => rows.query('pk = :pk', { ':pk': 'q' }, more);
    expect(await page({ Limit: 2 })).toMatchObject({ Count: 2, LastEvaluatedKey: { pk: 'q', sk: 's1' } });
    expect(await page({ Limit: 5 })).toMatchObject({ Count: 5, LastEvaluatedKey: { pk: 'q', sk: 's4' } });
    expect((await page({ Limit: 6 })).LastEvaluatedKey).toBeUndefined();
    expect(sortKeys(await page({ ExclusiveStartKey: { pk: 'q', sk: 's2x' } }))).toEqual(['s3', 's4']);
    expect(sortKeys(await page({ ScanIndexForward: false, Limit: 2 }))).toEqual(['s4', 's3']);
    const back = { ScanIndexForward: false, ExclusiveStartKey: { pk: 'q', sk: 's2' } };
    expect(sortKeys(await page(back))).toEqual(['s1', 's0']);
    expect(await page({ ExclusiveStartKey: { pk: 'q', sk: 's4' } })).toMatchObject({ Count: 0 });
    await expect(page({ Limit: 0 })).rejects.toMatchObject(invalid);
    await expect(page({ ExclusiveStartKey: { pk: 'q' } })).rejects.toMatchObject(invalid);
    await expect(page({ ExclusiveStartKey: { pk: 'other', sk: 's1' } })).rejects.toMatchObject(invalid);
  });

  it('ends a page at a megabyte', async () => {
    for (const sk of ['1', '2', '3', '4']) await rows.put({ pk: 'large', sk, text: 'x'.repeat(300_000) });
    const first = await rows.query('pk = :pk', { ':pk': 'large' }, { ProjectionExpression: 'sk' });
    expect(first).toMatchObject({ Items: [{ sk: '1' }, { sk: '2' }, { sk: '3' }, { sk: '4' }] });
    await rows.put({ pk: 'large', sk: '5', text: 'x' });
    const again = await rows.query('pk = :pk', { ':pk': 'large' }, { ProjectionExpression: 'sk' });
    expect(again).toMatchObject({ Count: 4, LastEvaluatedKey: { pk: 'large', sk: '4' } });
  });

  it('filters after the limit has counted, by anything but keys', async () => {
    const filtered = (FilterExpression: string, value: unknown) =>
      rows.query('pk = :pk', { ':pk': 'q', ':v': value }, { FilterExpression, Limit: 3 });
    expect(await filtered('nth > :v', 1)).toMatchObject({
      Items: [{ nth: 2 }],
      Count: 1,
      ScannedCount: 3,
      LastEvaluatedKey: { sk: 's2' },
    });
    await expect(filtered('sk > :v', 's1')).rejects.toMatchObject(invalid);
  });

  it('shows in an index the rows that have its keys, in their order, keys alone or whole', async () => {
    await rows.putAll([
      { pk: 'p1', sk: '1', dueShard: '7', dueAt: 'd2', n: 1 },
      { pk: 'p2', sk: '1', dueShard: '7', dueAt: 'd1', colour: 'red', n: 2 },
      { pk: 'p3', sk: '1', dueShard: '7' },
    ]);
    const due = (more: Row = {}) =>
      rows.query('dueShard = :s AND dueAt <= :at', { ':s': '7', ':at': 'd2' }, { IndexName: 'due', ...more });
    expect((await due()).Items).toEqual([
      { pk: 'p2', sk: '1', dueShard: '7', dueAt: 'd1' },
      { pk: 'p1', sk: '1', dueShard: '7', dueAt: 'd2' },
    ]);
    const colours = await rows.query('colour = :c', { ':c': 'red' }, { IndexName: 'colours' });
    expect(colours.Items).toEqual([{ pk: 'p2', sk: '1', dueShard: '7', dueAt: 'd1', colour: 'red', n: 2 }]);
    const { LastEvaluatedKey } = await due({ Limit: 1 });
    expect(LastEvaluatedKey).toEqual({ pk: 'p2', sk: '1', dueShard: '7', dueAt: 'd1' });
    expect((await due({ ExclusiveStartKey: LastEvaluatedKey })).Items).toMatchObject([{ pk: 'p1' }]);
    await rows.update('p1', 'REMOVE dueAt');
    expect((await due()).Items).toMatchObject([{ pk: 'p2' }]);
    await expect(due({ ConsistentRead: true })).rejects.toMatchObject(invalid);
    await expect(due({ ProjectionExpression: 'n' })).rejects.toMatchObject(invalid);
    // LocalStack looks for the index itself, and names the error otherwise.
    await expect(due({ IndexName: 'nobodys' })).rejects.toThrow(/index/i);
  });

  it('reads many rows by key, each once, at most a hundred', async () => {
    const key = (sk: string) => ({ pk: 'q', sk });
    const { Responses, UnprocessedKeys } = await rows.batchGet([key('s1'), key('nobody'), key('s3')]);
    const found = (Responses as Record<string, Row[]>)[rows.name] as Row[];
    expect(found.map(({ sk }) => sk).sort()).toEqual(['s1', 's3']);
    expect(UnprocessedKeys).toEqual({});
    await expect(rows.batchGet([key('s1'), key('s1')])).rejects.toMatchObject(invalid);
    await expect(rows.batchGet(Array.from({ length: 101 }, (_, n) => key(`${n}`)))).rejects.toMatchObject(invalid);
  });

  it('scans page by page over all rows, each once, whatever its filter', async () => {
    const seen: unknown[] = [];
    let ExclusiveStartKey: unknown;
    do {
      const page: Row = await rows.scan({ Limit: 7, ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) });
      seen.push(...(page.Items as Row[]).map(({ pk, sk }) => `${pk} ${sk}`));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(['q s0', 'q s4', 'many-100 0', 'many-100 99', 'made 1']));
  });
});
