import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SettlementFormat } from '#application/ports/settlements.ts';
import { amazonV2 } from '#connectors/settlements/amazon-v2/format.ts';
import { csv } from '#connectors/settlements/csv/format.ts';
import { ebay } from '#connectors/settlements/ebay/format.ts';
import { mirakl } from '#connectors/settlements/mirakl/format.ts';
import { shopifyPayouts } from '#connectors/settlements/shopify-payouts/format.ts';
import { walmart } from '#connectors/settlements/walmart/format.ts';
import { journalOf } from '#core/settlements/journal.ts';
import { Tally } from '#core/settlements/totals.ts';
import { amazonReport } from '../../support/amazon-report.ts';
import { fixtureText, inChunks, readAll, whole } from '../../support/settlements.ts';
import { paid } from './house.ts';

const read = (format: SettlementFormat, text: string | Uint8Array, timeZone: string, mapping?: unknown) =>
  readAll(format, inChunks(text), { account: 'main', timeZone, ...(mapping !== undefined && { mapping }) });

/** Part and date of each move of the first settlement of a file, in books of that zone. */
async function moves(format: SettlementFormat, text: string | Uint8Array, timeZone: string, mapping?: unknown) {
  const { headers, lines } = whole(await read(format, text, timeZone, mapping));
  const tally = new Tally(timeZone);
  for (const line of lines) tally.add(line.class ? line : { ...line, class: { kind: 'adjustment' } });
  const [header, totals] = [headers[0], tally.totals()];
  if (!header || !totals) throw new Error('the file holds no settlement');
  const journal = journalOf(header, totals, { timeZone, detail: 'summary' });
  if (journal.kind !== 'ready') throw new Error(JSON.stringify(journal));
  return journal.parts.map(({ part, date }) => [part, date]);
}

const NEW_YORK = 'America/New_York';
const BERLIN = 'Europe/Berlin';

describe('a day that stands in the file', () => {
  it.each(['UTC', NEW_YORK, BERLIN, 'Pacific/Honolulu'])('is the deposit’s in books of %s too', async (timeZone) => {
    const report = [
      'Period Start Date,Period End Date,Total Payable,Currency,Transaction Key,Transaction Posted Timestamp,Transaction Type,Purchase Order #,Amount,Amount Type',
      '10/18/2026,11/01/2026,100.00,USD,,,PaymentSummary,,,',
      '10/18/2026,11/01/2026,,USD,K1,11/01/2026,Sale,1089,100.00,Product Price',
      '',
    ].join('\n');
    expect(await moves(walmart, report, timeZone)).toEqual([['2026-11', '2026-11-01']]);
    const deposited = fixtureText('amazon.txt').replace('2026-11-04 00:00:00 UTC', '2026-11-01');
    const { headers } = whole(await read(amazonV2, deposited, timeZone));
    expect(headers[0]?.depositDate).toBe('2026-11-01');
    const { headers: shopify } = whole(await read(shopifyPayouts, fixtureText('shopify-payout.json'), timeZone));
    expect(shopify[0]?.depositDate).toBe('2026-11-02');
  });

  it('is the deposit’s also where noon in UTC is the next day', async () => {
    const text = 'Art;Buchung;Betrag\nWare;01.10.2026;10,00\nAuszahlung;31.10.2026;10,00\n';
    const { headers } = whole(await read(csv, text, 'Pacific/Auckland', MAPPING));
    expect(headers[0]?.depositDate).toBe('2026-10-31');
  });
});

const MAPPING = {
  channel: 'kaufland',
  version: '2026-11-01',
  told: 'by-part',
  delimiter: ';',
  decimals: 'comma',
  dates: 'eu',
  timeZone: BERLIN,
  settlementId: { value: 'S' },
  currency: { value: 'EUR' },
  columns: { amount: 'Betrag', date: 'Buchung', words: ['Art'] },
  control: { words: 'Auszahlung', column: 'Betrag', depositDate: 'Buchung' },
  rules: [{ words: 'Ware', class: { kind: 'sale' } }],
};

/** Deposit and all lines of one minute lie in one month of the books: there is nothing in transit. */
describe('an instant of a deposit is of the day that the books have then', () => {
  it('csv: half past midnight in Berlin', async () => {
    const text = 'Art;Buchung;Betrag\nWare;01.11.2026 00:30:00;10,00\nAuszahlung;01.11.2026 00:30:00;10,00\n';
    expect(await moves(csv, text, BERLIN, MAPPING)).toEqual([['2026-11', '2026-11-01']]);
    expect(await moves(csv, text, 'UTC', MAPPING)).toEqual([['2026-10', '2026-10-31']]);
  });

  it('amazon', async () => {
    const lines = paid(1).map((one) => ({ ...one, day: '2026-10-31' }));
    const report = Buffer.from(amazonReport({ settlementId: '15000000001', lines }))
      .toString()
      .replaceAll('2026-11-18 00:00:00 UTC', '2026-10-31 23:30:00 UTC')
      .replaceAll('2026-10-31 08:15:00 UTC', '2026-10-31 23:30:00 UTC');
    expect(await moves(amazonV2, report, BERLIN)).toEqual([['2026-11', '2026-11-01']]);
    expect(await moves(amazonV2, report, NEW_YORK)).toEqual([['2026-10', '2026-10-31']]);
  });

  it.each([
    ['ebay', ebay, fixtureText('ebay.json').replaceAll(/"2026-[^"]*T[^"]*"/g, '"2026-10-31T23:30:00.000Z"')],
    ['mirakl', mirakl, fixtureText('mirakl.json').replaceAll(/"2026-[^"]*T[^"]*"/g, '"2026-10-31T23:30:00Z"')],
    [
      'shopify, where no payout stands beside its transactions',
      shopifyPayouts,
      fixtureText('shopify-payout.json')
        .replace(/"payouts": \[[^\]]*\],/, '')
        .replaceAll(/"2026-[^"]*T[^"]*"/g, '"2026-10-31T19:30:00-04:00"'),
    ],
    [
      'shopify’s export, where the payout’s date is left out',
      shopifyPayouts,
      fixtureText('shopify-export.csv')
        .replaceAll(',2026-11-02,', ',,')
        .replaceAll(/^2026-[^,]*/gm, '2026-10-31 19:30:00 -0400'),
    ],
  ] as const)('%s', async (_name, format, text) => {
    expect(await moves(format, text, BERLIN)).toEqual([['2026-11', '2026-11-01']]);
    expect(await moves(format, text, NEW_YORK)).toEqual([['2026-10', '2026-10-31']]);
  });
});

describe('a text that is no day', () => {
  const exported = readFileSync('test/fixtures/settlements/shopify-export.csv', 'utf8');
  it.each(['n/a', '11/02/2026', '2026-02-30', 'Tuesday'])('refuses the file: %s', async (date) => {
    const [json, rows] = [
      fixtureText('shopify-payout.json').replaceAll('"date": "2026-11-02"', `"date": "${date}"`),
      exported.replaceAll(',2026-11-02,', `,${date},`),
    ];
    for (const text of [json, json.replace('"type": "payout"', '"type": "adjustment"'), rows]) {
      expect(await read(shopifyPayouts, text, 'UTC')).toMatchObject({ code: 'SETTLEMENT_DATE' });
    }
  });
});
