import type { CallContext } from '#application/ports/connector.ts';
import { formatMoney, parseMoney } from '#core/kernel/money.ts';
import type { Operation, Outcome, ProbeAnswer } from '#core/operations/operation.ts';
import type { RefundContent } from '#core/returns/return.ts';
import type { ShopifyClient, WriteReply } from './client.ts';
import { bareId, gid, refusal, rejected, type UserErrors } from './graphql.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { type RefundPart, splitRefund } from './refund-parts.ts';
import { REFUND_CREATE, REFUNDS, type WireRefund } from './refund-wire.ts';

/**
 * `channel/refund`: pays the buyer back with `refundCreate`
 * (https://shopify.dev/docs/api/admin-graphql/latest/mutations/refundCreate).
 *
 * A refund of ours bears the operation's key in its note, and is looked for before one is made. A refund record is no
 * money: what counts is the refund transactions in it.
 */
export async function makeRefund(client: ShopifyClient, operation: Operation, context: CallContext): Promise<Outcome> {
  const content = operation.content as unknown as RefundContent;
  const asked = await client.read({ ...REFUNDS, variables: { order: gid('Order', content.orderId) } }, context);
  if (asked.kind !== 'data') return asked;
  const { order } = asked.data;
  if (!order) return rejected('ORDER_UNKNOWN', `the shop has no order ${content.orderId}, or the app may not read it`);
  const made = standingOf(order.refunds, operation.key, content.currency);
  if (made.kind === 'paid') return { kind: 'applied', ref: made.ref, facts: { amount: made.amount } };
  if (made.kind === 'open') return { kind: 'unknown', cause: made.cause };

  const split = splitRefund(order, content.currency, content.amount);
  if (split.kind === 'refused') return { kind: 'rejected', reason: split.reason };
  const variables = { input: inputOf(content, operation.key, split.parts), key: idempotencyKey(operation) };
  return outcomeOf(await client.write({ ...REFUND_CREATE, variables }, context), content.currency);
}

/** Whether our refund stands. One that failed at the gateway is absent: executing again tells why. */
export async function findRefund(
  client: ShopifyClient,
  operation: Operation,
  context: CallContext,
): Promise<ProbeAnswer> {
  const { orderId, currency } = operation.content as unknown as RefundContent;
  const asked = await client.read({ ...REFUNDS, variables: { order: gid('Order', orderId) } }, context);
  if (asked.kind !== 'data') return asked;
  const made = standingOf(asked.data.order?.refunds ?? [], operation.key, currency);
  if (made.kind === 'paid') return { kind: 'found', ref: made.ref, facts: { amount: made.amount } };
  return made.kind === 'open' ? { kind: 'unavailable', cause: made.cause } : { kind: 'absent' };
}

const noteOf = (operationKey: string): string => `Crossdock ${operationKey}`;

type Standing =
  | { readonly kind: 'absent' }
  | { readonly kind: 'paid'; readonly ref: string; readonly amount: number }
  /** The gateway has not said yet. */
  | { readonly kind: 'open'; readonly cause: string }
  | { readonly kind: 'failed' };

type RefundTransaction = WireRefund['transactions']['nodes'][number];

// OrderTransactionStatus. PENDING is money on its way, as with bank transfers that take days.
const isPaid = ({ status }: RefundTransaction): boolean => status === 'SUCCESS' || status === 'PENDING';
const isFailed = ({ status }: RefundTransaction): boolean => status === 'FAILURE' || status === 'ERROR';

/**
 * How it stands with the refunds under our key. Each retry after a failure at the gateway leaves one more: the one that moved
 * money counts, then one that still may.
 */
function standingOf(refunds: readonly WireRefund[], operationKey: string, currency: string): Standing {
  const ours = refunds
    .filter(({ note }) => note?.split(/\s+/).includes(operationKey))
    .map((refund) => standing(refund, currency));
  const [first = { kind: 'absent' }] = ours;
  return ours.find(({ kind }) => kind === 'paid') ?? ours.find(({ kind }) => kind === 'open') ?? first;
}

/** Minor units are the sum of what was paid, which may be less than was asked when one of several payments failed. */
function standing(refund: WireRefund, currency: string): Standing {
  const transactions = refund.transactions.nodes.filter(({ kind }) => kind === 'REFUND');
  if (refund.id === null || transactions.length === 0 || !transactions.every((one) => isPaid(one) || isFailed(one))) {
    return { kind: 'open', cause: `the payment of refund ${bareId(refund.id ?? '(without id)')} is not settled` };
  }
  const paid = transactions.filter(isPaid);
  if (paid.length === 0) return { kind: 'failed' };
  const amount = paid.reduce(
    (sum, { amountSet }) => sum + Math.abs(parseMoney(amountSet.shopMoney.amount, currency).minor),
    0,
  );
  return { kind: 'paid', ref: bareId(refund.id), amount };
}

/** Goods are put away by the ERP, so that Shopify restocks nothing; and the buyer hears of the refund from the returns desk. */
function inputOf({ orderId, currency, lines }: RefundContent, operationKey: string, parts: readonly RefundPart[]) {
  const order = gid('Order', orderId);
  return {
    orderId: order,
    currency,
    note: noteOf(operationKey),
    notify: false,
    refundLineItems: lines.map(({ lineId, quantity }) => ({
      lineItemId: gid('LineItem', lineId),
      quantity,
      restockType: 'NO_RESTOCK',
    })),
    transactions: parts.map(({ parentId, gateway, amount }) => ({
      orderId: order,
      parentId,
      gateway,
      kind: 'REFUND',
      amount: formatMoney({ minor: amount, currency }),
    })),
  };
}

type Made = WriteReply<{
  refundCreate: { refund: WireRefund | null; userErrors: UserErrors } | null;
}>;

/** Applied when a refund with an id stands, nothing was complained of, and money went. */
function outcomeOf(reply: Made, currency: string): Outcome {
  if (reply.kind === 'refused') return refusedKey(reply.code, reply.message);
  if (reply.kind !== 'data') return reply;
  const { refund = null, userErrors = [] } = reply.data.refundCreate ?? {};
  if (refund === null) return userErrors.length > 0 ? refusedBy(userErrors) : unknown('neither a refund nor an error');
  if (userErrors.length > 0) return unknown('both a refund and errors');
  const made = standing(refund, currency);
  if (made.kind === 'paid') return { kind: 'applied', ref: made.ref, facts: { amount: made.amount } };
  if (made.kind === 'open') return { kind: 'unknown', cause: made.cause };
  return rejected(
    'REFUND_FAILED_AT_GATEWAY',
    'the payment gateway refused the refund: see the order in the admin; Shopify repeats this answer for 24 hours',
  );
}

const unknown = (what: string): Outcome => ({ kind: 'unknown', cause: `Shopify answered with ${what}` });

// UserError has no code; these are the texts of the codes that other mutations name.
const IN_PROGRESS = /currently in progress/i;
const KEY_REUSED = /same idempotency key cannot be used/i;

function refusedBy(errors: UserErrors): Outcome {
  const told = refusal('REFUND_REFUSED_BY_SHOPIFY', errors);
  if (errors.some(({ message }) => IN_PROGRESS.test(message))) return { kind: 'unknown', cause: told.message };
  if (errors.some(({ message }) => KEY_REUSED.test(message))) return refusedKey('IDEMPOTENCY_KEY_REUSED', told.message);
  return { kind: 'rejected', reason: told };
}

/**
 * Shopify knows the key from an attempt with other payments or lines, and no refund of ours stands: the order changed in
 * between. A new key would give up the protection against paying twice.
 */
const refusedKey = (code: string, message: string): Outcome =>
  rejected(code, `${message}: see the order's refunds in the admin, then try again when the key is 24 hours old`);
