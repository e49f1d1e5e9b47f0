/** A signed message on its way to Crossdock: a POST, all that the event of a receive handler is made of. */
export type SimWebhook = {
  readonly path: string;
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Who sends webhooks knows what its next try of one is, when the one before was not answered with 2xx. */
export interface Sender {
  again(webhook: SimWebhook, now: number): SimWebhook;
}
