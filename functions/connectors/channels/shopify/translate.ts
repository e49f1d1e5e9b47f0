import type { RawMessage, Translation, Translator } from '#application/ports/connector.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { type ExactJson, parseExactJson } from '#core/kernel/exact-json.ts';
import { read } from '../../wire.ts';
import { manifest } from './manifest.ts';
import { translateFulfillment } from './translate-fulfillment.ts';
import { translateOrder } from './translate-order.ts';
import { translateRefund } from './translate-refund.ts';
import { fulfillmentSchema, orderSchema, refundSchema } from './wire.ts';

export type TranslatorOptions = {
  /**
   * The shop of an account. One app signs for all its shops with one secret, so the signature alone does not tell whose
   * message it is. Without this every shop is taken.
   */
  readonly shopDomain?: (account: string) => string | undefined;
};

type Handling = (body: ExactJson, message: RawMessage, topic: string) => Translation;

const order: Handling = (body, message, topic) =>
  commands({ kind: 'order', order: translateOrder(read(orderSchema, body, topic), arrivalOf(message)) });

const refund: Handling = (body, { account }, topic) => translateRefund(read(refundSchema, body, topic), account);

const fulfillment: Handling = (body, { account }, topic) =>
  translateFulfillment(read(fulfillmentSchema, body, topic), account);

const privacy: Handling = (_body, _message, topic) => {
  throw new PoisonError(
    'PRIVACY_REQUEST',
    `${topic}: a person must answer this within 30 days, and erase by hand what it names`,
  );
};

/** By topic (https://shopify.dev/docs/api/webhooks). The vocabulary is open: what is not here is put before a person. */
const HANDLINGS: Readonly<Record<string, Handling>> = {
  'orders/create': order,
  'orders/updated': order,
  'orders/paid': order,
  'orders/cancelled': order,
  'orders/fulfilled': order,
  'orders/partially_fulfilled': order,
  // Its body is the edit, not the order.
  'orders/edited': () => ({ kind: 'ignored', why: 'orders/updated brings the edited order' }),
  'refunds/create': refund,
  'fulfillments/create': fulfillment,
  'fulfillments/update': fulfillment,
  'customers/data_request': privacy,
  'customers/redact': privacy,
  'shop/redact': privacy,
};

/** Topics that an app of this connector subscribes to. */
export const TOPICS: readonly string[] = Object.keys(HANDLINGS).filter((topic) => HANDLINGS[topic] !== privacy);

export function shopifyTranslator({ shopDomain }: TranslatorOptions = {}): Translator {
  return {
    translate(message, topic) {
      const handling = Object.hasOwn(HANDLINGS, topic) ? HANDLINGS[topic] : undefined;
      if (!handling) {
        const message = `topic "${topic}" is none that this connector understands: remove the subscription, or teach it`;
        throw new PoisonError('TOPIC_UNKNOWN', message, { context: { topic } });
      }
      refuseOtherShop(message, shopDomain?.(message.account));
      const limits = { maxBytes: manifest.webhook?.maxBodyBytes ?? 0, maxDepth: MAX_DEPTH };
      return handling(parseExactJson(message.body, limits), message, topic);
    },
  };
}

/** Three times the depth of an order with everything in it. */
const MAX_DEPTH = 24;

function refuseOtherShop({ headers, account }: RawMessage, expected: string | undefined): void {
  const given = headers['x-shopify-shop-domain'];
  if (expected === undefined || given === expected) return;
  throw new PoisonError(
    'SHOP_MISMATCH',
    `the message is of shop ${given ?? '(not named)'}, and account "${account}" is ${expected}: mend the subscription's address`,
    { context: { account, expected } },
  );
}

/** X-Shopify-Triggered-At has parts of a second, `updated_at` has none. */
function arrivalOf({ account, headers, receivedAt }: RawMessage) {
  const triggered = Date.parse(headers['x-shopify-triggered-at'] ?? '');
  return { account, triggeredAt: Number.isFinite(triggered) ? triggered : Date.parse(receivedAt) };
}

const commands = (...list: Extract<Translation, { kind: 'commands' }>['commands']): Translation => ({
  kind: 'commands',
  commands: list,
});
