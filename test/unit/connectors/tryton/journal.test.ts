import { describe, expect, it } from 'vitest';
import { Calls } from '#connectors/erps/tryton/calls.ts';
import type { TrytonClient } from '#connectors/erps/tryton/client.ts';
import { findJournal } from '#connectors/erps/tryton/journal.ts';
import { SERIES_7, SERIES_8, type Series } from '#connectors/erps/tryton/series.ts';
import { journal } from '../../../integration/tryton/support/operations.ts';

const decimal = (text: string) => ({ __class__: 'Decimal', decimal: text });
const LINES = ['11.07', '2.00', '0.50'].map((debit, at) => ({
  id: at + 1,
  account: 1,
  debit: decimal(debit),
  credit: decimal('0'),
}));

/** An ERP of this series that holds one posted entry of the operation; `asked` are the fields of entries it was asked for. */
function erp(series: Series, key: string) {
  const asked: string[] = [];
  const entry = { id: 9, state: 'posted', description: `${key}: x`, origin: null, number: 'a', post_number: 'b' };
  const credit = { id: 4, account: 2, debit: decimal('0'), credit: decimal('13.57') };
  const client = {
    series: async () => series,
    call: async (model: string, _method: string, args: readonly unknown[]) => {
      if (model === 'account.move.line') return [...LINES, credit];
      asked.push(...(args.at(-1) as string[]));
      return [entry];
    },
  } as unknown as TrytonClient;
  return { asked, calls: new Calls(client, AbortSignal.timeout(60_000)) };
}

describe('the number of a posted entry', () => {
  it.each([
    [SERIES_7, 'b', 'post_number', 'number'],
    [SERIES_8, 'a', 'number', 'post_number'],
  ])('stands where the series has it ($name)', async (series, number, field, other) => {
    const operation = journal('2026-10-31');
    const { asked, calls } = erp(series, operation.key);
    expect(await findJournal(calls, operation)).toEqual({ ref: '9', facts: { number } });
    expect(asked).toContain(field);
    expect(asked).not.toContain(other);
  });
});
