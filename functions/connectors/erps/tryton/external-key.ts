import { type OrderId, orderKey, parseOrderKey } from '#core/orders/order.ts';
import { parseReturnKey } from '#core/returns/return.ts';

/**
 * The key under which the ERP knows our documents (`web_id` on its sales): `shopify-main-5001` for an order,
 * `return-aftership-main-R77` for a return. Letters, digits, `_` and `-` only, as every ERP takes them. `web_id` is unique
 * over all web shops of a Tryton 7.0 database, so two identities must never share a key and each key must lead back to
 * one: whatever is no letter or digit is written as `_` and two hex digits a byte, and `-` only ever separates parts.
 */
export const webIdOfOrder = (key: string): string => {
  const { channel, account, orderId } = parseOrderKey(key);
  return join([channel, account, orderId]);
};

/** Key of a return's document; its four parts keep it apart from every order's. */
export const webIdOfReturn = (key: string): string => {
  const { platform, account, returnId } = parseReturnKey(key);
  return join(['return', platform, account, returnId]);
};

/** Key of the order of a return's replacement; its four parts keep its shipments apart from those of channel orders. */
export const webIdOfExchange = (key: string): string => {
  const { platform, account, returnId } = parseReturnKey(key);
  return join(['exchange', platform, account, returnId]);
};

/** The order's aggregate key; undefined for a return's or a stranger's. */
export function orderKeyOf(webId: string): string | undefined {
  const parts = webId.split('-').map(decode);
  const [channel, account, orderId] = parts;
  if (parts.length !== 3 || !channel || !account || !orderId) return undefined;
  const id: OrderId = { channel, account, orderId };
  return orderKey(id);
}

/**
 * Documents without a field of that kind (journal entries, supplier invoices) bear the operation's key in their
 * description, before what a person reads there.
 */
export const describedAs = (key: string, text: string): string => `${key}: ${text}`;

export const bearsKey = (description: string | null, key: string): boolean =>
  description === key || (description?.startsWith(`${key}: `) ?? false);

/** Pattern that finds what bears a key, and more: a wildcard stands for what means something in patterns. */
export const keyPattern = (key: string): string => `${key.replace(/[\\%_]/g, '_')}%`;

const join = (parts: readonly string[]): string => parts.map(encode).join('-');

function encode(part: string): string {
  return part.replace(/[^A-Za-z0-9]/gu, (character) =>
    [...Buffer.from(character, 'utf8')].map((byte) => `_${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

function decode(part: string): string | undefined {
  const text = part.replace(/(?:_[0-9a-f]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('_', ''), 'hex').toString('utf8'),
  );
  return encode(text) === part ? text : undefined;
}
