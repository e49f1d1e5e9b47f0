import * as z from 'zod/mini';
import { currency, DECIMAL, formed, instant, mapped, number } from '../../wire.ts';

/**
 * Documents of payouts and of the balance transactions in them; page sizes keep each below Shopify's limit of 1,000 points a
 * query (https://shopify.dev/docs/api/usage/rate-limits).
 */

export const PAGES = { payouts: 100, transactions: 100 } as const;

/** An UnsignedInt64 comes as a text. */
const legacyId = z.union([z.string(), mapped(number, ({ text }) => text)]);

const money = z.object({ amount: formed(DECIMAL, 'expected an amount'), currencyCode: currency });

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.nullable(z.string()) });

/** https://shopify.dev/docs/api/admin-graphql/latest/objects/ShopifyPaymentsPayout */
const listed = z.object({ legacyResourceId: legacyId, issuedAt: instant, status: z.string() });
const payout = z.object({ legacyResourceId: legacyId, issuedAt: instant, net: money });

/** https://shopify.dev/docs/api/admin-graphql/latest/objects/ShopifyPaymentsBalanceTransaction */
const transaction = z.object({
  id: z.string(),
  type: z.string(),
  test: z.boolean(),
  amount: money,
  fee: money,
  net: money,
  transactionDate: instant,
  associatedOrder: z.nullable(z.object({ id: z.string() })),
  associatedPayout: z.object({ id: z.nullable(z.string()) }),
});

export type ListedPayout = z.output<typeof listed>;
export type WirePayout = z.output<typeof payout>;
export type WireTransaction = z.output<typeof transaction>;

/** A page of payouts. The account is null where the shop does not use Shopify Payments. */
export const PAYOUTS = {
  document: `query CrossdockPayouts($query: String!, $after: String) {
    shopifyPaymentsAccount {
      payouts(first: ${PAGES.payouts}, after: $after, query: $query, sortKey: ISSUED_AT) {
        nodes { legacyResourceId issuedAt status }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`,
  answer: z.object({
    shopifyPaymentsAccount: z.nullable(z.object({ payouts: z.object({ nodes: z.array(listed), pageInfo }) })),
  }),
};

/** A payout with a page of what is in it. */
export const PAYOUT = {
  document: `query CrossdockPayout($id: ID!, $query: String!, $after: String) {
    payout: node(id: $id) {
      ... on ShopifyPaymentsPayout { legacyResourceId issuedAt net { amount currencyCode } }
    }
    shopifyPaymentsAccount {
      balanceTransactions(first: ${PAGES.transactions}, after: $after, query: $query, sortKey: ID) {
        nodes {
          id type test transactionDate
          amount { amount currencyCode } fee { amount currencyCode } net { amount currencyCode }
          associatedOrder { id } associatedPayout { id }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`,
  answer: z.object({
    payout: z.nullable(payout),
    shopifyPaymentsAccount: z.nullable(
      z.object({ balanceTransactions: z.object({ nodes: z.array(transaction), pageInfo }) }),
    ),
  }),
};
