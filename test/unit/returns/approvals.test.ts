import { describe, expect, it } from 'vitest';
import type { ReturnCommand } from '#core/returns/decider.ts';
import { creditDay } from '#core/returns/money/books.ts';
import { decided, effectsOf, stateAfter } from './given-return.ts';
import {
  AUTHORIZED,
  anAuthorization,
  at,
  authorize,
  inFront,
  inspected,
  received,
  report,
  shippedOrder,
  step,
  validate,
  wayTo,
} from './samples.ts';

const approve = (by: string, hour = 14): ReturnCommand => ({ type: 'approve', by, at: at(hour) });
const lapse: ReturnCommand = { type: 'lapse-approval', at: at(18) };
const ask: ReturnCommand = { type: 'ask-approval', by: 'ana', at: at(19) };
const one = [...inFront, { ...validate, limits: { USD: 0 } }];
const two = [...inFront, { ...validate, limits: { USD: 0 }, twoApproversAbove: { USD: 3_649 } }];

describe('an approval', () => {
  it('is another person’s than the review was, whatever the spelling', () => {
    const inReview: ReturnCommand = {
      type: 'authorize',
      authorization: anAuthorization({ decision: 'review' }),
      authorized: [],
    };
    const reviewed: ReturnCommand = {
      type: 'decide-review',
      decision: 'approved',
      by: 'ana',
      at: at(8),
      authorized: AUTHORIZED,
    };
    const history = [inReview, reviewed, report(received()), report(inspected()), { ...validate, limits: { USD: 0 } }];
    for (const by of ['ana', 'Ana', ' ana ']) {
      expect(decided(history, approve(by))).toMatchObject({ reason: { code: 'FOUR_EYES' } });
    }
    expect(decided(history, approve('ben'))).toMatchObject({ events: [{ type: 'return.approved', by: 'ben' }] });
  });

  it('is another person’s than whoever let the buyer keep the goods', () => {
    const history: ReturnCommand[] = [authorize, { type: 'let-keep', by: 'ana', at: at(2) }, validate];
    expect(stateAfter(...history).status).toBe('awaiting-approval');
    expect(decided(history, approve('ana'))).toMatchObject({ reason: { code: 'FOUR_EYES' } });
    expect(stateAfter(...history, approve('ben')).status).toBe('approved');
  });

  it('takes two persons above the second threshold', () => {
    expect(stateAfter(...two, approve('ana')).status).toBe('awaiting-approval');
    expect(decided([...two, approve('ana')], approve('ANA'))).toMatchObject({ reason: { code: 'FOUR_EYES' } });
    expect(stateAfter(...two, approve('ana'), approve('ben'))).toMatchObject({
      status: 'approved',
      finance: { by: 'ben', approval: { needed: 2, given: [{ by: 'ana' }, { by: 'ben' }] } },
    });
    expect(
      stateAfter(...inFront, { ...validate, limits: { USD: 0 }, twoApproversAbove: { USD: 3_650 } }, approve('ana'))
        .status,
    ).toBe('approved');
    expect(effectsOf(...two).openCases[0]?.message).toContain('2 persons');
  });

  it('is of a person, whatever account, role or path AWS names them in', () => {
    const session = (name: string, role = 'Finance') => `arn:aws:sts::123456789012:assumed-role/${role}/${name}`;
    const prepared = [...two, approve(session('ana@example.com'))];
    for (const by of [
      session('ana@example.com'),
      session('Ana@example.com', 'AWSReservedSSO_Admin_0123456789abcdef'),
      'arn:aws:iam::210987654321:user/finance/ana@example.com',
    ]) {
      expect(decided(prepared, approve(by))).toMatchObject({ reason: { code: 'FOUR_EYES' } });
    }
    expect(stateAfter(...prepared, approve(session('ben@example.com')))).toMatchObject({
      status: 'approved',
      finance: { approval: { given: [{ by: session('ana@example.com') }, { by: session('ben@example.com') }] } },
    });
    const root = 'arn:aws:iam::123456789012:root';
    expect(decided([...two, approve(root)], approve(root))).toMatchObject({ reason: { code: 'FOUR_EYES' } });
  });

  it('that nobody gives lapses, and is asked for again of another person', () => {
    const lapsed = [...one, lapse];
    expect(decided(lapsed, approve('ben'))).toMatchObject({ reason: { code: 'APPROVAL_LAPSED' } });
    expect(effectsOf(...lapsed)).toMatchObject({
      openCases: [{ code: 'APPROVAL_LAPSED', owner: 'finance', moneyAtRisk: { minor: 3_650 } }],
      closeCases: ['REFUND_APPROVAL'],
    });
    expect(decided(one, ask)).toMatchObject({ kind: 'ignored' });
    expect(decided([...lapsed, ask], approve('ana'))).toMatchObject({ reason: { code: 'FOUR_EYES' } });
    expect(stateAfter(...lapsed, ask, approve('ben')).status).toBe('approved');
    expect(effectsOf(...lapsed, ask)).toMatchObject({
      openCases: [{ code: 'REFUND_APPROVAL' }],
      setTimers: [{ name: 'approval-expiry', dueAt: '2026-12-03T19:00:00.000Z' }],
    });
  });

  it('that nobody uses lapses too, and the first of two with it', () => {
    expect(stateAfter(...one, approve('ben'), lapse)).toMatchObject({
      status: 'awaiting-approval',
      finance: { approval: { given: [] } },
    });
    expect(stateAfter(...two, approve('ben'), lapse, ask, approve('cem')).status).toBe('awaiting-approval');
    expect(decided([...one, approve('ben'), lapse], step('item-receipt'))).toMatchObject({
      reason: { code: 'APPROVAL_MISSING' },
    });
  });

  it('does not lapse once it was used, nor where the policy alone approved', () => {
    const used = [...one, approve('ben'), step('item-receipt')];
    expect(decided(used, lapse)).toMatchObject({ kind: 'ignored' });
    expect(effectsOf(...used).clearTimers).toContain('approval-expiry');
    expect(decided(wayTo.approved, lapse)).toMatchObject({ kind: 'ignored' });
    expect(decided([...one, lapse], lapse)).toMatchObject({ kind: 'ignored' });
  });
});

describe('finance validation', () => {
  it('sees what has changed of the order since the return was authorized', () => {
    const order = shippedOrder();
    expect(stateAfter(...inFront, { ...validate, order })).toMatchObject({ finance: { outcome: 'approved' } });
    const cheaper = { ...order, lines: order.lines.map((line) => ({ ...line, net: line.net - 1 })) };
    const otherTax = {
      ...order,
      lines: order.lines.map((line) => ({
        ...line,
        taxes: line.taxes.map((tax) => ({ ...tax, collectedBy: 'marketplace' as const })),
      })),
    };
    for (const changed of [cheaper, otherTax]) {
      const state = stateAfter(...inFront, { ...validate, order: changed });
      expect(state).toMatchObject({ finance: { outcome: 'needs-approval' } });
      expect(JSON.stringify(state)).toContain('ORDER_CHANGED');
    }
  });

  it('sees before anything is credited that the order has no room for it', () => {
    const order = shippedOrder();
    const parts = { 'line/L1/net': 2_468 };
    const refund = { refundId: 'x', amount: 2_468, parts, lines: [], status: 'settled', origin: 'channel' } as const;
    expect(stateAfter(...inFront, { ...validate, order: { ...order, refunds: [refund] } })).toMatchObject({
      finance: { outcome: 'needs-approval', doubts: [{ code: 'REFUND_WITHOUT_ROOM' }] },
    });
  });
});

describe('the books', () => {
  const periods = {
    timeZone: 'Europe/Berlin',
    closed: [
      { from: '2026-10-01', to: '2026-10-31' },
      { from: '2026-11-01', to: '2026-11-26' },
    ],
  };

  it('take a credit on an open day, and else from the first one after', () => {
    expect(creditDay(undefined, '2026-10-05')).toEqual({ open: '2026-10-05' });
    expect(creditDay(periods, '2026-09-30')).toEqual({ open: '2026-09-30' });
    expect(creditDay(periods, '2026-10-05')).toEqual({ closedUntil: '2026-11-27' });
    expect(creditDay(periods, '2026-11-27')).toEqual({ open: '2026-11-27' });
  });

  it('keep the credit memo waiting while they are closed, and give it its date', () => {
    const request = (day: string): ReturnCommand => ({
      type: 'request-step',
      step: 'credit-memo',
      creditDay: creditDay(periods, day),
    });
    expect(decided(wayTo.receipted, request('2026-11-26'))).toMatchObject({ reason: { code: 'PERIOD_CLOSED' } });
    expect(effectsOf(...wayTo.receipted, request('2026-11-27')).operations[0]?.content).toMatchObject({
      receiptRef: '8',
      creditDate: '2026-11-27',
    });
  });
});
