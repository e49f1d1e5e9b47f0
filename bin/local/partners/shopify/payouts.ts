import { GraphQLError } from 'graphql';
import { formatMoney } from '#core/kernel/money.ts';

/** https://shopify.dev/docs/api/admin-graphql/latest/enums/ShopifyPaymentsPayoutStatus */
export type PayoutStatus = 'SCHEDULED' | 'PAID' | 'FAILED' | 'CANCELED';

/** A movement of the shop's balance; amounts in minor units as the seller sees them. */
export type BalanceTransaction = {
  readonly id: string;
  /** As the API names it, in lower case (`charge`). */
  readonly type: string;
  readonly amount: number;
  /** What Shopify keeps of it. */
  readonly fee: number;
  readonly orderId?: string;
  /** ISO 8601. */
  readonly at: string;
  readonly test?: boolean;
};

export type ShopPayout = {
  readonly payoutId: string;
  readonly currency: string;
  /** ISO 8601. */
  readonly issuedAt: string;
  status: PayoutStatus;
  transactions: readonly BalanceTransaction[];
};

/** What a payout pays out: its transactions, to the minor unit. What is a test moves no money. */
export const depositOf = ({ transactions }: Pick<ShopPayout, 'transactions'>): number =>
  transactions.reduce((sum, { amount, fee, test }) => (test ? sum : sum + amount - fee), 0);

type Arguments = { readonly first?: number | null; readonly after?: string | null; readonly query?: string | null };

/** The account of Shopify Payments as an object of the Admin GraphQL API. */
export const paymentsAccountView = (payouts: ReadonlyMap<string, ShopPayout>) => ({
  payouts: (given: Arguments) => {
    const since = /\bissued_at:>='?([^'\s]+)'?/.exec(given.query ?? '')?.[1];
    const found = [...payouts.values()]
      .filter(({ issuedAt }) => since === undefined || Date.parse(issuedAt) >= Date.parse(since))
      .sort((a, b) => (a.issuedAt < b.issuedAt ? -1 : 1));
    return pageOf(found, payoutView, given);
  },
  balanceTransactions: (given: Arguments) => {
    // A filter that is not known is left out, and everything comes.
    const of = /\bpayments_transfer_id:(\d+)/.exec(given.query ?? '')?.[1];
    const found = [...payouts.values()]
      .filter(({ payoutId }) => of === undefined || payoutId === of)
      .flatMap((payout) => payout.transactions.map((one) => ({ payout, one })));
    return pageOf(found, ({ payout, one }) => transactionView(payout, one), given);
  },
});

export const payoutView = (payout: ShopPayout) => ({
  __typename: 'ShopifyPaymentsPayout',
  id: gidOf(payout),
  legacyResourceId: payout.payoutId,
  issuedAt: payout.issuedAt,
  status: payout.status,
  net: moneyIn(payout, depositOf(payout)),
});

const transactionView = (
  payout: ShopPayout,
  { id, type, amount, fee, orderId, at, test = false }: BalanceTransaction,
) => ({
  id: `gid://shopify/ShopifyPaymentsBalanceTransaction/${id}`,
  type: type.toUpperCase(),
  test,
  amount: moneyIn(payout, amount),
  fee: moneyIn(payout, fee),
  net: moneyIn(payout, amount - fee),
  transactionDate: at,
  associatedOrder: orderId === undefined ? null : { id: `gid://shopify/Order/${orderId}`, name: `#${orderId}` },
  associatedPayout: { id: gidOf(payout), status: payout.status },
});

const gidOf = ({ payoutId }: ShopPayout): string => `gid://shopify/ShopifyPaymentsPayout/${payoutId}`;

const moneyIn = ({ currency }: ShopPayout, minor: number) => ({
  amount: formatMoney({ minor, currency }),
  currencyCode: currency,
});

/** Cursors are places in the list. */
function pageOf<S, T>(all: readonly S[], view: (one: S) => T, { first, after }: Arguments) {
  if (first == null) throw new GraphQLError('you must provide one of first or last');
  const from = after ? Number(Buffer.from(after, 'base64url').toString()) : 0;
  if (!Number.isSafeInteger(from)) throw new GraphQLError('Invalid cursor for current pagination sort.');
  const end = Math.min(all.length, from + first);
  return {
    nodes: all.slice(from, end).map(view),
    pageInfo: {
      hasNextPage: end < all.length,
      endCursor: end === from ? null : Buffer.from(String(end)).toString('base64url'),
    },
  };
}
