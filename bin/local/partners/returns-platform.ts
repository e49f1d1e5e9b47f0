import { randomUUID } from 'node:crypto';
import {
  type AuthorizationAnswer,
  type AuthorizationRequest,
  cancelled,
  type Happening,
  type InspectedUnits,
  inspected,
  inTransit,
  messageOf,
  type ReturnEvent,
  received,
  signer,
} from './return-messages.ts';
import { type SenderOptions, type Sending, WebhookSender } from './webhook-sender.ts';

/** A returns platform: asks Crossdock for authorizations and tells it how returns go on (return-messages.ts). */
export type PlatformOptions = {
  /** `whsec_…` */
  readonly secret: string;
  readonly sender?: Partial<SenderOptions>;
};

export type ReturnsPlatform = ReturnType<typeof openReturnsPlatform>;

export function openReturnsPlatform({ secret, sender: senderOptions }: PlatformOptions) {
  const sender = new WebhookSender(senderOptions);
  const signed = signer(secret);
  let authorizationsUrl: string | undefined;

  const sign = (id: string, body: string): Record<string, string> => signed(id, new Date(), body);

  const tell = (type: string, data: object, sending?: Sending): void => send({ type, data }, sending);
  const send = (event: ReturnEvent, sending?: Sending): void => {
    const id = `msg_${randomUUID()}`;
    const body = messageOf(event, new Date());
    sender.send({ headers: () => sign(id, body), body, what: event.type }, sending);
  };
  const now = (returnId: string): Happening => ({ returnId, occurredAt: new Date().toISOString() });

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
    inTransit: (returnId: string, trackingNumber: string) => send(inTransit(now(returnId), trackingNumber)),
    received: (returnId: string, lines: readonly { lineId: string; quantity: number }[], sending?: Sending) =>
      send(received(now(returnId), `RC-${returnId}`, lines), sending),
    inspected: (returnId: string, lines: readonly InspectedUnits[], sending?: Sending) =>
      send(inspected(now(returnId), `IN-${returnId}`, lines), sending),
    cancelled: (returnId: string) => send(cancelled(now(returnId))),
    close: () => sender.stop(),
  };
}
