import { never } from '../kernel/decision.ts';
import type { Amounts, ClassKey } from './line.ts';
import type { JournalLine } from './posting.ts';

/** Where a class is posted, and what a bookkeeper reads there. */
type Place = { readonly account: JournalLine['account']; readonly label: string };

/** The place of a class. Tax that the marketplace withholds has two, see `postingsOf`. */
export function placeOf(key: ClassKey): Place {
  const [kind, narrower = ''] = split(key);
  switch (kind) {
    case 'sale':
    case 'shipping':
    case 'discount':
    case 'refund':
      if (key === 'refund/marketplace-tax')
        return { account: 'marketplace-tax', label: 'tax given back by the marketplace' };
      return { account: 'receivable', label: kind === 'refund' ? `refunds: ${narrower}` : kind };
    case 'tax':
      return narrower === 'marketplace'
        ? { account: 'marketplace-tax', label: 'tax withheld by the marketplace' }
        : { account: 'receivable', label: 'tax' };
    case 'fee':
      return { account: `fee/${narrower}`, label: `fee: ${narrower}` };
    case 'reserve':
      return { account: 'reserve', label: `reserve ${narrower}` };
    case 'payout':
      return { account: 'deposit', label: 'other payouts' };
    case 'chargeback':
    case 'adjustment':
    case 'advertising':
      return { account: kind, label: kind };
    default:
      return never(kind);
  }
}

type Kind =
  | 'sale'
  | 'shipping'
  | 'discount'
  | 'refund'
  | 'tax'
  | 'fee'
  | 'reserve'
  | 'payout'
  | 'chargeback'
  | 'adjustment'
  | 'advertising';

function split(key: ClassKey): [Kind, string?] {
  const cut = key.indexOf('/');
  return cut < 0 ? [key as Kind] : [key.slice(0, cut) as Kind, key.slice(cut + 1)];
}

/** Minor units of tax that the marketplace has kept: below zero when it gave less back. Signed as the seller sees it. */
export const withheldTax = (amounts: Amounts): number =>
  (amounts['tax/marketplace'] ?? 0) + (amounts['refund/marketplace-tax'] ?? 0);

/**
 * What an order's amounts clear of what the channel owes for it: what its ERP invoice is over. Channels tell the buyer's
 * tax without saying whose it is and take their own off on another line, so what they take off was never receivable.
 */
export function receivableOf(amounts: Amounts): number {
  const cleared = (Object.entries(amounts) as [ClassKey, number][]).filter(
    ([key]) => placeOf(key).account === 'receivable',
  );
  return cleared.reduce((sum, [, amount]) => sum + amount, 0) + withheldTax(amounts);
}

/** Lines of a journal over amounts: a credit for what comes to the seller. Lines of nothing are left out. */
export function postingsOf(amounts: Amounts): JournalLine[] {
  const withheld = withheldTax(amounts);
  const lines = (Object.entries(amounts) as [ClassKey, number][]).map(([key, amount]) => ({
    ...placeOf(key),
    amount: -amount,
  }));
  const moved: JournalLine[] = [
    { account: 'receivable', amount: -withheld, label: 'tax in it that is the marketplace’s' },
    { account: 'marketplace-tax', amount: withheld, label: 'tax collected for the marketplace' },
  ];
  return [...lines, ...moved].filter(({ amount }) => amount !== 0);
}
