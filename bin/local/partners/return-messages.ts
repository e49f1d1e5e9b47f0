import { Webhook } from 'standardwebhooks';

/**
 * Messages of a returns platform in Crossdock's generic format, signed by the rules of Standard Webhooks
 * (https://github.com/standard-webhooks/standard-webhooks, spec 1.0.0). Pure: times and ids come from outside.
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
  /** What the buyer gets; a refund when nothing is said. The goods of an exchange may be told later, or never. */
  readonly resolution?: 'exchange' | 'store-credit';
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

export type ReturnEvent = { readonly type: string; readonly data: object };

type Units = { readonly lineId: string; readonly quantity: number };
export type InspectedUnits = Units & {
  readonly condition: string;
  readonly disposition: string;
  readonly rejected?: true;
};

/** Of which return, and when it happened (ISO 8601). */
export type Happening = { readonly returnId: string; readonly occurredAt: string };

export const inTransit = (happening: Happening, trackingNumber: string): ReturnEvent => ({
  type: 'return.in_transit',
  data: { ...happening, carrier: 'UPS', trackingNumber },
});

export const received = (happening: Happening, receiptId: string, lines: readonly Units[]): ReturnEvent => ({
  type: 'return.received',
  data: { ...happening, receiptId, lines },
});

export const inspected = (
  happening: Happening,
  inspectionId: string,
  lines: readonly InspectedUnits[],
): ReturnEvent => ({ type: 'return.inspected', data: { ...happening, inspectionId, lines } });

/** What a carrier says of the parcel. */
export const carrier = (word: 'delivered' | 'lost', happening: Happening, trackingNumber: string): ReturnEvent => ({
  type: `return.${word}`,
  data: { ...happening, carrier: 'UPS', trackingNumber },
});

export const keepItem = (happening: Happening): ReturnEvent => ({ type: 'return.keep_item', data: happening });

/** Amounts are decimal texts, for the whole line. */
export type ReplacementUnits = Units & {
  readonly sku: string;
  readonly net: string;
  readonly taxes?: readonly object[];
};

export const exchangeRequested = (
  happening: Happening,
  currency: string,
  lines: readonly ReplacementUnits[],
  collected = '0',
): ReturnEvent => ({ type: 'return.exchange_requested', data: { ...happening, currency, lines, collected } });

export const storeCreditRequested = (happening: Happening): ReturnEvent => ({
  type: 'return.store_credit_requested',
  data: happening,
});

/** `amount` is a decimal text; `recipientRef` an id of the platform's. */
export type IssuedCredit = {
  readonly creditId: string;
  readonly currency: string;
  readonly amount: string;
  readonly kind?: 'store-credit' | 'gift-card';
  readonly recipientRef?: string;
};

export const storeCreditIssued = (happening: Happening, credit: IssuedCredit): ReturnEvent => ({
  type: 'return.store_credit_issued',
  data: { ...happening, ...credit },
});

export const cancelled = (happening: Happening): ReturnEvent => ({
  type: 'return.cancelled',
  data: { ...happening, reason: 'changed their mind' },
});

export const messageOf = ({ type, data }: ReturnEvent, at: Date): string =>
  JSON.stringify({ type, timestamp: at.toISOString(), data });

/** Headers of one attempt: the id is the message's and stays over all attempts, the signed time is that of the attempt. */
export type Sign = (id: string, at: Date, body: string) => Record<string, string>;

/** `secret` is `whsec_…`. */
export function signer(secret: string): Sign {
  const webhook = new Webhook(secret);
  return (id, at, body) => ({
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': webhook.sign(id, at, body),
  });
}
