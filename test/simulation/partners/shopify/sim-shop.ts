import { buildShopifyOrder } from '../../../../bin/local/partners/shopify/builder.ts';
import { adminApi } from '../../../../bin/local/partners/shopify/graphql.ts';
import type { ShopFulfillment, ShopOrder, ShopRefund } from '../../../../bin/local/partners/shopify/order.ts';
import type { ShopPayout } from '../../../../bin/local/partners/shopify/payouts.ts';
import { Shop } from '../../../../bin/local/partners/shopify/shop.ts';
import { noticesOf } from '../../../../bin/local/partners/shopify/webhook.ts';
import type { PartnerServer, SimRequest, SimResponse } from '../partner.ts';
import type { Sender, SimWebhook } from '../webhook.ts';
import { AdminServer } from './admin-server.ts';
import type { BucketOptions } from './cost.ts';
import {
  amend,
  cancel,
  type Desk,
  type Edit,
  type FulfilmentChange,
  fulfil,
  type OwnRefund,
  type Refused,
  refundByStaff,
  settle,
  type Tracking,
  type Units,
  updateFulfilment,
} from './desk.ts';
import type { NewOrder } from './draw-order.ts';
import {
  type SeenFulfillment,
  type SeenOrder,
  type SeenRefund,
  seeFulfillment,
  seeOrder,
  seeRefund,
} from './inspection.ts';
import { Outbox } from './outbox.ts';
import { Troubles } from './troubles.ts';

export type SimShopOptions = {
  /** Takes each webhook as it arises, also while a request is being answered. */
  readonly emit: (webhook: SimWebhook) => void;
  readonly accessToken: string;
  /** The app's client secret, which signs webhooks. */
  readonly webhookSecret: string;
  readonly account?: string;
  readonly shopDomain?: string;
  readonly apiVersion?: string;
  readonly topics?: readonly string[];
  /** Of the app at this shop; the Standard plan's when left out. */
  readonly limits?: BucketOptions;
};

/** Of one change Shopify sends more; these tell everything. */
export const DEFAULT_TOPICS = [
  'orders/create',
  'orders/updated',
  'orders/cancelled',
  'refunds/create',
  'fulfillments/create',
  'fulfillments/update',
] as const;

const FIRST_ORDER = 5_000_000_000_001;

/**
 * A Shopify shop in memory: the model of the local run's shop behind Shopify's Admin API, its webhooks as messages, and what
 * buyers and staff do. Deterministic: time comes in with every call (epoch ms, never backwards), ids count up. What the
 * shop's rules forbid is answered as user errors, as the Admin API would.
 */
export class SimShop implements PartnerServer, Sender {
  readonly troubles = new Troubles();
  /** How long reads do not show what was just written: Shopify promises nothing about it. */
  readLagMs = 0;
  readonly #shop: Shop;
  readonly #desk: Desk;
  readonly #admin: AdminServer;
  readonly #outbox: Outbox;
  #now = 0;
  #accessToken: string;
  #placed = 0;

  constructor(options: SimShopOptions) {
    const { emit, accessToken, webhookSecret: secret, topics = DEFAULT_TOPICS } = options;
    const { account = 'main', shopDomain = 'crossdock-demo.myshopify.com', apiVersion = '2026-07' } = options;
    const { limits = { maximumAvailable: 2000, restoreRate: 100 } } = options;
    const now = () => new Date(this.#now);
    this.#accessToken = accessToken;
    this.#shop = new Shop({
      now,
      gateway: () => this.troubles.strike('refundCreate', this.#now, 'gateway')?.status ?? 'SUCCESS',
      readLagMs: () => this.readLagMs,
    });
    this.#outbox = new Outbox({ emit, now, account, shopDomain, apiVersion, secret, topics: new Set(topics) });
    this.#desk = { shop: this.#shop, outbox: this.#outbox };
    const refusals = { strike: (operation: string) => this.troubles.strike(operation, this.#now, 'refuse') };
    const api = adminApi(this.#shop, refusals, (made) => this.#outbox.tell(noticesOf(made)));
    this.#admin = new AdminServer({ api, troubles: this.troubles, apiVersion, limits });
  }

  handle(request: SimRequest): SimResponse {
    this.advance(request.now);
    return this.#admin.answer(request, this.#accessToken);
  }

  /** When something happens here by itself (a mutation under way is done); `advance` makes it happen. */
  get nextDueAt(): number | undefined {
    return this.#admin.nextDueAt;
  }

  advance(now: number): void {
    for (let due = this.nextDueAt; due !== undefined && due <= now; due = this.nextDueAt) {
      this.#now = Math.max(this.#now, due);
      this.#admin.doNext();
    }
    if (now < this.#now) throw new Error(`time went back from ${this.#now} to ${now}`);
    this.#now = now;
  }

  /** Calls so far of a mutation or query, by the name of its first field. */
  calls(operation: string): number {
    return this.#admin.calls(operation);
  }

  /** The token so far is refused from now on, as one that expired or was revoked. */
  rotateAccessToken(next: string): void {
    this.#accessToken = next;
  }

  rotateWebhookSecret(next: string, now: number): void {
    this.advance(now);
    this.#outbox.rotateSecret(next);
  }

  /** What a second try of a webhook is: the same, signature and all. */
  again(webhook: SimWebhook): SimWebhook {
    return webhook;
  }

  placeOrder(spec: NewOrder, now: number): ShopOrder {
    const order = this.#place(spec, now);
    this.#outbox.tell([], order, 'orders/create', 'orders/paid');
    return order;
  }

  /** Cancelled within the second in which it was placed, and the news of that goes out first. */
  placeCancelled(spec: NewOrder, now: number): ShopOrder {
    const order = this.#place(spec, now);
    const asPlaced = { ...order };
    this.#shop.cancel(order);
    this.#outbox.tell([], order, 'orders/cancelled');
    this.#outbox.tell([], asPlaced, 'orders/create');
    return order;
  }

  #place(spec: NewOrder, now: number): ShopOrder {
    this.advance(now);
    const id = String(FIRST_ORDER + this.#placed);
    const name = `#${1001 + this.#placed}`;
    this.#placed += 1;
    return this.#shop.place(buildShopifyOrder({ ...spec, id, name, at: this.#shop.timestamp() }));
  }

  /** A change that no part of the order that counts takes part in, such as a tag. */
  touchOrder(orderId: string, now: number): void {
    const order = this.#order(orderId, now);
    order.updatedAt = this.#shop.timestamp();
    this.#outbox.tell([], order, 'orders/updated');
  }

  /** Cancels, and pays back what is left unless told otherwise. */
  cancelOrder(orderId: string, now: number, how: { readonly refund?: boolean } = {}): true | Refused {
    return cancel(this.#desk, this.#order(orderId, now), how.refund ?? true);
  }

  /** Edits an order: lines come to it, and are paid for; units go off it, and no money with them. */
  amendOrder(orderId: string, edit: Edit, now: number): true | Refused {
    return amend(this.#desk, this.#order(orderId, now), edit);
  }

  /** The shop's own refund: of lines at what they are worth, of an amount (minor units), or of lines at another amount. */
  refundInShop(orderId: string, what: OwnRefund, now: number): ShopRefund | Refused {
    return refundByStaff(this.#desk, this.#order(orderId, now), what);
  }

  /** The gateway says at last what became of a refund's payments that were pending. */
  settle(orderId: string, refundId: string, status: 'SUCCESS' | 'FAILURE', now: number): void {
    settle(this.#desk, this.#order(orderId, now), refundId, status);
  }

  /** Fulfils outside the ERP: the given units, or all that are open. */
  fulfilInShop(orderId: string, now: number, lines?: readonly Units[], tracking?: Tracking): ShopFulfillment | Refused {
    return fulfil(this.#desk, this.#order(orderId, now), lines, tracking);
  }

  /** A fulfilment gets another tracking number, or is cancelled, which opens its units again. */
  updateFulfilment(orderId: string, fulfillmentId: string, change: FulfilmentChange, now: number): void {
    updateFulfilment(this.#desk, this.#order(orderId, now), fulfillmentId, change);
  }

  /** Shows a payout from now on, or another word on one that it shows already. */
  issuePayout(payout: ShopPayout): void {
    this.#shop.payouts.set(payout.payoutId, payout);
  }

  orders(): SeenOrder[] {
    return [...this.#shop.orders.values()].map(seeOrder);
  }

  order(orderId: string): SeenOrder | undefined {
    const order = this.#shop.orders.get(orderId);
    return order && seeOrder(order);
  }

  /** Of one order, or of all. */
  refunds(orderId?: string): SeenRefund[] {
    return this.#some(orderId).flatMap((order) => order.refunds.map((one) => seeRefund(order, one)));
  }

  fulfillments(orderId?: string): SeenFulfillment[] {
    return this.#some(orderId).flatMap((order) => order.fulfillments.map((one) => seeFulfillment(order, one)));
  }

  #some(orderId: string | undefined): readonly ShopOrder[] {
    if (orderId === undefined) return [...this.#shop.orders.values()];
    const order = this.#shop.orders.get(orderId);
    return order ? [order] : [];
  }

  #order(orderId: string, now: number): ShopOrder {
    this.advance(now);
    const order = this.#shop.orders.get(orderId);
    if (!order) throw new Error(`the shop has no order ${orderId}`);
    return order;
  }
}
