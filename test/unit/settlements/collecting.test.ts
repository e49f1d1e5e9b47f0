import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListedSettlement, SettlementSource } from '#application/ports/settlement-files.ts';
import { collectForPoll, collectSettlement } from '#application/settlements/collect-settlement.ts';
import { NOT_COLLECTED, pollSettlements } from '#application/settlements/poll-settlements.ts';
import { PartnerConfigurationError, PoisonError, TransientError } from '#core/kernel/errors.ts';
import { MemorySettlementDrop, MemorySettlementRequests } from '#platform/memory/settlement-files.ts';
import { MemoryStore } from '#platform/memory/store.ts';

const NOW = '2026-11-25T10:00:00.000Z';
const ACCOUNT = { channel: 'shopify', account: 'main', from: '2026-11-01' };
const signal = new AbortController().signal;

const on = (day: number, settlementId = `P${day}`, standing: ListedSettlement['standing'] = 'closed') => ({
  settlementId,
  issuedAt: `2026-11-${String(day).padStart(2, '0')}T05:00:00.000Z`,
  standing,
});

const NOTHING_ELSE = {
  ...{ expectedVersion: 0, sequence: 1, openCases: [], events: [], operations: [] },
  ...{ casesToOpen: [], casesToClose: [], timersToSet: [], timersToClear: [] },
};

/** A channel that lists what it has, and the day from which on it was asked. */
function house(...has: ListedSettlement[]) {
  const store = new MemoryStore();
  const asked: string[] = [];
  const channel = { has, fails: undefined as Error | undefined };
  const source: SettlementSource = {
    format: 'shopify-payouts',
    async *list(since) {
      asked.push(since);
      for (const one of channel.has) if (one.issuedAt >= since) yield one;
      if (channel.fails) throw channel.fails;
    },
    fetch: async () => new Uint8Array(),
  };
  const requests = new MemorySettlementRequests();
  const ports = { store, cases: store.cases, cursors: store.cursors, source, requests };
  return {
    channel,
    store,
    ports,
    requests,
    asked,
    poll: (account = ACCOUNT) => pollSettlements(ports, account, NOW, signal),
    /** It was imported, by whatever way its file came. */
    async imported(id: string) {
      const key = `SETTLEMENT#shopify#main#${id}`;
      await store.commit({ now: NOW, aggregates: [{ ...NOTHING_ELSE, key, state: { status: 'posted' } }] });
    },
    cases: async () => (await store.cases.listOpen({ limit: 9 })).map(({ code, owner }) => ({ code, owner })),
    ids: () => requests.asked.splice(0).map(({ settlementId }) => settlementId),
  };
}

describe('polling for settlements', () => {
  it('asks for what is closed and unknown here, and for nothing else', async () => {
    const { poll, imported, ids } = house(on(3), on(4), on(5, 'open', 'open'));
    await imported('P3');
    expect(await poll()).toEqual({ listed: 3, asked: 1, waiting: 1 });
    expect(ids()).toEqual(['P4']);
  });

  it('never passes what is open or was not imported, however much comes after it', async () => {
    const { channel, poll, imported, ids, asked } = house(on(3), on(4, 'P4', 'open'), on(20), on(24));
    await poll();
    for (const id of ['P20', 'P24']) await imported(id);
    expect(ids()).toEqual(['P3', 'P20', 'P24']);
    await poll();
    expect(ids()).toEqual(['P3']);
    await imported('P3');
    channel.has = [on(4), on(20), on(24)];
    await poll();
    expect(ids()).toEqual(['P4']);
    await imported('P4');
    await poll();
    await poll();
    expect(ids()).toEqual([]);
    expect(asked.map((at) => at.slice(0, 10))).toEqual([
      ...['2026-11-01', '2026-11-03', '2026-11-03', '2026-11-04'],
      // Three days back: one may turn up late in the list.
      '2026-11-21',
    ]);
  });

  it('leaves out what was issued before the day that is set, should the channel list it all the same', async () => {
    const { ports, poll, ids } = house();
    ports.source.list = async function* () {
      yield* [on(1, 'old'), on(3)];
    };
    expect(await poll({ ...ACCOUNT, from: '2026-11-02' })).toEqual({ listed: 1, asked: 1, waiting: 0 });
    expect(ids()).toEqual(['P3']);
  });

  it('begins anew for who sets an earlier day, and never before the day that is set', async () => {
    const { poll, imported, ids, asked } = house(on(3), on(20));
    await imported('P20');
    await poll({ ...ACCOUNT, from: '2026-11-20' });
    await poll({ ...ACCOUNT, from: '2026-11-20' });
    expect(ids()).toEqual([]);
    await poll({ ...ACCOUNT, from: '2026-11-02' });
    expect(ids()).toEqual(['P3']);
    expect(asked).toEqual(['2026-11-20T00:00:00.000Z', '2026-11-20T00:00:00.000Z', '2026-11-02T00:00:00.000Z']);
  });

  it('asks for nothing and moves nothing when the list breaks off, or the requests are not taken', async () => {
    const { channel, ports, poll, ids, asked } = house(on(3), on(20));
    channel.fails = new TransientError('SHOPIFY_UNAVAILABLE', 'away');
    await expect(poll()).rejects.toThrow('away');
    expect(ids()).toEqual([]);
    channel.fails = undefined;
    const refusing = { ask: async () => Promise.reject(new TransientError('AWS_UNAVAILABLE', 'not taken')) };
    await expect(pollSettlements({ ...ports, requests: refusing }, ACCOUNT, NOW, signal)).rejects.toThrow('not taken');
    await poll();
    expect(ids()).toEqual(['P3', 'P20']);
    expect(new Set(asked)).toEqual(new Set(['2026-11-01T00:00:00.000Z']));
  });

  it('tells a person at once what only a person can mend, and closes the case by itself', async () => {
    const { channel, poll, cases, imported } = house(on(3));
    channel.fails = new PartnerConfigurationError('SHOPIFY_TOKEN_REFUSED', 'the token is refused');
    await expect(poll()).rejects.toThrow('refused');
    expect(await cases()).toEqual([{ code: NOT_COLLECTED, owner: 'integration' }]);
    channel.fails = undefined;
    await poll();
    // What is asked for may fail as it did before.
    expect(await cases()).toHaveLength(1);
    await imported('P3');
    await poll();
    expect(await cases()).toEqual([]);
  });

  it('does not let what it does not understand hold up the others, nor be forgotten', async () => {
    const { poll, cases, ids, store } = house(on(3, 'odd', { unknown: 'WITHHELD' }), on(4));
    await poll();
    expect(ids()).toEqual(['P4']);
    expect(await cases()).toEqual([{ code: NOT_COLLECTED, owner: 'integration' }]);
    const [found] = await store.cases.listOpen({ limit: 1 });
    expect(found?.message).toContain('settlement odd what is not known here: "WITHHELD"');
  });

  it('finds what shows in the list up to three days late', async () => {
    const { channel, poll, imported, ids } = house(on(20));
    await imported('P20');
    await poll();
    channel.has = [on(17, 'late'), on(16, 'too-late'), on(20)];
    await poll();
    expect(ids()).toEqual(['late']);
  });

  it('asks for every settlement until it is imported, whatever stays open or gets lost, and for how long', async () => {
    const settlement = fc.record({ day: fc.integer({ min: 1, max: 28 }), closes: fc.nat(6), losses: fc.nat(4) });
    await fc.assert(
      fc.asyncProperty(fc.array(settlement), async (settlements) => {
        const { channel, poll, imported, ids } = house();
        const lost = settlements.map(() => 0);
        const known = new Set<string>();
        for (let round = 0; round < 12; round++) {
          channel.has = settlements.map(({ day, closes }, at) => on(day, `${at}`, round < closes ? 'open' : 'closed'));
          await poll();
          for (const id of ids()) {
            const at = Number(id);
            expect(known).not.toContain(id);
            lost[at] = (lost[at] ?? 0) + 1;
            if (lost[at] <= (settlements[at]?.losses ?? 0)) continue;
            known.add(id);
            await imported(id);
          }
        }
        expect(known.size).toBe(settlements.length);
      }),
    );
  });
});

describe('collecting a settlement', () => {
  const wanted = { channel: 'shopify', account: 'main', settlementId: '88' };
  const KEY = 'settlements/shopify/main/shopify-payouts/collected-88.json';

  it('lays it into the drop under one name, over what it laid down before', async () => {
    const drop = new MemorySettlementDrop();
    let content = 'one';
    const source = sourceOf(async () => Buffer.from(content));
    expect(await collectSettlement({ source, drop }, wanted, signal)).toBe(KEY);
    content = 'two';
    await collectSettlement({ source, drop }, wanted, signal);
    expect([...drop.files].map(([key, bytes]) => [key, Buffer.from(bytes).toString()])).toEqual([[KEY, 'two']]);
  });

  it('never lays down what it was told before another was: the later word stays', async () => {
    const drop = new MemorySettlementDrop();
    await collectSettlement({ source: sourceOf(async () => Buffer.from('first')), drop }, wanted, signal);
    const source = sourceOf(async () => {
      await collectSettlement({ source: sourceOf(async () => Buffer.from('newest')), drop }, wanted, signal);
      return Buffer.from('stale');
    });
    const late = collectSettlement({ source, drop }, wanted, signal);
    await expect(late).rejects.toMatchObject({ kind: 'transient', code: 'DROP_MOVED_ON' });
    expect(Buffer.from(drop.files.get(KEY) ?? []).toString()).toBe('newest');
  });

  it('gives ids that can not stand in a name another form, each its own', async () => {
    const drop = new MemorySettlementDrop();
    const source = sourceOf(async () => new Uint8Array());
    for (const settlementId of ['a/b', 'a_b', 'a?b']) {
      await collectSettlement({ source, drop }, { ...wanted, settlementId }, signal);
    }
    expect(new Set(drop.files.keys()).size).toBe(3);
    for (const key of drop.files.keys()) expect(key.split('/')).toHaveLength(5);
  });

  it.each([
    ['away for now', new TransientError('SHOPIFY_UNAVAILABLE', 'away')],
    ['not to be understood', new PoisonError('SETTLEMENT_NOT_FILTERED', 'another payout')],
  ])('for a poll is a case when the channel is %s, and is let go: the next poll asks again', async (_how, error) => {
    const { cases } = new MemoryStore();
    const ports = { drop: new MemorySettlementDrop(), cases };
    const failing = sourceOf(async () => Promise.reject(error));
    expect(await collectForPoll({ ...ports, source: failing }, wanted, NOW, signal)).toEqual({ refused: error });
    expect(await cases.listOpen({ limit: 9 })).toMatchObject([
      { subject: 'DROP#shopify#main', code: NOT_COLLECTED, message: expect.stringContaining('settlement 88') },
    ]);
    const source = sourceOf(async () => Buffer.from('one'));
    expect(await collectForPoll({ ...ports, source }, wanted, NOW, signal)).toEqual({ key: KEY });
  });

  it('for a poll is no case when somebody laid it down meanwhile, and a bug stays one', async () => {
    const { cases } = new MemoryStore();
    const drop = new MemorySettlementDrop();
    const source = sourceOf(async () => {
      await collectSettlement({ source: sourceOf(async () => Buffer.from('newest')), drop }, wanted, signal);
      return Buffer.from('stale');
    });
    const collected = await collectForPoll({ drop, cases, source }, wanted, NOW, signal);
    expect(collected).toMatchObject({ refused: { code: 'DROP_MOVED_ON' } });
    expect(await cases.listOpen({ limit: 9 })).toEqual([]);
    const broken = sourceOf(async () => Promise.reject(new TypeError('a bug')));
    await expect(collectForPoll({ drop, cases, source: broken }, wanted, NOW, signal)).rejects.toThrow('a bug');
  });

  const sourceOf = (fetch: SettlementSource['fetch']): SettlementSource => ({
    format: 'shopify-payouts',
    async *list() {},
    fetch,
  });
});
