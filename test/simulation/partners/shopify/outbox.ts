import type { ShopOrder } from '../../../../bin/local/partners/shopify/order.ts';
import { orderPayload } from '../../../../bin/local/partners/shopify/payloads.ts';
import { type Notice, webhookHeaders } from '../../../../bin/local/partners/shopify/webhook.ts';
import type { SimWebhook } from '../webhook.ts';

export type OutboxOptions = {
  readonly emit: (webhook: SimWebhook) => void;
  readonly now: () => Date;
  readonly account: string;
  readonly shopDomain: string;
  readonly apiVersion: string;
  readonly secret: string;
  /** Topics that the app has subscribed to; others are not sent. */
  readonly topics: ReadonlySet<string>;
};

/** For so long after a rotation the old secret may still sign (https://shopify.dev/docs/apps/build/webhooks/verify-deliveries). */
const ROTATION_MS = 60 * 60 * 1000;

/** Webhooks of a shop. They are handed out as they arise: when each arrives, how often and after which others is not its part. */
export class Outbox {
  readonly #options: OutboxOptions;
  #secret: string;
  #old: { readonly secret: string; readonly until: number } | undefined;
  #webhooks = 0;
  #events = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#secret = options.secret;
  }

  rotateSecret(next: string): void {
    this.#old = { secret: this.#secret, until: this.#options.now().getTime() + ROTATION_MS };
    this.#secret = next;
  }

  /** What one change made, then the order under each of these topics. */
  tell(notices: readonly Notice[], order?: ShopOrder, ...topics: readonly string[]): void {
    this.#events += 1;
    for (const notice of notices) this.#send(notice);
    const wanted = topics.filter((topic) => this.#options.topics.has(topic));
    if (!order || wanted.length === 0) return;
    const body = orderPayload(order);
    for (const topic of wanted) this.#send({ topic, body });
  }

  #send(notice: Notice): void {
    const { emit, now, account, topics, ...sender } = this.#options;
    if (!topics.has(notice.topic)) return;
    this.#webhooks += 1;
    const secret = this.#signingSecret(now().getTime());
    const stamp = { webhookId: `w-${this.#webhooks}`, eventId: `e-${this.#events}`, triggeredAt: now() };
    const headers = webhookHeaders(notice, { ...sender, secret }, stamp);
    emit({ path: `/webhooks/shopify/${account}`, headers, body: notice.body });
  }

  /** Within the hour now the one and now the other: nobody is told when the old one ends. */
  #signingSecret(now: number): string {
    return this.#old && now < this.#old.until && this.#webhooks % 2 === 0 ? this.#old.secret : this.#secret;
  }
}
