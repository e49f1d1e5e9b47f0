import { describe, expect, it } from 'vitest';
import type { ReturnCommand } from '#core/returns/decider.ts';
import { casesOf, decided, effectsOf, stateAfter } from './given-return.ts';
import {
  ALL_LINES,
  AUTHORIZED,
  at,
  authorize,
  authorizedBy,
  expire,
  inspected,
  kept,
  NOW,
  received,
  report,
  unit,
  validate,
} from './samples.ts';

const waiting = authorizedBy({ partialDays: 5 });
const shirt = report(received([{ lineId: 'L1', quantity: 1 }]));
const lookAtShirt = report(inspected([unit('L1', 1)]));
const rest = report(
  received(
    [
      { lineId: 'L1', quantity: 1 },
      { lineId: 'L2', quantity: 1 },
    ],
    15,
    'REC2',
  ),
);

describe('a return that comes in part', () => {
  it('waits for the rest as long as its terms say, and not without terms', () => {
    expect(stateAfter(waiting, shirt, lookAtShirt).status).toBe('received');
    expect(decided([waiting, shirt, lookAtShirt], validate)).toMatchObject({ reason: { code: 'RECEIPT_OPEN' } });
    expect(stateAfter(authorize, shirt, lookAtShirt).status).toBe('inspected');
    expect(stateAfter(waiting, shirt, lookAtShirt, rest).status).toBe('received');
    const lookAtRest = report(inspected([unit('L1', 1), unit('L2', 1)], 16, 'INS2'));
    expect(stateAfter(waiting, shirt, lookAtShirt, rest, lookAtRest).status).toBe('inspected');
  });

  it('is settled with what came when its time is over, and the rest that comes later is a person’s matter', () => {
    const closed = [waiting, shirt, lookAtShirt, expire];
    expect(decided([waiting, shirt, lookAtShirt], expire)).toMatchObject({
      events: [{ type: 'return.receipt-closed' }],
    });
    expect(stateAfter(...closed).status).toBe('inspected');
    expect(stateAfter(...closed, validate)).toMatchObject({ status: 'approved', finance: { refund: 1_357 } });
    const lookAtRest = report(inspected([unit('L1', 1), unit('L2', 1)], 16, 'INS2'));
    expect(casesOf(...closed, validate, rest, lookAtRest)).toContain('GOODS_CHANGED_LATE');
    expect(decided(closed, expire)).toMatchObject({ kind: 'ignored' });
  });

  it('has a timer for the rest, never later than the day by which all was to be here', () => {
    const timerOf = (command: ReturnCommand) =>
      effectsOf(command, shirt).setTimers.find(({ name }) => name === 'receipt-deadline');
    expect(timerOf(waiting)?.dueAt).toBe('2026-12-01T09:00:00.000Z');
    expect(timerOf(authorizedBy({ partialDays: 60 }))?.dueAt).toBe('2026-12-25T10:00:00.000Z');
    expect(timerOf(authorize)).toBeUndefined();
    expect(effectsOf(authorize, shirt).clearTimers).toContain('receipt-deadline');
  });

  it('is complete when its sender says so', () => {
    const last = report({ ...received([{ lineId: 'L1', quantity: 1 }]), final: true });
    expect(stateAfter(waiting, last, lookAtShirt).status).toBe('inspected');
  });

  it('is not late with an inspection of what came', () => {
    expect(decided([waiting, shirt], { type: 'note-inspection-missed', at: at(20) })).toMatchObject({
      kind: 'accepted',
    });
    const looked = [waiting, shirt, lookAtShirt];
    expect(decided(looked, { type: 'note-inspection-missed', at: at(20) })).toMatchObject({ kind: 'ignored' });
  });
});

describe('more than was authorized', () => {
  it('is credited as authorized, and the surplus is put aside', () => {
    const three = [authorize, report(received([{ lineId: 'L1', quantity: 3 }])), report(inspected([unit('L1', 3)]))];
    expect(stateAfter(...three, validate)).toMatchObject({
      finance: {
        lines: [{ lineId: 'L1', quantity: 2 }],
        moves: [{ quantity: 2 }],
        surplus: [{ lineId: 'L1', quantity: 1 }],
      },
    });
    expect(casesOf(...three)).toContain('RECEIVED_TOO_MANY');
  });
});

describe('units that are not taken back', () => {
  it('are neither credited nor moved, and a person is told', () => {
    const look = report(
      inspected([{ ...unit('L1', 1, 'opened', 'quarantine'), rejected: true }, unit('L1', 1), unit('L2', 1)]),
    );
    const history = [authorize, report(received()), look];
    expect(stateAfter(...history, validate)).toMatchObject({
      finance: { lines: [{ lineId: 'L1', quantity: 1 }, { lineId: 'L2' }], moves: [{ quantity: 1 }, { quantity: 1 }] },
    });
    expect(casesOf(...history)).toContain('REJECTED_AT_INSPECTION');
  });

  it('end in nothing to refund when they are all', () => {
    const all = ALL_LINES.map(({ lineId, quantity }) => ({ ...unit(lineId, quantity), rejected: true as const }));
    expect(stateAfter(authorize, report(received()), report(inspected(all)), validate)).toMatchObject({
      finance: { outcome: 'nothing-to-refund' },
    });
  });
});

describe('what a carrier says', () => {
  const delivered = report({ type: 'delivered', occurredAt: at(5), carrier: 'UPS' });
  const lost = report({ type: 'lost', occurredAt: at(6), carrier: 'UPS' });

  it('keeps a delivered parcel from expiring in silence', () => {
    expect(decided([authorize, delivered], expire)).toMatchObject({ events: [{ type: 'return.receipt-missed' }] });
    expect(casesOf(authorize, delivered, expire)).toEqual(['RECEIPT_MISSING']);
  });

  it('puts a lost parcel before a person until goods come', () => {
    expect(casesOf(authorize, lost)).toEqual(['PARCEL_LOST']);
    expect(effectsOf(authorize, lost, report(received())).closeCases).toContain('PARCEL_LOST');
    expect(effectsOf(authorize, lost, kept).closeCases).toContain('PARCEL_LOST');
  });

  it('is the latest scan, and the earliest time of any', () => {
    const scan = (hour: number) => report({ type: 'in-transit', occurredAt: at(hour), trackingNumber: '1Z' });
    const both = { transit: { occurredAt: at(7) }, firstScanAt: at(2) };
    expect(stateAfter(authorize, scan(2), scan(7))).toMatchObject(both);
    expect(stateAfter(authorize, scan(7), scan(2))).toMatchObject(both);
    expect(decided([authorize, scan(7), scan(2)], scan(4))).toMatchObject({ kind: 'ignored' });
  });
});

describe('goods that the buyer keeps', () => {
  const operator: ReturnCommand = { type: 'let-keep', by: 'op-3', at: NOW };

  it('are said by the platform, or by an operator while they are awaited', () => {
    expect(stateAfter(authorize, kept)).toMatchObject({ status: 'kept', authorized: AUTHORIZED });
    expect(stateAfter(authorize, operator)).toMatchObject({ kept: { by: 'op-3' } });
    expect(decided([authorize, report(received())], operator)).toMatchObject({ reason: { code: 'GOODS_NOT_AWAITED' } });
  });

  it('that come all the same raise no stock', () => {
    expect(casesOf(authorize, kept, report(received()))).toContain('GOODS_OF_KEPT_RETURN');
    expect(stateAfter(authorize, kept, report(received()), report(inspected())).status).toBe('kept');
  });
});
