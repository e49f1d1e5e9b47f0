import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authorizeReturn } from '#application/returns/authorize-return.ts';
import { keepSignals } from '#application/returns/keep-signals.ts';
import { renormalizeReasons } from '#application/returns/renormalize-reasons.ts';
import { monthIn } from '#core/kernel/calendar.ts';
import { driftDecider, driftReactions } from '#core/returns/reasons/drift.ts';
import { coverageOf, reasonsOf } from '#core/returns/reasons/history.ts';
import { type CanonicalReason, MARKETPLACE_REASONS, type ReasonMap } from '#core/returns/reasons.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { House } from './house.ts';
import { NOW } from './samples.ts';

const NO_RULES = {
  monthOf: monthIn('UTC'),
  remembers: false,
  hashKeys: async () => {
    throw new Error('nobody is hashed');
  },
};
const PLATFORM = { platform: 'loop', account: 'main' };
const ask = (returnId: string, lineId: string, reasonCode: string) => ({
  ...{ returnId, channel: 'shopify', account: 'main', orderId: '5001', requestedAt: NOW },
  lines: [{ lineId, quantity: 1, reasonCode }],
});
const knowing = (codes: Record<string, CanonicalReason>): ReasonMap => ({
  version: 'm-2',
  codes: { ...MARKETPLACE_REASONS.codes, ...codes },
});

/** Two returns with a code that no map knows, and one without; the bus has brought none of their events. */
async function asked(): Promise<House> {
  const house = new House();
  await house.shippedOrder();
  for (const request of [ask('R1', 'L1', 'Too pink'), ask('R2', 'L1', 'TOO PINK'), ask('R3', 'L2', 'DEFECTIVE')]) {
    await authorizeReturn(house.ports, PLATFORM, request, house.cause);
  }
  return house;
}

const deliver = async (house: House, events = house.published): Promise<void> => {
  for (const event of events) await keepSignals({ ...house.ports, ...NO_RULES }, event);
};

async function* returnsOf(house: House): AsyncGenerator<OpenReturn> {
  for (const key of house.store.keys.filter((one) => one.startsWith('RETURN#'))) yield await house.theReturn(key);
}

const driftCases = async (house: House) =>
  (await house.store.cases.listOpen({ limit: 100 })).filter(({ code }) => code.startsWith('REASON_DRIFT'));

const renormalize = (house: House, map: ReasonMap, apply: boolean) =>
  renormalizeReasons(house.ports, { returns: returnsOf(house), mapOf: () => map, apply }, house.cause);

describe('a code that no map knows', () => {
  it('is one case for its source, with all returns that wait, however often the bus brings them', async () => {
    const house = await asked();
    await deliver(house);
    await deliver(house);
    const [drift, ...others] = await driftCases(house);
    expect(others).toEqual([]);
    expect(drift).toMatchObject({
      ...{ subject: 'REASONS#loop#main', code: 'REASON_DRIFT#TOO PINK', owner: 'retail-operations', count: 2 },
      message: expect.stringContaining('2 wait'),
      suggestedFix: expect.stringContaining('crossdock reasons renormalize'),
    });
  });

  it('is shown, and nothing is written, by a dry run', async () => {
    const house = await asked();
    const before = house.published.length;
    expect(await renormalize(house, knowing({ 'TOO PINK': 'style-or-color' }), false)).toEqual({
      ...{ read: 3, changed: 2, written: 0 },
      differences: [{ source: 'loop/main', code: 'TOO PINK', after: 'style-or-color', lines: 2, returns: 2 }],
    });
    expect(house.published).toHaveLength(before);
  });

  it('closes its case by itself when a map knows it and the returns are read by that map', async () => {
    const house = await asked();
    await deliver(house);
    const map = knowing({ 'TOO PINK': 'style-or-color' });
    expect(await renormalize(house, map, true)).toMatchObject({ changed: 2, written: 2 });
    await deliver(house);
    expect(await driftCases(house)).toEqual([]);
    // Decided is decided: a person still looks at them, and the policy's own record stays as it was.
    const one = await house.theReturn('RETURN#loop#main#R1');
    expect(one.status).toBe('review');
    expect(one.authorization.lines[0]?.reason.canonical).toBeUndefined();
    expect(reasonsOf(one)[0]?.reason).toEqual({
      given: 'Too pink',
      canonical: 'style-or-color',
      mappingVersion: 'm-2',
    });
    expect(await renormalize(house, map, true)).toMatchObject({ changed: 0, written: 0 });
  });

  it('stays a case while one return is left', async () => {
    const house = await asked();
    await deliver(house);
    const map = knowing({ 'TOO PINK': 'style-or-color' });
    await house.ports.store.load('RETURN#loop#main#R1');
    const only = async function* () {
      yield await house.theReturn('RETURN#loop#main#R1');
    };
    await renormalizeReasons(house.ports, { returns: only(), mapOf: () => map, apply: true }, house.cause);
    await deliver(house);
    expect(await driftCases(house)).toHaveLength(1);
  });

  it('opens its case again when a later map has lost it', async () => {
    const house = await asked();
    await renormalize(house, knowing({ 'TOO PINK': 'style-or-color' }), true);
    await deliver(house);
    expect(await driftCases(house)).toEqual([]);
    await renormalize(house, MARKETPLACE_REASONS, true);
    await deliver(house);
    expect(await driftCases(house)).toHaveLength(1);
  });

  it('comes to the same whatever the order of the events', async () => {
    const house = await asked();
    await renormalize(house, knowing({ 'TOO PINK': 'style-or-color' }), true);
    const events = house.published;
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
        async (order) => {
          const again = await asked();
          await renormalize(again, knowing({ 'TOO PINK': 'style-or-color' }), true);
          await deliver(again, order);
          expect(await driftCases(again)).toEqual([]);
          expect((await again.store.load('REASONS#loop#main'))?.state).toEqual({ waiting: {} });
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('the count of unknown codes', () => {
  it('does not grow without end when a platform makes codes up', () => {
    let state = driftDecider.initial;
    for (let n = 0; n < 300; n++) {
      const command = { type: 'count-reasons', source: 'loop/main', unmapped: [`MADE_UP_${n}`], mapped: [] } as const;
      const decision = driftDecider.decide(command, state);
      if (decision.kind !== 'accepted') throw new Error('counted');
      state = decision.events.reduce(driftDecider.evolve, state);
      driftReactions(decision.events, state);
    }
    expect(Object.keys(state.waiting)).toHaveLength(201);
    expect(state.waiting['*']).toBe(100);
  });
});

describe('coverage', () => {
  it('is counted by source, with the codes that are not known', async () => {
    const house = await asked();
    const returns: OpenReturn[] = [];
    for await (const one of returnsOf(house)) returns.push(one);
    expect(coverageOf(returns)).toEqual([
      { source: 'loop/main', lines: 3, mapped: 1, unmapped: [{ code: 'TOO PINK', lines: 2, returns: 2 }] },
    ]);
    await renormalize(house, knowing({ 'TOO PINK': 'style-or-color' }), true);
    const after: OpenReturn[] = [];
    for await (const one of returnsOf(house)) after.push(one);
    expect(coverageOf(after)).toEqual([{ source: 'loop/main', lines: 3, mapped: 3, unmapped: [] }]);
  });
});
