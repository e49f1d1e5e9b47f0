import type { CallContext } from '#application/ports/connector.ts';
import { mergeLines } from '#core/kernel/quantity.ts';
import type { Operation, Outcome, ProbeAnswer } from '#core/operations/operation.ts';
import type { FulfillmentContent } from '#core/orders/reactions.ts';
import type { ReadReply, ShopifyClient, WriteReply } from './client.ts';
import { findUnits, type UnitsToFulfill } from './fulfillment-units.ts';
import {
  FULFILLMENT_CREATE,
  FULFILLMENT_ORDERS,
  FULFILLMENTS,
  PAGES,
  type StandingFulfillment,
} from './fulfillment-wire.ts';
import { bareId, gid, refusal, rejected, type UserErrors } from './graphql.ts';

/**
 * `channel/fulfillment`: tells the shop what left the house, with `fulfillmentCreate`
 * (https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentCreate).
 *
 * A fulfilment has no note, so ours is known by its tracking numbers together with its units. A shipment without one bears
 * its own number in that place; one that shares its tracking number with an earlier shipment of the order bears its own
 * number as a second. It is looked for before one is made.
 */
export async function makeFulfillment(
  client: ShopifyClient,
  operation: Operation,
  context: CallContext,
): Promise<Outcome> {
  const content = contentOf(operation);
  const asked = await standing(client, content, context);
  if (asked.kind !== 'data') return asked;
  if (asked.data === undefined) {
    return rejected('ORDER_UNKNOWN', `the shop has no order ${content.orderId}, or the app may not read it`);
  }
  const ours = asked.data.find((one) => isOurs(one, content));
  if (ours) return STANDS.has(ours.status) ? { kind: 'applied', ref: bareId(ours.id) } : unknown(notKnown(ours));
  if (asked.data.length >= PAGES.fulfillments) {
    return rejected('ORDER_TOO_LONG', 'the order has more fulfilments than are read: fulfil it in the admin');
  }

  const open = await client.read(
    { ...FULFILLMENT_ORDERS, variables: { order: gid('Order', content.orderId) } },
    context,
  );
  if (open.kind !== 'data') return open;
  const found = findUnits(open.data.order?.fulfillmentOrders.nodes ?? [], content.lines);
  if (found.kind === 'refused') return { kind: 'rejected', reason: found.reason };
  const variables = { fulfillment: inputOf(content, found.units) };
  return outcomeOf(await client.write({ ...FULFILLMENT_CREATE, variables }, context));
}

export async function findFulfillment(
  client: ShopifyClient,
  operation: Operation,
  context: CallContext,
): Promise<ProbeAnswer> {
  const content = contentOf(operation);
  const asked = await standing(client, content, context);
  if (asked.kind !== 'data') return asked;
  const ours = asked.data?.find((one) => isOurs(one, content));
  if (!ours) return { kind: 'absent' };
  return STANDS.has(ours.status)
    ? { kind: 'found', ref: bareId(ours.id) }
    : { kind: 'unavailable', cause: notKnown(ours) };
}

function contentOf(operation: Operation): FulfillmentContent {
  const content = operation.content as unknown as FulfillmentContent;
  return { ...content, lines: mergeLines(content.lines) };
}

/** Fulfilments of the order that stand; undefined when the shop knows no such order. */
async function standing(
  client: ShopifyClient,
  { orderId }: FulfillmentContent,
  context: CallContext,
): Promise<ReadReply<readonly StandingFulfillment[] | undefined>> {
  const asked = await client.read({ ...FULFILLMENTS, variables: { order: gid('Order', orderId) } }, context);
  if (asked.kind !== 'data') return asked;
  return { kind: 'data', data: asked.data.order?.fulfillments.filter(({ status }) => !UNDONE.has(status)) };
}

/** FulfillmentStatus of one that does not count, and of one that does. What any other word means is not guessed. */
const UNDONE = new Set(['CANCELLED', 'ERROR', 'FAILURE']);
const STANDS = new Set(['SUCCESS', 'OPEN', 'PENDING']);

const notKnown = ({ id, status }: { readonly id: string; readonly status: string }): string =>
  `fulfilment ${bareId(id)} is "${status.slice(0, 40)}", which is no status that we know`;

const unknown = (cause: string): Outcome => ({ kind: 'unknown', cause });

/** What tells this shipment from every other of its order. */
const numbersOf = ({ trackingNumber, trackingShared, shipmentId }: FulfillmentContent): string[] => [
  ...(trackingNumber === undefined ? [] : [trackingNumber]),
  ...(trackingNumber === undefined || trackingShared ? [shipmentId] : []),
];

function isOurs(fulfillment: StandingFulfillment, content: FulfillmentContent): boolean {
  const wanted = numbersOf(content);
  const numbers = fulfillment.trackingInfo.map(({ number }) => number);
  if (numbers.length !== wanted.length || !wanted.every((one) => numbers.includes(one))) return false;
  const { nodes } = fulfillment.fulfillmentLineItems;
  const fulfilled = mergeLines(
    nodes.map(({ quantity, lineItem }) => ({ lineId: bareId(lineItem.id), quantity: quantity ?? 0 })),
  );
  const listed = fulfilled.every(({ lineId, quantity }) =>
    content.lines.some((line) => line.lineId === lineId && line.quantity === quantity),
  );
  return listed && (fulfilled.length === content.lines.length || nodes.length >= PAGES.fulfilledLines);
}

function inputOf(content: FulfillmentContent, units: UnitsToFulfill) {
  return {
    lineItemsByFulfillmentOrder: units,
    trackingInfo: {
      ...numbered(numbersOf(content)),
      ...(content.carrier !== undefined && { company: content.carrier }),
    },
    notifyCustomer: false,
  };
}

/** One is a number, several are a list (FulfillmentTrackingInput). */
const numbered = (numbers: readonly string[]) => (numbers.length === 1 ? { number: numbers[0] } : { numbers });

type Made = WriteReply<{
  fulfillmentCreate: { fulfillment: { id: string; status: string } | null; userErrors: UserErrors } | null;
}>;

function outcomeOf(reply: Made): Outcome {
  if (reply.kind === 'refused') return rejected(reply.code, reply.message);
  if (reply.kind !== 'data') return reply;
  const { fulfillment = null, userErrors = [] } = reply.data.fulfillmentCreate ?? {};
  if (userErrors.length > 0 && fulfillment === null) {
    return { kind: 'rejected', reason: refusal('FULFILLMENT_REFUSED_BY_SHOPIFY', userErrors) };
  }
  if (userErrors.length > 0) return unknown('Shopify answered with both a fulfilment and errors');
  if (fulfillment === null) return unknown('Shopify answered with neither a fulfilment nor an error');
  if (UNDONE.has(fulfillment.status)) {
    return rejected('FULFILLMENT_FAILED', `Shopify made fulfilment ${bareId(fulfillment.id)} as ${fulfillment.status}`);
  }
  if (!STANDS.has(fulfillment.status)) return unknown(notKnown(fulfillment));
  return { kind: 'applied', ref: bareId(fulfillment.id) };
}
