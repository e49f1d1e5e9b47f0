import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resultOf } from '#connectors/erps/tryton/failure.ts';
import {
  dateOf,
  dateTime,
  dateTimeOf,
  dayOf,
  decimal,
  decimalOf,
  idIn,
  instantOf,
  quantity,
} from '#connectors/erps/tryton/wire.ts';
import { exchange } from './transcript.ts';

describe("Tryton's JSON", () => {
  it('carries amounts as decimal texts', () => {
    expect(decimalOf(-1357, 'USD')).toEqual({ __class__: 'Decimal', decimal: '-13.57' });
    expect(decimalOf(5, 'JPY')).toEqual({ __class__: 'Decimal', decimal: '5' });
  });

  it('reads the recorded amounts and times', () => {
    const [sale] = z.array(z.object({ total_amount: decimal })).parse(resultOf(exchange('sale.read.processing')));
    expect(sale?.total_amount.decimal).toBe('27.15');
    const [move] = z.array(z.object({ write_date: dateTime })).parse(resultOf(exchange('changes.moves-since')));
    expect(instantOf(move?.write_date as z.infer<typeof dateTime>)).toBe('2026-11-23T17:32:40.885Z');
  });

  it('never takes a float for an amount', () => {
    expect(decimal.safeParse(12.34).success).toBe(false);
  });

  it('takes whole quantities only', () => {
    expect(quantity.parse(JSON.parse('2.0'))).toBe(2);
    expect(quantity.safeParse(1.5).success).toBe(false);
  });

  it('writes instants as UTC days and times', () => {
    expect(dateOf('2026-11-23T23:30:00-02:00')).toEqual({ __class__: 'date', year: 2026, month: 11, day: 24 });
    expect(dateTimeOf('2026-01-02T03:04:05.678Z')).toMatchObject({
      __class__: 'datetime',
      day: 2,
      microsecond: 678000,
    });
    expect(instantOf(dateTimeOf('2026-01-02T03:04:05.678Z'))).toBe('2026-01-02T03:04:05.678Z');
    expect(dayOf(dateOf('2026-01-02T03:04:05Z'))).toBe('2026-01-02');
    expect(() => dateOf('yesterday')).toThrow(RangeError);
  });

  it('reads references to a record of one of several models', () => {
    expect(idIn('sale.line,12', 'sale.line')).toBe(12);
    expect(idIn('stock.move,12', 'sale.line')).toBeUndefined();
    expect(idIn('sale.line,-1', 'sale.line')).toBeUndefined();
    expect(idIn(null, 'sale.line')).toBeUndefined();
  });
});
