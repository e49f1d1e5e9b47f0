import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { currencyExponent, formatMoney } from '#core/kernel/money.ts';
import vocabulary from '../fixtures/vendor/amazon/settlement-v2-vocabulary.json' with { type: 'json' };

/** Lines of a generated Amazon settlement report: made of the committed vocabulary, the same for the same numbers. */
export type Generated = { readonly lines: number; readonly currencies: readonly string[]; readonly seed?: number };

const COLUMNS = vocabulary.columns;

/** Writes a V2 settlement report with a settlement for each currency, each with its control total; answers how many bytes. */
export async function writeSettlementFile(file: string, { lines, currencies, seed = 1 }: Generated): Promise<number> {
  const out = createWriteStream(file);
  let waiting = `${COLUMNS.join('\t')}\r\n`;
  let bytes = 0;
  const send = async (): Promise<void> => {
    bytes += Buffer.byteLength(waiting);
    const free = out.write(waiting);
    waiting = '';
    if (!free) await once(out, 'drain');
  };
  for (const [index, currency] of currencies.entries()) {
    const share = Math.floor(lines / currencies.length) + (index < lines % currencies.length ? 1 : 0);
    const settlement = { id: String(15_000_000_000 + index), currency, share, seed: seed + index };
    let total = 0;
    for (const [, , , , amount] of rowsOf(settlement)) total += amount;
    waiting += summaryRow(settlement.id, currency, total);
    for (const row of rowsOf(settlement)) {
      waiting += lineRow(settlement.id, currency, row);
      if (waiting.length > 1 << 16) await send();
    }
  }
  await send();
  out.end();
  await once(out, 'finish');
  return bytes;
}

type Settlement = { readonly id: string; readonly currency: string; readonly share: number; readonly seed: number };
type Line = readonly [
  type: string,
  of: string,
  words: string,
  order: number,
  amount: number,
  at: number,
  units: string,
];

/** What happens to an order, in parts of its price (basis points, as the seller sees them). */
const SOLD: readonly (readonly [string, string, number])[] = [
  ['ItemPrice', 'Principal', 10_000],
  ['ItemPrice', 'Tax', 700],
  ['ItemPrice', 'Shipping', 450],
  ['ItemPrice', 'ShippingTax', 31],
  ['Promotion', 'Principal', -500],
  ['ItemFees', 'Commission', -1_500],
  ['ItemFees', 'FBAPerUnitFulfillmentFee', -322],
  ['ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal', -700],
  ['ItemWithheldTax', 'MarketplaceFacilitatorTax-Shipping', -31],
];
const REFUNDED = SOLD.filter(([, words]) => !words.startsWith('FBA')).map(
  ([of, words, share]) => [of, words, -share] as const,
);

function* rowsOf({ share, seed, currency }: Settlement): Generator<Line> {
  const random = chance(seed);
  const scale = 10 ** currencyExponent(currency);
  let left = share;
  for (let order = 0; left > 0; order++) {
    const price = Math.floor(random() * 200 * scale) + scale;
    const at = Math.floor((order / share) * 60 * 9) * 60 + Math.floor(random() * 60);
    const kind = random();
    const what =
      kind < 0.9
        ? (['Order', SOLD] as const)
        : kind < 0.97
          ? (['Refund', REFUNDED] as const)
          : kind < 0.99
            ? (['Order_Retrocharge', SOLD.filter(([, words]) => /Tax/.test(words))] as const)
            : (['other-transaction', RESERVES] as const);
    const of = what[0] === 'Refund' ? Math.floor(random() * order) : order;
    for (const [type, words, points] of what[1].slice(0, left)) {
      const amount = Math.round((price * points) / 10_000);
      yield [what[0], type, words, of, amount, at, words === 'Principal' && type === 'ItemPrice' ? '1' : ''];
      left -= 1;
    }
  }
}

const RESERVES = [
  ['other-transaction', 'Current Reserve Amount', -10_000],
  ['other-transaction', 'Previous Reserve Amount Balance', 9_000],
] as const;

function lineRow(id: string, currency: string, [type, of, words, order, minor, at, units]: Line): string {
  const day = 1 + Math.floor(at / 86_400);
  const time = new Date(at * 1000).toISOString().slice(11, 19);
  const orderId =
    type === 'other-transaction' ? '' : `026-${pad(order % 9_999_991)}-${pad((order * 7_919) % 9_999_991)}`;
  const amount = formatMoney({ minor, currency });
  const date = `2026-10-${String(day).padStart(2, '0')}`;
  return `${id}\t\t\t\t\t\t${type}\t${orderId}\t\t\t${orderId === '' ? '' : `D${order}`}\tAmazon.com\t${of}\t${words}\t${amount}\tAFN\t10/${day}/26\t${date} ${time} UTC\t${order}\t\t\tSKU-${order % 997}\t${units}\t\r\n`;
}

const summaryRow = (id: string, currency: string, minor: number): string =>
  `${id}\t2026-10-01 00:00:00 UTC\t2026-11-01 00:00:00 UTC\t2026-11-03 00:00:00 UTC\t${formatMoney({ minor, currency })}\t${currency}${'\t'.repeat(COLUMNS.length - 6)}\r\n`;

const pad = (value: number): string => String(value).padStart(7, '0');

/** Mulberry32. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
