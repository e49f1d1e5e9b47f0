/**
 * The part of Shopify's Admin GraphQL API (2026-07) that an order hub touches, with Shopify's own names and nullability:
 * https://shopify.dev/docs/api/admin-graphql. `@idempotent` is not required by the schema; a mutation that needs it fails
 * at run time without it, as Shopify's does since 2026-04
 * (https://shopify.dev/changelog/posts/making-idempotency-mandatory-for-inventory-adjustments-and-refund-mutations).
 */
export const SCHEMA = /* GraphQL */ `
  directive @idempotent(key: String!) on FIELD

  scalar DateTime
  scalar Decimal
  scalar Money
  scalar UnsignedInt64
  scalar URL

  interface Node { id: ID! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }

  enum CurrencyCode { AUD BHD BRL CAD CHF CNY CZK DKK EUR GBP HKD INR JPY KRW KWD MXN NOK NZD PLN SEK SGD USD ZAR }
  enum OrderTransactionKind { AUTHORIZATION CAPTURE SALE VOID REFUND CHANGE EMV_AUTHORIZATION SUGGESTED_REFUND }
  enum OrderTransactionStatus { AWAITING_RESPONSE ERROR FAILURE PENDING SUCCESS UNKNOWN }
  enum OrderDisplayFinancialStatus { AUTHORIZED EXPIRED PAID PARTIALLY_PAID PARTIALLY_REFUNDED PENDING REFUNDED VOIDED }
  enum FulfillmentOrderStatus { CANCELLED CLOSED INCOMPLETE IN_PROGRESS ON_HOLD OPEN SCHEDULED }
  enum FulfillmentStatus { CANCELLED ERROR FAILURE SUCCESS }
  enum RefundLineItemRestockType { CANCEL LEGACY_RESTOCK NO_RESTOCK RETURN }

  type MoneyV2 { amount: Decimal! currencyCode: CurrencyCode! }
  type MoneyBag { shopMoney: MoneyV2! presentmentMoney: MoneyV2! }

  type OrderTransaction {
    id: ID!
    kind: OrderTransactionKind!
    status: OrderTransactionStatus!
    gateway: String
    amountSet: MoneyBag!
    parentTransaction: OrderTransaction
    createdAt: DateTime!
  }

  type LineItem { id: ID! sku: String quantity: Int! refundableQuantity: Int! name: String! }
  type LineItemConnection { nodes: [LineItem!]! }

  type RefundLineItem { lineItem: LineItem! quantity: Int! restockType: RefundLineItemRestockType! }
  type RefundLineItemConnection { nodes: [RefundLineItem!]! }
  type OrderTransactionConnection { nodes: [OrderTransaction!]! }

  type Refund {
    id: ID
    legacyResourceId: String!
    note: String
    createdAt: DateTime
    totalRefundedSet: MoneyBag!
    refundLineItems(first: Int): RefundLineItemConnection!
    transactions(first: Int): OrderTransactionConnection!
  }

  type FulfillmentTrackingInfo { company: String number: String url: URL }
  type FulfillmentLineItem { id: ID! quantity: Int lineItem: LineItem! }
  type FulfillmentLineItemConnection { nodes: [FulfillmentLineItem!]! }
  type Fulfillment {
    id: ID!
    legacyResourceId: String!
    name: String!
    status: FulfillmentStatus!
    createdAt: DateTime!
    trackingInfo(first: Int): [FulfillmentTrackingInfo!]!
    fulfillmentLineItems(first: Int): FulfillmentLineItemConnection!
  }

  type FulfillmentOrderLineItem { id: ID! totalQuantity: Int! remainingQuantity: Int! lineItem: LineItem! }
  type FulfillmentOrderLineItemConnection { nodes: [FulfillmentOrderLineItem!]! }
  type FulfillmentOrder {
    id: ID!
    status: FulfillmentOrderStatus!
    lineItems(first: Int): FulfillmentOrderLineItemConnection!
  }
  type FulfillmentOrderConnection { nodes: [FulfillmentOrder!]! }

  type Order {
    id: ID!
    legacyResourceId: String!
    name: String!
    currencyCode: CurrencyCode!
    cancelledAt: DateTime
    updatedAt: DateTime!
    displayFinancialStatus: OrderDisplayFinancialStatus
    totalPriceSet: MoneyBag!
    totalRefundedSet: MoneyBag!
    lineItems(first: Int): LineItemConnection!
    transactions(first: Int): [OrderTransaction!]!
    refunds(first: Int): [Refund!]!
    fulfillments(first: Int): [Fulfillment!]!
    fulfillmentOrders(first: Int): FulfillmentOrderConnection!
  }

  enum ShopifyPaymentsPayoutStatus { CANCELED FAILED IN_TRANSIT PAID SCHEDULED }
  enum ShopifyPaymentsBalanceTransactionPayoutStatus { ACTION_REQUIRED CANCELED FAILED IN_TRANSIT PAID PENDING SCHEDULED }
  enum ShopifyPaymentsTransactionType {
    ADJUSTMENT CHARGE CHARGEBACK_FEE CHARGEBACK_FEE_REFUND DISPUTE_REVERSAL DISPUTE_WITHDRAWAL MERCHANT_GOODWILL_CREDIT
    REFUND REFUND_FAILURE RESERVED_FUNDS RESERVED_FUNDS_REVERSAL SHIPPING_LABEL TRANSFER TRANSFER_CANCEL TRANSFER_FAILURE
  }
  enum PayoutSortKeys { AMOUNT ID ISSUED_AT STATUS }
  enum BalanceTransactionSortKeys { AMOUNT ID NET PAYOUT_DATE PROCESSED_AT }

  type ShopifyPaymentsPayout implements Node {
    id: ID!
    legacyResourceId: UnsignedInt64!
    issuedAt: DateTime!
    status: ShopifyPaymentsPayoutStatus!
    net: MoneyV2!
  }
  type ShopifyPaymentsPayoutConnection { nodes: [ShopifyPaymentsPayout!]! pageInfo: PageInfo! }
  type ShopifyPaymentsAssociatedOrder { id: ID! name: String! }
  type ShopifyPaymentsBalanceTransactionAssociatedPayout { id: ID status: ShopifyPaymentsBalanceTransactionPayoutStatus }
  type ShopifyPaymentsBalanceTransaction implements Node {
    id: ID!
    type: ShopifyPaymentsTransactionType!
    test: Boolean!
    amount: MoneyV2!
    fee: MoneyV2!
    net: MoneyV2!
    transactionDate: DateTime!
    associatedOrder: ShopifyPaymentsAssociatedOrder
    associatedPayout: ShopifyPaymentsBalanceTransactionAssociatedPayout!
  }
  type ShopifyPaymentsBalanceTransactionConnection { nodes: [ShopifyPaymentsBalanceTransaction!]! pageInfo: PageInfo! }
  type ShopifyPaymentsAccount {
    payouts(first: Int, after: String, query: String, sortKey: PayoutSortKeys): ShopifyPaymentsPayoutConnection!
    balanceTransactions(
      first: Int, after: String, query: String, sortKey: BalanceTransactionSortKeys
    ): ShopifyPaymentsBalanceTransactionConnection!
  }

  type UserError { field: [String!] message: String! }

  input RefundLineItemInput { lineItemId: ID! quantity: Int! restockType: RefundLineItemRestockType locationId: ID }
  input OrderTransactionInput { orderId: ID! parentId: ID gateway: String! kind: OrderTransactionKind! amount: Money! }
  input RefundInput {
    orderId: ID!
    note: String
    notify: Boolean
    currency: CurrencyCode
    refundLineItems: [RefundLineItemInput!]
    transactions: [OrderTransactionInput!]
  }
  type RefundCreatePayload { order: Order refund: Refund userErrors: [UserError!]! }

  input FulfillmentOrderLineItemInput { id: ID! quantity: Int! }
  input FulfillmentOrderLineItemsInput { fulfillmentOrderId: ID! fulfillmentOrderLineItems: [FulfillmentOrderLineItemInput!] }
  input FulfillmentTrackingInput { company: String number: String numbers: [String!] url: URL }
  input FulfillmentInput {
    lineItemsByFulfillmentOrder: [FulfillmentOrderLineItemsInput!]!
    trackingInfo: FulfillmentTrackingInput
    notifyCustomer: Boolean
  }
  type FulfillmentCreatePayload { fulfillment: Fulfillment userErrors: [UserError!]! }

  type Shop { myshopifyDomain: String! }
  type Query {
    node(id: ID!): Node
    order(id: ID!): Order
    shop: Shop!
    shopifyPaymentsAccount: ShopifyPaymentsAccount
  }
  type Mutation {
    refundCreate(input: RefundInput!): RefundCreatePayload
    fulfillmentCreate(fulfillment: FulfillmentInput!, message: String): FulfillmentCreatePayload
  }
`;
