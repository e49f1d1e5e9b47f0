import type { InboundCommand } from '#application/intake/inbound.ts';
import type { RawMessage, Translation, Translator } from '#application/ports/connector.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { type ExactJson, parseExactJson } from '#core/kernel/exact-json.ts';
import { isCurrency, MoneyError, money, parseMoney } from '#core/kernel/money.ts';
import { readWire } from '../../wire.ts';
import { channelOrder, type Origin } from './translate-order.ts';
import { fulfillmentWire, orderWire, type RefundWire, refundWire } from './wire.ts';

type Read = (json: ExactJson, origin: Origin) => Translation;

/** Topics that we subscribe to (https://shopify.dev/docs/api/webhooks). */
const TOPICS: Readonly<Record<string, Read>> = {
  'orders/create': readOrder,
  'orders/updated': readOrder,
  'orders/paid': readOrder,
  'orders/cancelled': readOrder,
  'refunds/create': readRefund,
  'fulfillments/create': readFulfillment,
  'fulfillments/update': readFulfillment,
};

/** Every app must take these; each goes to a person until erasure is automatic. */
const PRIVACY_TOPICS = ['customers/data_request', 'customers/redact', 'shop/redact'];

export const translator: Translator = {
  translate(message, topic) {
    if (PRIVACY_TOPICS.includes(topic)) {
      throw new PoisonError('PRIVACY_REQUEST', `${topic}: answer or erase by hand, within 30 days`);
    }
    const read = Object.hasOwn(TOPICS, topic) ? TOPICS[topic] : undefined;
    if (!read) {
      throw new PoisonError(
        'TOPIC_UNKNOWN',
        `topic "${topic.slice(0, 60)}" is not one of ${Object.keys(TOPICS).join(', ')}`,
      );
    }
    return read(parseExactJson(message.body), originOf(message));
  },
};

/** The time of sending is not signed; it only tells two versions of one second apart. */
function originOf({ account, headers, receivedAt }: RawMessage): Origin {
  const triggered = Date.parse(headers['x-shopify-triggered-at'] ?? '');
  return { account, triggeredAt: Number.isNaN(triggered) ? Date.parse(receivedAt) : triggered };
}

const commands = (...all: InboundCommand[]): Translation => ({ kind: 'commands', commands: all });

function readOrder(json: ExactJson, origin: Origin): Translation {
  return commands({ kind: 'order', order: channelOrder(readWire(orderWire, json, 'the order'), origin) });
}

function readRefund(json: ExactJson, { account }: Origin): Translation {
  const wire = readWire(refundWire, json, 'the refund');
  const paid = wire.transactions.filter(
    ({ kind, status }) => kind === 'refund' && (status === 'success' || status === 'pending'),
  );
  if (paid.length === 0) return { kind: 'ignored', why: 'a refund that moved no money' };
  return commands({
    kind: 'channel-refund',
    orderId: { channel: 'shopify', account, orderId: wire.order_id },
    refund: {
      channelRefundId: wire.id,
      ...(wire.note !== undefined && { note: wire.note }),
      amount: refundedBy(paid),
      lines: wire.refund_line_items.map((line) => ({ lineId: line.line_item_id, quantity: line.quantity })),
      createdAt: wire.created_at,
    },
  });
}

function refundedBy(transactions: RefundWire['transactions']) {
  const [first] = transactions;
  const currency = first?.currency ?? '';
  if (!isCurrency(currency)) throw new PoisonError('CURRENCY_UNKNOWN', 'transactions.0.currency is not in ISO 4217');
  const other = transactions.findIndex((one) => one.currency !== currency);
  if (other >= 0) throw new PoisonError('CURRENCY_MIXED', `transactions.${other}.currency differs from ${currency}`);
  try {
    return money(
      transactions.reduce((sum, one) => sum + parseMoney(one.amount, currency).minor, 0),
      currency,
    );
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    throw new PoisonError('AMOUNT_MALFORMED', `transactions: ${error.message}`);
  }
}

/** Words for a fulfilment that moved no goods; any word we do not know counts as one that did, so that a person sees it. */
const MOVED_NOTHING = ['cancelled', 'error', 'failure'];

function readFulfillment(json: ExactJson, { account }: Origin): Translation {
  const wire = readWire(fulfillmentWire, json, 'the fulfilment');
  const status = wire.status ?? 'success';
  if (MOVED_NOTHING.includes(status)) return { kind: 'ignored', why: `a fulfilment that is ${status}` };
  return commands({
    kind: 'channel-fulfillment',
    orderId: { channel: 'shopify', account, orderId: wire.order_id },
    fulfillment: {
      channelFulfillmentId: wire.id,
      status,
      lines: wire.line_items.map((line) => ({ lineId: line.id, quantity: line.quantity })),
      ...(wire.tracking_number !== undefined && { trackingNumber: wire.tracking_number }),
      updatedAt: wire.updated_at,
    },
  });
}
