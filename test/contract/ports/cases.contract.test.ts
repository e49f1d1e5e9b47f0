import { beforeEach, describe, expect, it } from 'vitest';
import { caseClosedV1, caseOpenedV1 } from '#events/cases/case.ts';
import { envelopeOf } from '#events/envelope.ts';
import { aCase, aCommit, anEvent, at, KEY, NOW } from './given.ts';
import { WORLDS, type World } from './worlds.ts';

const PARTNER = 'TARGET#tryton#main';

describe.each(WORLDS)('the case store ($name)', ({ open }) => {
  let world: World;
  beforeEach(async () => {
    world = await open();
  });
  const eventsOf = async (subject: string) => (await world.journal.history(subject)).flatMap(({ events }) => events);

  it('lists open cases by owner, the latest first', async () => {
    await world.cases.open(PARTNER, aCase({ code: 'FIRST' }), at(1));
    await world.cases.open(PARTNER, aCase({ code: 'SECOND' }), at(2));
    await world.cases.open(
      PARTNER,
      aCase({ code: 'MONEY', owner: 'finance', moneyAtRisk: { minor: 5, currency: 'USD' } }),
      at(3),
    );
    const codes = async (query: { owner?: string; limit: number }) =>
      (await world.cases.listOpen(query)).map(({ code }) => code);
    expect(await codes({ owner: 'erp', limit: 10 })).toEqual(['SECOND', 'FIRST']);
    expect(await codes({ limit: 10 })).toEqual(['MONEY', 'SECOND', 'FIRST']);
    expect(await codes({ limit: 2 })).toEqual(['MONEY', 'SECOND']);
    expect(await codes({ owner: 'integration', limit: 10 })).toEqual([]);
  });

  it('opens and closes cases with a decision', async () => {
    await world.store.commit(aCommit({ casesToOpen: [aCase()], openCases: ['BOOKING_REFUSED'] }));
    const again = aCase({ message: 'refused once more', moneyAtRisk: { minor: 3650, currency: 'USD' } });
    await world.store.commit({
      ...aCommit({ expectedVersion: 1, casesToOpen: [again], openCases: ['BOOKING_REFUSED'] }),
      now: at(5),
    });
    expect(await world.cases.listOpen({ limit: 10 })).toEqual([
      { ...again, subject: KEY, status: 'open', count: 2, firstSeenAt: NOW, lastSeenAt: at(5) },
    ]);
    await world.store.commit(aCommit({ expectedVersion: 2, casesToClose: ['BOOKING_REFUSED'] }));
    expect(await world.cases.listOpen({ limit: 10 })).toEqual([]);
  });

  it('leaves a case open that one decision both closes and opens', async () => {
    const both = { casesToOpen: [aCase()], casesToClose: ['BOOKING_REFUSED'], openCases: ['BOOKING_REFUSED'] };
    await world.store.commit(aCommit(both));
    expect(await world.cases.listOpen({ limit: 10 })).toHaveLength(1);
  });

  it('tells of a case once while it is open, and again when it comes back', async () => {
    await world.cases.open(PARTNER, aCase(), NOW);
    await world.cases.open(PARTNER, aCase(), at(1));
    expect((await world.cases.listOpen({ limit: 10 }))[0]).toMatchObject({ count: 2, lastSeenAt: at(1) });
    await world.cases.close(PARTNER, 'BOOKING_REFUSED', at(2));
    await world.cases.close(PARTNER, 'BOOKING_REFUSED', at(3));
    expect(await world.cases.listOpen({ limit: 10 })).toEqual([]);
    await world.cases.open(PARTNER, aCase(), at(4));
    const events = await eventsOf(PARTNER);
    expect(events.map(({ type, envelope }) => [type, envelope.metadata.occurredAt])).toEqual(
      expect.arrayContaining([
        ['case.opened.v1', NOW],
        ['case.closed.v1', at(2)],
        ['case.opened.v1', at(4)],
      ]),
    );
    expect(events).toHaveLength(3);
    expect(new Set(events.map(({ envelope }) => envelope.metadata.id)).size).toBe(3);
    expect((await world.cases.listOpen({ limit: 10 }))[0]).toMatchObject({ count: 3, firstSeenAt: NOW });
    expect((await world.cases.listOpen({ limit: 10 }))[0]).not.toHaveProperty('closedAt');
  });

  it('tells it by the contract', async () => {
    await world.cases.open(PARTNER, aCase({ moneyAtRisk: { minor: 100, currency: 'EUR' } }), NOW);
    await world.cases.close(PARTNER, 'BOOKING_REFUSED', at(1));
    const [opened, closed] = (await eventsOf(PARTNER)).sort((a) => (a.type === 'case.opened.v1' ? -1 : 1));
    expect(envelopeOf(caseOpenedV1).parse(opened?.envelope).data).toMatchObject({ moneyAtRisk: { minor: 100 } });
    expect(envelopeOf(caseClosedV1).parse(closed?.envelope).data).toEqual({ code: 'BOOKING_REFUSED' });
  });

  it('closes nothing that was never opened', async () => {
    await world.cases.close(PARTNER, 'NONE', NOW);
    expect(await eventsOf(PARTNER)).toEqual([]);
  });

  it('keeps the books of an aggregate whose case came from outside', async () => {
    await world.store.commit(aCommit({ sequence: 1, events: [anEvent(1)], openCases: ['OWN'] }));
    await world.cases.open(KEY, aCase({ code: 'SHIPMENT_UNMATCHED#7' }), at(1));
    expect(await world.store.load(KEY)).toMatchObject({
      version: 2,
      sequence: 2,
      openCases: ['OWN', 'SHIPMENT_UNMATCHED#7'],
    });
    expect((await world.journal.history(KEY)).map(({ row }) => row)).toEqual([
      'EVENT#000000000001',
      'EVENT#000000000002',
    ]);
    await world.cases.open(KEY, aCase({ code: 'SHIPMENT_UNMATCHED#7' }), at(2));
    expect((await world.store.load(KEY))?.version).toBe(2);
    expect(await world.store.commit(aCommit({ expectedVersion: 1 }))).toEqual({ kind: 'conflict' });
    await world.cases.close(KEY, 'SHIPMENT_UNMATCHED#7', at(3));
    expect(await world.store.load(KEY)).toMatchObject({ version: 3, sequence: 3, openCases: ['OWN'] });
  });

  it('counts every one of many that find the same trouble at once', async () => {
    await Promise.all([1, 2, 3].map((minutes) => world.cases.open(PARTNER, aCase(), at(minutes))));
    expect((await world.cases.listOpen({ limit: 10 }))[0]?.count).toBe(3);
    expect(await eventsOf(PARTNER)).toHaveLength(1);
  });
});
