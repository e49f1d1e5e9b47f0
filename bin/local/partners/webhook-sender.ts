type Headers = Readonly<Record<string, string>>;

/** One message to deliver. */
export type Outgoing = {
  /** Given as a function, they are made anew for each attempt, as of a sender that signs the time of the attempt. */
  readonly headers: Headers | (() => Headers);
  readonly body: string;
  readonly what: string;
};

/** How a message goes out when it should not go out once and at once. */
export type Sending = {
  /** Copies, each a delivery of the same message. */
  readonly times?: number;
  /** Held back so long that later messages overtake it. */
  readonly afterMs?: number;
  /** The id that a redelivery repeats; made up when it is left out. */
  readonly webhookId?: string;
};

export type Delivered = { readonly what: string; readonly status: number; readonly attempt: number };

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
  /** Where deliveries go; undefined while nobody has subscribed. */
  url: string | undefined;

  constructor(options: Partial<SenderOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Sends in the background; `settled` waits for all of them. */
  send(message: Outgoing, { times = 1, afterMs = 0 }: Sending = {}): void {
    for (let copy = 0; copy < times; copy++) {
      const sending = this.#deliver(message, afterMs).finally(() => this.#pending.delete(sending));
      this.#pending.add(sending);
    }
  }

  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  stop(): void {
    this.#stopped = true;
  }

  async #deliver(message: Outgoing, afterMs: number): Promise<void> {
    if (afterMs > 0) await pause(afterMs);
    for (let attempt = 1; !this.#stopped && this.url; attempt++) {
      const status = await this.#attempt(this.url, message);
      this.deliveries.push({ what: message.what, status, attempt });
      if (status >= 200 && status < 300) return;
      const delay = this.#options.retryDelaysMs[attempt - 1];
      if (delay === undefined) return;
      await pause(delay);
    }
  }

  async #attempt(url: string, { headers, body }: Outgoing): Promise<number> {
    try {
      const signal = AbortSignal.timeout(this.#options.timeoutMs);
      const made = typeof headers === 'function' ? headers() : headers;
      const response = await fetch(url, { method: 'POST', headers: made, body, signal, redirect: 'manual' });
      await response.arrayBuffer();
      return response.status;
    } catch {
      // No answer at all; counts as a failed attempt like any other.
      return 0;
    }
  }
}

/** Keeps no process alive. */
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
