import { readFileSync } from 'node:fs';
import { elements, members } from './raw-json.ts';

/** Samples of vendors' wire formats; where they come from stands in test/fixtures/vendor/SOURCES.md. */
export type Sample = {
  /** Test of the vendor's SDK that the sample is taken from, with a number where one test has several. */
  readonly name: string;
  /** JSON text, number texts as the vendor wrote them. */
  readonly raw: string;
};

const read = (path: string): string => readFileSync(new URL(`../fixtures/vendor/${path}`, import.meta.url), 'utf8');

/** Every whole order: 24 states of ten orders, with and without refunds, discounts, taxes and cancellations. */
export const shopifyOrders = (): Sample[] =>
  // One test asks for four fields of an order only.
  answers('order', 'order').filter(({ raw }) => members(raw).has('currency'));

/** Order 450789469 as it stood when it was placed. */
export const shopifyOrderPlaced = (): Sample => ({ name: 'order-placed', raw: read('shopify/order-placed.json') });

/** The refunds in the sample orders, each once by its id; the form of `refunds/create` webhooks. */
export function shopifyRefunds(): Sample[] {
  const found = shopifyOrders().flatMap(({ name, raw }) =>
    elements(members(raw).get('refunds') ?? '[]').map((refund, index) => ({ name: `${name}.${index}`, raw: refund })),
  );
  return [...new Map(found.reverse().map((one) => [members(one.raw).get('id'), one])).values()].reverse();
}

export const shopifyFulfillments = (): Sample[] => answers('fulfillment', 'fulfillment');
export const shopifyFulfillmentOrders = (): Sample[] => answers('fulfillment_order', 'fulfillment_order');
export const shopifyTransactions = (): Sample[] => answers('transaction', 'transaction');

/** Answers with one resource under `member`; lists and counts are left out. */
function answers(file: string, member: string): Sample[] {
  return elements(read(`shopify/rest-2026-07/${file}.json`)).flatMap((exchange) => {
    const parts = members(exchange);
    const body = parts.get('responseBody') ?? 'null';
    const raw = body.startsWith('{') ? members(body).get(member) : undefined;
    return raw === undefined ? [] : [{ name: JSON.parse(parts.get('test') ?? '""') as string, raw }];
  });
}

export type HmacVector = {
  readonly name: string;
  readonly secret: string;
  readonly rawBody: string;
  /** `X-Shopify-Hmac-Sha256` */
  readonly header: string;
  readonly valid: boolean;
};

export const shopifyHmacVectors = (): readonly HmacVector[] =>
  (JSON.parse(read('shopify/webhook-hmac-vectors.json')) as { cases: HmacVector[] }).cases;

export type StandardWebhooksVectors = {
  readonly official: {
    /** `whsec_…` */
    readonly secret: string;
    readonly id: string;
    /** Unix seconds. */
    readonly timestamp: number;
    readonly body: string;
    readonly signature: string;
  };
  readonly negativeCases: readonly string[];
  /** A `webhook-signature` header with several signatures and an unknown version. */
  readonly multiSignature: string;
};

export const standardWebhooks = (): StandardWebhooksVectors =>
  JSON.parse(read('webhook-signatures/standard-webhooks.json')) as StandardWebhooksVectors;

export type TrytonExchange = {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly body: { readonly id: number; readonly method: string; readonly params: readonly unknown[] };
  };
  readonly response: {
    readonly status: number;
    readonly contentType: string;
    /** JSON-RPC answer; `{ html }` where the server answered with a page. */
    readonly body: Readonly<Record<string, unknown>>;
  };
};

/** JSON-RPC exchanges with a real Tryton 6.0 server, in the order in which they were recorded. */
export const trytonExchanges = (): readonly TrytonExchange[] =>
  (JSON.parse(read('tryton/tryton-6.0-jsonrpc-transcript.json')) as { exchanges: TrytonExchange[] }).exchanges;

export type ReasonVocabulary = { readonly source?: string; readonly note?: string; readonly values: readonly string[] };

/** Return reasons by partner and vocabulary, e.g. `reasonCodes().shopify?.ReturnReason`. */
export const reasonCodes = (): Readonly<Record<string, Readonly<Record<string, ReasonVocabulary>>>> => {
  const { note: _, ...partners } = JSON.parse(read('reason-codes.json'));
  return partners;
};
