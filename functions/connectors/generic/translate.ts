import type { RawMessage, Translator } from '#application/ports/connector.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { parseExactJson } from '#core/kernel/exact-json.ts';
import type { OrderId } from '#core/orders/order.ts';
import { read, utc } from '../wire.ts';
import { manifest } from './manifest.ts';
import { translateOrder } from './translate-order.ts';
import { type Handling, RETURN_HANDLINGS } from './translate-return.ts';
import { anyMessage, deliveredMessage, orderMessage } from './wire.ts';

const order: Handling = (body, type, account) => ({
  kind: 'order',
  order: translateOrder(read(orderMessage, body, type).data, account),
});

const HANDLINGS: Readonly<Record<string, Handling>> = {
  'order.created': order,
  'order.updated': order,
  // One that names no time was cancelled when it was sent.
  'order.cancelled': (body, type, account) => {
    const { data, timestamp } = read(orderMessage, body, type);
    return { kind: 'order', order: { cancelledAt: utc(timestamp), ...translateOrder(data, account) } };
  },
  'order.delivered': (body, type, account) => {
    const { data } = read(deliveredMessage, body, type);
    const { orderId, channel, account: shop, shipment, deliveredAt, reportedBy } = data;
    return {
      kind: 'delivery',
      orderId: { channel: channel ?? 'generic', account: shop ?? account, orderId },
      delivery: { ...(shipment && { of: shipment }), deliveredAt: utc(deliveredAt), reportedBy },
    };
  },
  ...RETURN_HANDLINGS,
};

/** Types of message that are understood. */
export const TYPES: readonly string[] = Object.keys(HANDLINGS);

export type TranslatorOptions = {
  /** Channel accounts (`shopify/main`) of whose orders an account may speak beside its own; of all where there is no list. */
  readonly channels?: (account: string) => readonly string[] | undefined;
};

/** The type stands in the signed body, so the topic that the message was stored under is not read. */
export const genericTranslator = ({ channels }: TranslatorOptions = {}): Translator => ({
  translate({ body, account }: RawMessage) {
    const message = parseExactJson(body, LIMITS);
    const { type } = read(anyMessage, message, 'the message');
    const handling = Object.hasOwn(HANDLINGS, type) ? HANDLINGS[type] : undefined;
    if (!handling) {
      const known = TYPES.join(', ');
      throw new PoisonError('TOPIC_UNKNOWN', `"type" is none of ${known}`, { context: { path: 'type' } });
    }
    const command = handling(message, type, account);
    if (command.kind === 'delivery') refuseOthers(command.orderId, account, channels?.(account));
    return { kind: 'commands', commands: [command] };
  },
});

export const translator = genericTranslator();

/** A delivery opens the window in which goods may come back: only who may ask about an order may say that it was delivered. */
function refuseOthers(
  { channel, account: shop }: OrderId,
  account: string,
  allowed: readonly string[] | undefined,
): void {
  const own = channel === manifest.id && shop === account;
  if (own || allowed === undefined || allowed.includes(`${channel}/${shop}`)) return;
  throw new PoisonError('CHANNEL_NOT_ALLOWED', `the account is not set up for orders of ${channel}/${shop}`);
}

const LIMITS = { maxBytes: manifest.webhook?.maxBodyBytes ?? 0, maxDepth: 16 };
