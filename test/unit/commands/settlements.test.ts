import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settlementsImport } from '../../../bin/commands/settlements.ts';
import { fixturePath, fixtureText } from '../../support/settlements.ts';

type Ended = { readonly code: number; readonly out: string; readonly err: string };

/** The real command line, without AWS. */
function run(...args: string[]): Promise<Ended> {
  const { PATH, HOME, CROSSDOCK_CACHE, TMPDIR } = process.env;
  const env = { PATH, HOME, CROSSDOCK_CACHE, TMPDIR, AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null' };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.resolve('bin/crossdock.mjs'), 'settlements', ...args],
      { env },
      (error, out, err) => resolve({ code: error ? Number((error as { code?: unknown }).code) : 0, out, err }),
    );
  });
}

const AMAZON = ['--format', 'amazon-v2', '--file', fixturePath('amazon.txt')];

describe.concurrent('settlements', { timeout: 60_000 }, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'settlements-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };

  it('import shows what the file is about and the journal that it would post', async () => {
    const { code, out, err } = await run(
      'import',
      ...AMAZON,
      '--time-zone',
      'Europe/Berlin',
      '--closed-through',
      '2026-10-31',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('21 lines come to 1086.19 USD, announced are 1086.19 USD');
    expect(out).toContain('2026-10\t2026-11-01\tin-transit\tpaid out in 2026-11\t1140.78 USD');
    expect(out).toContain('Orders: not matched (give --orders)');
  });

  it('import matches orders and names what differs, with age and owner', async () => {
    const order = {
      id: { channel: 'amazon', account: 'main', orderId: '026-1234567-0000001' },
      placedAt: '2026-10-29T00:00:00Z',
      currency: 'USD',
      total: 10_200,
      lines: [
        {
          lineId: 'A1',
          sku: 'MUG-BLUE',
          quantity: 2,
          net: 9_000,
          discount: 1_000,
          taxes: [{ amount: 700, collectedBy: 'marketplace' }],
        },
      ],
      shipping: { net: 500, taxes: [] },
    };
    const orders = file('orders.ndjson', `${JSON.stringify(order)}\n`);
    const { code, out } = await run('import', ...AMAZON, '--orders', orders, '--as-of', '2026-11-20', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      orders: { matched: 0, different: 2 },
      causes: {
        'late-refund': { orders: 1, amounts: { USD: -4_500 } },
        'missing-order': { orders: 1, ages: { '15-30': 1 } },
      },
      settlements: [{ journal: { kind: 'ready' } }],
    });
    const refunds = [
      { refundId: 'R1', amount: 4_850, parts: { 'line/A1/net': 4_500, 'line/A1/marketplace-tax': 350 } },
    ];
    const known = file('known.json', JSON.stringify([{ ...order, refunds }]));
    expect(JSON.parse((await run('import', ...AMAZON, '--orders', known, '--json')).out).orders).toEqual({
      matched: 1,
      different: 1,
    });
  });

  it('import counts what an earlier file said of an order', async () => {
    const text = fixtureText('amazon.txt').split('\r\n');
    const cut = 12;
    const part = (rows: string[], id: string, total: string): string =>
      [text[0], text[1]?.replace('1086.19', total), ...rows, ''].join('\r\n').replaceAll('15012345678', id);
    const first = file('first.txt', part(text.slice(2, cut), '1', '1090.78'));
    const second = file('second.txt', part(text.slice(cut, -1), '2', '-4.59'));
    const order = {
      id: { orderId: '026-1234567-0000001' },
      placedAt: '2026-10-29T00:00:00Z',
      currency: 'USD',
      total: 10_200,
      lines: [
        {
          lineId: 'A1',
          sku: 'MUG-BLUE',
          quantity: 2,
          net: 9_000,
          discount: 1_000,
          taxes: [{ amount: 700, collectedBy: 'marketplace' }],
        },
      ],
      shipping: { net: 500 },
      refunds: [{ refundId: 'R1', amount: 4_850, parts: { 'line/A1/net': 4_500, 'line/A1/marketplace-tax': 350 } }],
    };
    const orders = file('one.json', JSON.stringify(order));
    const args = ['import', '--format', 'amazon-v2', '--file', second, '--orders', orders, '--json'];
    expect(JSON.parse((await run(...args)).out).causes).toHaveProperty('not-settled');
    const { out } = await run(...args, '--earlier', first);
    const { orders: counted, causes } = JSON.parse(out) as { orders: unknown; causes: Record<string, unknown> };
    expect(counted).toEqual({ matched: 1, different: 1 });
    expect(Object.keys(causes)).toEqual(['missing-order']);
  });

  it('import refuses a damaged file whole, with the reason and the line, and ends with 1', async () => {
    const damaged = file('damaged.txt', fixtureText('amazon.txt').replace('100.00', '100.01'));
    const args = ['import', '--format', 'amazon-v2', '--file', damaged];
    const [text, json] = await Promise.all([run(...args), run(...args, '--json')]);
    expect([text.code, json.code]).toEqual([1, 1]);
    expect(text.err).toMatch(
      /^crossdock: refused: line 2: settlement 15012345678 announces 1086\.19 USD, its lines come to 1086\.20: 0\.01 are off/,
    );
    expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'SETTLEMENT_CONTROL_TOTAL' } });
  });

  it('import posts nothing over words that no rule knows, and ends with 1', async () => {
    const { code, out } = await run('import', '--format', 'mirakl', '--file', fixturePath('mirakl.json'));
    expect(code).toBe(1);
    expect(out).toContain('SUBSCRIPTION_AMOUNT');
    expect(out).toContain('SETTLEMENT_UNCLASSIFIED');
  });

  it('import reads a file by its declared mapping', async () => {
    const args = [
      'import',
      '--format',
      'csv',
      '--file',
      fixturePath('csv.csv'),
      '--mapping',
      fixturePath('csv-mapping.json'),
    ];
    expect((await run(...args)).out).toContain('Settlement K-9 of kaufland/main: 3 lines come to 1071.00 EUR');
  });

  it.each([
    [['import', '--format', 'csv', '--file', fixturePath('csv.csv')], /needs --mapping/],
    [['import', '--format', 'amazon', '--file', 'x'], /'amazon' is invalid.*amazon-v2/],
    [['import', '--format', 'ebay', '--file', '/no/such'], /can't be read/],
    [['import', ...AMAZON, '--time-zone', 'Mars'], /'Mars' is invalid.*Europe\/Berlin/],
    [['import', ...AMAZON, '--orders', fixturePath('csv.csv')], /is no JSON/],
    [['import', ...AMAZON, '--orders', fixturePath('csv-mapping.json')], /order 1 at "id"/],
  ])('is called wrongly by %j: 2', async (args, message) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('margin tells sale less cost, fees, refunds and shipping, as a table, as CSV and summed', async () => {
    const costs = file('costs.json', JSON.stringify({ 'MUG-BLUE': { cost: '20.00', currency: 'USD' } }));
    const args = ['margin', ...AMAZON, '--costs', costs];
    const { out } = await run(...args, '--csv');
    expect(out.split(/\r?\n/).sort()).toEqual([
      '',
      '026-1234567-0000001,MUG-BLUE,USD,2,95.00,40.00,8.10,45.00,3.22,0.00,-1.32',
      '026-1234567-0000002,CHAIR,USD,1,1250.00,,187.50,0.00,0.00,0.00,1062.50',
      'order,sku,currency,units,sale,cost,fees,refunds,shipping,other,margin',
    ]);
    expect(JSON.parse((await run(...args, '--by', 'channel', '--json')).out)).toMatchObject([
      { sale: 134_500, margin: 110_118 },
    ]);
  });

  it('offers --apply only when a stage can take a file', async () => {
    const { apply } = await import('../../../bin/commands/settlements/apply.ts');
    const offered = settlementsImport.options.some(({ long }) => long === '--apply');
    expect(offered).toBe(apply !== undefined);
  });
});
