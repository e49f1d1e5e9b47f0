import { formatMoney } from '#core/kernel/money.ts';
import { type Ceiling, ceilingsOf } from '#core/ledger/ceilings.ts';
import { type Conservation, conservation, differenceText } from '#core/ledger/conservation.ts';
import { type Entry, type TrialBalance, trialBalance } from '#core/ledger/ledger.ts';
import { entriesOf, type OrderWithMoney } from '#core/ledger/of-order.ts';
import { table } from './report.ts';

/** The books of an order as `explain` shows them; amounts are minor units of `currency`, debits above zero. */
export type LedgerView = {
  readonly conservation: Conservation;
  readonly entries: readonly Entry[];
  readonly trialBalance: TrialBalance;
  readonly ceilings: readonly Ceiling[];
};

/**
 * Entries, trial balance and ceilings of an order, and whether its money is conserved. Also of a state that does not add
 * up: it is shown as it is, with what is wrong.
 */
export function ledgerView(order: OrderWithMoney): { readonly json: LedgerView; readonly text: string } {
  const { currency } = order;
  const entries = entriesOf(order);
  const view: LedgerView = {
    conservation: conservation(order),
    entries,
    trialBalance: trialBalance({ currency, entries }),
    ceilings: ceilingsOf(order),
  };
  return { json: view, text: textOf(view, (minor) => formatMoney({ minor, currency })) };
}

type Format = (minor: number) => string;

function textOf(view: LedgerView, amount: Format): string {
  const { currency } = view.conservation;
  return [
    verdict(view.conservation, (minor) => `${amount(minor)} ${currency}`),
    table(['entry', 'account', `debit ${currency}`, 'credit'], view.entries.flatMap(entryRows(amount))),
    table(['trial balance', `debit ${currency}`, 'credit'], balanceRows(view.trialBalance, amount)),
    table(['refunds of', `paid ${currency}`, 'refunded', 'pending', 'left'], view.ceilings.map(ceilingRow(amount))),
  ].join('\n');
}

const verdict = ({ conserved, differences }: Conservation, amount: Format): string =>
  [
    `money conserved: ${conserved ? 'yes' : 'no'}`,
    ...differences.map((one) => `  ${differenceText(one, amount)}`),
  ].join('\n');

/** An entry is named once, at its first posting. */
const entryRows =
  (amount: Format) =>
  ({ kind, ref, postings }: Entry): string[][] =>
    postings.map((posting, index) => [
      index > 0 ? '' : ref === undefined ? kind : `${kind} ${ref}`,
      posting.account,
      ...sides(posting.amount, amount),
    ]);

const balanceRows = ({ rows, debit, credit }: TrialBalance, amount: Format): string[][] => [
  ...rows.map((row) => [row.account, ...sides(row.debit - row.credit, amount)]),
  ['in all', amount(debit), amount(credit)],
];

const sides = (minor: number, amount: Format): string[] => (minor < 0 ? ['', amount(-minor)] : [amount(minor), '']);

const ceilingRow =
  (amount: Format) =>
  ({ scope, name, captured, settled, pending, left }: Ceiling): string[] => [
    scope === 'line' ? `line ${name}` : name,
    ...[captured, settled, pending, left].map(amount),
  ];
