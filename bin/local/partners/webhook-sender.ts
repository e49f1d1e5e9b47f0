/** One message to deliver. */
export type Outgoing = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly what: string;
};

export type Delivered = { readonly what: string; readonly status: number; readonly attempt: number };

/** Where deliveries go; undefined while nobody has subscribed. */
export type SenderOptions = {
  /** Waits between attempts; Shopify's eight in four hours, made short enough to watch. */
  readonly retryDelaysMs: readonly number[];
  /** Shopify gives up on an answer after 5 s. */
  readonly timeoutMs: number;
};

const DEFAULTS: SenderOptions = { retryDelaysMs: [200, 500, 1000, 2000, 4000, 8000, 15_000, 30_000], timeoutMs: 5000 };

/**
 * Delivers messages as a marketplace does: each on its own, again with the original body when the answer is not a 2xx or
 * late, and never in a guaranteed order.
 */
export class WebhookSender {
  readonly #options: SenderOptions;
  readonly #pending = new Set<Promise<void>>();
  readonly deliveries: Delivered[] = [];
  #stopped = false;
  url: string | undefined;

  constructor(options: Partial<SenderOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Sends in the background; `settled` waits for all of them. */
  send(message: Outgoing): void {
    const sending = this.#deliver(message).finally(() => this.#pending.delete(sending));
    this.#pending.add(sending);
  }

  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  stop(): void {
    this.#stopped = true;
  }

  async #deliver(message: Outgoing): Promise<void> {
    for (let attempt = 1; !this.#stopped && this.url; attempt++) {
      const status = await this.#attempt(this.url, message);
      this.deliveries.push({ what: message.what, status, attempt });
      if (status >= 200 && status < 300) return;
      const delay = this.#options.retryDelaysMs[attempt - 1];
      if (delay === undefined) return;
      await new Promise((resolve) => setTimeout(resolve, delay).unref());
    }
  }

  async #attempt(url: string, { headers, body }: Outgoing): Promise<number> {
    try {
      const signal = AbortSignal.timeout(this.#options.timeoutMs);
      const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
      await response.arrayBuffer();
      return response.status;
    } catch {
      // No answer at all; counts as a failed attempt like any other.
      return 0;
    }
  }
}
