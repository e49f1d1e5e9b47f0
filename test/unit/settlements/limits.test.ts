import { describe, expect, it } from 'vitest';
import { differencesName } from '#application/settlements/names.ts';
import { csv } from '#connectors/settlements/csv/format.ts';
import { LONGEST_ID, LONGEST_SOURCE } from '#connectors/settlements/kit/settlements.ts';
import { mirakl } from '#connectors/settlements/mirakl/format.ts';
import { MOST_BATCHES } from '#core/settlements/state.ts';
import { fixtureText, inChunks, readAll, whole } from '../../support/settlements.ts';

const MAPPING = {
  channel: 'kaufland',
  version: '2026-11-01',
  told: 'by-part',
  decimals: 'point',
  dates: 'iso',
  timeZone: 'UTC',
  settlementId: { column: 'settlement' },
  currency: { value: 'EUR' },
  columns: {
    amount: 'amount',
    date: 'date',
    words: ['words'],
    orderId: 'order',
    orderLineId: 'line',
    sku: 'sku',
    transactionId: 'transaction',
  },
  control: { words: 'Payout', column: 'amount' },
  rules: [],
};

type Cells = Partial<Record<'settlement' | 'words' | 'order' | 'line' | 'sku' | 'transaction', string>>;

/** One line with these cells, and the payout that announces it. */
function read({ settlement = 'S', words = 'Sale', order = '', line = '', sku = '', transaction = '' }: Cells) {
  const rows = [
    'settlement,date,amount,words,order,line,sku,transaction',
    `${settlement},2026-11-01,10.00,${words},${order},${line},${sku},${transaction}`,
    `${settlement},2026-11-01,10.00,Payout,,,,`,
  ];
  const options = { account: 'main', timeZone: 'UTC', mapping: MAPPING };
  return readAll(csv, inChunks(`${rows.join('\n')}\n`), options);
}

describe('what a file calls a thing', () => {
  it.each([
    ['settlement', LONGEST_ID],
    ['order', LONGEST_ID],
    ['line', LONGEST_ID],
    ['sku', LONGEST_ID],
    ['transaction', LONGEST_ID],
    ['words', LONGEST_SOURCE],
  ] as const)('has a limit: %s', async (column, most) => {
    expect(whole(await read({ [column]: 'x'.repeat(most) })).lines).toHaveLength(1);
    const refused = await read({ [column]: 'x'.repeat(most + 1) });
    expect(refused).toMatchObject({ code: 'SETTLEMENT_ROW', line: 2 });
    expect(refused).toMatchObject({ message: expect.stringContaining(`${most + 1} characters`) });
  });

  it('has the same limit in every format', async () => {
    const text = fixtureText('mirakl.json').replace(/("order":\s*\{\s*"id": ")[^"]*/, `$1${'9'.repeat(3_000)}`);
    expect(text).toContain('9'.repeat(3_000));
    expect(await readAll(mirakl, inChunks(text))).toMatchObject({ code: 'SETTLEMENT_ROW' });
  });

  it('fits into the names and keys that are made of it, in whatever script', () => {
    for (const letter of ['x', '/', 'é', '店', '🏬']) {
      const settlementId = letter.repeat(LONGEST_ID / letter.length);
      const id = { channel: 'c'.repeat(31), account: 'a'.repeat(31), settlementId };
      // A name in S3 has 1,024 bytes at most, a key of a row 2,048.
      const name = differencesName({ id, digest: 'd'.repeat(43), revision: 9_999 }, MOST_BATCHES);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(1_024);
      expect(Buffer.byteLength(`AWAITED#${id.channel}#${id.account}#${settlementId}`)).toBeLessThanOrEqual(2_048);
    }
  });
});
