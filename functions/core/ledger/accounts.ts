import type { Bucket } from './buckets.ts';

/** Where money of one order can lie, seen from the seller's books. */
export type AccountKind =
  | 'receivable'
  | 'payout'
  | 'sale'
  | 'discount'
  | 'shipping'
  | 'fee'
  | 'own-tax'
  | 'marketplace-tax'
  | 'refund'
  | 'refund-pending'
  | 'buyer'
  | 'channel-fee'
  | 'store-credit'
  | 'exchange'
  | 'claim'
  | 'reclaimed'
  | 'written-off';

/** A kind of account, or one of several of a kind: `receivable`, `sale/L1`, `refund/line/L1/own-tax`. */
export type Account = AccountKind | `${AccountKind}/${string}`;

type Nature = 'asset' | 'liability' | 'income' | 'expense';

/** The chart of accounts: assets and expenses grow by debits, liabilities and income by credits. In the order of a report. */
export const CHART: Readonly<Record<AccountKind, { readonly nature: Nature; readonly meaning: string }>> = {
  receivable: { nature: 'asset', meaning: 'what the channel owes for the order' },
  payout: { nature: 'asset', meaning: 'what the channel has paid out' },
  sale: { nature: 'income', meaning: 'a line before discounts, without tax' },
  discount: { nature: 'expense', meaning: 'what was taken off a line' },
  shipping: { nature: 'income', meaning: 'delivery, after discounts, without tax' },
  fee: { nature: 'income', meaning: 'tips, duties and whatever else the buyer paid' },
  'own-tax': { nature: 'liability', meaning: 'tax that the seller remits' },
  'marketplace-tax': { nature: 'liability', meaning: 'tax that the marketplace remits: never the seller’s money' },
  refund: { nature: 'expense', meaning: 'paid back, by what it was for' },
  'refund-pending': { nature: 'expense', meaning: 'held for refunds whose end is open, by what it is for' },
  buyer: { nature: 'liability', meaning: 'owed to the buyer for refunds whose end is open' },
  'store-credit': { nature: 'liability', meaning: 'owed to the buyer as store credit or gift card' },
  exchange: { nature: 'liability', meaning: 'worth that went into the order of a replacement' },
  claim: { nature: 'asset', meaning: 'what the buyer owes for goods that were refunded and did not come' },
  reclaimed: { nature: 'income', meaning: 'refunds that the goods did not bear out' },
  'written-off': { nature: 'expense', meaning: 'claims that were given up' },
  'channel-fee': { nature: 'expense', meaning: 'what the channel keeps for its service' },
};

const ORDER = Object.keys(CHART);

export const accountKind = (account: Account): AccountKind => account.split('/', 1)[0] as AccountKind;

/** Sorts as the chart does, then by name. */
export const byChart = (a: Account, b: Account): number =>
  ORDER.indexOf(accountKind(a)) - ORDER.indexOf(accountKind(b)) || (a < b ? -1 : a > b ? 1 : 0);

/** The account that a bucket's captured money is on: income, or a liability for tax. */
export function accountOfBucket(bucket: Bucket): Account {
  const cut = bucket.lastIndexOf('/');
  const [of, kind] = [bucket.slice(0, cut), bucket.slice(cut + 1)];
  if (bucket.startsWith('fee/')) return `fee/${bucket.slice('fee/'.length)}`;
  if (kind !== 'net') return `${kind === 'own-tax' ? 'own-tax' : 'marketplace-tax'}/${of}`;
  return of === 'shipping' ? 'shipping' : saleAccount(of.slice('line/'.length));
}

export const saleAccount = (lineId: string): Account => `sale/${lineId}`;
export const discountAccount = (lineId: string): Account => `discount/${lineId}`;
