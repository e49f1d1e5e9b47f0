/**
 * What Shopify is documented, or seen, to do on a bad day. Each strikes whole requests; what happens to them on their way
 * is the network's part. Sources:
 *
 * - rates: https://shopify.dev/docs/api/usage/rate-limits; the status is reported as 200 and as 429, with and without
 *   Retry-After (https://community.shopify.com/t/throttled/254776)
 * - statuses and codes: https://shopify.dev/docs/api/admin-graphql#status_and_error_codes
 * - requests under way: https://shopify.dev/docs/api/usage/implementing-idempotency
 * - payments that are not through yet: https://shopify.dev/docs/api/admin-graphql/latest/enums/OrderTransactionStatus
 */
export type Trouble =
  /** Refused before any effect, whatever the bucket holds. */
  | { readonly kind: 'throttle'; readonly status: 200 | 429; readonly retryAfterSeconds?: number }
  /** Refused before any effect; 402 and 423 are those of a shop that is frozen or locked. */
  | { readonly kind: 'unavailable'; readonly status: 402 | 423 | 500 | 502 | 503 | 504 }
  /** The work is done, and a gateway in front of it answers. */
  | { readonly kind: 'fail-after'; readonly status: 500 | 502 | 504 }
  /** An error in HTTP 200, with the work done or not. */
  | { readonly kind: 'error'; readonly code: 'INTERNAL_SERVER_ERROR' | 'TIMEOUT'; readonly done: boolean }
  /** A mutation times out, and is done only so much later; until then its key is under way. */
  | { readonly kind: 'late'; readonly delayMs: number }
  /** A mutation is refused by business rules. */
  | { readonly kind: 'refuse'; readonly message: string }
  /** The payment gateway has not said yet (`SimShop.settle`), or declines. */
  | { readonly kind: 'gateway'; readonly status: 'PENDING' | 'FAILURE' };

export type Armed = {
  /** Name of a query's or mutation's first field, or `*` for any. */
  readonly operation?: string;
  /** How many requests it strikes at most. */
  readonly times?: number;
  /** Epoch ms: from here on, and before there. */
  readonly from?: number;
  readonly until?: number;
};

type Kind = Trouble['kind'];
type Of<K extends Kind> = Extract<Trouble, { readonly kind: K }>;

/** Troubles that are to come, by number of requests, by time, or by both. */
export class Troubles {
  #armed: { readonly trouble: Trouble; readonly when: Armed; left: number }[] = [];

  arm(trouble: Trouble, when: Armed = {}): void {
    this.#armed.push({ trouble, when, left: when.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#armed = [];
  }

  /** The first trouble of these kinds that strikes this request. */
  strike<K extends Kind>(operation: string, now: number, ...kinds: readonly K[]): Of<K> | undefined {
    if (this.#armed.length === 0) return undefined;
    this.#armed = this.#armed.filter(({ when, left }) => left > 0 && now < (when.until ?? Number.POSITIVE_INFINITY));
    const found = this.#armed.find(
      ({ trouble, when }) =>
        (kinds as readonly Kind[]).includes(trouble.kind) &&
        (when.operation === undefined || when.operation === '*' || when.operation === operation) &&
        now >= (when.from ?? 0),
    );
    if (found) found.left -= 1;
    return found?.trouble as Of<K> | undefined;
  }
}
