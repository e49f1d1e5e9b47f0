import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { aRow, givenTable, type Row } from './given-table.ts';

const LAG = 5_000;

describe('an index that lags behind', () => {
  function givenLaggingTable() {
    const clock = { now: 0, stale: false };
    const asked: string[] = [];
    const table = givenTable({
      now: () => clock.now,
      indexLagMs: LAG,
      staleIndexReads: (tableName, indexName) => {
        asked.push(`${tableName}/${indexName}`);
        return clock.stale;
      },
    });
    table.put(aRow('old', { dueShard: '0', dueAt: '5' }));
    clock.now = LAG + 1;
    return { ...table, clock, asked };
  }
  const names = (rows: Row[]) => rows.map(({ pk, dueAt }) => `${pk}@${dueAt}`);

  it('shows each row as it was before its latest change', () => {
    const { put, update, inIndex, get, send, clock, asked } = givenLaggingTable();
    put(aRow('new', { dueShard: '0', dueAt: '1' }));
    update('old', 'SET dueAt = :v', { ':v': '9' });
    expect(names(inIndex('due'))).toEqual(['new@1', 'old@9']);
    clock.stale = true;
    expect(names(inIndex('due'))).toEqual(['old@5']);
    expect(get('old')?.dueAt).toBe('9');
    update('old', 'REMOVE dueAt');
    expect(names(inIndex('due'))).toEqual(['old@9']);
    clock.stale = false;
    expect(names(inIndex('due'))).toEqual(['new@1']);
    send(
      new QueryCommand({
        TableName: 'rows',
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': 'a' },
      }),
    );
    expect(new Set(asked)).toEqual(new Set(['rows/due']));
  });

  it('holds back what it shows besides keys, where it shows it', () => {
    const { update, inIndex, clock } = givenLaggingTable();
    clock.stale = true;
    update('old', 'SET n = :v', { ':v': 1 });
    expect(inIndex('due')).toEqual([aRow('old', { dueShard: '0', dueAt: '5' })]);
    expect(inIndex('whole')).toEqual([aRow('old', { dueShard: '0', dueAt: '5' })]);
    clock.stale = false;
    expect(inIndex('whole')).toEqual([aRow('old', { dueShard: '0', dueAt: '5', n: 1 })]);
  });

  it('catches up row by row', () => {
    const { put, update, inIndex, clock } = givenLaggingTable();
    clock.stale = true;
    update('old', 'SET dueAt = :v', { ':v': '6' });
    put(aRow('new', { dueShard: '0', dueAt: '1' }));
    clock.now += LAG;
    update('old', 'SET dueAt = :v', { ':v': '7' });
    clock.now += 1;
    expect(names(inIndex('due'))).toEqual(['new@1', 'old@6']);
  });

  it('has caught up when the lag is over', () => {
    const { update, inIndex, clock } = givenLaggingTable();
    clock.stale = true;
    update('old', 'SET dueAt = :v', { ':v': '9' });
    clock.now += LAG;
    expect(names(inIndex('due'))).toEqual(['old@5']);
    clock.now += 1;
    expect(names(inIndex('due'))).toEqual(['old@9']);
  });
});
