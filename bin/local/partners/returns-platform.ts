import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { type SenderOptions, WebhookSender } from './webhook-sender.ts';

/**
 * A returns platform: asks Crossdock for authorizations and tells it how returns go on, in Crossdock's generic format,
 * signed by the rules of Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks, spec 1.0.0).
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

  const tell = (type: string, data: object, { times = 1 } = {}): void => {
    const id = `msg_${randomUUID()}`;
    const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
    for (let copy = 0; copy < times; copy++) sender.send({ headers: sign(id, body), body, what: type });
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
    received: (
      returnId: string,
      lines: readonly { lineId: string; quantity: number }[],
      sending?: { times?: number },
    ) => tell('return.received', { returnId, occurredAt: now(), receiptId: `RC-${returnId}`, lines }, sending),
    inspected: (
      returnId: string,
      lines: readonly { lineId: string; quantity: number; condition: string; disposition: string }[],
      sending?: { times?: number },
    ) => tell('return.inspected', { returnId, occurredAt: now(), inspectionId: `IN-${returnId}`, lines }, sending),
    cancelled: (returnId: string) =>
      tell('return.cancelled', { returnId, occurredAt: now(), reason: 'changed their mind' }),
    close: () => sender.stop(),
  };
}
