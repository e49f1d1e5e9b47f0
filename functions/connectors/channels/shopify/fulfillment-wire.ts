import * as z from 'zod/mini';
import { quantity } from '../../wire.ts';
import { userErrors } from './graphql.ts';

/** Documents of the fulfilment; page sizes keep each below Shopify's limit of 1,000 points a query. */

export const PAGES = { fulfillments: 10, fulfilledLines: 30, fulfillmentOrders: 5, openLines: 80 } as const;

const lineItem = z.object({ id: z.string() });

const fulfillment = z.object({
  id: z.string(),
  status: z.string(),
  trackingInfo: z.array(z.object({ number: z.nullable(z.string()) })),
  fulfillmentLineItems: z.object({ nodes: z.array(z.object({ quantity: z.nullable(quantity), lineItem })) }),
});

const fulfillmentOrder = z.object({
  id: z.string(),
  status: z.string(),
  lineItems: z.object({ nodes: z.array(z.object({ id: z.string(), remainingQuantity: quantity, lineItem })) }),
});

export type StandingFulfillment = z.infer<typeof fulfillment>;
export type FulfillmentOrder = z.infer<typeof fulfillmentOrder>;

export const FULFILLMENTS = {
  document: `query CrossdockFulfillments($order: ID!) {
    order(id: $order) {
      fulfillments(first: ${PAGES.fulfillments}) {
        id status
        trackingInfo(first: 5) { number }
        fulfillmentLineItems(first: ${PAGES.fulfilledLines}) { nodes { quantity lineItem { id } } }
      }
    }
  }`,
  answer: z.object({ order: z.nullable(z.object({ fulfillments: z.array(fulfillment) })) }),
};

export const FULFILLMENT_ORDERS = {
  document: `query CrossdockFulfillmentOrders($order: ID!) {
    order(id: $order) {
      fulfillmentOrders(first: ${PAGES.fulfillmentOrders}) {
        nodes {
          id status
          lineItems(first: ${PAGES.openLines}) { nodes { id remainingQuantity lineItem { id } } }
        }
      }
    }
  }`,
  answer: z.object({
    order: z.nullable(z.object({ fulfillmentOrders: z.object({ nodes: z.array(fulfillmentOrder) }) })),
  }),
};

export const FULFILLMENT_CREATE = {
  document: `mutation CrossdockFulfillment($fulfillment: FulfillmentInput!) {
    fulfillmentCreate(fulfillment: $fulfillment) {
      fulfillment { id status }
      userErrors { field message }
    }
  }`,
  answer: z.object({
    fulfillmentCreate: z.nullable(
      z.object({ fulfillment: z.nullable(z.object({ id: z.string(), status: z.string() })), userErrors }),
    ),
  }),
};
