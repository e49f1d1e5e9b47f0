import { describe, expect, it } from 'vitest';
import type { Delivery } from '#core/orders/state.ts';
import {
  doubtsAtAuthorization,
  doubtsAtRefund,
  judge,
  type RuleSet,
  ruleSetsAt,
  told,
} from '#core/returns/fraud/judge.ts';
import type { Profile, ProfileEntry } from '#core/returns/fraud/profile.ts';
import { type FraudFacts, type FraudRule, reasonToFire } from '#core/returns/fraud/rules.ts';
import { at, inspected, NOW, RETURN_KEY, received, SHIPPED_AT, shippedOrder, unit } from '../samples.ts';

const facts = (changes: Partial<FraudFacts> = {}): FraudFacts => ({
  ...{ key: RETURN_KEY, at: NOW, requestedAt: NOW, order: shippedOrder(), lineIds: ['L1'] },
  ...{ buyer: [], buyerHashes: ['k1.me'], address: [] },
  ...changes,
});
const entry = (changes: Partial<ProfileEntry> = {}): ProfileEntry => ({
  ...{ at: '2026-11-20T00:00:00.000Z', version: 1, counts: true, refunded: 1_000, currency: 'USD', kept: false },
  ...changes,
});
const profile = (...entries: ProfileEntry[]): Profile => ({
  entries: Object.fromEntries(entries.map((one, index) => [`R${index}`, one])),
});
const goods = (changes: Partial<NonNullable<FraudFacts['goods']>> = {}) => ({
  goods: { receipts: [{ ...received() }], inspections: [{ ...inspected() }], ...changes },
});
const fires = (rule: FraudRule, changes: Partial<FraudFacts>) => reasonToFire(rule, facts(changes))?.code;

const base = { version: 1, weight: 10 };
const VELOCITY: FraudRule = { ...base, id: 'velocity', windowDays: 90, maxReturns: 3, maxRefunded: { USD: 2_000 } };
const SHARE: FraudRule = { ...base, id: 'keep-item-share', windowDays: 90, minRefunds: 2, maxSharePercent: 50 };
const WEIGHT: FraudRule = { ...base, id: 'weight-mismatch', tolerancePercent: 20 };
const EARLY: FraudRule = { ...base, id: 'early-receipt', graceHours: 2 };
const WARDROBING: FraudRule = { ...base, id: 'wardrobing', afterDays: 4 };
const CLUSTER: FraudRule = { ...base, id: 'address-cluster', windowDays: 90, maxBuyers: 2 };
const SERIAL: FraudRule = { ...base, id: 'serial-mismatch' };

describe('velocity', () => {
  it.each([
    [
      'as many as pass, with the one that is judged',
      { buyer: [profile(entry({ refunded: 0 }), entry({ refunded: 0 }))] },
      undefined,
    ],
    ['one more', { buyer: [profile(entry(), entry(), entry())] }, 'RETURNS_VELOCITY'],
    ['as much money as passes', { buyer: [profile(entry({ refunded: 2_000 }))] }, undefined],
    ['a cent more', { buyer: [profile(entry({ refunded: 2_001 }))] }, 'REFUND_VELOCITY'],
    ['money of another currency', { buyer: [profile(entry({ refunded: 9_999, currency: 'JPY' }))] }, undefined],
    ['nobody known', {}, undefined],
  ])('with %s', (_what, changes, code) => expect(fires(VELOCITY, changes)).toBe(code));
});

describe('refunds without a return', () => {
  it.each([
    ['too few refunds to say', [entry({ kept: true })], undefined],
    ['half of them', [entry({ kept: true }), entry()], undefined],
    ['more than half of them', [entry({ kept: true }), entry({ kept: true }), entry()], 'REFUNDS_WITHOUT_RETURN'],
    ['returns that were not paid', [entry({ kept: true }), entry({ refunded: 0 }), entry({ refunded: 0 })], undefined],
  ])('with %s', (_what, entries, code) => expect(fires(SHARE, { buyer: [profile(...entries)] })).toBe(code));
});

describe('what the warehouse compared', () => {
  const line = (checks: object) => goods({ inspections: [{ ...inspected([{ ...unit('L1', 2), ...checks }]) }] });

  it.each([
    [{}, undefined],
    [{ serial: { expected: 'SN-001 a', found: 'sn001A' } }, undefined],
    [{ serial: { expected: 'SN-001', found: 'SN-002' } }, 'SERIAL_MISMATCH'],
  ])('serial %j', (checks, code) => expect(fires(SERIAL, line(checks))).toBe(code));

  it.each([
    [800, undefined],
    [799, 'WEIGHT_MISMATCH'],
    [1_200, undefined],
    [1_201, 'WEIGHT_MISMATCH'],
  ])('%i grams of 1,000', (found, code) => {
    expect(fires(WEIGHT, line({ weightGrams: { expected: 1_000, found } }))).toBe(code);
  });

  it('counts in a receipt too', () => {
    const lines = [{ lineId: 'L1', quantity: 1, weightGrams: { expected: 500, found: 20 } }];
    expect(fires(WEIGHT, goods({ receipts: [received(lines)], inspections: [] }))).toBe('WEIGHT_MISMATCH');
  });
});

describe('a receipt before the first scan', () => {
  it.each([
    [undefined, undefined],
    [at(8), undefined],
    [at(11), undefined],
    [at(12), 'RECEIVED_BEFORE_SCAN'],
  ])('received at 9, scanned at %s', (firstScanAt, code) => {
    expect(fires(EARLY, goods(firstScanAt === undefined ? {} : { firstScanAt }))).toBe(code);
  });
});

describe('wardrobing', () => {
  const later = (hours: number) => new Date(Date.parse(SHIPPED_AT) + hours * 3_600_000).toISOString();
  const used = goods({ inspections: [{ ...inspected([unit('L1', 2, 'opened')]) }] });

  it.each([
    ['used, in time', { ...used, requestedAt: later(4 * 24 - 1) }, undefined],
    ['used, at the end', { ...used, requestedAt: later(4 * 24) }, 'USED_AND_LATE'],
    ['new, at the end', { ...goods(), requestedAt: later(4 * 24) }, undefined],
    ['nothing seen yet', { requestedAt: later(4 * 24) }, undefined],
  ])('%s', (_what, changes, code) => expect(fires(WARDROBING, changes)).toBe(code));

  it('counts from the delivery, where it is known, and from the last of several', () => {
    const deliveries: Delivery[] = [
      { deliveredAt: later(48), reportedBy: 'channel' },
      { deliveredAt: later(1), reportedBy: 'carrier' },
    ];
    const order = { ...shippedOrder(), deliveries };
    expect(fires(WARDROBING, { ...used, order, requestedAt: later(48 + 4 * 24 - 1) })).toBeUndefined();
    expect(fires(WARDROBING, { ...used, order, requestedAt: later(48 + 4 * 24) })).toBe('USED_AND_LATE');
  });
});

describe('an address of many buyers', () => {
  it.each([
    [['k1.me', 'k1.me', 'k1.b'], undefined],
    [['k1.b', 'k1.c'], 'ADDRESS_CLUSTER'],
    [['k1.b', 'k1.b'], undefined],
  ])('%j', (buyers, code) => {
    expect(fires(CLUSTER, { address: [profile(...buyers.map((buyer) => entry({ buyer })))] })).toBe(code);
  });
});

describe('judging', () => {
  const set = (changes: Partial<RuleSet> = {}): RuleSet => ({
    ...{
      name: 'standard',
      version: '1',
      effectiveFrom: '2026-01-01T00:00:00Z',
      mode: 'live',
      holdFrom: 50,
      reviewFrom: 80,
    },
    rules: [
      { ...VELOCITY, weight: 50 },
      { ...CLUSTER, weight: 30 },
    ],
    ...changes,
  });
  const many = { buyer: [profile(entry(), entry(), entry())] };
  const cluster = { address: [profile(entry({ buyer: 'b' }), entry({ buyer: 'c' }))] };

  it.each([
    [{}, 0, 'approve'],
    [cluster, 30, 'approve'],
    [many, 50, 'hold'],
    [{ ...many, ...cluster }, 80, 'review'],
  ])('adds up what fired (%#)', (changes, score, action) => {
    expect(judge([set()], facts(changes))).toMatchObject([{ ruleSet: 'standard', version: '1', score, action }]);
  });

  it('asks each set by its version of the day', () => {
    const sets = [
      set(),
      set({ version: '2', effectiveFrom: '2026-11-26T00:00:00Z' }),
      set({ name: 'trial', mode: 'shadow' }),
    ];
    expect(ruleSetsAt(sets, NOW).map(({ name, version }) => `${name} ${version}`)).toEqual(['standard 1', 'trial 1']);
    expect(ruleSetsAt(sets, at(0)).map(({ version }) => version)).toEqual(['2', '1']);
    expect(ruleSetsAt(sets, '2025-01-01T00:00:00Z')).toEqual([]);
  });

  it('lets a shadow set change nothing', () => {
    const judgement = { at: NOW, verdicts: judge([set({ mode: 'shadow' })], facts({ ...many, ...cluster })) };
    expect(judgement.verdicts).toMatchObject([{ action: 'review' }]);
    expect(doubtsAtAuthorization(judgement)).toEqual([]);
    expect(doubtsAtRefund(judgement, judgement, false)).toEqual([]);
  });

  it('stops the return for a review, and the refund for a hold that came before', () => {
    const review = { at: NOW, verdicts: judge([set()], facts({ ...many, ...cluster })) };
    const hold = { at: NOW, verdicts: judge([set()], facts(many)) };
    const nothing = { at: NOW, verdicts: judge([set()], facts()) };
    expect(doubtsAtAuthorization(review)).toMatchObject([{ code: 'FRAUD_REVIEW' }]);
    expect(doubtsAtAuthorization(hold)).toEqual([]);
    expect(doubtsAtRefund(nothing, hold, false)).toMatchObject([
      { code: 'FRAUD_HOLD', message: expect.stringContaining('score 50') },
    ]);
    expect(doubtsAtRefund(nothing, hold, true)).toEqual([]);
    // What is said with the goods in the house is the newer word of the same set.
    expect(doubtsAtRefund(review, hold, false)).toMatchObject([{ message: expect.stringContaining('score 80') }]);
  });

  it('does not stop for the same thing twice what a person approved', () => {
    const known = judge([set()], facts(many));
    const [again] = judge([set()], facts({ ...many, ...cluster }), known);
    expect(again).toMatchObject({
      score: 30,
      action: 'approve',
      fired: [{ settled: true }, { rule: 'address-cluster' }],
    });
    expect(told(again as never)).toContain('(settled)');
  });
});
