import { beforeEach, describe, expect, it } from 'vitest';
import { aCommit, aMark, anEvent, anOperation, at, aWrite, KEY, NOW } from './given.ts';
import { WORLDS, type World } from './worlds.ts';

describe.each(WORLDS)('the store ($name)', ({ open }) => {
  let world: World;
  beforeEach(async () => {
    world = await open();
  });

  it('gives back what was committed, version by version', async () => {
    expect(await world.store.load(KEY)).toBeUndefined();
    expect(await world.store.commit(aCommit({ sequence: 2, openCases: ['A'] }))).toEqual({ kind: 'committed' });
    expect(await world.store.load(KEY)).toEqual({
      state: { status: 'captured', number: '#1001' },
      version: 1,
      sequence: 2,
      openCases: ['A'],
    });
    await world.store.commit(aCommit({ expectedVersion: 1, state: { status: 'booked' } }));
    expect(await world.store.load(KEY)).toMatchObject({ state: { status: 'booked' }, version: 2, openCases: [] });
  });

  it('gives personal data back with the state', async () => {
    const state = {
      status: 'captured',
      personal: { email: 'bob.norman@mail.example.com', shipTo: { lines: ['Main 1'] } },
    };
    await world.store.commit(aCommit({ state }));
    expect((await world.store.load(KEY))?.state).toEqual(state);
  });

  it('keeps a row apart from the object that it came from and those that it gives out', async () => {
    const state = { lines: [{ quantity: 1 }] };
    await world.store.commit(aCommit({ state }));
    (state.lines[0] as { quantity: number }).quantity = 9;
    const loaded = await world.store.load<typeof state>(KEY);
    expect(loaded?.state.lines).toEqual([{ quantity: 1 }]);
    // The caller's own, or not to be changed at all.
    if (!Object.isFrozen(loaded?.state.lines)) loaded?.state.lines.pop();
    expect((await world.store.load<typeof state>(KEY))?.state.lines).toEqual([{ quantity: 1 }]);
  });

  it('refuses whoever decided on an older version, and writes nothing of it', async () => {
    await world.store.commit(aCommit());
    const late = aCommit({ sequence: 1, events: [anEvent(1)], operations: [anOperation()] }, { inbox: aMark() });
    expect(await world.store.commit(late)).toEqual({ kind: 'conflict' });
    expect(await world.store.commit(aCommit({ expectedVersion: 2 }))).toEqual({ kind: 'conflict' });
    expect(await world.operations.get(anOperation().key)).toBeUndefined();
    expect(await world.store.seen('shopify#main', 'delivery-1')).toBeUndefined();
    expect(await world.journal.history(KEY)).toEqual([]);
    expect((await world.store.load(KEY))?.version).toBe(1);
  });

  it('says of a delivery that it was taken, even when its first taking has changed the version', async () => {
    const taken = aCommit({}, { inbox: aMark() });
    expect(await world.store.commit(taken)).toEqual({ kind: 'committed' });
    expect(await world.store.commit(taken)).toEqual({ kind: 'seen' });
    expect(await world.store.seen('shopify#main', 'delivery-1')).toEqual(aMark());
    expect(await world.store.seen('shopify#main', 'delivery-2')).toBeUndefined();
  });

  it('takes a mark alone', async () => {
    const alone = { now: NOW, aggregates: [], inbox: aMark({ outcome: 'ignored', why: 'a test message' }) };
    expect(await world.store.commit(alone)).toEqual({ kind: 'committed' });
    expect(await world.store.commit(alone)).toEqual({ kind: 'seen' });
  });

  it('plans an operation once for ever', async () => {
    await world.store.commit(aCommit({ operations: [anOperation()] }));
    const again = aCommit({ expectedVersion: 1, operations: [anOperation()] }, { inbox: aMark() });
    expect(await world.store.commit(again)).toEqual({ kind: 'operation-exists', key: anOperation().key });
    expect((await world.store.load(KEY))?.version).toBe(1);
    expect(await world.store.seen('shopify#main', 'delivery-1')).toBeUndefined();
  });

  it('calls a plan that comes from an old version a conflict, so that it is decided again', async () => {
    const commit = aCommit({ operations: [anOperation()] });
    await world.store.commit(commit);
    expect(await world.store.commit(commit)).toEqual({ kind: 'conflict' });
  });

  it('writes the end of an operation with what it means, if nobody has changed its row', async () => {
    await world.store.commit(aCommit({ operations: [anOperation()] }));
    const { dueAt: _due, ...open } = anOperation();
    const row = { ...open, status: 'applied' as const, revision: 2, ref: '17', endedAt: at(1) };
    const settle = aCommit(
      { expectedVersion: 1, state: { status: 'booked' } },
      { operation: { row, expectedRevision: 1 } },
    );
    expect(await world.store.commit(settle)).toEqual({ kind: 'committed' });
    expect(await world.operations.get(row.key)).toEqual(row);
    const again = aCommit({ expectedVersion: 2 }, { operation: { row: { ...row, ref: '18' }, expectedRevision: 1 } });
    expect(await world.store.commit(again)).toEqual({ kind: 'conflict' });
    expect((await world.operations.get(row.key))?.ref).toBe('17');
  });

  it('commits several aggregates or none', async () => {
    const other = aWrite({ key: 'RETURN#generic#main#R1' });
    await world.store.commit({ now: NOW, aggregates: [other] });
    expect(await world.store.commit({ now: NOW, aggregates: [aWrite(), other] })).toEqual({ kind: 'conflict' });
    expect(await world.store.load(KEY)).toBeUndefined();
  });

  it('journals every event as it is, and where operations go, in the order of the commits', async () => {
    const events = [anEvent(1), anEvent(2, { nested: { list: [1, 'two', null, true] } })];
    await world.store.commit(aCommit({ sequence: 2, events, operations: [anOperation()], foreignId: '#1001' }));
    await world.store.commit(aCommit({ expectedVersion: 1, sequence: 3, events: [anEvent(3)] }));
    expect(await world.journal.history(KEY)).toEqual([
      {
        key: KEY,
        row: 'EVENT#000000000002',
        events,
        operations: [{ key: anOperation().key, connector: 'tryton', account: 'main' }],
      },
      { key: KEY, row: 'EVENT#000000000003', events: [anEvent(3)], operations: [] },
    ]);
  });

  it('journals metadata that events do not share, and ids and sources that follow no rule', async () => {
    const one = anEvent(1);
    const { metadata } = one.envelope;
    const odd = {
      ...one,
      source: 'crossdock.elsewhere',
      envelope: {
        ...one.envelope,
        metadata: { ...metadata, id: 'own-id', sequence: 2, account: 'second', traceparent: 'trace' },
      },
    };
    await world.store.commit(aCommit({ sequence: 2, events: [one, odd] }));
    expect((await world.journal.history(KEY))[0]?.events).toEqual([one, odd]);
  });

  it('keeps operations that come without an event beside the row of the last event', async () => {
    await world.store.commit(aCommit({ sequence: 1, events: [anEvent(1)] }));
    await world.store.commit(aCommit({ expectedVersion: 1, sequence: 1, operations: [anOperation()] }));
    await world.store.commit(aCommit({ expectedVersion: 2, sequence: 1, operations: [anOperation('5002')] }));
    const rows = await world.journal.history(KEY);
    expect(rows.map(({ events, operations }) => [events.length, operations.length])).toEqual([
      [1, 0],
      [0, 1],
      [0, 1],
    ]);
  });

  it('journals nothing where there is nothing to tell', async () => {
    await world.store.commit(aCommit());
    expect(await world.journal.history(KEY)).toEqual([]);
  });
});
