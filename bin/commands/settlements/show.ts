import { csvOf } from '#core/kernel/csv.ts';
import { formatMoney } from '#core/kernel/money.ts';
import type { SettlementDifference } from '#core/settlements/difference.ts';
import type { MarginRow } from '#core/settlements/margin.ts';
import { moneyText } from '../explain/names.ts';
import { type Cell, table } from '../report.ts';
import type { Examined } from './examine.ts';

const MOST_SHOWN = 50;

const money = (minor: number, currency: string): string => moneyText({ minor, currency });

/** What a file is about, the journal that it would post and what does not agree. */
export function showExamined(found: Examined): string {
  return [...found.settlements.map(showSettlement), ...showOrders(found)].join('\n\n');
}

function showSettlement({ header, totals, journal }: Examined['settlements'][number]): string {
  const { id, currency, announced } = header;
  const classes = Object.entries(totals.months).flatMap(([month, amounts]) =>
    Object.entries(amounts).map(([key, amount]): Cell[] => [month, key, money(amount ?? 0, currency)]),
  );
  const lines = [
    `Settlement ${id.settlementId} of ${id.channel}/${id.account}: ${totals.lines} lines come to ${money(totals.sum, currency)}, announced are ${money(announced, currency)}`,
    table(['month', 'what', 'amount'], classes),
  ];
  if (totals.unclassified.length > 0) {
    const rows = totals.unclassified.map(({ source, lines: count, amount, at }) => [
      source,
      count,
      money(amount, currency),
      at,
    ]);
    lines.push(`Words that no rule knows`, table(['words', 'lines', 'amount', 'first at line'], rows));
  }
  if (journal.kind === 'blocked') {
    lines.push(
      'Not posted',
      table(
        ['reason', 'what is wrong'],
        journal.reasons.map(({ code, message }) => [code, message]),
      ),
    );
    return lines.join('\n');
  }
  const rows = journal.parts.flatMap(({ part, date, lines: postings }) =>
    postings.map(({ account, label, amount }): Cell[] => [
      part,
      date,
      account,
      label,
      amount > 0 ? money(amount, currency) : '',
      amount < 0 ? money(-amount, currency) : '',
    ]),
  );
  lines.push('Journal', table(['part', 'date', 'account', 'label', 'debit', 'credit'], rows));
  return lines.join('\n');
}

function showOrders({ orders, causes, differences, differencesLeftOff }: Examined): string[] {
  const summary = Object.entries(causes).map(([cause, { orders: count, amounts, ages }]): Cell[] => [
    cause,
    count,
    Object.entries(amounts)
      .map(([currency, amount]) => money(amount, currency))
      .join(', '),
    Object.entries(ages)
      .map(([age, of]) => `${of} × ${age} days`)
      .join(', '),
  ]);
  const matched = orders
    ? [`Orders: ${orders.matched} agree, ${orders.different} do not`]
    : ['Orders: not matched (give --orders)'];
  if (summary.length === 0) return matched;
  const left = differencesLeftOff + Math.max(0, differences.length - MOST_SHOWN);
  return [
    ...matched,
    table(['cause', 'differences', 'amount', 'age'], summary),
    table(
      ['cause', 'order', 'about', 'channel', 'here', 'off', 'age', 'owner'],
      differences.slice(0, MOST_SHOWN).map(differenceRow),
    ),
    ...(left > 0 ? [`${left} more: ask for --json`] : []),
  ];
}

function differenceRow(one: SettlementDifference): Cell[] {
  const { cause, orderId, about, channel, ledger, amount, currency, ageDays, owner, waitsFor } = one;
  return [
    cause,
    orderId,
    waitsFor === undefined ? about : `${about}, missing in the ${waitsFor}`,
    money(channel, currency),
    money(ledger, currency),
    money(amount, currency),
    `${ageDays} days`,
    owner,
  ];
}

const MARGIN_HEAD = [
  'order',
  'sku',
  'currency',
  'units',
  'sale',
  'cost',
  'fees',
  'refunds',
  'shipping',
  'other',
  'margin',
];

function marginCells({ orderId, sku, currency, units, ...rest }: MarginRow): string[] {
  const decimal = (minor: number | undefined): string => (minor === undefined ? '' : formatMoney({ minor, currency }));
  const { sale, cost, fees, refunds, shipping, other, margin } = rest;
  return [orderId, sku, currency, String(units), ...[sale, cost, fees, refunds, shipping, other, margin].map(decimal)];
}

export const showMargins = (rows: readonly MarginRow[]): string => table(MARGIN_HEAD, rows.map(marginCells));

export const csvOfMargins = (rows: readonly MarginRow[]): string =>
  csvOf([MARGIN_HEAD, ...rows.map(marginCells)]).trimEnd();
