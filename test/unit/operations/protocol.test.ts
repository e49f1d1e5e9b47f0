import { describe, expect, it } from 'vitest';
import type { Operation, ProbeAnswer, ProbePolicy } from '#core/operations/operation.ts';
import {
  afterExecute,
  afterProbe,
  begin,
  DEFAULT_SETTINGS,
  handedOut,
  later,
  plan,
  replan,
  waitOrEscalate,
  withdraw,
} from '#core/operations/protocol.ts';

const NOW = '2026-11-23T10:00:00.000Z';
const at = (seconds: number): string => later(NOW, seconds);
const AUTHORITATIVE: ProbePolicy = { read: 'authoritative' };
const LAGGING: ProbePolicy = { read: 'lagging', visibilityLagSeconds: 60 };

const planned: Operation = plan(
  {
    key: 'erp/sales-order/shopify/main/5001',
    kind: 'erp/sales-order',
    target: { connector: 'tryton', account: 'main' },
    subject: 'ORDER#shopify#main#5001',
    content: { total: 100 },
  },
  NOW,
  'c-1',
);

function leased(operation: Operation = planned, now = NOW): Operation {
  const beginning = begin(operation, now, 'me');
  if (beginning.do === 'nothing') throw new Error(beginning.why);
  return beginning.operation;
}

describe('begin', () => {
  it('takes a lease before the first call and counts the attempt', () => {
    const beginning = begin(planned, NOW, 'me');
    expect(beginning).toMatchObject({
      do: 'execute',
      operation: {
        status: 'attempting',
        attempts: 1,
        revision: 2,
        lease: { owner: 'me', until: at(DEFAULT_SETTINGS.leaseSeconds) },
      },
    });
  });

  it('leaves an operation alone while somebody holds its lease', () => {
    expect(begin(leased(), at(DEFAULT_SETTINGS.leaseSeconds - 1), 'other')).toMatchObject({ do: 'nothing' });
  });

  it('probes an operation whose lease ran out: its call may have been cut off', () => {
    const found = begin(leased(), at(DEFAULT_SETTINGS.leaseSeconds + 1), 'other');
    expect(found).toMatchObject({
      do: 'probe',
      operation: { attempts: 1, lease: { owner: 'other' }, reason: { code: 'OUTCOME_UNKNOWN' } },
    });
  });

  it('never calls an ended one', () => {
    const applied = afterExecute(leased(), { kind: 'applied', ref: '7' }, AUTHORITATIVE, NOW);
    const rejected = withdraw(planned, { code: 'X', message: 'x' }, NOW);
    expect(begin(applied, at(9999), 'me')).toEqual({ do: 'nothing', why: 'already applied' });
    expect(begin(rejected, at(9999), 'me')).toEqual({ do: 'nothing', why: 'already rejected' });
  });

  it('waits until a deferred one is due', () => {
    const deferred = afterExecute(leased(), { kind: 'throttled', retryAfterSeconds: 30 }, AUTHORITATIVE, NOW);
    expect(begin(deferred, at(29), 'me')).toMatchObject({ do: 'nothing' });
    expect(begin(deferred, at(31), 'me')).toMatchObject({ do: 'execute', operation: { attempts: 2 } });
  });

  it('does not call a deferred one again just because the sweep handed it out', () => {
    const deferred = afterExecute(leased(), { kind: 'throttled', retryAfterSeconds: 30 }, AUTHORITATIVE, NOW);
    const swept = handedOut(deferred, at(31));
    expect(begin(swept, at(32), 'me')).toMatchObject({ do: 'execute' });
    expect(swept.dueAt).toBe(at(31 + DEFAULT_SETTINGS.watchdogSeconds));
  });
});

describe('a lost answer', () => {
  const unknown = afterExecute(leased(), { kind: 'unknown', cause: 'connection reset' }, AUTHORITATIVE, NOW);

  it('leaves the operation unknown, without a lease, due for a probe', () => {
    expect(unknown).toMatchObject({ status: 'unknown', unknownSince: NOW, reason: { code: 'OUTCOME_UNKNOWN' } });
    expect(unknown.lease).toBeUndefined();
    expect(unknown.dueAt).toBe(at(DEFAULT_SETTINGS.probeDelaySeconds));
  });

  it('is probed before anything else, and the probe is no attempt', () => {
    expect(begin(unknown, at(60), 'me')).toMatchObject({ do: 'probe', operation: { attempts: 1 } });
  });

  it('is applied when the probe finds it', () => {
    const settled = afterProbe(
      leased(unknown, at(60)),
      { kind: 'found', ref: '42', facts: { number: 'S1' } },
      AUTHORITATIVE,
      at(61),
    );
    expect(settled).toMatchObject({
      do: 'settle',
      operation: { status: 'applied', ref: '42', facts: { number: 'S1' } },
    });
    expect(settled.operation.unknownSince).toBeUndefined();
    expect(settled.operation.dueAt).toBeUndefined();
  });

  it('is called again under the same key when an authoritative read says absent', () => {
    const again = afterProbe(leased(unknown, at(60)), { kind: 'absent' }, AUTHORITATIVE, at(61));
    expect(again).toMatchObject({ do: 'execute', operation: { key: planned.key, attempts: 2, status: 'attempting' } });
    expect(again.operation.unknownSince).toBeUndefined();
  });

  it('waits for the declared lag before absent means anything, then asks a person', () => {
    const early = afterProbe(leased(unknown, at(30)), { kind: 'absent' }, LAGGING, at(30));
    expect(early).toMatchObject({ do: 'wait', operation: { status: 'unknown', dueAt: at(60), unknownSince: NOW } });
    const late = afterProbe(leased(unknown, at(61)), { kind: 'absent' }, LAGGING, at(61));
    expect(late).toMatchObject({ do: 'escalate', operation: { status: 'unknown', unknownSince: NOW } });
  });

  it('goes to a person at once when the partner can not be asked', () => {
    expect(waitOrEscalate(unknown, { read: 'impossible' }, NOW, NOW)).toMatchObject({ do: 'escalate' });
  });

  it('stays unknown while the partner can not answer the probe', () => {
    const down = afterProbe(leased(unknown, at(60)), { kind: 'unavailable', cause: 'refused' }, AUTHORITATIVE, at(61));
    expect(down).toMatchObject({ do: 'wait', operation: { status: 'unknown', unknownSince: NOW } });
  });

  it('asks a partner that stays away ever more rarely, up to a bound, unless it has told when to come', () => {
    const waitOf = (since: number, answer: ProbeAnswer): number => {
      const after = afterProbe(leased(unknown, at(since)), answer, AUTHORITATIVE, at(since));
      return (Date.parse(after.operation.dueAt ?? '') - Date.parse(at(since))) / 1000;
    };
    const away = { kind: 'unavailable', cause: 'refused' } as const;
    expect([5, 60, 300, 7200].map((since) => waitOf(since, away))).toEqual([10, 60, 300, 900]);
    expect(waitOf(7200, { ...away, until: at(7230) })).toBe(30);
    expect(waitOf(7200, { kind: 'throttled', retryAfterSeconds: 30 })).toBe(30);
  });
});

describe('afterExecute', () => {
  it('takes the partner at its word on when to come back', () => {
    const told = afterExecute(leased(), { kind: 'throttled', retryAfterSeconds: 3600 }, AUTHORITATIVE, NOW);
    expect(told).toMatchObject({ status: 'deferred', dueAt: at(3600), reason: { code: 'THROTTLED' } });
    const until = afterExecute(leased(), { kind: 'unavailable', cause: 'x', until: at(7200) }, AUTHORITATIVE, NOW);
    expect(until).toMatchObject({ status: 'deferred', dueAt: at(7200) });
  });

  it('doubles the wait per attempt, up to a bound', () => {
    const waits = [1, 2, 3, 20].map((attempts) => {
      const row = afterExecute({ ...leased(), attempts }, { kind: 'unavailable', cause: 'x' }, AUTHORITATIVE, NOW);
      return (Date.parse(row.dueAt ?? '') - Date.parse(NOW)) / 1000;
    });
    expect(waits).toEqual([10, 20, 40, 900]);
  });

  it('keeps the reason of a refusal and nothing to be swept', () => {
    const row = afterExecute(
      leased(),
      { kind: 'rejected', reason: { code: 'SKU_UNKNOWN', message: 'no X' } },
      AUTHORITATIVE,
      NOW,
    );
    expect(row).toMatchObject({ status: 'rejected', reason: { code: 'SKU_UNKNOWN' }, endedAt: NOW });
    expect(row.dueAt).toBeUndefined();
    expect(row.lease).toBeUndefined();
  });

  it('leaves every operation that has not ended with a time at which the sweep takes it up', () => {
    const outcomes = [
      { kind: 'unknown', cause: 'x' },
      { kind: 'throttled' },
      { kind: 'unavailable', cause: 'x' },
    ] as const;
    const rows = [planned, leased(), ...outcomes.map((outcome) => afterExecute(leased(), outcome, AUTHORITATIVE, NOW))];
    expect(rows.every((row) => row.dueAt !== undefined)).toBe(true);
  });
});

describe('replan', () => {
  it('plans a rejected operation again under its key and leaves all others alone', () => {
    const rejected = withdraw(leased(), { code: 'X', message: 'x' }, NOW);
    expect(replan(rejected, at(5))).toMatchObject({
      key: planned.key,
      fingerprint: planned.fingerprint,
      status: 'planned',
      attempts: 1,
    });
    expect(replan(planned, at(5))).toBeUndefined();
    expect(replan(afterExecute(leased(), { kind: 'applied', ref: '1' }, AUTHORITATIVE, NOW), at(5))).toBeUndefined();
  });
});
