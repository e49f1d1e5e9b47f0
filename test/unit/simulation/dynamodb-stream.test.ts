import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { type AttributeValue, rowOfImage } from '#platform/aws/attribute-values.ts';
import { aRow, givenTable } from './given-table.ts';

describe('a stream', () => {
  function givenStream() {
    const table = givenTable();
    const records: DynamoDBRecord[] = [];
    table.sim.onStream((record) => records.push(record));
    const told = () =>
      records.map(({ eventName, dynamodb }) => [
        eventName,
        dynamodb?.Keys?.pk?.S,
        dynamodb?.NewImage && rowOfImage(dynamodb.NewImage as Record<string, AttributeValue>),
      ]);
    return { ...table, records, told };
  }

  it('tells of each change in order, with what became of the row', () => {
    const { put, update, transact, putItem, records, told } = givenStream();
    const row = aRow('a', { n: 1, list: ['x', null, true, { deep: 2 }] });
    put(row);
    update('a', 'SET n = :v', { ':v': 2 });
    transact([{ Delete: { TableName: 'rows', Key: aRow('a') } }, putItem(aRow('b'))]);
    expect(told()).toEqual([
      ['INSERT', 'a', row],
      ['MODIFY', 'a', { ...row, n: 2 }],
      ['REMOVE', 'a', undefined],
      ['INSERT', 'b', aRow('b')],
    ]);
    const numbers = records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
    expect(numbers).toEqual([...new Set(numbers)].sort());
    expect(JSON.parse(JSON.stringify(records[0])).dynamodb).toMatchObject({ NewImage: { n: { N: '1' } } });
  });

  it('is silent about writes that change nothing, or are refused, or look only', () => {
    const { put, update, transact, putItem, told } = givenStream();
    put(aRow('a', { n: 1, map: { list: [1] } }));
    put(aRow('a', { n: 1, map: { list: [1] } }));
    update('a', 'SET n = :v', { ':v': 1 });
    const there = { TableName: 'rows', Key: aRow('a'), ConditionExpression: 'attribute_exists(pk)' };
    transact([{ ConditionCheck: there }]);
    const absent = { ...there, ConditionExpression: 'attribute_not_exists(pk)' };
    expect(() => transact([putItem(aRow('b')), { ConditionCheck: absent }])).toThrow('Transaction cancelled');
    expect(told().length).toBe(1);
  });

  it('tells of a transaction when all of it is done', () => {
    const { sim, transact, putItem, get } = givenTable();
    const seen: unknown[] = [];
    sim.onStream(() => seen.push(get('b')));
    transact([putItem(aRow('a')), putItem(aRow('b'))]);
    expect(seen).toEqual([aRow('b'), aRow('b')]);
  });
});
