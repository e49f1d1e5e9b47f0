import { describe, expect, it } from 'vitest';
import { planRefund } from '#application/refunds/plan-refund.ts';
import { changeReturn } from '#application/returns/change-return.ts';
import { decideReturn, type ReturnVerdict } from '#application/returns/decide-return.ts';
import { onReturnTimer } from '#application/returns/on-return-timer.ts';
import { takeReturnProgress } from '#application/returns/record-return-progress.ts';
import { returnOutcome } from '#application/returns/return-outcome.ts';
import { returnSubject } from '#application/returns/return-subject.ts';
import type { Outcome } from '#core/operations/operation.ts';
import { afterExecute, begin } from '#core/operations/protocol.ts';
import { authorizeLines } from '#core/returns/credit.ts';
import { type ReturnCommand, returnDecider } from '#core/returns/decider.ts';
import type { Duty } from '#core/returns/duties/duty.ts';
import type { ReturnEvent } from '#core/returns/events.ts';
import { type ReturnProgress, returnKey } from '#core/returns/return.ts';
import { type Contract, envelopeOf } from '#events/envelope.ts';
import * as contracts from '#events/returns/return.ts';
import { specify } from '../../support/given.ts';
import { House } from './house.ts';
import {
  advance,
  anAuthorization,
  at,
  authorize,
  authorizedBy,
  expire,
  inFront,
  inspected,
  instantly,
  kept,
  REFUND_ID,
  RETURN_ID,
  RETURN_KEY,
  received,
  report,
  step,
  stepApplied,
  unit,
  validate,
  wayTo,
  wholeWay,
} from './samples.ts';

const CONTRACTS: readonly Contract[] = Object.values(contracts);

const inReview: ReturnCommand = {
  type: 'authorize',
  authorization: anAuthorization({ decision: 'review', reasons: [{ code: 'REASON_UNMAPPED', message: 'x' }] }),
  authorized: [],
};
const needsApproval: readonly ReturnCommand[] = [
  ...inFront,
  { type: 'validate-refund', limits: { USD: 1 }, at: at(13) },
];

async function aHouse(...commands: readonly ReturnCommand[]): Promise<House> {
  const house = new House();
  await house.shippedOrder();
  await house.return(...commands);
  return house;
}

const returning = async (house: House) => (await house.theOrder()).lines.map((line) => line.returning);

describe('reports of a returns platform', () => {
  const mark = {
    mailbox: 'generic#main',
    deliveryId: 'd1',
    outcome: 'applied' as const,
    receivedAt: '2026-11-26T09:00:00.000Z',
  };

  /** The reports are of the day after the authorization. */
  const aDayLater = async (...commands: readonly ReturnCommand[]): Promise<House> => {
    const house = await aHouse(...commands);
    house.clock.advance(24 * 3_600);
    return house;
  };

  it('are taken with the inbox mark', async () => {
    const house = await aDayLater(authorize);
    const take = takeReturnProgress(house.ports);
    const command = { kind: 'return-progress', returnId: RETURN_ID, progress: received() } as const;
    expect(await take(command, house.cause, mark)).toEqual({ kind: 'committed', subject: RETURN_KEY });
    expect(await take(command, house.cause, mark)).toEqual({ kind: 'seen', subject: RETURN_KEY });
    expect(await take(command, house.cause, { ...mark, deliveryId: 'd2' })).toMatchObject({ kind: 'ignored' });
    expect(await house.store.seen('generic#main', 'd2')).toMatchObject({ outcome: 'ignored', subject: RETURN_KEY });
    expect(house.types('return.received')).toHaveLength(1);
  });

  it('have their times in one spelling', async () => {
    const house = await aDayLater(authorize);
    const take = takeReturnProgress(house.ports);
    const progress = { ...received(), occurredAt: '2026-11-26T10:00:00+01:00' };
    await take({ kind: 'return-progress', returnId: RETURN_ID, progress }, house.cause, undefined);
    expect((await house.theReturn()).receipts).toMatchObject([{ occurredAt: '2026-11-26T09:00:00.000Z' }]);
    const broken = { ...received(), occurredAt: 'today' };
    await expect(
      take({ kind: 'return-progress', returnId: RETURN_ID, progress: broken }, house.cause, undefined),
    ).rejects.toMatchObject({ kind: 'poison', code: 'TIME_INVALID' });
  });

  it('of a return that nobody asked for are parked', async () => {
    const house = await aDayLater();
    const command = { kind: 'return-progress', returnId: RETURN_ID, progress: received() } as const;
    await expect(takeReturnProgress(house.ports)(command, house.cause, mark)).rejects.toMatchObject({
      kind: 'poison',
      code: 'RETURN_UNKNOWN',
    });
  });

  it('let go of the order’s units when the return is cancelled, once', async () => {
    const house = await aDayLater(authorize);
    expect(await returning(house)).toEqual([2, 1]);
    const take = takeReturnProgress(house.ports);
    const cancel = (hour: number) =>
      ({
        kind: 'return-progress',
        returnId: RETURN_ID,
        progress: { type: 'cancelled', occurredAt: at(hour) },
      }) as const;
    await take(cancel(10), house.cause, undefined);
    expect(await returning(house)).toEqual([0, 0]);
    await take(cancel(9), house.cause, undefined);
    expect(await returning(house)).toEqual([0, 0]);
  });

  it('from the future are parked: they would put off what is counted from them', async () => {
    const house = await aDayLater(authorize);
    const take = takeReturnProgress(house.ports);
    const command = (minutes: number) => {
      const occurredAt = new Date(Date.parse(house.clock.now()) + minutes * 60_000).toISOString();
      return { kind: 'return-progress', returnId: RETURN_ID, progress: { ...received(), occurredAt } } as const;
    };
    await expect(take(command(61), house.cause, undefined)).rejects.toMatchObject({ code: 'TIME_INVALID' });
    expect((await house.theReturn()).receipts).toEqual([]);
    expect(await take(command(59), house.cause, undefined)).toMatchObject({ kind: 'committed' });
  });
});

describe('an operator', () => {
  const decide = (house: House, verdict: ReturnVerdict, apply = true) =>
    decideReturn(house.ports, { returnKey: RETURN_KEY, verdict, by: 'op-7', apply }, house.cause);

  it('approves a return in review, which then takes its units', async () => {
    const house = await aHouse(inReview);
    expect(await decide(house, 'approve', false)).toMatchObject({ done: false, status: 'authorized' });
    expect((await house.theReturn()).status).toBe('review');
    expect(await decide(house, 'approve')).toMatchObject({ done: true, status: 'authorized' });
    expect(await returning(house)).toEqual([2, 1]);
    expect((await house.theReturn()).authorized).toMatchObject([{ units: [0, 1] }, { units: [0] }]);
    expect(house.types('return.')).toEqual(['return.referred.v1', 'return.authorized.v1']);
    expect(await house.openCases()).toEqual([]);
    expect(await decide(house, 'approve')).toMatchObject({ done: false, message: 'nothing to do: already approved' });
  });

  it('can’t approve what the order has no units for any more', async () => {
    const house = await aHouse(inReview);
    await house.order({ type: 'open-return', returnId: 'R2', lines: [{ lineId: 'L1', quantity: 1, units: [[0, 1]] }] });
    expect(await decide(house, 'approve')).toMatchObject({
      done: false,
      message: expect.stringContaining('NOTHING_LEFT_TO_RETURN'),
    });
    expect((await house.theReturn()).status).toBe('review');
  });

  it('refuses a return in review', async () => {
    const house = await aHouse(inReview);
    expect(await decide(house, 'refuse')).toMatchObject({ done: true, status: 'rejected' });
    expect(await returning(house)).toEqual([0, 0]);
    expect(house.types('return.')).toEqual(['return.referred.v1', 'return.rejected.v1']);
  });

  it('approves or refuses a refund above the limit', async () => {
    const house = await aHouse(...needsApproval);
    expect(await house.openCases()).toEqual(['REFUND_APPROVAL']);
    expect(await decide(house, 'approve')).toMatchObject({ done: true, status: 'approved' });
    expect(await decide(house, 'approve')).toMatchObject({ done: false, message: 'nothing to do: already approved' });
    expect(await house.openCases()).toEqual([]);
    const other = await aHouse(...needsApproval);
    expect(await decide(other, 'refuse')).toMatchObject({ done: true, status: 'refused' });
    expect(await decide(other, 'approve')).toMatchObject({
      done: false,
      message: expect.stringContaining('NOT_AWAITING_APPROVAL'),
    });
  });

  it('settles a stuck refund by hand', async () => {
    const reason = { code: 'REFUND_ABOVE_PAID', message: 'none left' };
    const house = await aHouse(...wayTo.stocked, { type: 'block-refund', refundId: 'loop.main.R1', reason });
    expect(house.types('return.refunded')).toEqual([]);
    expect(await decide(house, 'resolve-refund')).toMatchObject({ done: true, status: 'refunded' });
  });

  it('settles no refund of a return that is not decided', async () => {
    const house = await aHouse(inReview);
    expect(await decide(house, 'resolve-refund')).toMatchObject({ done: false, status: 'review' });
    expect((await house.theReturn()).status).toBe('review');
  });

  it('says the other words that a return waits for, dry first', async () => {
    const say = async (house: House, verdict: ReturnVerdict, by: string, ref?: string) => {
      const word = { returnKey: RETURN_KEY, verdict, by, ...(ref !== undefined && { ref }) };
      const dry = await decideReturn(house.ports, { ...word, apply: false }, house.cause);
      expect(dry).toMatchObject({ done: false, message: expect.stringContaining('dry run') });
      return decideReturn(house.ports, { ...word, apply: true }, house.cause);
    };
    const lapsed = await aHouse(...needsApproval, { type: 'lapse-approval', at: at(18) });
    expect(await say(lapsed, 'ask-approval', 'ana')).toMatchObject({ status: 'awaiting-approval' });
    expect(await say(lapsed, 'approve', 'ben')).toMatchObject({ status: 'approved' });

    expect(await say(await aHouse(authorize), 'keep-item', 'ana')).toMatchObject({ status: 'kept' });
    expect(await say(await aHouse(...overdue), 'clawback-collected', 'ana')).toMatchObject({ status: 'overdue' });
    expect(await say(await aHouse(...overdue), 'clawback-waived', 'ana')).toMatchObject({ done: true });

    const reason = { code: 'REFUND_ABOVE_PAID', message: 'no room' };
    const stuck = await aHouse(...wayTo.stocked, { type: 'block-refund', refundId: REFUND_ID, reason });
    expect(await say(stuck, 'give-up-refund', 'ana')).toMatchObject({ status: 'stocked' });
    await stuck.return({ type: 'record-compensation', outcome: { kind: 'refused', reason } });
    expect(await say(stuck, 'credit-reversed', 'ana', 'CN-0044')).toMatchObject({ status: 'reversed' });
    expect(await stuck.theReturn()).toMatchObject({ compensation: { ref: 'CN-0044', by: 'ana' } });
  });

  it('is told of a return that nobody asked for', async () => {
    const house = await aHouse();
    expect(await decide(house, 'approve')).toMatchObject({
      done: false,
      message: expect.stringContaining('RETURN_UNKNOWN'),
    });
  });
});

describe('deadlines', () => {
  it('expire a return and let its units go; twice is once', async () => {
    const house = await aHouse(authorize);
    const timer = { subject: RETURN_KEY, name: 'receipt-deadline' };
    expect(await onReturnTimer(house.ports, timer, at(9))).toBe('done');
    expect(await onReturnTimer(house.ports, timer, at(9))).toBe('done');
    expect((await house.theReturn()).status).toBe('expired');
    expect(await returning(house)).toEqual([0, 0]);
    expect(house.types('return.expired')).toHaveLength(1);
  });

  it('open a case for a missing inspection', async () => {
    const house = await aHouse(...wayTo.received);
    await onReturnTimer(house.ports, { subject: RETURN_KEY, name: 'inspection-deadline' }, at(9));
    expect(await house.openCases()).toEqual(['INSPECTION_OVERDUE']);
    await house.return(...inFront.slice(2));
    expect(await house.openCases()).toEqual([]);
  });

  it('are known by name', async () => {
    const house = await aHouse(authorize);
    await expect(onReturnTimer(house.ports, { subject: RETURN_KEY, name: 'lunch' }, at(9))).rejects.toThrow('lunch');
  });
});

describe('the end of an operation', () => {
  const key = 'erp/item-receipt/loop/main/R1';

  async function settled(house: House, outcome: Outcome) {
    const row = await house.operation(key);
    const beginning = begin(row, house.clock.now(), 'executor-1');
    if (beginning.do !== 'execute') throw new Error('the operation can be executed');
    await house.store.operations.save(beginning.operation, row.revision);
    const ended = afterExecute(beginning.operation, outcome, { read: 'authoritative' }, house.clock.now());
    return returnSubject(house.ports).settle(ended, beginning.operation.revision, house.cause);
  }

  it('is told to the return in the transaction of its row', async () => {
    const house = await aHouse(...wholeWay.slice(0, 5));
    await settled(house, { kind: 'applied', ref: '8', facts: { number: 'S0008' } });
    expect((await house.theReturn()).steps['item-receipt']).toEqual({ status: 'applied', ref: '8', number: 'S0008' });
    expect((await house.operation(key)).status).toBe('applied');
    expect(house.types('return.receipted')).toHaveLength(1);
  });

  it('opens a case when the ERP refused', async () => {
    const house = await aHouse(...wholeWay.slice(0, 5));
    await settled(house, { kind: 'rejected', reason: { code: 'CLOSED_PERIOD', message: 'closed' } });
    expect((await house.theReturn()).status).toBe('approved');
    expect(await house.openCases()).toEqual(['ITEM_RECEIPT_REFUSED']);
  });

  it('must be one of a return, with the ERP’s id', async () => {
    const house = await aHouse(...wholeWay.slice(0, 5));
    const row = await house.operation(key);
    expect(() => returnOutcome({ ...row, kind: 'channel/refund' })).toThrow('no return');
    expect(() => returnOutcome({ ...row, status: 'applied' })).toThrow('without the partner');
  });

  it('knows a document without a number by its id', async () => {
    const house = await aHouse(...wholeWay.slice(0, 5));
    await settled(house, { kind: 'applied', ref: '8', facts: { number: '' } });
    expect((await house.theReturn()).steps['item-receipt']).toMatchObject({ number: '8' });
  });
});

describe('what a return can be found by', () => {
  it('is its RMA number, the parcel and the documents of the ERP', () => {
    const { returns } = new House().ports;
    const state = specify(returnDecider).after(authorize);
    const found = (event: ReturnEvent) => returns.foreignId([event], state);
    expect(found({ type: 'return.requested', authorization: anAuthorization(), authorized: [] })).toBe(
      'RMA-0000000001',
    );
    expect(found({ type: 'return.dispatched', occurredAt: at(1), trackingNumber: '1Z' })).toBe('1Z');
    expect(found({ type: 'return.step-applied', step: 'item-receipt', ref: '8', number: 'S0008' })).toBe('S0008');
    expect(found({ type: 'return.closed', at: at(1) })).toBeUndefined();
  });
});

describe('a return that closes', () => {
  it('gives back the units that it did not credit', async () => {
    const half = [
      authorize,
      { type: 'record-progress', progress: received([{ lineId: 'L1', quantity: 1 }]) },
      { type: 'record-progress', progress: inspected([unit('L1', 1)]) },
    ] as const;
    const house = await aHouse(...half, validate, ...wholeWay.slice(4));
    expect((await house.theReturn()).status).toBe('closed');
    expect(await returning(house)).toEqual([1, 0]);
  });
});

describe('units that are asked for again after a return was cancelled', () => {
  it('are paid back to the last cent of the line', async () => {
    const house = await aHouse();
    const one = [{ lineId: 'L1', quantity: 1 }];
    const keyOf = (returnId: string) => returnKey({ ...RETURN_ID, returnId });
    const tell = async (returnId: string, ...commands: readonly ReturnCommand[]) => {
      for (const command of commands)
        expect(await changeReturn(house.ports, keyOf(returnId), () => command, house.cause)).toMatchObject({
          kind: 'committed',
        });
    };
    const ask = async (returnId: string) => {
      const authorization = anAuthorization({ id: { ...RETURN_ID, returnId } });
      await tell(returnId, {
        type: 'authorize',
        authorization,
        authorized: authorizeLines(await house.theOrder(), one),
      });
    };
    const settle = async (returnId: string) => {
      await tell(returnId, report(received(one)), report(inspected([unit('L1', 1)])), ...wholeWay.slice(3, 10));
      await planRefund(house.ports, keyOf(returnId), house.cause);
      return (await house.theReturn(keyOf(returnId))).refund;
    };
    // The shirts are worth 13.57 and 13.58.
    await ask('R1');
    await ask('R2');
    await tell('R1', report({ type: 'cancelled', occurredAt: at(1) }));
    await ask('R3');
    expect(await settle('R2')).toMatchObject({ status: 'planned', amount: 1_358 });
    expect(await settle('R3')).toMatchObject({ status: 'planned', amount: 1_357 });
  });
});

const word = (progress: ReturnProgress): ReturnCommand => ({ type: 'record-progress', progress });
const issued = {
  type: 'credit-issued',
  creditId: 'SC-1',
  occurredAt: at(4),
  kind: 'gift-card',
  currency: 'USD',
  amount: 3_650,
} as const;
const duty: Duty = {
  id: 'refund-after-receipt',
  within: { hours: 48 },
  calendar: { timeZone: 'UTC' },
  warnHours: 12,
  source: 'a marketplace',
};
const note = (stage: 'warning' | 'breach'): ReturnCommand => ({ type: 'note-duty', duty: duty.id, stage, at: at(18) });
const replacement = {
  lines: [{ lineId: 'X1', sku: 'TSHIRT-L', quantity: 2, net: 3_650, taxes: [] }],
  collected: 0,
};
const exchanged = word({
  type: 'resolution-chosen',
  occurredAt: at(2),
  resolution: 'exchange',
  currency: 'USD',
  replacement,
});
const overdue = [instantly, advance, expire];

/** Ways on which a return ends otherwise than by goods, money and nothing in between. */
const newWays: readonly (readonly ReturnCommand[])[] = [
  [...overdue, word(received())],
  [...overdue, { type: 'settle-clawback', how: 'waived', by: 'op-7', at: at(19) }],
  [
    authorize,
    word({ type: 'delivered', occurredAt: at(2), carrier: 'UPS' }),
    word({ type: 'lost', occurredAt: at(3) }),
    kept,
  ],
  [authorize, word({ ...issued, recipientRef: 'giftee-9' })],
  [authorizedBy({ partialDays: 3 }), word(received([{ lineId: 'L1', quantity: 1 }])), expire],
  [...needsApproval, { type: 'lapse-approval', at: at(20) }],
  [authorize, exchanged, ...wholeWay.slice(1, 10), step('exchange'), stepApplied('exchange', '31')],
  [
    ...wholeWay.slice(0, 10),
    { type: 'block-refund', refundId: REFUND_ID, reason: { code: 'X', message: 'x' } },
    { type: 'give-up-refund', by: 'op-7' },
    { type: 'record-compensation', outcome: { kind: 'applied', ref: '44' } },
  ],
  [authorizedBy({ duties: [duty] }), word(received()), note('warning'), note('breach')],
];

describe('published events', () => {
  it('keep their contracts, on every way', async () => {
    const transit = { type: 'in-transit', occurredAt: at(1), carrier: 'UPS', trackingNumber: '1Z' } as const;
    const refusedStep: ReturnCommand = {
      type: 'record-step-outcome',
      step: 'item-receipt',
      outcome: { kind: 'refused', reason: { code: 'CLOSED_PERIOD', message: 'closed' } },
    };
    const rejected = { type: 'authorize', authorization: withoutRma(), authorized: [] } as const;
    const ways: readonly (readonly ReturnCommand[])[] = [
      [authorize, { type: 'record-progress', progress: transit }, ...wholeWay.slice(1)],
      [...wholeWay.slice(0, 5), refusedStep],
      [...needsApproval, { type: 'approve', by: 'op-7', at: at(14) }],
      [...needsApproval, { type: 'refuse', by: 'op-7', at: at(14) }],
      [authorize, { type: 'record-progress', progress: { type: 'cancelled', occurredAt: at(10) } }],
      [authorize, { type: 'expire', at: at(10) }],
      [inReview],
      [rejected],
      ...newWays,
      [
        authorize,
        { type: 'renormalize-reasons', map: { version: 'm-2', codes: { UNWANTED: 'no-reason' } }, at: at(10) },
      ],
    ];
    const seen = new Set<string>();
    for (const way of ways) {
      const house = await aHouse(...way);
      for (const { type, envelope } of house.published) {
        const contract = CONTRACTS.find((one) => one.type === type);
        if (!contract) continue;
        seen.add(type);
        expect(envelopeOf(contract).safeParse(envelope).error?.issues, type).toBeUndefined();
        expect(JSON.stringify(envelope)).not.toContain('op-7');
      }
    }
    expect([...seen].sort()).toEqual(CONTRACTS.map(({ type }) => type).sort());
  });
});

function withoutRma() {
  const { rma: _rma, ...rest } = anAuthorization({
    decision: 'rejected',
    reasons: [{ code: 'WINDOW_PASSED', message: 'x' }],
  });
  return rest;
}
