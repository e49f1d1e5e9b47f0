import { type Account, byChart } from './accounts.ts';

/** One side of an entry. Minor units: a debit is above zero, a credit below. */
export type Posting = { readonly account: Account; readonly amount: number };

export type EntryKind =
  | 'captured'
  | 'amended'
  | 'refund-reserved'
  | 'refund-settled'
  | 'refund-freed'
  | 'channel-refund'
  | 'claim-due'
  | 'claim-collected'
  | 'claim-waived'
  | 'fee-charged'
  | 'tax-withheld'
  | 'paid-out';

/** One thing that happened to an order's money. */
export type Entry = {
  readonly kind: EntryKind;
  /** What it was about: a refund's id, a settlement's. */
  readonly ref?: string;
  readonly currency: string;
  readonly postings: readonly Posting[];
};

/** The books of one order, in one currency. */
export type Ledger = { readonly currency: string; readonly entries: readonly Entry[] };

/** An entry that no ledger may take. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

export const openLedger = (currency: string): Ledger => ({ currency, entries: [] });

/** The ledger with one more entry. Throws LedgerError when it does not balance, or is in another currency. */
export function post(ledger: Ledger, entry: Entry): Ledger {
  const name = entry.ref === undefined ? entry.kind : `${entry.kind} ${entry.ref}`;
  if (entry.currency !== ledger.currency) {
    throw new LedgerError(`${name} is in ${entry.currency}, the ledger in ${ledger.currency}: keep one a currency`);
  }
  const unfit = entry.postings.find(({ amount }) => !Number.isSafeInteger(amount));
  if (unfit) throw new LedgerError(`${name} posts ${unfit.amount} to ${unfit.account}: post whole minor units`);
  const off = entry.postings.reduce((sum, { amount }) => sum + amount, 0);
  if (off !== 0) throw new LedgerError(`${name} is off balance by ${off} minor units of ${entry.currency}`);
  return { ...ledger, entries: [...ledger.entries, entry] };
}

export const postAll = (ledger: Ledger, entries: readonly Entry[]): Ledger => entries.reduce(post, ledger);

/** What each account comes to, debits above zero; accounts at zero are left out. */
export function balances({ entries }: Ledger): ReadonlyMap<Account, number> {
  const sums = new Map<Account, number>();
  for (const { account, amount } of entries.flatMap(({ postings }) => postings)) {
    sums.set(account, (sums.get(account) ?? 0) + amount);
  }
  return new Map([...sums].filter(([, amount]) => amount !== 0).sort(([a], [b]) => byChart(a, b)));
}

export type TrialBalance = {
  readonly rows: readonly { readonly account: Account; readonly debit: number; readonly credit: number }[];
  readonly debit: number;
  readonly credit: number;
};

/** Every account with what it comes to, and both sums: they are the same, or money has come from nowhere. */
export function trialBalance(ledger: Ledger): TrialBalance {
  const rows = [...balances(ledger)].map(([account, amount]) => ({
    account,
    debit: Math.max(0, amount),
    credit: Math.max(0, -amount),
  }));
  return {
    rows,
    debit: rows.reduce((sum, { debit }) => sum + debit, 0),
    credit: rows.reduce((sum, { credit }) => sum + credit, 0),
  };
}
