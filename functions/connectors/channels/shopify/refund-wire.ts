import * as z from 'zod/mini';
import { money, userErrors } from './graphql.ts';

/**
 * Documents of the refund. Their requested cost stays below Shopify's limit of 1,000 points a query
 * (https://shopify.dev/docs/api/usage/rate-limits), which is what the page sizes come from.
 */

export const PAGES = { refunds: 20, refundTransactions: 10, transactions: 40 } as const;

const refundTransaction = z.object({
  kind: z.string(),
  status: z.string(),
  amountSet: z.object({ shopMoney: money }),
});

const refund = z.object({
  id: z.nullable(z.string()),
  note: z.nullable(z.string()),
  transactions: z.object({ nodes: z.array(refundTransaction) }),
});

const transaction = z.object({
  id: z.string(),
  kind: z.string(),
  status: z.string(),
  gateway: z.nullable(z.string()),
  amountSet: z.object({ shopMoney: money, presentmentMoney: z.object({ currencyCode: z.string() }) }),
  parentTransaction: z.nullable(z.object({ id: z.string() })),
});

export type WireRefund = z.infer<typeof refund>;
export type WireTransaction = z.infer<typeof transaction>;

const REFUND_FIELDS = `id note transactions(first: ${PAGES.refundTransactions}) {
  nodes { kind status amountSet { shopMoney { amount currencyCode } } }
}`;

export const REFUNDS = {
  document: `query CrossdockRefunds($order: ID!) {
    order(id: $order) {
      currencyCode
      refunds(first: ${PAGES.refunds}) { ${REFUND_FIELDS} }
      transactions(first: ${PAGES.transactions}) {
        id kind status gateway
        amountSet { shopMoney { amount currencyCode } presentmentMoney { currencyCode } }
        parentTransaction { id }
      }
    }
  }`,
  answer: z.object({
    order: z.nullable(
      z.object({ currencyCode: z.string(), refunds: z.array(refund), transactions: z.array(transaction) }),
    ),
  }),
};

export type RefundsOfOrder = NonNullable<z.infer<typeof REFUNDS.answer>['order']>;

export const REFUND_CREATE = {
  document: `mutation CrossdockRefund($input: RefundInput!, $key: String!) {
    refundCreate(input: $input) @idempotent(key: $key) {
      refund { ${REFUND_FIELDS} }
      userErrors { field message }
    }
  }`,
  answer: z.object({ refundCreate: z.nullable(z.object({ refund: z.nullable(refund), userErrors })) }),
};
