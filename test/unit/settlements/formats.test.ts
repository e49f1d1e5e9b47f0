import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SettlementFormat } from '#application/ports/settlements.ts';
import { settlementFormats } from '#connectors/settlements/registry.ts';
import { classKey } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { fixtureText, inChunks, readAll, whole } from '../../support/settlements.ts';

const format = (id: string): SettlementFormat => {
  const found = settlementFormats[id];
  if (!found) throw new Error(`no format ${id}`);
  return found;
};

const read = async (id: string, text: string | Uint8Array, mapping?: unknown) =>
  readAll(format(id), inChunks(text), { account: 'main', timeZone: 'UTC', ...(mapping !== undefined && { mapping }) });

const summed = (lines: readonly { readonly amount: number }[]): number =>
  lines.reduce((sum, { amount }) => sum + amount, 0);

/** The fixtures are written by hand from the documentation; each must come to what it announces. */
describe('every format', () => {
  const mapping: unknown = JSON.parse(fixtureText('csv-mapping.json'));
  const csvBytes = readFileSync('test/fixtures/settlements/csv.csv');
  it.each([
    ['amazon-v2', fixtureText('amazon.txt'), 108_619, 21],
    ['amazon-v2', fixtureText('amazon-eu.txt'), 108_619, 21],
    ['shopify-payouts', fixtureText('shopify-payout.json'), 4_192, 7],
    ['shopify-payouts', fixtureText('shopify-export.csv'), 4_450, 3],
    ['ebay', fixtureText('ebay.json'), 13_196, 9],
    ['mirakl', fixtureText('mirakl.json'), 5_630, 9],
    ['walmart', fixtureText('walmart.csv'), 8_610, 5],
    ['csv', csvBytes, 107_100, 3],
  ])('%s comes to what it announces', async (id, text, announced, count) => {
    const { headers, lines } = whole(await read(id, text, id === 'csv' ? mapping : undefined));
    expect(headers).toHaveLength(1);
    expect(headers[0]?.announced).toBe(announced);
    expect(summed(lines)).toBe(announced);
    expect(lines).toHaveLength(count);
  });

  it('keeps words that no rule knows as lines without a class', async () => {
    const { lines } = whole(await read('mirakl', fixtureText('mirakl.json')));
    expect(lines.filter(({ class: known }) => known === undefined)).toEqual([
      expect.objectContaining({ source: 'SUBSCRIPTION_AMOUNT', amount: -2_500 }),
    ]);
    expect(lines.find((line) => line.source === 'SUBSCRIPTION_AMOUNT')).not.toHaveProperty('class');
  });
});

describe('amazon-v2', () => {
  it('says of a line what it was for, when, and of which order', async () => {
    const { headers, lines } = whole(await read('amazon-v2', fixtureText('amazon.txt')));
    expect(headers).toEqual([
      {
        id: { channel: 'amazon', account: 'main', settlementId: '15012345678' },
        format: 'amazon-v2',
        currency: 'USD',
        periodStart: '2026-10-20T00:00:00Z',
        periodEnd: '2026-11-02T00:00:00Z',
        depositDate: '2026-11-04',
        announced: 108_619,
        told: 'by-part',
      },
    ]);
    expect(lines[0]).toEqual({
      at: 3,
      class: { kind: 'sale' },
      amount: 10_000,
      postedAt: '2026-10-30T10:00:00Z',
      orderId: '026-1234567-0000001',
      orderLineId: 'A1',
      sku: 'MUG-BLUE',
      quantity: 2,
      transactionId: 'SH1',
      source: 'Order/ItemPrice/Principal',
    });
    expect(lines.map(({ class: of }) => of && classKey(of))).toContain('reserve/held');
  });

  it('reads both ways in which Amazon writes numbers and dates alike', async () => {
    const us = whole(await read('amazon-v2', fixtureText('amazon.txt')));
    const eu = whole(await read('amazon-v2', fixtureText('amazon-eu.txt')));
    expect(eu.lines).toEqual(us.lines);
    expect(eu.headers.map(({ currency: _, ...rest }) => rest)).toEqual(
      us.headers.map(({ currency: _, ...rest }) => rest),
    );
  });

  it.each([
    ['UTF-8 with a mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16 with a mark', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 without one', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16 the other way round', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['Latin-1', (text: string) => Buffer.from(text, 'latin1')],
    ['line feeds only', (text: string) => Buffer.from(text.replaceAll('\r\n', '\n'))],
  ])('reads %s, whatever the chunks', async (_name, encode) => {
    const text = fixtureText('amazon.txt').replaceAll('MUG-BLUE', 'MÜG-BLUE');
    const expected = whole(await read('amazon-v2', text));
    for (const size of [1, 7, 4096]) {
      expect(whole(await readAll(format('amazon-v2'), inChunks(encode(text), size)))).toEqual(expected);
    }
  });

  const lines = fixtureText('amazon.txt').split('\r\n');
  const changed = (at: number, change: (line: string) => string): string =>
    lines.map((line, index) => (index === at - 1 ? change(line) : line)).join('\r\n');

  it.each<[string, string, string, number | undefined]>([
    ['an amount off by a cent', changed(3, (line) => line.replace('100.00', '100.01')), 'SETTLEMENT_CONTROL_TOTAL', 2],
    ['no summary', lines.filter((_, index) => index !== 1).join('\r\n'), 'SETTLEMENT_SUMMARY', 2],
    ['a second summary', [...lines.slice(0, -1), lines[1], ''].join('\r\n'), 'SETTLEMENT_SUMMARY', 24],
    ['a row that lacks a cell', changed(5, (line) => line.replace('\t', '')), 'SETTLEMENT_ROW', 5],
    ['a column that stands twice', changed(1, (line) => line.replace('\tsku\t', '\tamount\t')), 'SETTLEMENT_HEADER', 1],
    ['a header of something else', 'a\tb\r\n1\t2\r\n', 'SETTLEMENT_HEADER', 1],
    ['no amount', changed(6, (line) => line.replace('-10.00', '-10.0.0')), 'SETTLEMENT_AMOUNT', 6],
    [
      'more decimals than the currency has',
      changed(6, (line) => line.replace('-10.00', '-10.001')),
      'SETTLEMENT_AMOUNT',
      6,
    ],
    ['decimals of another language', changed(9, (line) => line.replace('-3.22', '-3,22')), 'SETTLEMENT_AMOUNT', 9],
    ['a day that is none', changed(4, (line) => line.replace('2026-10-30', '2026-02-30')), 'SETTLEMENT_DATE', 4],
    [
      'a row of another settlement',
      changed(7, (line) => line.replace('15012345678', '15012345679')),
      'SETTLEMENT_ROW',
      7,
    ],
    ['no such currency', changed(2, (line) => line.replace('USD', 'UZD')), 'SETTLEMENT_CURRENCY', 2],
    ['a last line that does not end', lines.join('\r\n').slice(0, -2), 'SETTLEMENT_TRUNCATED', 23],
    ['nothing', '', 'SETTLEMENT_EMPTY', undefined],
    ['bytes of no text', `${lines.join('\r\n')}\0\0\0`, 'SETTLEMENT_ENCODING', undefined],
    ['a ZIP archive', 'PK\u0003\u0004rest', 'SETTLEMENT_ENCODING', undefined],
    ['an endless line', `${'x'.repeat(70_000)}\r\n`, 'SETTLEMENT_ROW', undefined],
  ])('refuses a file with %s, and names the line', async (_name, text, code, line) => {
    const refused = await read('amazon-v2', text);
    expect(refused).toBeInstanceOf(SettlementRefused);
    expect(refused).toMatchObject({ code, ...(line !== undefined && { line }) });
  });

  it('refuses decimals that can be read in two ways when nothing in the file tells which', async () => {
    const header = lines[0] ?? '';
    const cells = (given: Readonly<Record<string, string>>): string =>
      header
        .split('\t')
        .map((column) => given[column] ?? '')
        .join('\t');
    const file = (currency: string, total: string, amounts: readonly string[]): string =>
      [
        header,
        cells({ 'settlement-id': '1', 'total-amount': total, currency }),
        ...amounts.map((amount) =>
          cells({
            'settlement-id': '1',
            'transaction-type': 'Order',
            'amount-type': 'ItemPrice',
            'amount-description': 'Principal',
            amount,
            'posted-date': '10/31/26',
          }),
        ),
        '',
      ].join('\n');
    expect(await read('amazon-v2', file('KWD', '1.230', ['1.230']))).toMatchObject({
      code: 'SETTLEMENT_DECIMALS_AMBIGUOUS',
      line: 2,
    });
    // One amount that is plain settles all of them, also those before it.
    const plain = whole(await read('amazon-v2', file('KWD', '1.730', ['1.230', '0.500'])));
    expect(plain.lines.map(({ amount }) => amount)).toEqual([1_230, 500]);
    const comma = whole(await read('amazon-v2', file('EUR', '1.230', ['1.229,50', '0,50'])));
    expect(comma.headers[0]?.announced).toBe(123_000);
    const yen = whole(await read('amazon-v2', file('JPY', '1,230', ['1,000', '230'])));
    expect(yen.headers[0]?.announced).toBe(1_230);
  });

  it('holds several currencies as several settlements, each proved by itself', async () => {
    const [header, ...rest] = lines;
    const second = rest.map((line) => line.replaceAll('15012345678', '15012345679').replace('USD', 'CAD'));
    const { headers } = whole(await read('amazon-v2', [header, ...rest.slice(0, -1), ...second].join('\r\n')));
    expect(headers.map(({ currency }) => currency)).toEqual(['USD', 'CAD']);
  });
});

describe('other formats', () => {
  it('eBay: the sign is the booking’s, fees are lines of their own, a refund’s fees come back', async () => {
    const { lines } = whole(await read('ebay', fixtureText('ebay.json')));
    expect(lines.map(({ source, amount }) => [source, amount])).toEqual([
      ['SALE/amount', 19_500],
      ['SALE/fee/FINAL_VALUE_FEE', -2_996],
      ['SALE/fee/FINAL_VALUE_FEE_FIXED_PER_ORDER', -44],
      ['SALE/fee/INTERNATIONAL_FEE', -224],
      ['REFUND/amount', -2_000],
      ['REFUND/fee/FINAL_VALUE_FEE', 310],
      ['SALE/amount', 920],
      ['NON_SALE_CHARGE/AD_FEE', -1_270],
      ['SHIPPING_LABEL/amount', -1_000],
    ]);
    expect(lines.find(({ converted }) => converted)?.converted).toEqual({
      amount: 1_000,
      currency: 'USD',
      rate: '0.92',
    });
  });

  it('eBay: refuses fees that are not their total', async () => {
    expect(await read('ebay', fixtureText('ebay.json').replace('"29.96"', '"29.97"'))).toMatchObject({
      code: 'SETTLEMENT_ROW',
    });
  });

  it('Shopify: the payout’s own row announces it and is no line', async () => {
    const { headers, lines } = whole(await read('shopify-payouts', fixtureText('shopify-payout.json')));
    expect(headers[0]).toMatchObject({ announced: 4_192, depositDate: '2026-11-02', told: 'as-charged' });
    expect(lines.map(({ source }) => source)).not.toContain('payout/amount/debit');
    expect(lines[1]).toMatchObject({ source: 'charge/fee/debit', amount: -200, orderId: '5001' });
  });

  it.each([
    ['a payout that is not its row', '"amount": "41.92"', '"amount": "41.93"', 'SETTLEMENT_CONTROL_TOTAL'],
    ['a net that is not amount less fee', '"net": "48.00"', '"net": "48.01"', 'SETTLEMENT_ROW'],
    ['a test transaction', '"test": false', '"test": true', 'SETTLEMENT_ROW'],
    ['a transaction of no payout', '"payout_id": 623721858,', '"payout_id": null,', 'SETTLEMENT_ROW'],
    [
      'another currency',
      '"currency": "USD",\n      "amount": "50.00"',
      '"currency": "EUR",\n      "amount": "50.00"',
      'SETTLEMENT_CURRENCY',
    ],
  ])('Shopify: refuses %s', async (_name, from, to, code) => {
    const text = fixtureText('shopify-payout.json');
    expect(text).toContain(from);
    expect(await read('shopify-payouts', text.replace(from, to))).toMatchObject({ code });
  });

  it('refuses lines of which nothing says what is paid out', async () => {
    const rows = fixtureText('shopify-export.csv').split('\n').slice(0, -2);
    expect(await read('shopify-payouts', `${rows.join('\n')}\n`)).toMatchObject({
      code: 'SETTLEMENT_SUMMARY',
      line: 2,
    });
    const unpaid = fixtureText('mirakl.json').replace('"PAYMENT"', '"SUBSCRIPTION_FEE"');
    expect(await read('mirakl', unpaid)).toMatchObject({ code: 'SETTLEMENT_SUMMARY' });
  });

  it('Shopify’s export: line numbers count the breaks inside cells', async () => {
    const { lines } = whole(await read('shopify-payouts', fixtureText('shopify-export.csv')));
    expect(lines.map(({ at }) => at)).toEqual([2, 2, 4]);
    expect(lines[0]).toMatchObject({ orderId: '#1001', converted: { amount: 4_500, currency: 'EUR' } });
  });

  it('Walmart: cells of two quote marks are empty, and the summary must come first', async () => {
    const text = fixtureText('walmart.csv');
    const { lines } = whole(await read('walmart', text));
    expect(lines.at(-1)).not.toHaveProperty('orderId');
    const rows = text.split('\n');
    expect(await read('walmart', [rows[0], ...rows.slice(2)].join('\n'))).toMatchObject({
      code: 'SETTLEMENT_SUMMARY',
      line: 2,
    });
  });

  it('a JSON document that is cut off is refused', async () => {
    for (const [id, name] of [
      ['ebay', 'ebay.json'],
      ['mirakl', 'mirakl.json'],
      ['shopify-payouts', 'shopify-payout.json'],
    ] as const) {
      const text = fixtureText(name);
      expect(await read(id, text.slice(0, text.length / 2))).toMatchObject({ code: 'SETTLEMENT_TRUNCATED' });
    }
  });

  it('csv: times are of the declared zone, credits and debits of their columns', async () => {
    const mapping: unknown = JSON.parse(fixtureText('csv-mapping.json'));
    const { headers, lines } = whole(await read('csv', readFileSync('test/fixtures/settlements/csv.csv'), mapping));
    expect(headers[0]).toMatchObject({ id: { channel: 'kaufland' }, depositDate: '2026-11-03' });
    expect(lines.map(({ postedAt, amount }) => [postedAt, amount])).toEqual([
      ['2026-10-31T22:30:00Z', 100_000],
      ['2026-10-31T22:30:00Z', 19_000],
      ['2026-10-31T23:10:00Z', -11_900],
    ]);
  });

  it('csv: a mapping that can’t be is refused with its place', async () => {
    expect(await read('csv', 'a;b\n')).toMatchObject({ code: 'SETTLEMENT_MAPPING' });
    const refused = await read('csv', 'a;b\n', { channel: 'Kaufland' });
    expect(refused).toMatchObject({ code: 'SETTLEMENT_MAPPING', message: expect.stringContaining('"channel"') });
  });
});
