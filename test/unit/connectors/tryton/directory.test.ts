import { describe, expect, it } from 'vitest';
import { Calls } from '#connectors/erps/tryton/calls.ts';
import type { TrytonClient } from '#connectors/erps/tryton/client.ts';
import { Directory } from '#connectors/erps/tryton/directory.ts';
import { parseSettings } from '#connectors/erps/tryton/settings.ts';

const SETTINGS = parseSettings({
  url: 'https://erp.example',
  database: 'db',
  user: 'crossdock',
  shop: 'Shop',
  party: 'BUYERS',
  warehouse: 'WH',
  storage: 'STO',
  quarantine: 'QUA',
  taxes: [{ rate: '0.10', name: 'Ten' }],
  products: { shipping: 'SHIPPING' },
});

const TAX = { id: 3, rate: { __class__: 'Decimal', decimal: '0.1' } };

/** A directory over an ERP that holds these records; `asked` tells what it was asked for. */
function directory(records: Readonly<Record<string, unknown[]>>) {
  const asked: string[] = [];
  const client = {
    call: async (model: string) => {
      asked.push(model);
      return records[model] ?? [];
    },
  } as unknown as TrytonClient;
  let now = 0;
  return {
    asked,
    records,
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
    directory: new Directory(SETTINGS, () => now),
    calls: () => new Calls(client, AbortSignal.timeout(60_000)),
  };
}

describe('the directory', () => {
  it('asks once for what the lines of one order look for side by side', async () => {
    const erp = directory({ 'web.shop': [{ id: 1, company: 2 }], 'account.tax': [TAX] });
    const calls = erp.calls();
    const taxes = await Promise.all(Array.from({ length: 220 }, () => erp.directory.tax(calls, '0.1')));
    expect(new Set(taxes)).toEqual(new Set([3]));
    expect(erp.asked).toEqual(['web.shop', 'account.tax']);
  });

  it('lets no piece of work wait for what another one asked: that may have been cut off', async () => {
    const erp = directory({ 'web.shop': [{ id: 1, company: 2 }] });
    await Promise.all([erp.directory.shop(erp.calls()), erp.directory.shop(erp.calls())]);
    expect(erp.asked).toEqual(['web.shop', 'web.shop']);
  });

  it('keeps what it found for a while', async () => {
    const erp = directory({ 'web.shop': [{ id: 1, company: 2 }] });
    const calls = erp.calls();
    await erp.directory.shop(calls);
    await erp.directory.shop(calls);
    expect(erp.asked).toHaveLength(1);
    erp.advance(10 * 60_000);
    await erp.directory.shop(calls);
    expect(erp.asked).toHaveLength(2);
  });

  it('asks again for what was missing', async () => {
    const erp = directory({ 'web.shop': [] });
    const calls = erp.calls();
    await expect(erp.directory.shop(calls)).rejects.toMatchObject({ code: 'SHOP_UNKNOWN' });
    erp.records['web.shop']?.push({ id: 1, company: 2 });
    expect(await erp.directory.shop(calls)).toEqual({ shop: 1, company: 2 });
  });
});
