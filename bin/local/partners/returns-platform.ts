import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { type SenderOptions, type Sending, WebhookSender } from './webhook-sender.ts';

/**
 * A returns platform: asks Crossdock for authorizations and tells it how returns go on, in Crossdock's generic format,
 * signed by the rules of Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks, spec 1.0.0).
 *
 * It asks with `POST /v1/returns/authorizations` and waits for the answer (AuthorizationRequest, AuthorizationAnswer).
 * Afterwards it posts events to `/webhooks/generic/{account}`, each `{ type, timestamp, data }`, with `returnId` and
 * `occurredAt` (ISO 8601) in every `data`:
 *
 * - `return.in_transit`: `{ carrier?, trackingNumber? }`
 * - `return.received`: `{ receiptId, lines: [{ lineId, quantity }], location? }`
 * - `return.inspected`: `{ inspectionId, lines: [{ lineId, quantity, condition, disposition }] }`; condition is new,
 *   opened, damaged, wrong-item or empty; disposition is restock, quarantine, refurbish, return-to-vendor or dispose
 * - `return.cancelled`: `{ reason? }`
 *
 * A sender of orders may use the same route with `order.created`, `order.updated` and `order.cancelled`: `{ orderId,
 * orderNumber?, version, placedAt, updatedAt, currency, pricesIncludeTax, lines, shipping, total, customer, shipTo }`,
 * money as decimal texts, `version` a whole number that only grows. `tell` sends any of them.
 */
export type PlatformOptions = {
  /** `whsec_…` */
  readonly secret: string;
  readonly sender?: Partial<SenderOptions>;
};

export type AuthorizationRequest = {
  readonly returnId: string;
  readonly channel: string;
  readonly account: string;
  readonly orderId: string;
  readonly requestedAt: string;
  readonly lines: readonly {
    readonly lineId: string;
    readonly quantity: number;
    readonly reasonCode: string;
    readonly note?: string;
  }[];
};

export type AuthorizationAnswer = {
  readonly status: number;
  readonly body: {
    readonly returnId?: string;
    readonly rma?: string;
    readonly decision?: 'approved' | 'rejected' | 'review';
    readonly refundEstimate?: { readonly minor: number; readonly currency: string };
    readonly code?: string;
    readonly detail?: string;
  } & Record<string, unknown>;
};

export type ReturnsPlatform = ReturnType<typeof openReturnsPlatform>;

export function openReturnsPlatform({ secret, sender: senderOptions }: PlatformOptions) {
  const sender = new WebhookSender(senderOptions);
  const signer = new Webhook(secret);
  let authorizationsUrl: string | undefined;

  const sign = (id: string, body: string): Record<string, string> => {
    const at = new Date();
    return {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signer.sign(id, at, body),
    };
  };

  const tell = (type: string, data: object, sending?: Sending): void => {
    const id = `msg_${randomUUID()}`;
    const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
    // The id is the event's and stays over all attempts; the signed time is that of the attempt.
    sender.send({ headers: () => sign(id, body), body, what: type }, sending);
  };
  const now = (): string => new Date().toISOString();

  return {
    secret,
    deliveries: sender.deliveries,
    /** Where Crossdock listens. */
    connect({ webhooks, authorizations }: { readonly webhooks: string; readonly authorizations: string }) {
      sender.url = webhooks;
      authorizationsUrl = authorizations;
    },
    sign,
    tell,
    settled: () => sender.settled(),
    async authorize(request: AuthorizationRequest): Promise<AuthorizationAnswer> {
      if (!authorizationsUrl) throw new Error('connect the returns platform to Crossdock first');
      const body = JSON.stringify(request);
      const headers = sign(`req_${randomUUID()}`, body);
      const response = await fetch(authorizationsUrl, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(20_000),
      });
      return { status: response.status, body: (await response.json()) as AuthorizationAnswer['body'] };
    },
    inTransit: (returnId: string, trackingNumber: string) =>
      tell('return.in_transit', { returnId, occurredAt: now(), carrier: 'UPS', trackingNumber }),
    received: (returnId: string, lines: readonly { lineId: string; quantity: number }[], sending?: Sending) =>
      tell('return.received', { returnId, occurredAt: now(), receiptId: `RC-${returnId}`, lines }, sending),
    inspected: (
      returnId: string,
      lines: readonly { lineId: string; quantity: number; condition: string; disposition: string }[],
      sending?: Sending,
    ) => tell('return.inspected', { returnId, occurredAt: now(), inspectionId: `IN-${returnId}`, lines }, sending),
    cancelled: (returnId: string) =>
      tell('return.cancelled', { returnId, occurredAt: now(), reason: 'changed their mind' }),
    close: () => sender.stop(),
  };
}
