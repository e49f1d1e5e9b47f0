import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitsOf } from '#core/kernel/quantity.ts';
import { creditFor, refundTotal } from '#core/returns/credit.ts';
import { type ReturnCommand, returnDecider } from '#core/returns/decider.ts';
import { acceptedGoods } from '#core/returns/goods/goods.ts';
import { CONDITIONS, DISPOSITIONS } from '#core/returns/return.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { specify } from '../../support/given.ts';
import { AUTHORIZED, authorize, inspected, received, report, unit } from './samples.ts';

const goodsOf = (...commands: readonly ReturnCommand[]) =>
  acceptedGoods(specify(returnDecider).after(authorize, ...commands) as OpenReturn);

describe('goods that are taken back', () => {
  it('are credited and put where the inspection says', () => {
    const look = inspected([unit('L1', 1), unit('L1', 1, 'opened', 'refurbish'), unit('L2', 1, 'damaged', 'dispose')]);
    expect(goodsOf(report(received()), report(look))).toMatchObject({
      lines: [
        { lineId: 'L1', quantity: 2, net: 2468 },
        { lineId: 'L2', quantity: 1, net: 850 },
      ],
      moves: [
        { sku: 'TSHIRT-M', quantity: 1, disposition: 'restock' },
        { sku: 'TSHIRT-M', quantity: 1, disposition: 'refurbish' },
        { sku: 'MUG-BLUE', quantity: 1, disposition: 'dispose' },
      ],
    });
  });

  it('are sold again only when they are whole', () => {
    const { moves } = goodsOf(
      report(received()),
      report(inspected([unit('L1', 2, 'damaged', 'restock'), unit('L2', 1)])),
    );
    expect(moves).toEqual([
      { sku: 'TSHIRT-M', quantity: 2, disposition: 'quarantine' },
      { sku: 'MUG-BLUE', quantity: 1, disposition: 'restock' },
    ]);
  });

  it('are none of those that are not ours', () => {
    const look = inspected([unit('L1', 1), unit('L1', 1, 'wrong-item'), unit('L2', 1, 'empty')]);
    expect(goodsOf(report(received()), report(look))).toMatchObject({
      lines: [{ lineId: 'L1', quantity: 1 }],
      moves: [{ sku: 'TSHIRT-M', quantity: 1 }],
    });
  });

  it('are those that were authorized when more came, one of them foreign', () => {
    const more = received([{ lineId: 'L2', quantity: 2 }]);
    const look = inspected([unit('L2', 1, 'wrong-item'), unit('L2', 1)]);
    expect(goodsOf(report(more), report(look)).lines).toMatchObject([{ lineId: 'L2', quantity: 1 }]);
  });

  it('are the smaller number when receipt and inspection disagree', () => {
    const one = report(received([{ lineId: 'L1', quantity: 1 }]));
    expect(goodsOf(one, report(inspected([unit('L1', 2)]))).lines).toMatchObject([{ quantity: 1 }]);
    expect(goodsOf(report(received()), report(inspected([unit('L1', 1)]))).lines).toMatchObject([{ quantity: 1 }]);
    expect(goodsOf(report(inspected([unit('L1', 1)]))).lines).toEqual([]);
  });

  it('never exceed what was authorized, received or found to be ours', () => {
    const lines = fc.array(
      fc.record({ lineId: fc.constantFrom('L1', 'L2', 'L9'), quantity: fc.integer({ min: 1, max: 4 }) }),
      { minLength: 1, maxLength: 4 },
    );
    const found = fc.array(
      fc.record({
        lineId: fc.constantFrom('L1', 'L2', 'L9'),
        quantity: fc.integer({ min: 1, max: 4 }),
        condition: fc.constantFrom(...CONDITIONS),
        disposition: fc.constantFrom(...DISPOSITIONS),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(lines, found, (came, seen) => {
        const { lines: credited, moves } = goodsOf(report(received(came)), report(inspected(seen)));
        const count = (list: readonly { lineId: string; quantity: number }[], lineId: string) =>
          unitsOf(list.filter((line) => line.lineId === lineId));
        for (const line of AUTHORIZED) {
          const units = count(credited, line.lineId);
          expect(units).toBeLessThanOrEqual(line.quantity);
          expect(units).toBeLessThanOrEqual(count(came, line.lineId));
          const ours = seen.filter(({ condition }) => condition !== 'wrong-item' && condition !== 'empty');
          expect(units).toBeLessThanOrEqual(count(ours, line.lineId));
          expect(moves.filter(({ sku }) => sku === line.sku).reduce((sum, move) => sum + move.quantity, 0)).toBe(units);
        }
        expect(credited.some(({ lineId }) => lineId === 'L9')).toBe(false);
        expect(refundTotal(credited)).toBeLessThanOrEqual(refundTotal(AUTHORIZED.map((line) => creditFor(line))));
      }),
    );
  });
});
