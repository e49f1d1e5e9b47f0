import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amazonV2 } from '#connectors/settlements/amazon-v2/format.ts';
import { minorUnits, styleOf } from '#connectors/settlements/kit/decimal.ts';
import { currencyExponent, formatMoney } from '#core/kernel/money.ts';
import { adjustmentOf } from '#core/settlements/adjustment.ts';
import { changedLines } from '#core/settlements/changes.ts';
import { journalOf } from '#core/settlements/journal.ts';
import { classKey, type LineClass, type SettlementHeader, type SettlementLine } from '#core/settlements/line.ts';
import { matchOrder, type OrderToMatch } from '#core/settlements/match.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { mergeSettled, settledOrder } from '#core/settlements/settled-order.ts';
import { Tally } from '#core/settlements/totals.ts';
import vocabulary from '../../fixtures/vendor/amazon/settlement-v2-vocabulary.json' with { type: 'json' };
import { inChunks, readAll, whole } from '../../support/settlements.ts';

const CURRENCIES = ['USD', 'JPY', 'KWD'] as const;

const classes: fc.Arbitrary<LineClass> = fc.oneof(
  fc.constantFrom<LineClass>(
    { kind: 'sale' },
    { kind: 'shipping' },
    { kind: 'discount' },
    { kind: 'chargeback' },
    { kind: 'adjustment' },
    { kind: 'advertising' },
    { kind: 'payout' },
  ),
  fc
    .constantFrom('seller' as const, 'marketplace' as const)
    .map((collectedBy): LineClass => ({ kind: 'tax', collectedBy })),
  fc.constantFrom('commission', 'payment').map((fee): LineClass => ({ kind: 'fee', fee })),
  fc
    .constantFrom(
      'sale' as const,
      'shipping' as const,
      'discount' as const,
      'own-tax' as const,
      'marketplace-tax' as const,
    )
    .map((of): LineClass => ({ kind: 'refund', of })),
  fc.constantFrom('held' as const, 'released' as const).map((move): LineClass => ({ kind: 'reserve', move })),
);

/** Lines of September to December, with amounts up to what a number holds. */
const lines: fc.Arbitrary<SettlementLine[]> = fc
  .array(
    fc.record({
      class: classes,
      amount: fc.oneof(fc.integer({ min: -100_000, max: 100_000 }), fc.integer({ min: -1e15, max: 1e15 })),
      day: fc.integer({ min: 0, max: 100 * 24 * 60 }),
      order: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((all) =>
    all.map(({ day, order, ...line }, index) => ({
      ...line,
      at: index + 2,
      postedAt: `${new Date(Date.UTC(2026, 8, 1) + day * 60_000).toISOString().slice(0, 19)}Z`,
      orderId: String(order),
      source: classKey(line.class),
    })),
  );

const header = (currency: string, announced: number): SettlementHeader => ({
  id: { channel: 'amazon', account: 'main', settlementId: 'S1' },
  format: 'amazon-v2',
  currency,
  depositDate: '2026-11-04',
  announced,
  told: 'by-part',
});

function totalsOf(all: readonly SettlementLine[], timeZone: string) {
  const tally = new Tally(timeZone);
  for (const line of all) tally.add(line);
  return tally.totals();
}

const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kathmandu', 'Pacific/Chatham');

describe('whatever the lines', () => {
  it('every move balances, and all moves together are the lines and the deposit', () => {
    fc.assert(
      fc.property(
        lines,
        zones,
        fc.constantFrom(...CURRENCIES),
        fc.option(fc.constantFrom('2026-09-30', '2026-11-30')),
        (all, timeZone, currency, closed) => {
          const totals = totalsOf(all, timeZone);
          if (totals === undefined) return;
          const terms = { timeZone, detail: 'summary' as const, ...(closed !== null && { closedThrough: closed }) };
          const journal = journalOf(header(currency, totals.sum), totals, terms);
          if (journal.kind === 'blocked') {
            expect(journal.reasons[0]?.code).toBe('SETTLEMENT_AMOUNT_TOO_LARGE');
            return;
          }
          const sums = new Map<string, bigint>();
          for (const { lines: postings, date } of journal.parts) {
            expect(postings.reduce((sum, { amount }) => sum + BigInt(amount), 0n)).toBe(0n);
            if (closed !== null) expect(date > closed).toBe(true);
            for (const { account, amount } of postings) {
              expect(amount === 0 || !Number.isSafeInteger(amount)).toBe(false);
              sums.set(account, (sums.get(account) ?? 0n) + BigInt(amount));
            }
          }
          // Nothing stays on the way, and what goes to the bank is what was announced, other payouts apart.
          expect(sums.get('in-transit') ?? 0n).toBe(0n);
          const payouts = all.reduce(
            (sum, line) => (line.class.kind === 'payout' ? sum + BigInt(line.amount) : sum),
            0n,
          );
          expect((sums.get('deposit') ?? 0n) + payouts).toBe(BigInt(totals.sum));
        },
      ),
    );
  });

  it('a month split loses nothing: the months come to the sum of the lines', () => {
    fc.assert(
      fc.property(lines, zones, (all, timeZone) => {
        const totals = totalsOf(all, timeZone);
        if (totals === undefined) return;
        const months = Object.values(totals.months).flatMap((amounts) => Object.values(amounts));
        expect(months.reduce((sum: bigint, one) => sum + BigInt(one ?? 0), 0n)).toBe(BigInt(totals.sum));
        expect(all.reduce((sum, { amount }) => sum + BigInt(amount), 0n)).toBe(BigInt(totals.sum));
      }),
    );
  });

  it('posting and its adjustment together are what posting the later lines would have been', () => {
    fc.assert(
      fc.property(lines, lines, (first, later) => {
        const [before, after] = [totalsOf(first, 'UTC'), totalsOf(later, 'UTC')];
        if (before === undefined || after === undefined) return;
        const terms = { timeZone: 'UTC', detail: 'summary' as const };
        const posted = { announced: before.sum, currency: 'USD', months: before.months, key: 'k' };
        const journals = [
          journalOf(header('USD', before.sum), before, terms),
          adjustmentOf(posted, header('USD', after.sum), after, { ...terms, sequence: 1, date: '2026-11-20' }),
        ];
        const once = journalOf(header('USD', after.sum), after, terms);
        if ([...journals, once].some(({ kind }) => kind === 'blocked')) return;
        expect(byAccount(journals)).toEqual(byAccount([once]));
      }),
    );
  });

  it('each minor unit of a change has a line that explains it, whatever the order of lines', () => {
    const small = lines.map((all) => all.map((line) => ({ ...line, amount: line.amount % 1_000_000 })));
    fc.assert(
      fc.property(small, small, (before, after) => {
        const sum = (all: readonly { readonly amount: number }[]) =>
          all.reduce((total, { amount }) => total + amount, 0);
        const changes = changedLines(before, after);
        const explained = changes.reduce((total, change) => total + (change.after ?? 0) - (change.before ?? 0), 0);
        expect(explained).toBe(sum(after) - sum(before));
        expect(changedLines(before, [...before].reverse())).toEqual([]);
      }),
    );
  });

  it('an order matches the same, whatever way its lines are spread over settlements', () => {
    fc.assert(
      fc.property(lines, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 40, maxLength: 40 }), (all, spread) => {
        const small = all.map((line) => ({ ...line, amount: line.amount % 1_000_000 }));
        const together = settledOrder('1', 'USD', small);
        const apart = [0, 1, 2, 3].flatMap(
          (of) =>
            settledOrder(
              '1',
              'USD',
              small.filter((_, index) => spread[index] === of),
            ) ?? [],
        );
        const merged = apart.reduce(mergeSettled);
        const terms = { told: 'by-part' as const, asOf: '2026-12-31T00:00:00Z' };
        expect(together && matchOrder(merged, ORDER, terms)).toEqual(together && matchOrder(together, ORDER, terms));
      }),
    );
  });
});

function byAccount(journals: readonly ReturnType<typeof journalOf>[]): Record<string, string> {
  const sums = new Map<string, bigint>();
  for (const journal of journals) {
    for (const part of journal.kind === 'ready' ? journal.parts : []) {
      for (const { account, amount } of part.lines) sums.set(account, (sums.get(account) ?? 0n) + BigInt(amount));
    }
  }
  return Object.fromEntries(
    [...sums]
      .filter(([, sum]) => sum !== 0n)
      .sort()
      .map(([account, sum]) => [account, String(sum)]),
  );
}

const ORDER: OrderToMatch = {
  placedAt: '2026-09-01T00:00:00Z',
  currency: 'USD',
  shipping: { net: 0, taxes: [] },
  fees: [],
  total: 1_000,
  refunds: [],
  lines: [
    {
      lineId: 'L',
      sku: 'S',
      quantity: 1,
      net: 1_000,
      discount: 0,
      taxes: [],
      shipped: 1,
      fulfilledInChannel: 1,
      returning: 0,
      refunded: 0,
    },
  ],
};

describe('decimals', () => {
  const local = (minor: number, currency: string, style: 'point' | 'comma', grouped: boolean): string => {
    const [whole = '', fraction] = formatMoney({ minor: Math.abs(minor), currency }).split('.');
    const digits = grouped ? whole.replace(/\B(?=(\d{3})+$)/g, style === 'point' ? ',' : '.') : whole;
    const text = fraction === undefined ? digits : `${digits}${style === 'point' ? '.' : ','}${fraction}`;
    return minor < 0 ? `-${text}` : text;
  };
  const amounts = fc.integer({ min: -1e14, max: 1e14 });

  it('come back as they were written, in every style and currency', () => {
    fc.assert(
      fc.property(
        amounts,
        fc.constantFrom(...CURRENCIES),
        fc.constantFrom('point' as const, 'comma' as const),
        fc.boolean(),
        (minor, currency, style, grouped) => {
          const text = local(minor, currency, style, grouped);
          expect(minorUnits(text, style, currencyExponent(currency))).toBe(minor === 0 ? 0 : minor);
          // The other style may not know it, but a text is never read as something else without being called ambiguous.
          const told = styleOf(text, currencyExponent(currency));
          expect([style, 'either', 'ambiguous']).toContain(told);
        },
      ),
    );
  });

  it('of no other text are anything', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const minor = minorUnits(text, 'point', 2);
        expect(Number.isNaN(minor) || /^-?\d/.test(text)).toBe(true);
      }),
    );
  });
});

describe('a settlement report', () => {
  const words = Object.entries(vocabulary.amountTypes).flatMap(([type, all]) =>
    all.map((word) => [type, word] as const),
  );
  const rows = fc.array(
    fc.record({
      words: fc.constantFrom(...words),
      type: fc.constantFrom('Order', 'Refund', 'Order_Retrocharge', 'other-transaction'),
      amount: fc.integer({ min: 1, max: 999_999 }).map((amount) => amount * 2 - 999_999),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const file = (
    all: readonly { words: readonly [string, string]; type: string; amount: number }[],
    currency: string,
  ) => {
    const cells = (given: Readonly<Record<string, string>>): string =>
      vocabulary.columns.map((column) => given[column] ?? '').join('\t');
    const total = all.reduce((sum, { amount }) => sum + amount, 0);
    return [
      vocabulary.columns.join('\t'),
      cells({
        'settlement-id': '77',
        'total-amount': formatMoney({ minor: total, currency }),
        currency,
        'deposit-date': '11/04/26',
      }),
      ...all.map(({ words: [of, word], type, amount }) =>
        cells({
          'settlement-id': '77',
          'transaction-type': type,
          'amount-type': of,
          'amount-description': word,
          amount: formatMoney({ minor: amount, currency }),
          'posted-date': '10/31/26',
        }),
      ),
      '',
    ];
  };

  it('is read to the minor unit in every currency', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.constantFrom('USD', 'JPY'),
        fc.integer({ min: 1, max: 300 }),
        async (all, currency, chunk) => {
          const { lines: read } = whole(await readAll(amazonV2, inChunks(file(all, currency).join('\r\n'), chunk)));
          expect(read.map(({ amount }) => amount)).toEqual(all.map(({ amount }) => amount));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of which any one amount was changed is refused', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(), fc.constantFrom(-1, 1, 100), async (all, at, by) => {
        const text = file(all, 'USD');
        const row = 2 + (at % all.length);
        const changed = all[at % all.length]?.amount ?? 0;
        const broken = text.map((line, index) =>
          index === row
            ? line.replace(
                `\t${formatMoney({ minor: changed, currency: 'USD' })}\t`,
                `\t${formatMoney({ minor: changed + by, currency: 'USD' })}\t`,
              )
            : line,
        );
        expect(await readAll(amazonV2, inChunks(broken.join('\r\n')))).toMatchObject({
          code: 'SETTLEMENT_CONTROL_TOTAL',
          line: 2,
        });
      }),
      { numRuns: 60 },
    );
  });

  it('that was cut off anywhere is refused, unless what is gone comes to nothing', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.double({ min: 0, max: 1, noNaN: true }), async (all, share) => {
        const text = file(all, 'USD').join('\n');
        const cut = Math.floor(text.length * share);
        const kept = text.slice(0, cut).split('\n').length - 3;
        const gone = all.slice(Math.max(0, kept)).reduce((sum, { amount }) => sum + amount, 0);
        const read = await readAll(amazonV2, inChunks(text.slice(0, cut)));
        if (gone === 0 && text[cut - 1] === '\n' && kept >= 0) return;
        expect(read).toBeInstanceOf(SettlementRefused);
      }),
      { numRuns: 100 },
    );
  });
});
